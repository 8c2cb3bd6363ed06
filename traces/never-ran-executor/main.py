import concurrent.futures
import multiprocessing
import sys


def work(n):
    return n


def main():
    if __name__ != "__main__":
        return 0
    context = multiprocessing.get_context("spawn")
    try:
        with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as executor:
            print(list(executor.map(work, range(3))))
    except concurrent.futures.process.BrokenProcessPool:
        print("broken")
    return 0


raise SystemExit(main())
