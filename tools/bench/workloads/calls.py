"""Calls that aren't events: calls.py read|write|stat|all|stderr COUNT FILE, for overhead.py.

Makes COUNT calls of each kind on FILE, which is created anew. Each write has 64 bytes, a length
that the filter doesn't select. It selects all writes to standard error, though.
"""
import os
import sys

DATA = b"0123456789abcdef" * 4
LINE = b"INFO:root:a line of a log as a test suite would print many of\n"


def read(count, path):
    with open(path, "wb") as file:
        file.write(DATA * count)
    descriptor = os.open(path, os.O_RDONLY)
    for _ in range(count):
        if os.read(descriptor, len(DATA)) != DATA:
            sys.exit("the file is shorter than it should be")
    os.close(descriptor)


def write(count, path):
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for _ in range(count):
        os.write(descriptor, DATA)
    os.close(descriptor)
    if os.path.getsize(path) != count * len(DATA):
        sys.exit("the file isn't as long as what was written")


def stat(count, path):
    open(path, "wb").close()
    for _ in range(count):
        os.stat(path)


def stderr(count, path):
    for _ in range(count):
        os.write(2, LINE)


def main():
    kinds = {"read": [read], "write": [write], "stat": [stat], "all": [read, write, stat],
             "stderr": [stderr]}
    for call in kinds[sys.argv[1]]:
        call(int(sys.argv[2]), sys.argv[3])


main()
