"""Programs for pairs.py that end well but take another way each time: nothing of it is a difference."""
import programs

MAX_TASKS = """\
import multiprocessing
import random
import time


def work(n):
    time.sleep(random.random() / 50)
    return n * n


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(3, maxtasksperchild=2) as pool:
        print(sum(pool.map(work, range(10), chunksize=1)))
"""

EXECUTOR_MANY = """\
import concurrent.futures
import random
import time


def work(n):
    time.sleep(random.random() / 50)
    return n * n


if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor(3) as executor:
        print(sum(executor.map(work, range(20))))
"""

# From 3.9 a worker is started if none is idle: how many there are is a matter of time.
EXECUTOR_FEW = """\
import concurrent.futures
import multiprocessing
import random
import time


def work(n):
    return n * n


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(4, mp_context=context) as executor:
        for n in range(6):
            executor.submit(work, n)
            time.sleep(random.random() / 10)
"""

MANAGER_WORKERS = """\
import multiprocessing


def work(names, n):
    names[n] = n * n


if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        names = manager.dict()
        workers = [multiprocessing.Process(target=work, args=(names, n)) for n in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        print(sorted(names.items()))
"""

TEMPORARY_FILES = """\
import os
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory(prefix="job-") as folder, tempfile.NamedTemporaryFile(suffix=".txt") as file:
    subprocess.run([sys.executable, "child.py", "--output", os.path.join(folder, "result.json"), file.name], check=True)
    subprocess.run([sys.executable, "child.py", "--folder=" + folder], check=True)
"""

PIDS_AND_PORTS = """\
import os
import socket
import subprocess
import sys

with socket.socket() as server:
    server.bind(("127.0.0.1", 0))
    port = server.getsockname()[1]
    subprocess.run([sys.executable, "child.py", "--parent", str(os.getpid()), "--port=%d" % port], check=True)
    subprocess.run([sys.executable, "child.py", "http://127.0.0.1:%d/status" % port], check=True)
"""

RANDOM_NAMES = """\
import subprocess
import sys
import uuid

subprocess.run([sys.executable, "child.py", "--session", str(uuid.uuid4())], check=True)
subprocess.run([sys.executable, "child.py", "--run=" + uuid.uuid4().hex], check=True)
"""

TIMES = """\
import datetime
import subprocess
import sys
import time

subprocess.run([sys.executable, "child.py", "--since", datetime.datetime.now().isoformat()], check=True)
subprocess.run([sys.executable, "child.py", "--now=%.6f" % time.time()], check=True)
"""

PIPELINE = """\
import subprocess

subprocess.run("printf 'b\\\\na\\\\nb\\\\n' | sort | uniq -c | cat", shell=True, check=True)
"""

PARALLEL = """\
import subprocess
import sys

waiting = ["a", "b", "c", "d"]
running = []
while waiting or running:
    while waiting and len(running) < 2:
        running.append(subprocess.Popen([sys.executable, "child.py", waiting.pop(0)]))
    while running and all(child.poll() is None for child in running):
        pass
    running = [child for child in running if child.poll() is None]
"""

MAKEFILE = "all: a b c d\n\na b c d:\n\t$(PYTHON) child.py $@\n\n.PHONY: all a b c d\n"

DAEMON = """\
import multiprocessing
import time


def wait():
    time.sleep(60)


if __name__ == "__main__":
    multiprocessing.Process(target=wait, daemon=True).start()
    print("main ends")
"""

TERMINATED = """\
import multiprocessing
import random
import time


def work(n):
    time.sleep(random.random() / 10)
    return n


if __name__ == "__main__":
    with multiprocessing.Pool(3) as pool:
        for n in pool.imap_unordered(work, range(30)):
            if n > 3:
                break
"""

NESTED = """\
import subprocess
import sys

depth = int(sys.argv[1]) if len(sys.argv) > 1 else 3
if depth:
    children = [subprocess.Popen([sys.executable, __file__, str(depth - 1)]) for _ in range(2)]
    for child in children:
        child.wait()
"""

THREADS = """\
import random
import subprocess
import sys
import threading
import time


def start(name):
    time.sleep(random.random() / 10)
    subprocess.run([sys.executable, "child.py", name], check=True)


threads = [threading.Thread(target=start, args=(name,)) for name in "abcd"]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""

THREAD_POOL = """\
import concurrent.futures
import subprocess
import sys


def start(n):
    subprocess.run([sys.executable, "child.py", "--part", "abcdef"[n]], check=True)


with concurrent.futures.ThreadPoolExecutor(3) as executor:
    list(executor.map(start, range(6)))
"""

FORKS = """\
import os
import random
import time

children = []
for n in range(6):
    child = os.fork()
    if not child:
        time.sleep(random.random() / 20)
        os._exit(0)
    children.append(child)
while children:
    children.remove(os.wait()[0])
"""

QUEUES = """\
import multiprocessing
import random
import time


def work(tasks, results):
    for n in iter(tasks.get, None):
        time.sleep(random.random() / 50)
        results.put(n * n)


if __name__ == "__main__":
    tasks, results = multiprocessing.Queue(), multiprocessing.Queue()
    workers = [multiprocessing.Process(target=work, args=(tasks, results)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for n in range(12):
        tasks.put(n)
    print(sum(results.get() for _ in range(12)))
    for worker in workers:
        tasks.put(None)
    for worker in workers:
        worker.join()
"""

ANY_WORKER = """\
import multiprocessing
import random
import subprocess
import sys
import time


def work(n):
    time.sleep(random.random() / 20)
    if n == 5:
        subprocess.run([sys.executable, "child.py", "five"], check=True)


if __name__ == "__main__":
    with multiprocessing.get_context("%s").Pool(3) as pool:
        pool.map(work, range(9), chunksize=1)
        pool.close()
        pool.join()
"""

POSIX_SPAWN = """\
import os
import sys

children = [os.posix_spawn(sys.executable, [sys.executable, "child.py", name], os.environ) for name in "abc"]
for child in children:
    os.waitpid(child, 0)
"""

EVENT_LOOP = """\
import asyncio
import sys


async def start(name):
    child = await asyncio.create_subprocess_exec(sys.executable, "child.py", name)
    await child.wait()


async def main():
    await asyncio.gather(*(start(name) for name in "abc"))


asyncio.run(main())
"""

RANDOM_EXITS = """\
import multiprocessing
import random
import sys
import time


def work(status):
    time.sleep(random.random() / 10)
    sys.exit(status)


if __name__ == "__main__":
    workers = [multiprocessing.Process(target=work, args=(status,)) for status in (0, 1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
"""

DOUBLE_FORK = """\
import os
import time

reader, writer = os.pipe()
child = os.fork()
if not child:
    if os.fork():
        os._exit(0)
    time.sleep(0.05)
    os._exit(0)
os.close(writer)
os.waitpid(child, 0)
os.read(reader, 1)
"""

XARGS = """\
import subprocess
import sys

subprocess.run(["xargs", "-P", "2", "-n", "1", sys.executable, "child.py"], input=b"a b c d", check=True)
"""

SET_ORDER = """\
import subprocess
import sys

for name in {"red", "green", "blue", "white"}:
    subprocess.run([sys.executable, "child.py", name], check=True)
"""

TWO_POOLS = """\
import multiprocessing
import threading


def square(n):
    return n * n


def compute():
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        print(pool.map(square, range(4)))


if __name__ == "__main__":
    threads = [threading.Thread(target=compute) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""

SHELLS = """\
import os

for name in ("a", "b"):
    os.system("echo %s >/dev/null; (sleep 0.01; true) & wait" % name)
"""

KILLED = """\
import multiprocessing
import random
import time


def wait():
    time.sleep(random.random() / 10)
    time.sleep(60)


if __name__ == "__main__":
    worker = multiprocessing.Process(target=wait)
    worker.start()
    time.sleep(random.random() / 5)
    worker.terminate()
    worker.join()
"""

# It asks again and again, at least twice.
POLLING = """\
import random
import subprocess
import sys
import time

ready = time.monotonic() + random.random() / 5
subprocess.run(["sleep", "0.01"], check=True)
while True:
    subprocess.run(["sleep", "0.01"], check=True)
    if time.monotonic() > ready:
        break
subprocess.run([sys.executable, "child.py", "ready"], check=True)
"""

# By name: main.py and the files beside it.
SAME = {
    "max-tasks": (MAX_TASKS, {}),
    "max-tasks-fork": (MAX_TASKS.replace('"spawn"', '"fork"'), {}),
    "executor-many": (EXECUTOR_MANY, {}),
    "executor-few": (EXECUTOR_FEW, {}),
    "manager-workers": (MANAGER_WORKERS, {}),
    "temporary-files": (TEMPORARY_FILES, {"child.py": programs.CHILD}),
    "pids-and-ports": (PIDS_AND_PORTS, {"child.py": programs.CHILD}),
    "random-names": (RANDOM_NAMES, {"child.py": programs.CHILD}),
    "times": (TIMES, {"child.py": programs.CHILD}),
    "pipeline": (PIPELINE, {}),
    "parallel": (PARALLEL, {"child.py": programs.SLEEPER}),
    "daemon": (DAEMON, {}),
    "terminated": (TERMINATED, {}),
    "nested": (NESTED, {}),
    "threads": (THREADS, {"child.py": programs.CHILD}),
    "thread-pool": (THREAD_POOL, {"child.py": programs.SLEEPER}),
    "forks": (FORKS, {}),
    "queues": (QUEUES, {}),
    "default-pool": (programs.POOL, {}),
    "any-worker-fork": (ANY_WORKER % "fork", {"child.py": programs.CHILD}),
    "any-worker-spawn": (ANY_WORKER % "spawn", {"child.py": programs.CHILD}),
    "any-worker-forkserver": (ANY_WORKER % "forkserver", {"child.py": programs.CHILD}),
    "posix-spawn": (POSIX_SPAWN, {"child.py": programs.SLEEPER}),
    "event-loop": (EVENT_LOOP, {"child.py": programs.SLEEPER}),
    "random-exits": (RANDOM_EXITS, {}),
    "double-fork": (DOUBLE_FORK, {}),
    "xargs": (XARGS, {"child.py": programs.SLEEPER}),
    "set-order": (SET_ORDER, {"child.py": programs.CHILD}),
    "two-pools": (TWO_POOLS, {}),
    "shells": (SHELLS, {}),
    "killed": (KILLED, {}),
    "polling": (POLLING, {"child.py": programs.CHILD}),
}
SAME_OF_TRACES = ["pool-spawn-guarded", "process-spawn-guarded", "forkserver-pool-guarded", "library-worker-guarded",
                  "seed-guarded", "subprocess-self-guarded", "thread-spawn-guarded", "start-in-a-thread-guarded",
                  "pipe-argument-healthy", "message-of-a-failed-child", "fork-pool-unguarded"]
