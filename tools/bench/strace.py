#!/usr/bin/env python3
"""Measures the speed and the memory of reading a log of strace.

    strace.py [--bytes 1073741824] [--process-tree COMMAND] SPAWNTRACE LOG

Makes a large log from a small one (`strace -f -o LOG COMMAND`), as if a shell had run the command of the small one
again and again: each time with other pids. Then `spawntrace replay`, `grep -c` and, if COMMAND is given,
strace-process-tree (PyPI) read it in turns, three times each.

Prints the medians of the seconds, the lines and MB per second, and the peak of resident memory.
"""
import argparse
import os
import re
import tempfile

import throughput


def grow(source, target, size):
    text = open(source, encoding="utf-8", errors="surrogateescape").read()
    pids = sorted(set(re.findall(r"^(\d+) ", text, re.M)), key=int)
    first = text.split(None, 1)[0]
    marked = re.sub(r"\b(%s)\b" % "|".join(pids), lambda found: "\0%d\0" % pids.index(found.group(1)), text)
    root = 3
    written = copies = 0
    with open(target, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write('%d execve("/bin/sh", ["sh", "suite.sh"], 0x7ffe /* 9 vars */) = 0\n' % root)
        while written < size:
            copy = marked
            for index in range(len(pids)):
                copy = copy.replace("\0%d\0" % index, str(1000 + (copies * len(pids) + index) % 4_000_000))
            new = 1000 + (copies * len(pids) + pids.index(first)) % 4_000_000
            written += file.write("%d vfork() = %d\n" % (root, new)) + file.write(copy)
            copies += 1
        file.write("%d exit_group(0) = ?\n%d +++ exited with 0 +++\n" % (root, root))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bytes", type=int, default=1 << 30)
    parser.add_argument("--process-tree", help="the command strace-process-tree")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("spawntrace")
    parser.add_argument("log")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        large = os.path.join(folder, "large.strace")
        grow(given.log, large, given.bytes)
        size = os.path.getsize(large)
        lines = sum(block.count(b"\n") for block in iter(lambda file=open(large, "rb"): file.read(1 << 20), b""))
        commands = {
            "spawntrace replay": [given.spawntrace, "replay", "--report", "none", large],
            "grep -c": ["grep", "-c", "execve(", large],
        }
        if given.process_tree:
            commands["strace-process-tree"] = [given.process_tree, large]
        throughput.compare(commands, given.rounds, size, lines, "lines")


if __name__ == "__main__":
    main()
