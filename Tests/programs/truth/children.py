"""Children that are copies of the interpreter."""
import os
import subprocess
import threading

from truth import place


def forked(body):
    child = os.fork()
    if child == 0:
        try:
            body()
        finally:
            os._exit(0)
    place()
    os.waitpid(child, 0)


def twice():
    place()
    forked(lambda: place())
    place()


def in_thread():
    thread = threading.Thread(target=forked, args=(
        lambda: place(),))
    thread.start()
    thread.join()


def with_thread():
    """A child that starts threads of its own."""
    thread = threading.Thread(target=place)
    thread.start()
    thread.join()
    place()


def run():
    forked(place)
    forked(lambda: place())
    forked(twice)
    in_thread()
    forked(with_thread)
    subprocess.call(["/bin/true"], preexec_fn=lambda: place())
    subprocess.call(
        ["/bin/true"],
        preexec_fn=place)
