import multiprocessing
import sys


def main(arguments):
    print("no tests", file=sys.stderr)
    return 5


def work(n):
    return n


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map(work, range(3)))

sys.exit(main([]))
