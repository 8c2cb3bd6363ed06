import multiprocessing
import threading
import time

done = threading.Event()


def launch():
    try:
        process = multiprocessing.get_context("spawn").Process(target=print, args=("work",))
        process.start()
        process.join()
    finally:
        done.set()


def busy():
    threading.Thread(target=launch).start()
    end = time.monotonic() + 10
    while not done.is_set() and time.monotonic() < end:
        sum(range(1000))


busy()
