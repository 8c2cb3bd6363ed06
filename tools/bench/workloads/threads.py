"""Starts and joins 200 threads, again and again: threads.py TIMES, for overhead.py."""
import sys
import threading


def main():
    for _ in range(int(sys.argv[1])):
        done = []
        threads = [threading.Thread(target=done.append, args=(n,)) for n in range(200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if sorted(done) != list(range(200)):
            sys.exit("a thread did not run")


main()
