import multiprocessing

import lib


def work(number):
    return number, lib.guard


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        print(pool.map(work, range(3)))
