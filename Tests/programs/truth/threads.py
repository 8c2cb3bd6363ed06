"""Threads: each stop's stack is that of its own thread."""
import signal
import threading

from truth import place


def work(depth):
    if depth:
        return work(depth - 1)
    for _ in range(3):
        place()


class Worker(threading.Thread):
    def __init__(self, depth):
        threading.Thread.__init__(self)
        self.depth = depth

    def run(self):
        place()
        work(
            self.depth)


def together():
    workers = [Worker(depth) for depth in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def nested():
    def outer():
        place()
        inner = threading.Thread(target=lambda: place())
        inner.start()
        inner.join()
        place()
    thread = threading.Thread(target=outer)
    thread.start()
    place()
    thread.join()


def handed_over():
    """A generator that continues in another thread."""
    def generating():
        while True:
            yield place()
    generator = generating()
    next(generator)
    thread = threading.Thread(target=next, args=(generator,))
    thread.start()
    thread.join()
    next(generator)


def waiting():
    """A thread that waits for a lock, with a stack of its own."""
    lock = threading.Lock()
    begun = threading.Event()

    def wait():
        begun.set()
        with lock:
            place()
    with lock:
        thread = threading.Thread(target=wait)
        thread.start()
        begun.wait()
        place()
    thread.join()


def timed():
    timer = threading.Timer(0, lambda: place())
    timer.start()
    timer.join()


def signals():
    """A signal handler runs between two instructions of the main thread."""
    def handler(number, frame):
        place()
    import os
    import time
    previous = signal.signal(signal.SIGUSR2, handler)
    os.kill(os.getpid(), signal.SIGUSR2)
    place(os.kill(
        os.getpid(),
        signal.SIGUSR2))
    [os.kill(os.getpid(), signal.SIGUSR2) for _ in (1, 2)]
    signal.signal(signal.SIGUSR2, lambda *_: place(os.kill(os.getpid(), signal.SIGALRM)))
    signal.signal(signal.SIGALRM, handler)
    os.kill(os.getpid(), signal.SIGUSR2)
    received = []
    signal.signal(signal.SIGALRM, lambda *_: received.append(place(1)))
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    while not received:
        time.sleep(
            0.001)
    signal.signal(signal.SIGUSR2, previous)


def run():
    together()
    nested()
    handed_over()
    waiting()
    timed()
    signals()
    try:
        from concurrent.futures import ThreadPoolExecutor
    except ImportError:
        return
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda value: place(value), [1, 2, 3]))
        pool.submit(place).add_done_callback(lambda _: place())
