import multiprocessing


def work():
    print("work")


task = work
if __name__ != "__main__":
    del work

if __name__ == "__main__":
    process = multiprocessing.get_context("forkserver").Process(target=task)
    process.start()
    process.join()
