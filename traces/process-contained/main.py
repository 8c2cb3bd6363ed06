import multiprocessing
import sys

process = multiprocessing.get_context("spawn").Process(target=print)
process.start()
process.join()
sys.exit(4 if process.exitcode else 0)
