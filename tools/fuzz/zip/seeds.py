#!/usr/bin/env python3
"""Writes the first inputs of the fuzzer: seeds.py FOLDER."""
import io
import pathlib
import sys
import zipfile


def archive(members, method=zipfile.ZIP_DEFLATED, large=False):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as result:
        for name, text in members:
            with result.open(name, "w", force_zip64=large) as member:
                member.write(text)
        result.comment = b"a comment" if large else b""
    return data.getvalue()


class Unseekable(io.RawIOBase):
    """Makes zipfile write descriptors behind the data."""

    def __init__(self):
        self.data = b""

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)


def streamed(members):
    data = Unseekable()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as result:
        for name, text in members:
            result.writestr(name, text)
    return data.data


folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
members = [("a.txt", b"one\n" * 50), ("b/", b""), ("b/c.txt", bytes(range(256))), ("d", b"")]
inner = archive(members)
seeds = [
    b"", archive([]), inner, archive(members, zipfile.ZIP_STORED), archive(members, large=True), streamed(members),
    archive([("in.zip", inner), ("x", b"y")]), archive([("in.zip", inner)], zipfile.ZIP_STORED),
]
for number, seed in enumerate(seeds):
    (folder / str(number)).write_bytes(bytes([number * 17]) + seed)
