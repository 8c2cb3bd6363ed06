import multiprocessing
import sqlite3


def work(connection):
    connection.close()


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    first = context.Process(target=print)
    first.start()
    first.join()
    try:
        context.Process(target=work, args=(sqlite3.connect(":memory:"),)).start()
    except Exception:
        pass
    last = context.Process(target=print)
    last.start()
    last.join()
