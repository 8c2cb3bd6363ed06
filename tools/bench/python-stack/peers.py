#!/usr/bin/env python3
"""Measures what other tools need for one Python stack of 15 frames.

    peers.py [--rounds 10] --py-spy PATH --pystack PATH PYTHON...

The tools are py-spy (`py-spy dump --pid`) and pystack (`pystack remote`), both on PyPI. They run in turns. Prints
the medians in milliseconds, and how many of the 15 frames each tool showed. The times include the start of the
tool, the search for the interpreter and stopping the process. Compare them with the figures of python-stack-bench,
which measures a tracer that is already running.
"""
import argparse
import os
import re
import statistics
import subprocess
import tempfile
import time

# The same frames as in python-stack-bench: the module and 14 functions.
PROGRAM = "".join(
    "def p%d():\n    p%d()\n" % (level, level + 1) for level in range(13)
) + "def p13():\n    os.write(1, b'x')\n    time.sleep(600)\n"


def run(command):
    begun = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    took = (time.perf_counter() - begun) * 1e3
    # Both tools print one function per line; the module is "<module>".
    frames = len(re.findall(rb" (?:p\d+|<module>) \(| in (?:p\d+|<module>)$", done.stdout, re.MULTILINE))
    return took, frames, done


def measure(python, tools, rounds):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "main.py")
        with open(path, "w") as file:
            file.write("import os, time\n" + PROGRAM + "p0()\n")
        program = subprocess.Popen([python, "-S", path], stdout=subprocess.PIPE)
        try:
            program.stdout.read(1)
            times = {name: [] for name in tools}
            shown = {}
            for _ in range(rounds):
                for name, command in tools.items():
                    took, frames, done = run(command + [str(program.pid)])
                    if done.returncode:
                        shown[name] = done.stdout.decode(errors="replace").strip().split("\n")[-1][:90]
                        continue
                    times[name].append(took)
                    shown[name] = "%d frames" % frames
        finally:
            program.kill()
            program.wait()
            program.stdout.close()
    for name in tools:
        text = "%.1f ms" % statistics.median(times[name]) if times[name] else "-"
        print("%-50s %-8s %10s  (%s)" % (python, name, text, shown[name]), flush=True)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--py-spy", default="py-spy")
    parser.add_argument("--pystack", default="pystack")
    parser.add_argument("python", nargs="+")
    given = parser.parse_args()
    tools = {
        "py-spy": [given.py_spy, "dump", "--pid"],
        "pystack": [given.pystack, "remote"],
    }
    for python in given.python:
        measure(python, tools, given.rounds)


if __name__ == "__main__":
    main()
