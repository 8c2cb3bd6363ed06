"""First inputs of a fuzzer from traces/.

Writes each file of the wanted kind as a whole, if it is short, and in windows of some lines. A byte in
front sets the size of the pieces in which the input is read.
"""
import glob
import gzip
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3] / "traces"


def write(folder, suffix, head=0):
    folder.mkdir(parents=True, exist_ok=True)
    paths = [path for path in glob.glob(str(ROOT / "*/recorded/**"), recursive=True)
             if suffix in path and ".report." not in path and os.path.isfile(path)]
    for number, path in enumerate(sorted(paths)):
        data = (gzip.open if path.endswith(".gz") else open)(path, "rb").read()
        lines = data.splitlines(True)
        if len(data) < 8000:
            (folder / ("whole-%d" % number)).write_bytes(bytes([number % 256]) + data)
        for start in range(0, len(lines), 12):
            window = b"".join(lines[:head] + lines[max(head, start):start + 12])[:8000]
            (folder / ("window-%d-%d" % (number, start))).write_bytes(bytes([start % 256]) + window)
