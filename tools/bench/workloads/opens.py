"""Opens of an existing file: opens.py python|other COUNT FILE, for overhead.py.

`python` uses the flags with which CPython opens modules. `other` uses four other sets of flags in
turn. os.open adds O_CLOEXEC to each, so each has one more flag that CPython doesn't use.
"""
import os
import sys

FLAGS = {
    "python": [os.O_RDONLY | os.O_CLOEXEC],
    "other": [os.O_RDONLY | os.O_NOCTTY, os.O_RDONLY | os.O_NOFOLLOW, os.O_WRONLY | os.O_APPEND,
              os.O_RDWR],
}


def main():
    kind, count, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    open(path, "wb").close()
    flags = FLAGS[kind]
    for _ in range(count // len(flags)):
        for flag in flags:
            os.close(os.open(path, flag))


main()
