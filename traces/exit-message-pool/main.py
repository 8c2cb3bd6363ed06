import multiprocessing
import sys

if multiprocessing.current_process().name != "MainProcess":
    sys.exit("not for workers")


def work(n):
    return n


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map(work, range(3)))
