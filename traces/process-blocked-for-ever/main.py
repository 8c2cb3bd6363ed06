import multiprocessing


def work(queue):
    queue.put("done")


queue = multiprocessing.get_context("spawn").Queue()
process = multiprocessing.get_context("spawn").Process(target=work, args=(queue,))
process.start()
print(queue.get(timeout=3) if __name__ != "__main__" else queue.get())
