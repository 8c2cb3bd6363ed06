import multiprocessing
import sys

sys.stderr.write("RuntimeError: An attempt has been made to start a new process before the ")


def work():
    sys.stderr.write("current process has finished its bootstrapping phase.")


if __name__ == "__main__":
    context = multiprocessing.get_context("forkserver")
    workers = [context.Process(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
