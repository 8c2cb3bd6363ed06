"""Small programs for pairs.py that end well and do the same each time."""
import glob
import os

import cases

TRACES = os.path.join(cases.ROOT, "traces")


def of_trace(name):
    """The files of a case under traces/, by path, and its command."""
    case = cases.Case(os.path.join(TRACES, name, "case.json"))
    files = {}
    for path in sorted(glob.glob(case.folder + "/**/*", recursive=True)):
        relative = os.path.relpath(path, case.folder)
        if os.path.isfile(path) and relative != "case.json" and relative.split(os.sep)[0] != "recorded":
            with open(path, encoding="utf-8") as file:
                files[relative] = file.read()
    return files, case.fields["argv"]


# A child that says what it was asked for; some parents give it a file, a port or a number.
CHILD = "import sys\n\nprint(sys.argv[1:])\n"
SLEEPER = "import random\nimport sys\nimport time\n\ntime.sleep(random.random() / 10)\nprint(sys.argv[1:])\n"

POOL = """\
import multiprocessing


def square(n):
    return n * n


if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        print(pool.map(square, range(4)))
"""

PROCESS = """\
import multiprocessing


def work():
    print("work")


if __name__ == "__main__":
    process = multiprocessing.Process(target=work)
    process.start()
    process.join()
"""

EXECUTOR = """\
import concurrent.futures


def square(n):
    return n * n


if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor(2) as executor:
        print(list(executor.map(square, range(4))))
"""

MANAGER = """\
import multiprocessing


if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        names = manager.dict()
        names["a"] = 1
        print(dict(names))
"""

# By a method of its own; the pairs change its name.
CONTEXT_POOL = POOL.replace("multiprocessing.Pool", 'multiprocessing.get_context("spawn").Pool')
CONTEXT_PROCESS = PROCESS.replace("multiprocessing.Process", 'multiprocessing.get_context("spawn").Process')
CONTEXT_EXECUTOR = EXECUTOR.replace("import concurrent.futures\n", "import concurrent.futures\nimport multiprocessing\n"
                                    ).replace("Executor(2)",
                                              'Executor(2, mp_context=multiprocessing.get_context("spawn"))')
CONTEXT_MANAGER = MANAGER.replace("multiprocessing.Manager", 'multiprocessing.get_context("spawn").Manager')
SET_POOL = POOL.replace('__main__":\n', '__main__":\n    multiprocessing.set_start_method("spawn")\n')
SET_PROCESS = PROCESS.replace('__main__":\n', '__main__":\n    multiprocessing.set_start_method("spawn")\n')
SET_MANAGER = MANAGER.replace('__main__":\n', '__main__":\n    multiprocessing.set_start_method("spawn")\n')

PLAIN = "import json\n\nprint(json.dumps([1, 2, 3]))\n"
