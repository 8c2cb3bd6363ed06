#!/usr/bin/env python3
"""Measures the cost of a Python start-up under spawntrace, in paired runs, bare and traced, in shuffled order.

    startup.py [--rounds 40] SPAWNTRACE PYTHON...

Two programs run with each interpreter: one does nothing, the other imports the modules that a typical test run
imports. Prints the medians of the ratios of wall time and of user+sys (of the whole tree with the tracer).
"""
import argparse
import os
import random
import resource
import statistics
import time

PROGRAMS = {
    "nothing": "pass",
    "imports": "import asyncio, http.client, json, multiprocessing.pool, unittest.mock",
}


def run(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ)
    _, status = os.waitpid(pid, 0)
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if status:
        raise SystemExit("%r ended with %r" % (command, status))
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("spawntrace")
    parser.add_argument("python", nargs="+")
    given = parser.parse_args()
    for python in given.python:
        for name, text in PROGRAMS.items():
            bare, traced = [python, "-c", text], [given.spawntrace, "--", python, "-c", text]
            run(bare), run(traced)
            ratios, walls = [], []
            for _ in range(given.rounds):
                results = {}
                for key in random.sample(["bare", "traced"], 2):
                    results[key] = run(bare if key == "bare" else traced)
                ratios.append([t / b for t, b in zip(results["traced"], results["bare"])])
                walls.append((results["bare"][0] * 1e3, results["traced"][0] * 1e3))
            print("%-40s %-8s wall x%.3f  user+sys x%.3f  (%.1f ms bare, %.1f ms traced)" % (
                python, name, *(statistics.median(column) for column in zip(*ratios)),
                *(statistics.median(column) for column in zip(*walls))), flush=True)


if __name__ == "__main__":
    main()
