"""A loop without system calls: loop.py COUNT, for overhead.py."""
import sys


def main():
    value = 1
    for number in range(int(sys.argv[1])):
        value = (value * 1103515245 + number) & 0x7FFFFFFF
    if not 0 <= value <= 0x7FFFFFFF:
        sys.exit("the loop went wrong")


main()
