"""Compares commands that read one large file, for replay.py, strace.py and parsers/run.py."""
import os
import statistics
import subprocess
import sys
import time


def run(command):
    """Returns the seconds, and the peak of resident memory in MiB."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - begun
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit("%s failed: %s" % (command[0], output[-500:].decode("utf-8", "replace")))
    return took, usage.ru_maxrss / 1024


def compare(commands, rounds, size, count, unit):
    """Prints a line for each command: medians of `rounds` runs, in turns, over `count` lines of `size` bytes in all."""
    print("%d %s, %.0f MB" % (count, unit, size / 1e6), flush=True)
    results = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            results[name].append(run(command))
    for name, runs in results.items():
        took = statistics.median(took for took, _ in runs)
        print("%-26s %7.2f s  %6.2f M %s/s  %5.0f MB/s  %5.0f MiB" % (
            name, took, count / took / 1e6, unit, size / took / 1e6, max(memory for _, memory in runs)))
