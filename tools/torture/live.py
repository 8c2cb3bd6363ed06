#!/usr/bin/env python3
"""Drives live runs: traces small programs that do random hostile things to themselves.

    tools/torture/live.py [--seconds 60] [--seed N] [--jobs 1] [--keep DIR] [--untraced] SPAWNTRACE
    tools/torture/live.py --once --seed N SPAWNTRACE

What is done in a round follows from its seed, as far as the kernel's scheduler lets it: hostile/hostile.c, alone or
in a thread of a Python program that uses multiprocessing. Each round has a PID namespace of its own, which needs
root. After it spawntrace must have ended in time, with a status of the contract, without a crash report; no process
of the namespace may be left; no finding of severity error may be there but a deadlock after --timeout; and a
recording must be replayed to the same report. Prints the seed, each failure with the command that repeats it, and a
summary line. Exit status: 1 if something failed.
"""
import argparse
import concurrent.futures
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TIMEOUT = 6
# What a Swift program prints when it crashes, and sanitizers do.
CRASHES = ["Fatal error", "*** Signal", "*** Program crashed", "Crash: ", "swift-backtrace", "AddressSanitizer",
           "stack smashing", "double free"]

PYTHON = """
import ctypes, multiprocessing, os, sys, threading
def work(number):
    return number + 1
if __name__ == "__main__":
    seed, milliseconds, method = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    library = ctypes.CDLL("./hostile.so")
    library.hostile_act.argtypes = [ctypes.c_uint64, ctypes.c_uint64]
    if seed % 2:
        thread = threading.Thread(target=library.hostile_act, args=(seed, milliseconds), daemon=True)
        thread.start()
    else:
        os.fork() or (library.hostile_act(seed, milliseconds), os._exit(0))
    context = multiprocessing.get_context(method)
    processes = [context.Process(target=work, args=(n,)) for n in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(1)
    os._exit(0)
"""


class Round:
    """One run in a folder of its own, in this process's PID namespace."""

    def __init__(self, spawntrace, built, seed, folder):
        self.spawntrace, self.built, self.seed, self.folder = spawntrace, built, seed, folder
        self.random = random.Random(seed)
        self.failures = []
        # Where the tree doesn't look for them.
        self.outputs = tempfile.mkdtemp(prefix="outputs-", dir=built)

    def make_folder(self):
        for name in ["hostile", "hostile.so"]:
            shutil.copy(os.path.join(self.built, name), self.folder)
        for name in ["hostile-root", "multiprocessing", "\x1b]0;x\a", "::error::"]:
            os.mkdir(os.path.join(self.folder, name))
        for name in ["popen_spawn_posix.py", "multiprocessing/spawn.py", "\x1b]0;x\a/popen_spawn_posix.py",
                     "::error::/popen_fork.py", "other"]:
            with open(os.path.join(self.folder, name), "w") as file:
                file.write("#!/bin/true\n" * self.random.choice([1, 1000]))
        os.symlink("loop", os.path.join(self.folder, "loop"))
        os.mkfifo(os.path.join(self.folder, "fifo"))
        with open(os.path.join(self.folder, "script.py"), "w") as file:
            file.write(PYTHON)

    def output(self, name):
        return os.path.join(self.outputs, name)

    def command(self):
        milliseconds = str(self.random.choice([200, 600, 1500]))
        if self.random.randrange(3) == 0:
            method = self.random.choice(["spawn", "fork", "forkserver"])
            return [sys.executable, "script.py", str(self.seed), milliseconds, method]
        return ["./hostile", str(self.seed), milliseconds]

    def options(self):
        options = ["--record", self.output("run"), "--json", self.output("live.json"), "--timeout", str(TIMEOUT), "--kill-survivors"]
        choose = self.random.choice
        return (options + choose([[], ["--watch=all"]]) + choose([[], ["--capture=all"], ["-v"]])
                + choose([[], ["--on-cycle=report"]])
                + choose([[], [], ["--mechanism=notify"], ["--mechanism=trace"], ["--mechanism=events"]]))

    def run(self):
        self.make_folder()
        # Children in inner namespaces have small numbers, and mustn't mean spawntrace's by them.
        with open("/proc/sys/kernel/ns_last_pid", "w") as file:
            file.write("1000")
        command = [self.spawntrace, "run", *self.options(), "--", *self.command()]
        stderr = self.output("stderr")
        begun = time.monotonic()
        with open(stderr, "wb") as file:
            process = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=file)
        status = self.wait(process.pid, begun + TIMEOUT + 15)
        if status is None:
            self.failures.append("it did not end: " + self.states())
            return
        self.seconds = time.monotonic() - begun
        with open(stderr, encoding="utf-8", errors="replace") as file:
            self.check(status, file.read())
        self.check_left()

    def wait(self, pid, deadline):
        """Waits for the run as the first process of a namespace has to: a namespace inside of it can't end before
        each of its orphans was waited for. Returns the status, None if it isn't there in time."""
        while time.monotonic() < deadline:
            found, status = os.waitpid(-1, os.WNOHANG)
            if found == pid:
                return os.waitstatus_to_exitcode(status)
            if not found:
                time.sleep(0.005)
        return None

    def check(self, status, stderr):
        for crash in CRASHES:
            if crash in stderr:
                self.failures.append("crash: " + stderr[-2000:])
                return
        report = self.report("live.json")
        if status in (125, 2) or report is None:
            self.failures.append("status %d, %s report: %s" % (status, "a" if report else "no", stderr[-1000:]))
            return
        exit = report["exit"]
        if status < 0 and exit["signal"] != -status:
            self.failures.append("it died of signal %d: %s" % (-status, stderr[-1000:]))
        errors = [finding for finding in report["findings"] if finding["severity"] == "error"]
        for finding in errors:
            # A process can wait for one that is stopped.
            if finding["rule"] != "ST106" or status != 124:
                self.failures.append("%s: %s" % (finding["rule"], finding["title"]))
        if not errors and status not in (124, exit["status"], -(exit["signal"] or 0)):
            self.failures.append("status %d, the program's is %s: %s" % (status, exit, stderr[-500:]))
        self.check_replay(report)

    def report(self, name):
        try:
            with open(self.output(name), encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            return None

    def check_replay(self, live):
        done = subprocess.run([self.spawntrace, "replay", "--json", self.output("replay.json"), self.output("run")], cwd=self.folder,
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120)
        replayed = self.report("replay.json")
        if done.returncode not in (0, 1) or replayed is None:
            self.failures.append("replay ends with %d: %s" % (done.returncode, done.stderr[-500:]))
            return
        for key in ("tool", "source"):
            replayed[key] = live[key]
        if replayed != live:
            keys = [key for key in live if live[key] != replayed.get(key)]
            self.failures.append("the replay differs in %s" % keys)

    def alive(self):
        return [found for found in self.processes() if found[1][0] not in "ZX"]

    def processes(self):
        found = []
        for name in os.listdir("/proc"):
            if not name.isdigit() or int(name) == os.getpid():
                continue
            try:
                with open("/proc/%s/stat" % name, encoding="utf-8", errors="replace") as file:
                    state = file.read().rpartition(")")[2].split()[0]
            except OSError:
                continue
            found.append((name, state + self.relatives(name)))
        return found

    def relatives(self, pid):
        try:
            with open("/proc/%s/status" % pid, encoding="utf-8", errors="replace") as file:
                lines = [line.split() for line in file if line.startswith(("PPid", "TracerPid", "Threads"))]
        except OSError:
            return ""
        return " " + " ".join("".join(words) for words in lines)

    def states(self):
        lines = []
        for pid, state in self.alive():
            for name in ["comm", "wchan", "syscall"]:
                try:
                    with open("/proc/%s/%s" % (pid, name), encoding="utf-8", errors="replace") as file:
                        state += " " + repr(file.read().strip())
                except OSError:
                    pass
            lines.append("%s %s" % (pid, state))
        return "; ".join(lines)

    def check_left(self):
        deadline = time.monotonic() + 1
        while self.alive() and time.monotonic() < deadline:
            try:
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            except ChildProcessError:
                pass
            time.sleep(0.01)
        if self.alive():
            self.failures.append("left over: " + self.states())


def inside(given):
    """The first process of a namespace: one round, whose result is printed."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    folder = tempfile.mkdtemp(prefix="hostile-", dir=given.built)
    this = Round(os.path.abspath(given.spawntrace), given.built, given.seed, folder)
    this.run()
    if given.keep and this.failures:
        kept = os.path.join(given.keep, str(given.seed))
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(this.outputs, kept)
    for name in [folder, this.outputs]:
        shutil.rmtree(name, ignore_errors=True)
    print(json.dumps({"failures": this.failures, "seconds": getattr(this, "seconds", 0)}))


def play(given, built, seed):
    command = ["timeout", "-k", "1", "200", "unshare", "--pid", "--fork", "--kill-child", "--mount-proc",
               sys.executable, os.path.abspath(__file__), "--built", built, "--seed", str(seed), given.spawntrace]
    command[-1:-1] = ["--keep", given.keep] if given.keep else []
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        return seed, json.loads(done.stdout)
    except ValueError:
        return seed, {"failures": ["the round failed: %s" % done.stderr[-1000:].decode("utf-8", "replace")],
                      "seconds": 0}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", help="a folder that gets the outputs of failed rounds")
    parser.add_argument("--untraced", action="store_true",
                        help="make processes with CLONE_UNTRACED, too, which are left over")
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--built", help=argparse.SUPPRESS)
    parser.add_argument("spawntrace")
    given = parser.parse_args()
    given.spawntrace = os.path.abspath(given.spawntrace)
    if given.built:
        inside(given)
        return
    print("seed %d" % given.seed, flush=True)
    built = tempfile.mkdtemp(prefix="spawntrace-live-")
    source = os.path.join(HERE, "hostile", "hostile.c")
    for name, extra in [("hostile", []), ("hostile.so", ["-shared", "-fPIC"])]:
        extra = extra + ["-DUNTRACED=CLONE_UNTRACED"] * given.untraced
        subprocess.run(["cc", "-O1", "-pthread", *extra, "-o", os.path.join(built, name), source], check=True)
    end, rounds, failed, longest = time.monotonic() + given.seconds, 0, 0, 0
    seeds = iter([given.seed] if given.once else range(given.seed * 1000000, (given.seed + 1) * 1000000))

    def turns():
        for seed in seeds:
            if time.monotonic() > end and not given.once:
                return
            yield play(given, built, seed)

    try:
        with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
            todo = {pool.submit(next, turns(), None) for _ in range(given.jobs)}
            while todo:
                done, todo = concurrent.futures.wait(todo, return_when=concurrent.futures.FIRST_COMPLETED)
                for result in (future.result() for future in done):
                    if result is None:
                        continue
                    seed, outcome = result
                    rounds, longest = rounds + 1, max(longest, outcome["seconds"])
                    failed += bool(outcome["failures"])
                    for failure in outcome["failures"]:
                        print("seed %d: %s" % (seed, failure), flush=True)
                        print("    tools/torture/live.py --once --seed %d %s" % (seed, given.spawntrace), flush=True)
                    todo.add(pool.submit(next, turns(), None))
    finally:
        shutil.rmtree(built, ignore_errors=True)
    print("%d rounds, %d failed, the longest took %.1f s" % (rounds, failed, longest))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
