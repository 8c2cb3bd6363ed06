import multiprocessing

try:
    process = multiprocessing.get_context("spawn").Process(target=print, args=("work",))
    process.start()
    process.join()
except RuntimeError:
    pass
