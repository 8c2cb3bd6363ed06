#!/usr/bin/env python3
"""Writes the first inputs of the fuzzer: seeds.py FOLDER.

The logs beside the tests of CILog, each as a whole and in windows of some lines. A byte in front sets the size of the
pieces in which the input is read.
"""
import glob
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3] / "Tests"
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
PATHS = sorted(glob.glob(str(ROOT / "CILogTests/Fixtures/**/*.log"), recursive=True)
               + glob.glob(str(ROOT / "ReportingTests/Snapshots/cycle*.txt")))
for number, path in enumerate(PATHS):
    data = pathlib.Path(path).read_bytes()
    lines = data.splitlines(True)
    if len(data) < 8000:
        (folder / ("whole-%d" % number)).write_bytes(bytes([number % 256]) + data)
    for start in range(0, len(lines), 12):
        window = b"".join(lines[start:start + 16])[:8000]
        (folder / ("window-%d-%d" % (number, start))).write_bytes(bytes([start % 256]) + window)
# What an input alone hardly comes upon.
for number, text in enumerate([b"\xff\xfeF\x00i\x00l\x00e\x00", b"section_start:1767323045:x\r\x1b[0K", b"@@ -1,3 +1,3 @@\n a\n",
                               b'{"log":"Traceback (most recent call last):\\n"}\n', b"3c4\n> Traceback (most recent\n",
                               b"Fatal Python error: Aborted\n\nCurrent thread 0x1 (most recent call first):\n"]):
    (folder / ("piece-%d" % number)).write_bytes(b"\x03" + text)
