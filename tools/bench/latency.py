#!/usr/bin/env python3
"""How long after the open that proves the cycle the first byte of the report is there.

    latency.py [--runs 20] SPAWNTRACE PYTHON...

Each run traces a small script that starts a Pool at import. An audit hook in the worker writes down the
clock just before importlib opens popen_spawn_posix or popen_forkserver (so the hook's own time counts,
too); this program reads the report from a pipe and looks at the same clock (CLOCK_MONOTONIC). Prints the
median and the worst in milliseconds for each interpreter and start method. CPython 3.8 or newer.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

SCRIPT = '''
import multiprocessing, os, sys, time
LOG = os.environ["LATENCY_LOG"]
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and __name__ == "__mp_main__" \\
            and "/popen_" in arguments[0]:
        now = time.monotonic_ns()
        with open(LOG, "a") as log:
            log.write("%d\\n" % now)
sys.addaudithook(hook)
def square(n):
    return n * n
with multiprocessing.get_context(os.environ["LATENCY_METHOD"]).Pool(2) as pool:
    print(pool.map(square, range(4)))
'''


def measure(spawntrace, python, method, folder):
    log = os.path.join(folder, "log")
    open(log, "w").close()
    environment = dict(os.environ, LATENCY_LOG=log, LATENCY_METHOD=method)
    process = subprocess.Popen(
        [spawntrace, "--", python, os.path.join(folder, "main.py")], env=environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    first = os.read(process.stderr.fileno(), 1)
    seen = time.monotonic_ns()
    rest = process.stderr.read()
    process.wait()
    opened = [int(line) for line in open(log)]
    if b"ST101" not in first + rest or not opened:
        sys.exit("no report from %s: %r" % (python, (first + rest)[-300:]))
    # The hook's own log file is opened with other flags; the last stamp before the report is the proof's.
    return (seen - max(stamp for stamp in opened if stamp < seen)) / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("spawntrace")
    parser.add_argument("python", nargs="+")
    given = parser.parse_args()
    for python in given.python:
        for method in ("spawn", "forkserver"):
            with tempfile.TemporaryDirectory() as folder:
                with open(os.path.join(folder, "main.py"), "w") as script:
                    script.write(SCRIPT)
                times = [measure(given.spawntrace, python, method, folder) for _ in range(given.runs)]
            print("%-40s %-10s median %.2f ms, worst %.2f ms, %d runs"
                  % (python, method, statistics.median(times), max(times), len(times)), flush=True)


if __name__ == "__main__":
    main()
