import farm
import multiprocessing


def work(n):
    return n + 1


if __name__ != "__main__":
    process = multiprocessing.get_context("spawn").Process(target=print, args=("again",))
    process.start()
    process.join()

if __name__ == "__main__":
    print(farm.call(work, 1))
