"""A spawn worker that logs at import: logging_worker.py COUNT, for overhead.py.

The program writes COUNT lines to standard error, once as the main program and once in its worker.
"""
import multiprocessing
import sys


def work():
    sys.stderr.write("INFO:root:the worker works\n")


for number in range(int(sys.argv[1])):
    sys.stderr.write("INFO:root:line number %d of a script that logs as it is imported\n" % number)

if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=work)
    process.start()
    process.join()
    sys.exit(process.exitcode)
