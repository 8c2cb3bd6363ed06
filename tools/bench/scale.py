#!/usr/bin/env python3
"""Traces programs with many processes, and measures what spawntrace needs for them.

    tools/bench/scale.py [--python PATH] SPAWNTRACE [workers|pool|subprocesses|short|forks]...

    workers         1,000 spawn workers, 16 at a time
    pool            a spawn Pool, with workers that are replaced 1,000 times
    subprocesses    5,000 short programs, one after the other, started by Python
    short           50,000 short programs, started by sh
    forks           20,000 processes, 2,000 alive at once

All programs are healthy. Prints, for each, the status, the findings, the number of events and of missing events (if
it is known how many there must be), the wall times, and the tracer's own peak memory (VmHWM) and CPU time (user and
system) per process. Exit status: 1 if there is a finding, an event is missing or memory exceeds 64 MiB.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

# The number of events that there must be: start, execution and end of each process, or start, signal and end. The
# first process of "short" executes two programs.
EVENTS = {"subprocesses": 3 * 5001, "short": 3 * 50001 + 1, "forks": 3 * 20001}
OPTIONS = {"forks": ["--max-processes", "2500"]}

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
    "short": """
import os
os.execv("/bin/sh", ["sh", "-c", "n=0; while [ $n -lt 50000 ]; do /bin/true; n=$((n + 1)); done"])
""",
    "forks": """
import os, signal
alive = []
for number in range(20000):
    pid = os.fork()
    if pid == 0:
        signal.pause()
    alive.append(pid)
    if len(alive) == 2000:
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


def tracer_of(front):
    """The pid of the tracer, which is a child of the front, the process that was started."""
    try:
        with open("/proc/%d/task/%d/children" % (front, front)) as file:
            return int(file.read().split()[0])
    except (OSError, IndexError):
        return None


def use_of(tracer):
    """The tracer's peak memory in KiB, and its CPU seconds."""
    try:
        with open("/proc/%d/status" % tracer) as file:
            memory = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
        with open("/proc/%d/stat" % tracer) as file:
            fields = file.read().rpartition(")")[2].split()
        return memory, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, StopIteration, IndexError):
        return 0, 0


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
                    command = [os.path.abspath(given.spawntrace), "run", "--json", report] + OPTIONS.get(name, []) \
                        + ["--"] + command
                begun = time.monotonic()
                process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL)
                memory = seconds = 0
                while process.poll() is None:
                    tracer = traced and tracer_of(process.pid)
                    if tracer:
                        now = use_of(tracer)
                        memory, seconds = max(memory, now[0]), max(seconds, now[1])
                    time.sleep(0.02)
                times.append(time.monotonic() - begun)
            report = json.load(open(report, encoding="utf-8"))
            events = report["trace"]["events"]
            lost = EVENTS.get(name, events) - events
            count = EVENTS.get(name, 3 * 1002) // 3
            wrong = process.returncode != 0 or report["findings"] or lost or memory > 64 << 10
            failed = failed or bool(wrong)
            print("%-13s status %d, %s, %d findings, %d processes, %d events, %s; bare %.1f s, traced %.1f s; "
                  "tracer %.1f MiB, %.0f us per process" % (
                      name, process.returncode, report["verdict"], len(report["findings"]), len(report["processes"]),
                      events,
                      ("%d missing" % lost if name in EVENTS else "the right number isn't known"),
                      times[0], times[1], memory / 1024, seconds / count * 1e6), flush=True)
            for finding in report["findings"]:
                print("    %s %s" % (finding["rule"], finding["title"]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
