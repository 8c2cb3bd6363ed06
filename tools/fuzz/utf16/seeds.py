#!/usr/bin/env python3
"""Writes the first inputs of the fuzzer: seeds.py FOLDER."""
import pathlib
import sys

TEXT = "\ufeffRuntimeError: \u00e4 \u20ac \U0001f600\r\n"
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for number, encoding in enumerate(["utf-16-le", "utf-16-be"]):
    (folder / str(number)).write_bytes(b"\x06" + TEXT.encode(encoding))
