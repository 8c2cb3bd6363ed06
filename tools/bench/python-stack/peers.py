#!/usr/bin/env python3
"""What other tools need for one Python stack of 15 frames: whole processes, in alternating runs.

    peers.py [--rounds 10] --py-spy PATH --pystack PATH PYTHON...

Both are on PyPI: py-spy (`py-spy dump --pid`) and pystack (`pystack remote`). Prints the medians in
milliseconds and how many of the 15 frames a tool showed. They start, look for the interpreter, stop the
process and read; beside them stand the figures of python-stack-bench, which is in a tracer that runs
already.
"""
import argparse
import os
import re
import statistics
import subprocess
import tempfile
import time

# As in python-stack-bench: the module and 14 functions.
PROGRAM = "".join(
    "def p%d():\n    p%d()\n" % (level, level + 1) for level in range(13)
) + "def p13():\n    os.write(1, b'x')\n    time.sleep(600)\n"


def run(command):
    begun = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    took = (time.perf_counter() - begun) * 1e3
    # Both name a function a line; the module is "<module>".
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
