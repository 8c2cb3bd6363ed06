#!/usr/bin/env python3
"""Measures the time from the open that proves a cycle to the first byte of the report.

    latency.py [--runs 20] SPAWNTRACE PYTHON...

Each run traces a small script that starts a Pool at import. The time of the proof comes from the JSON report
(provenAtSeconds after monotonicStartSeconds). It is the moment at which the tracer read the worker's open, some
microseconds after the open itself. The time of the first byte is noted by this program, which reads the report
from a pipe. Both are CLOCK_MONOTONIC. Run it as root: then this program needn't wait for a processor.

Prints the median and the longest time in milliseconds for each interpreter and start method.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

SCRIPT = '''
import multiprocessing, os
def square(n):
    return n * n
with multiprocessing.get_context(os.environ["LATENCY_METHOD"]).Pool(2) as pool:
    print(pool.map(square, range(4)))
'''


def measure(spawntrace, python, method, folder):
    path = os.path.join(folder, "report.json")
    process = subprocess.Popen(
        [spawntrace, "--json", path, "--", python, os.path.join(folder, "main.py")],
        env=dict(os.environ, LATENCY_METHOD=method), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        preexec_fn=lambda: os.setpriority(os.PRIO_PROCESS, 0, 0))
    first = os.read(process.stderr.fileno(), 1)
    seen = time.monotonic()
    rest = process.stderr.read()
    process.wait()
    with open(path) as file:
        report = json.load(file)
    if b"ST101" not in first + rest:
        sys.exit("no report from %s: %r" % (python, (first + rest)[-300:]))
    proven = report["trace"]["monotonicStartSeconds"] + report["findings"][0]["provenAtSeconds"]
    return (seen - proven) * 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("spawntrace")
    parser.add_argument("python", nargs="+")
    given = parser.parse_args()
    try:
        # The report mustn't wait until this program gets a processor. Only root may set this.
        os.setpriority(os.PRIO_PROCESS, 0, -20)
    except PermissionError:
        print("not root: the times include the wait of this program for a processor")
    for python in given.python:
        for method in ("spawn", "forkserver"):
            with tempfile.TemporaryDirectory() as folder:
                with open(os.path.join(folder, "main.py"), "w") as script:
                    script.write(SCRIPT)
                times = [measure(given.spawntrace, python, method, folder) for _ in range(given.runs)]
            print("%-40s %-10s median %.2f ms, longest %.2f ms, %d runs"
                  % (python, method, statistics.median(times), max(times), len(times)), flush=True)


if __name__ == "__main__":
    main()
