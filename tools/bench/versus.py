#!/usr/bin/env python3
"""Compares what two builds of spawntrace cost, in paired, alternating runs.

    versus.py [--rounds 30] [--only spawn,pool] [--python PYTHON] BEFORE NOW

In each round each workload runs once under each build, first the one and then the other, the next
round in the other order. Measured is user+sys of all processes, the tracer and orphans included, as
overhead.py measures it. For each workload the median of the ratios NOW to BEFORE is printed, with
its quartiles, and the median of the differences for each worker. Run it on a quiet machine.
"""
import argparse
import os
import statistics
import sys
import tempfile

import overhead

PROGRAMS = {
    # Name: the program, and how many workers it starts.
    "spawn": ("""
import multiprocessing
if __name__ == "__main__":
    for _ in range(15):
        process = multiprocessing.get_context("spawn").Process(target=abs, args=(1,))
        process.start()
        process.join()
""", 15),
    "forkserver": ("""
import multiprocessing
if __name__ == "__main__":
    for _ in range(40):
        process = multiprocessing.get_context("forkserver").Process(target=abs, args=(1,))
        process.start()
        process.join()
""", 40),
    "fork": ("""
import multiprocessing
if __name__ == "__main__":
    for _ in range(200):
        process = multiprocessing.get_context("fork").Process(target=abs, args=(1,))
        process.start()
        process.join()
""", 200),
    "pool": ("""
import multiprocessing
if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        pool.map(abs, range(2000))
""", 4),
    "threads": ("""
import multiprocessing, threading
def work():
    for _ in range(300):
        thread = threading.Thread(target=abs, args=(1,))
        thread.start()
        thread.join()
if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=work)
    process.start()
    process.join()
""", 1),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--only", default=",".join(PROGRAMS), help="workloads, comma-separated")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("before")
    parser.add_argument("now")
    given = parser.parse_args()
    builds = [os.path.abspath(given.before), os.path.abspath(given.now)]
    overhead.become_subreaper()
    with tempfile.TemporaryDirectory(prefix="versus-") as folder, tempfile.TemporaryFile() as errors:
        for name in given.only.split(","):
            text, workers = PROGRAMS[name]
            path = os.path.join(folder, name + ".py")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            times = {build: [] for build in builds}
            # The first round warms up.
            for number in range(given.rounds + 1):
                for build in builds if number % 2 else builds[::-1]:
                    command = [build, "run", "--report", "none", "--", given.python, path]
                    _, cpu = overhead.run_once(command, dict(os.environ), errors)
                    if number:
                        times[build].append(cpu)
            before, now = times[builds[0]], times[builds[1]]
            ratios = sorted(b / a for a, b in zip(before, now))
            low, middle, high = statistics.quantiles(ratios, n=4)
            each = statistics.median(b - a for a, b in zip(before, now)) / workers
            print("%-10s %6.3f s before, %6.3f s now, x%.3f [%.3f, %.3f], %+.0f us for each worker" % (
                name, statistics.median(before), statistics.median(now), middle, low, high, each * 1e6), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
