import multiprocessing
import threading


def work(n):
    return n + 1


def launch():
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        print(pool.map(work, range(4)))


def main():
    thread = threading.Thread(target=launch)
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
