"""A random tree of Python processes, made from a seed, that prints what it sees. soak.py runs it.

The lines are the same for the same seed: each task returns its text, and the texts are printed in the seed's order.
"""
import concurrent.futures
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time


def square(number):
    return number * number


def forks(dice):
    results, children = [], []
    for _ in range(dice.randint(1, 4)):
        number, dies = dice.randint(0, 255), dice.choice([None, None, signal.SIGTERM, signal.SIGKILL, signal.SIGUSR1])
        pid = os.fork()
        if pid == 0:
            if dies:
                os.kill(os.getpid(), dies)
                time.sleep(10)
            os._exit(number)
        children.append(pid)
    for pid in children:
        results.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    return results


def commands(dice):
    results = []
    for _ in range(dice.randint(1, 3)):
        number = dice.randint(0, 100)
        kind = dice.choice(["sh", "signal", "pipe", "missing", "head", "python"])
        if kind == "sh":
            result = subprocess.run(["sh", "-c", "echo out; echo err >&2; exit %d" % number], capture_output=True)
            results.append((result.returncode, result.stdout, result.stderr))
        elif kind == "signal":
            name = dice.choice(["TERM", "KILL", "HUP"])
            results.append(subprocess.run(["sh", "-c", "kill -%s $$" % name]).returncode)
        elif kind == "pipe":
            result = subprocess.run("seq %d | sort -r | wc -l" % number, shell=True, capture_output=True)
            results.append((result.returncode, result.stdout))
        elif kind == "head":
            with subprocess.Popen(["yes"], stdout=subprocess.PIPE) as process:
                results.append(process.stdout.readline())
                process.stdout.close()
                results.append(process.wait())
        elif kind == "python":
            code = ("import sys, threading; t = threading.Thread(target=print, args=(%d,)); t.start(); t.join();"
                    "sys.exit(%d)")
            result = subprocess.run([sys.executable, "-S", "-c", code % (number, number)], capture_output=True)
            results.append((result.returncode, result.stdout, result.stderr))
        else:
            try:
                subprocess.run(["not-there-%d" % number])
            except OSError as error:
                results.append(str(error))
    return results


def in_threads(dice):
    """Runs tasks at once, each with random numbers of its own."""
    tasks = [(dice.choice([commands, forks]), random.Random(dice.random())) for _ in range(dice.randint(2, 3))]
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        return [future.result() for future in [pool.submit(task, own) for task, own in tasks]]


def pools(dice):
    method = dice.choice(["fork", "spawn", "forkserver"])
    with multiprocessing.get_context(method).Pool(2) as pool:
        return method, pool.map(square, range(dice.randint(1, 20)))


def alarms(dice):
    """Sleeps while signals interrupt; the sleep must last as long as asked."""
    counts = []
    signal.signal(signal.SIGALRM, lambda *_: counts.append(1))
    begun = time.monotonic()
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.002)
    time.sleep(0.02)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return len(counts) > 0, time.monotonic() - begun >= 0.02


def opens(dice):
    """Opens files in threads while a child sends signals."""
    counts = []
    signal.signal(signal.SIGUSR1, lambda *_: counts.append(1))
    parent, done = os.getpid(), os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(done[1])
        os.set_blocking(done[0], False)
        while True:
            try:
                if os.read(done[0], 1) == b"":
                    os._exit(0)
            except BlockingIOError:
                pass
            os.kill(parent, signal.SIGUSR1)
            time.sleep(0.0005)

    def read(numbers):
        for _ in range(dice.randint(10, 20)):
            with open("data", "rb") as file:
                numbers.append(len(file.read()))
            numbers.append(os.path.exists("missing"))
    found = [[], [], []]
    threads = [threading.Thread(target=read, args=(numbers,)) for numbers in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os.close(done[1])
    os.close(done[0])
    status = os.waitpid(pid, 0)[1]
    signal.signal(signal.SIGUSR1, signal.SIG_DFL)
    return status, [sorted(set(numbers)) for numbers in found]


def main():
    seed = int(sys.argv[1])
    dice = random.Random(seed)
    for number in range(dice.randint(1, 4)):
        task = dice.choice([forks, commands, in_threads, pools, alarms, opens])
        print("%02d %s %r" % (number, task.__name__, task(random.Random(dice.random()))), flush=True)
    if dice.random() < 0.3:
        os.kill(os.getpid(), dice.choice([signal.SIGTERM, signal.SIGINT, signal.SIGKILL]))
    sys.exit(dice.randint(0, 100))


if __name__ == "__main__":
    main()
