import threading

import farm


def work(n):
    return n + 1


def launch():
    print(farm.call(work, 1))


def main():
    thread = threading.Thread(target=launch)
    thread.start()
    thread.join()


main()
