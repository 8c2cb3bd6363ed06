import argparse
import multiprocessing
import sys

parser = argparse.ArgumentParser()
parser.add_argument("course")
course = parser.parse_args().course
del sys.argv[1:]


def work():
    print(course)


if __name__ == "__main__":
    process = multiprocessing.get_context("forkserver").Process(target=work)
    try:
        process.start()
        process.join()
    except OSError as error:
        print(type(error))
