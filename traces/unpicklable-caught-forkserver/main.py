import multiprocessing
import threading


def work(lock):
    pass


if __name__ == "__main__":
    process = multiprocessing.get_context("forkserver").Process(target=work, args=(threading.Lock(),))
    try:
        process.start()
    except TypeError:
        print("no worker")
