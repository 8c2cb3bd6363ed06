import multiprocessing
import sys


class Application:
    def run(self):
        if multiprocessing.current_process().name != "MainProcess":
            sys.exit(0)


Application().run()


def work():
    print("work")


if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=work)
    process.start()
    process.join()
    sys.exit(process.exitcode)
