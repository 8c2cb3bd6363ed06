import multiprocessing
import sys

if len(sys.argv) > 3:
    sys.exit("too many arguments")
print("importing", file=sys.stderr)
if __name__ != "__main__":
    sys.exit("not for workers")


def work(n):
    return n


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map(work, range(3)))
