import concurrent.futures
import multiprocessing


def work():
    print("work")


def launch():
    process = multiprocessing.get_context("forkserver").Process(target=work)
    process.start()
    process.join()
    return process.exitcode


with concurrent.futures.ThreadPoolExecutor(1) as executor:
    print(executor.submit(launch).result())
