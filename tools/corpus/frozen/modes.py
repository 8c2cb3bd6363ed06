"""Further ways in which a frozen program starts itself; MODE names one."""
import concurrent.futures
import multiprocessing
import os
import threading

context = multiprocessing.get_context("spawn")


def cube(n):
    return n ** 3


def executor():
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
        print(list(pool.map(cube, range(3))))


def manager():
    with context.Manager() as shared:
        print(shared.list([1, 2]))


def process():
    worker = context.Process(target=cube, args=(2,))
    worker.start()
    worker.join()


def thread():
    starter = threading.Thread(target=process)
    starter.start()
    starter.join()


def nested():
    worker = context.Process(target=process)
    worker.start()
    worker.join()


def none():
    print(cube(2))


if __name__ == "__main__":
    if os.environ.get("FREEZE_SUPPORT"):
        multiprocessing.freeze_support()
    globals()[os.environ["MODE"]]()
