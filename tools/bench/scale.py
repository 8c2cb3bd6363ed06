#!/usr/bin/env python3
"""Traces runs of many processes, and says what is found, how long it takes and how much memory spawntrace has.

    tools/bench/scale.py [--python PATH] SPAWNTRACE [workers|pool|subprocesses|forks]...

workers: 1,000 spawn workers, 16 at a time; pool: a spawn Pool whose workers are replaced 1,000 times; subprocesses:
5,000 short programs, one after the other; forks: 20,000 processes, 2,000 alive at once. Each is healthy. Memory is
spawntrace's own (VmHWM), read until it ends. Exit status 1 where something is found or memory passes 64 MiB.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

PROGRAMS = {
    "workers": """
import multiprocessing
def work(number):
    return number
if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    left = 1000
    while left:
        some = [context.Process(target=work, args=(n,)) for n in range(min(16, left))]
        left -= len(some)
        for process in some:
            process.start()
        for process in some:
            process.join()
            assert process.exitcode == 0
""",
    "pool": """
import multiprocessing
if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(4, maxtasksperchild=1) as pool:
        assert pool.map(abs, range(1000), 1) == list(range(1000))
""",
    "subprocesses": """
import subprocess
for _ in range(5000):
    subprocess.run(["true"], check=True)
""",
    "forks": """
import os, signal
alive = []
for number in range(20000):
    pid = os.fork()
    if pid == 0:
        signal.pause()
    alive.append(pid)
    if len(alive) == 1900:
        for pid in alive:
            os.kill(pid, signal.SIGTERM)
        for pid in alive:
            os.waitpid(pid, 0)
        alive = []
for pid in alive:
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
""",
}


def peak(pid):
    try:
        with open("/proc/%d/status" % pid) as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("spawntrace")
    parser.add_argument("program", nargs="*")
    given = parser.parse_args()
    failed = False
    for name in given.program or PROGRAMS:
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "main.py"), "w") as file:
                file.write(PROGRAMS[name])
            times = []
            for traced in (False, True):
                command = [given.python, "main.py"]
                report = os.path.join(folder, "report.json")
                if traced:
                    command = [os.path.abspath(given.spawntrace), "run", "--json", report, "--"] + command
                begun = time.monotonic()
                process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL)
                memory = 0
                while process.poll() is None:
                    memory = max(memory, peak(process.pid))
                    time.sleep(0.02)
                times.append(time.monotonic() - begun)
            told = json.load(open(report, encoding="utf-8"))
            wrong = process.returncode != 0 or told["findings"] or memory > 64 << 10
            failed = failed or bool(wrong)
            print("%-13s status %d, %s, %d findings, %d processes told of, %d events; bare %.1f s, traced %.1f s; %.1f MiB" % (
                name, process.returncode, told["verdict"], len(told["findings"]), len(told["processes"]),
                told["trace"]["events"], times[0], times[1], memory / 1024), flush=True)
            for finding in told["findings"]:
                print("    %s %s" % (finding["rule"], finding["title"]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
