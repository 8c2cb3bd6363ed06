#!/usr/bin/env python3
"""Runs spawntrace as a new user meets it, and writes what was printed into one file, to be read.

    situations.py --spawntrace BINARY [--venv DIR] [--out FILE] [NAME...]

Each situation runs in a fresh folder. What is written of it: the command, its output, how it ended
and how long it took. NAME... runs only these. pytest, tox and nox come from the venv, or from PATH;
a situation without its tool is skipped. Exit status: 1 if one ends in a way that it must not.
"""
import argparse
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import fcntl

LIMIT = 60

THING = """\
import multiprocessing


def square(number):
    return number * number


def squares(count):
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        return pool.map(square, range(count))
"""

TEST = """\
import unittest

import thing


class SquaresTest(unittest.TestCase):
    def test_squares(self):
        self.assertEqual(thing.squares(4), [0, 1, 4, 9])
"""

UNGUARDED = "import thing\n\nprint(thing.squares(4))\n"

GUARDED = """\
import thing

if __name__ == "__main__":
    print(thing.squares(4))
"""

# The guard is never true. Its author has noticed that nothing runs, and put the call below it.
WRONG_GUARD = """\
import thing

if __name__ == "main":
    pass

print(thing.squares(4))
"""

PYTEST_MAIN = TEST + "\n\nimport pytest\n\npytest.main([\"-q\", __file__])\n"

MANAGE = """\
#!/usr/bin/env python
import os
import sys

import thing


def execute(arguments):
    os.environ.setdefault("SETTINGS", "site.settings")
    if arguments[1:] == ["report"]:
        print(thing.squares(4))


execute(sys.argv)
"""

NOTEBOOK = """\
#!/usr/bin/env python
# coding: utf-8

# # Squares

# In[1]:


from multiprocessing import get_context

import thing


# In[2]:


with get_context("spawn").Pool(2) as pool:
    result = pool.map(thing.square, range(4))


# In[3]:


print(result)
"""

EXITS = """\
import multiprocessing
import sys

import thing


def main():
    process = multiprocessing.get_context("spawn").Process(target=thing.square, args=(3,))
    process.start()
    process.join()
    print("exit code", process.exitcode)
    return process.exitcode


sys.exit(main())
"""

HANG = """\
import multiprocessing


def work(queue):
    queue.put("x" * 1000000)


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=work, args=(queue,))
    process.start()
    process.join()
    print(len(queue.get()))
"""

KILLED = """\
import multiprocessing
import os
import signal


def work(number):
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        print(pool.map(work, range(4)))
"""

LAMBDA = """\
import multiprocessing

if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=lambda: print("work"))
    process.start()
    process.join()
"""

SLEEPS = """\
import multiprocessing
import time

if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(100,))
    process.start()
    print("started", flush=True)
    process.join()
"""

TOX = """\
[tox]
skipsdist = true
env_list = py

[testenv]
skip_install = true
commands = python main.py
"""

NOX = """\
import nox


@nox.session(venv_backend="none")
def tests(session):
    session.run("python", "main.py")
"""

MAKEFILE = "all: test\n\ntest:\n\t@sed -n 1p main.py >/dev/null\n\tpython main.py\n"

# A script that looks for the interpreter as a shim does.
SHIM = """\
#!/bin/sh
for number in 1 2 3 4 5 6 7 8 9 10 11 12; do
    version=$(cat version | sed s/x/y/)
done
exec python "$@"
"""

UNTIL_STARTED = "started"


class Situation:
    """What one user does.

    files: what stands in the folder, beside thing.py.
    tool: a program without which the situation is skipped.
    signal_at: a signal, sent to the foreground once the program has printed "started".
    ends: the statuses with which it may end.
    """

    def __init__(self, name, command, files, ends, tool=None, terminal=False, sends=None):
        self.name = name
        self.command = command
        self.files = files
        self.ends = ends
        self.tool = tool
        self.terminal = terminal
        self.sends = sends


SITUATIONS = [
    Situation("pytest", "spawntrace pytest -q", {"test_thing.py": TEST}, [0], tool="pytest"),
    Situation("pytest-main", "spawntrace python test_thing.py", {"test_thing.py": PYTEST_MAIN},
              [112], tool="pytest"),
    Situation("unittest", "spawntrace python -m unittest discover", {"test_thing.py": TEST}, [0]),
    Situation("manage", "spawntrace python manage.py report", {"manage.py": MANAGE}, [112]),
    Situation("module", "spawntrace python -m app.main",
              {"app/__init__.py": "", "app/main.py": UNGUARDED}, [112]),
    Situation("notebook", "spawntrace python squares.py", {"squares.py": NOTEBOOK}, [112]),
    Situation("exits", "spawntrace python main.py", {"main.py": EXITS}, [112]),
    Situation("hang", "spawntrace --timeout 3 python main.py", {"main.py": HANG}, [124]),
    Situation("killed", "spawntrace python main.py", {"main.py": KILLED}, [112]),
    Situation("lambda", "spawntrace python main.py", {"main.py": LAMBDA}, [1]),
    Situation("wrong-guard", "spawntrace python main.py", {"main.py": WRONG_GUARD}, [112]),
    Situation("tox", "spawntrace --report full tox -q", {"main.py": UNGUARDED, "tox.ini": TOX},
              [112], tool="tox"),
    Situation("nox", "spawntrace --report full nox", {"main.py": UNGUARDED, "noxfile.py": NOX},
              [112], tool="nox"),
    Situation("make", "spawntrace --report full make", {"main.py": UNGUARDED, "Makefile": MAKEFILE},
              [112], tool="make"),
    Situation("shim", "spawntrace -v --report full sh shim main.py",
              {"main.py": UNGUARDED, "shim": SHIM, "version": "x\n"}, [112]),
    Situation("sh", "spawntrace sh -c 'python main.py && echo good'", {"main.py": UNGUARDED}, [112]),
    Situation("typo", "spawntrace pyhton main.py", {"main.py": UNGUARDED}, [127]),
    Situation("no-fault", "spawntrace --report full python main.py", {"main.py": GUARDED}, [0]),
    Situation("ctrl-c", "spawntrace python main.py", {"main.py": SLEEPS}, [130, -2],
              terminal=True, sends=b"\x03"),
    Situation("timeout", "timeout 3 spawntrace python main.py", {"main.py": SLEEPS}, [124]),
    Situation("pipe", "spawntrace --report short python main.py 2>&1 | cat", {"main.py": UNGUARDED},
              [0]),
    Situation("terminal", "spawntrace --report full python main.py", {"main.py": UNGUARDED}, [112],
              terminal=True),
]


def environment(given):
    """PATH with spawntrace by its name, and the venv's programs before all others."""
    folders = [given.commands]
    if given.venv:
        folders.append(os.path.join(os.path.abspath(given.venv), "bin"))
    path = os.pathsep.join(folders + [os.environ.get("PATH", os.defpath)])
    # A user has nothing of this set.
    kept = {name: value for name, value in os.environ.items()
            if name not in ("SPAWNTRACE_OPTIONS", "NO_COLOR", "PYTHONHASHSEED")}
    return dict(kept, PATH=path, TERM="xterm-256color", LC_ALL="C.UTF-8",
                PYTHONDONTWRITEBYTECODE="1")


def commands(spawntrace):
    """A folder with spawntrace, and python if this machine has only python3."""
    folder = tempfile.mkdtemp()
    os.symlink(os.path.abspath(spawntrace), os.path.join(folder, "spawntrace"))
    if not shutil.which("python"):
        os.symlink(sys.executable, os.path.join(folder, "python"))
    return folder


def on_pipe(command, folder, variables):
    """Runs a command as a CI system does. Returns output and status."""
    process = subprocess.Popen(command, shell=True, cwd=folder, env=variables,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, start_new_session=True)
    try:
        output, _ = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        output += b"\n(killed: it took too long)\n"
    return output, process.returncode


def on_terminal(command, folder, variables, sends):
    """Runs a command on a terminal of 80 columns, and types `sends` once it has printed
    "started". Returns output and status."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execve("/bin/sh", ["sh", "-c", "stty cols 80 rows 40; exec " + command], variables)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    output, end = b"", time.monotonic() + LIMIT
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        output += piece
        if sends and UNTIL_STARTED.encode() in output:
            # The worker is to be at its work, not at its imports.
            time.sleep(3)
            os.write(terminal, sends)
            sends = None
    else:
        os.kill(pid, signal.SIGKILL)
        output += b"\n(killed: it took too long)\n"
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    return output.replace(b"\r\n", b"\n"), os.waitstatus_to_exitcode(status)


def semaphores():
    """The semaphores of multiprocessing on this machine, whosever they are."""
    return {name for name in os.listdir("/dev/shm") if "mp-" in name}


def leftovers(given):
    """A line for each situation after which semaphores have stayed. Another program's are gone by
    the end, if it ends."""
    time.sleep(2)
    now = semaphores()
    return "".join("LEFT in /dev/shm after %s: %s\n" % (name, " ".join(sorted(left & now)))
                   for name, left in given.left.items() if left & now)


def plain(output):
    """Without colours, which a file can't show."""
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", output.decode("utf-8", "backslashreplace"))


def run(situation, given):
    """Returns what is to be written of a situation, and whether it ended as it must."""
    variables = environment(given)
    head = "=" * 20 + " " + situation.name + "\n"
    if situation.tool and not shutil.which(situation.tool, path=variables["PATH"]):
        return head + "skipped: there is no %s (--venv DIR)\n\n" % situation.tool, True
    with tempfile.TemporaryDirectory() as folder:
        for name, text in dict(situation.files, **{"thing.py": THING}).items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)
        before, began = semaphores(), time.monotonic()
        if situation.terminal:
            output, status = on_terminal(situation.command, folder, variables, situation.sends)
        else:
            output, status = on_pipe(situation.command, folder, variables)
        seconds = time.monotonic() - began
        given.left[situation.name] = {name for name in semaphores() - before}
    isGood = status in situation.ends
    tail = "-- status %d, %.1f s" % (status, seconds)
    if status not in situation.ends:
        tail += "; EXPECTED " + " or ".join(map(str, situation.ends))
    place = "on a terminal of 80 columns" if situation.terminal else "into a pipe"
    text = plain(output)
    return "%s$ %s    (%s)\n%s%s%s\n\n" % (
        head, situation.command, place, text, "" if text.endswith("\n") or not text else "\n",
        tail), isGood


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spawntrace", required=True)
    parser.add_argument("--venv", help="a venv with pytest, tox and nox")
    parser.add_argument("--out", help="the file to write; standard output if missing")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    unknown = set(given.names) - {situation.name for situation in SITUATIONS}
    if unknown:
        parser.error("no situation %s; there are %s" % (
            " ".join(sorted(unknown)), " ".join(situation.name for situation in SITUATIONS)))
    given.commands = commands(given.spawntrace)
    given.left = {}
    out = open(given.out, "w") if given.out else sys.stdout
    bad = []
    try:
        for situation in SITUATIONS:
            if given.names and situation.name not in given.names:
                continue
            text, isGood = run(situation, given)
            out.write(text)
            out.flush()
            if not isGood:
                bad.append(situation.name)
        left = leftovers(given)
        out.write(left)
    finally:
        shutil.rmtree(given.commands)
        if given.out:
            out.close()
    if bad:
        print("not as expected: " + " ".join(bad), file=sys.stderr)
    if left:
        print(left, end="", file=sys.stderr)
    return 1 if bad or left else 0


if __name__ == "__main__":
    sys.exit(main())
