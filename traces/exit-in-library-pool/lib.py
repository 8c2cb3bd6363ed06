import multiprocessing
import os


class Guard:
    def __init__(self):
        if multiprocessing.current_process().name != "MainProcess":
            os._exit(11)


guard = Guard()
