#!/usr/bin/env python3
"""Ends runs whose processes try to outlive them, in many ways, and looks for what is left.

    tools/torture/escapes.py [--rounds 2] [--jobs 4] [--seed N] [--shape S]... [--way W]... SPAWNTRACE

A shape is what a program does (`escapes.c`): chains in which each process starts its successor and ends, daemons,
storms of forks, programs that ignore signals, programs that stop the tracer or its front. A way is how the run is
ended: by an option, a signal, a finding, or SIGKILL to spawntrace's own processes. A second after the end nothing of
the run may be left. Processes are found by a variable in their environment, and what is left is killed. If unshare(1)
may be used, everything runs in a pid namespace, which ends with this program. Prints a line for each pair that failed,
and the count of rounds. Exit status: 1 if something failed.
"""
import argparse
import concurrent.futures
import os
import pty
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
RUNTEST = os.path.join(HERE, "../../traces/seed/runtest.py")

# The root of these ends at once.
ORPHANS = ["chain", "deaf-chain", "vfork-chain", "fork-chain", "clone-parent", "subreaper", "double-fork", "orphan",
           "setsid", "storm", "threads"]
# The root of these lives on.
ROOTS = ["deaf"]
STOPS = ["stop-tracer", "stop-front", "stop-front-tracer"]
WAYS = ["timeout", "kill-survivors", "term", "term-group", "ctrl-c", "finding", "kill-front", "kill-tracer", "kill-both",
        "leave"]

# How long spawntrace may take to end: the tree gets two seconds to end by itself.
PATIENCE = 12
# The same after SIGTERM to spawntrace: the command has eight seconds more.
TERM_PATIENCE = PATIENCE + 8
# How long it may take to a finding while other programs use the processors.
FINDING_PATIENCE = 60
PATIENCES = {"finding": FINDING_PATIENCE, "term": TERM_PATIENCE, "term-group": TERM_PATIENCE}
# How long after its end something may be left.
REST = 1


INSIDE = "ESCAPES_INSIDE"
NAMESPACE = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]


def enter_namespace():
    """Begins again in a pid namespace; its first process is a shell, which reaps orphans. Returns if it can't."""
    if INSIDE in os.environ or subprocess.call(NAMESPACE + ["true"], stderr=subprocess.DEVNULL):
        return
    os.environ[INSIDE] = "yes"
    os.execvp(NAMESPACE[0], NAMESPACE + ["sh", "-c", '"$@"; exit $?', "sh", sys.executable] + sys.argv)


def makes_sense(shape, way):
    if shape in STOPS:
        return way in ("term", "term-group", "kill-front", "kill-tracer", "kill-both", "timeout")
    if shape in ROOTS:
        return way not in ("kill-survivors", "leave")
    return True


def marked(mark):
    """The processes with the mark in their environment; one that has ended has none."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open("/proc/%s/environ" % name, "rb") as file:
                if mark in file.read():
                    found.append(int(name))
        except OSError:
            pass
    return found


def status(pid, name):
    try:
        with open("/proc/%d/status" % pid) as file:
            for line in file:
                if line.startswith(name + ":"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return ""


def described(pid):
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            words = file.read().replace(b"\0", b" ").decode(errors="replace")[:80]
    except OSError:
        words = "?"
    return "%d %s (%s, tracer %s)" % (pid, words.strip(), status(pid, "State"), status(pid, "TracerPid"))


def send(pid, number):
    try:
        os.kill(pid, number)
    except OSError:
        pass


def wait_until_gone(mark, seconds):
    end = time.monotonic() + seconds
    while True:
        left = marked(mark)
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.02)


def kill_all(mark):
    """Kills all marked processes, also those that are started meanwhile."""
    quiet = 0
    while quiet < 5:
        left = marked(mark)
        for pid in left:
            send(pid, signal.SIGKILL)
        quiet = 0 if left else quiet + 1
        time.sleep(0.002)


class Round:
    def __init__(self, given, shape, way, number):
        self.given, self.shape, self.way = given, shape, way
        self.random = random.Random("%s %s %s %d" % (given.seed, shape, way, number))
        self.text = "ESCAPES_MARK=" + uuid.uuid4().hex
        self.mark = self.text.encode()

    def command(self):
        options = {"timeout": ["--timeout", "0.4", "--wait"], "kill-survivors": ["--kill-survivors"],
                   "leave": []}.get(self.way, ["--wait"])
        program = [self.given.program, self.shape]
        if self.way == "finding":
            script = '"$1" "$2" & shift 2; exec "$@"'
            program = ["sh", "-c", script, "sh"] + program + [sys.executable, RUNTEST]
        return [self.given.spawntrace, "run", "--report", "short"] + options + ["--"] + program

    def start(self, folder):
        self.pids = os.path.join(folder, "pids")
        name, value = self.text.split("=")
        self.environment = dict(os.environ, ESCAPES_PIDS=self.pids, **{name: value})
        self.output = open(os.path.join(folder, "output"), "w+")
        if self.way != "ctrl-c":
            self.process = subprocess.Popen(
                self.command(), env=self.environment, stdin=subprocess.DEVNULL, stdout=self.output,
                stderr=self.output, start_new_session=True)
            return
        self.terminal, end = pty.openpty()
        # The child leads a session whose terminal is the pty: a Ctrl-C there is the kernel's.
        code = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code] + self.command(), env=self.environment, stdin=end, stdout=self.output,
            stderr=self.output, start_new_session=True)
        os.close(end)

    def tracer(self):
        path = "/proc/%d/task/%d/children" % (self.process.pid, self.process.pid)
        try:
            with open(path) as file:
                return int((file.read().split() or [0])[0])
        except OSError:
            return 0

    def wait_for_start(self):
        """Waits until the tracer has launched something, or, if the program stops it, until that is done."""
        for _ in range(500):
            tracer = self.tracer()
            if self.shape in STOPS:
                if os.path.exists(self.pids):
                    break
            elif tracer and status(tracer, "TracerPid") and len(marked(self.mark)) > 2:
                break
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        time.sleep(0.3 if self.shape in STOPS else self.random.random() ** 2 * 0.6)

    def end(self):
        front = self.process.pid
        if self.way == "term":
            send(front, signal.SIGTERM)
        elif self.way == "term-group":
            try:
                os.killpg(front, signal.SIGTERM)
            except OSError:
                pass
        elif self.way.startswith("kill-") and self.way != "kill-survivors":
            tracer = self.tracer()
            if "tracer" in self.way or "both" in self.way:
                if tracer:
                    send(tracer, signal.SIGKILL)
            if "front" in self.way or "both" in self.way:
                send(front, signal.SIGKILL)
            # A front that something has stopped is a stopped job, and goes on when its shell continues it.
            send(front, signal.SIGCONT) if self.shape in STOPS else None
        elif self.way == "ctrl-c":
            for _ in range(20):
                os.write(self.terminal, b"\x03")
                try:
                    return self.process.wait(0.4)
                except subprocess.TimeoutExpired:
                    pass

    def run(self):
        """Returns what went wrong; None if nothing did."""
        with tempfile.TemporaryDirectory() as folder:
            self.start(folder)
            try:
                if self.way not in ("timeout", "kill-survivors", "finding", "leave"):
                    self.wait_for_start()
                    self.end()
                try:
                    self.process.wait(PATIENCES.get(self.way, PATIENCE))
                except subprocess.TimeoutExpired:
                    return "spawntrace did not end: " + "; ".join(described(pid) for pid in marked(self.mark))
                if self.way == "leave":
                    return self.end_the_rest()
                left = wait_until_gone(self.mark, REST)
                return "left: " + "; ".join(described(pid) for pid in left) if left else None
            finally:
                kill_all(self.mark)
                self.process.wait()
                if self.way == "ctrl-c":
                    os.close(self.terminal)
                self.output.close()

    def end_the_rest(self):
        """Ends what lives on as the last line says."""
        left = marked(self.mark)
        if not left:
            return None
        self.output.seek(0)
        text = self.output.read()
        named = re.search(r"kill ([0-9]+) ends", text)
        if not named:
            return "the last line does not say how to end it: %s" % text[-300:]
        send(int(named.group(1)), signal.SIGTERM)
        left = wait_until_gone(self.mark, 2 + REST)
        return "left: " + "; ".join(described(pid) for pid in left) if left else None


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--shape", action="append")
    parser.add_argument("--way", action="append")
    parser.add_argument("spawntrace")
    given = parser.parse_args()
    enter_namespace()
    given.spawntrace = os.path.abspath(given.spawntrace)
    print("seed %d" % given.seed, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        given.program = os.path.join(folder, "escapes")
        subprocess.run(["cc", "-O1", "-Wall", "-pthread", "-o", given.program, HERE + "/escapes.c"], check=True)
        pairs = [(shape, way) for shape in given.shape or ORPHANS + ROOTS + STOPS for way in given.way or WAYS
                 if makes_sense(shape, way)]
        failed = {}
        with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
            rounds = {pool.submit(Round(given, shape, way, number).run): (shape, way)
                      for number in range(given.rounds) for shape, way in pairs}
            for done in concurrent.futures.as_completed(rounds):
                if done.result():
                    shape, way = rounds[done]
                    failed[shape, way] = failed.get((shape, way), 0) + 1
                    print("%s, %s: %s" % (shape, way, done.result()), flush=True)
    for (shape, way), count in sorted(failed.items()):
        print("FAILED %s, %s: %d of %d" % (shape, way, count, given.rounds))
    print("%d rounds, %d failed" % (len(rounds), sum(failed.values())))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
