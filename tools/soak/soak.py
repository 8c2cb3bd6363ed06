#!/usr/bin/env python3
"""Runs random process trees untraced and traced, and compares everything that their processes can see.

    tools/soak/soak.py [--seconds 60] [--seed N] [--jobs 1] SPAWNTRACE
    tools/soak/soak.py --once --seed N [--mechanism notify|trace|events|usual|bare] SPAWNTRACE

A tree is made from its seed, mostly by the program in tree/, sometimes by tree.py. Each tree runs once untraced and
once under one of the mechanisms, which take turns. Now and then a tree runs untraced twice, which shows trees that
differ without any tracer. The transcript, the status or signal and standard error must be equal. No process may be
left, the report must have no finding and no lost event, and no run may last longer than the deadline: if one does,
a file gets what /proc says about each thread. A sixth of the time goes to one run of many trees, in which the tracer
must not grow.

Prints the seed, each difference with the command that repeats it, and a summary line. Exit status: 1 if something
differed.
"""
import argparse
import ctypes
import difflib
import glob
import itertools
import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# "usual" is the default of `spawntrace run`; "bare" is no tracer, for trees that differ without one.
TURNS = ["notify", "usual", "trace", "notify", "events", "usual", "notify", "trace", "notify", "bare"]
PR_SET_CHILD_SUBREAPER = 36
PR_SET_PDEATHSIG = 1


def prctl(option, value):
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0):
        sys.exit("prctl: " + os.strerror(ctypes.get_errno()))


def text_of(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError as error:
        return error.strerror


def descendants(pid):
    found = []
    try:
        threads = os.listdir("/proc/%d/task" % pid)
    except OSError:
        return found
    for thread in threads:
        children = text_of("/proc/%d/task/%s/children" % (pid, thread))
        for child in children.split() if children[:1].isdigit() else []:
            found += [int(child)] + descendants(int(child))
    return found


def reap():
    """Waits for children and orphans that have ended; returns whether any process is left."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
        return True
    except ChildProcessError:
        return False


def kill_descendants():
    """Kills every descendant, until no new ones come."""
    while reap():
        for pid in descendants(os.getpid()):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.005)


def state_of_threads():
    """What /proc says about every thread of the tree."""
    lines = []
    for pid in descendants(os.getpid()):
        lines.append("== %d %s" % (pid, text_of("/proc/%d/cmdline" % pid).replace("\0", " ")))
        try:
            threads = os.listdir("/proc/%d/task" % pid)
        except OSError:
            continue
        for thread in threads:
            for name in ["stat", "wchan", "syscall", "stack", "status"]:
                lines.append("-- %s/%s\n%s" % (thread, name, text_of("/proc/%d/task/%s/%s" % (pid, thread, name))))
    return "\n".join(lines)


class Result:
    """The result of one run. `problems` are faults whatever the result of the other run is."""

    def __init__(self):
        self.status, self.transcript, self.stderr, self.problems, self.hung = None, [], "", [], False
        self.processes, self.memory = 0, 0

    def same(self, other):
        return (self.status, self.transcript, self.stderr) == (other.status, other.transcript, other.stderr)

    def lines(self):
        return ["status %s" % self.status] + ["stderr " + line for line in self.stderr.splitlines()] + self.transcript


class Soak:
    def __init__(self, given, folder):
        self.given, self.folder, self.runs = given, folder, itertools.count()
        self.spawntrace = os.path.abspath(given.spawntrace)
        self.tree = os.path.join(folder, "bin", "tree")

    def working_directory(self):
        """A new working directory, with the files that trees expect."""
        folder = os.path.join(self.folder, "run-%d-%d" % (os.getpid(), next(self.runs)))
        os.makedirs(os.path.join(folder, "refused"))
        for name, text, mode in [("data", "data", 0o644), ("garbage", "garbage", 0o755), ("refused/tree", "", 0o644),
                                 ("lost-script", "#!/nowhere/sh\n", 0o755)]:
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
            os.chmod(os.path.join(folder, name), mode)
        return folder

    def command(self, seed):
        if seed % 20 == 7:
            return [self.given.python, os.path.join(HERE, "tree.py"), str(seed)]
        return [self.tree, "root", str(seed)]

    def start(self, command, folder, mechanism, options=()):
        if mechanism != "bare":
            # Usually only workers are under the filter; here all processes are, except under "usual".
            options_of_mechanism = [] if mechanism == "usual" else ["--watch=all", "--mechanism=" + mechanism]
            command = [self.spawntrace, "run", *options_of_mechanism, "--report", "none", *options, "--"] + command
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/", "LANG": "C.UTF-8",
                       "PYTHONDONTWRITEBYTECODE": "1"}
        if self.given.scenario:
            environment["SOAK_SCENARIO"] = self.given.scenario
        if self.given.without:
            environment["SOAK_WITHOUT"] = ",".join(self.given.without)
        output, stderr = os.path.join(folder, "output"), os.path.join(folder, "stderr")
        with open(output, "ab") as output, open(stderr, "wb") as stderr:
            return subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output,
                                    stderr=stderr)

    def run(self, seed, mechanism):
        result, folder = Result(), self.working_directory()
        report = os.path.join(self.folder, "report-%d.json" % os.getpid())
        process = self.start(self.command(seed), folder, mechanism, ["--json", report])
        descriptor = os.pidfd_open(process.pid)
        ready = select.select([descriptor], [], [], self.given.deadline)[0]
        os.close(descriptor)
        if not ready:
            result.hung = True
            file, name = tempfile.mkstemp(prefix="soak-%d-%s-" % (seed, mechanism), suffix=".txt")
            with os.fdopen(file, "w") as kept:
                kept.write(state_of_threads())
            result.problems.append("it hangs; see " + name)
            kill_descendants()
            result.status = "hung"
        else:
            _, status, usage = os.wait4(process.pid, 0)
            result.status, result.memory = os.waitstatus_to_exitcode(status), usage.ru_maxrss
        process.returncode = 0
        # Python's resource tracker ends a moment after its program.
        patience = time.monotonic() + (5 if seed % 20 == 7 else 0)
        while reap() and time.monotonic() < patience:
            time.sleep(0.005)
        left = descendants(os.getpid())
        if left:
            result.problems.append("processes left: " + ", ".join(
                "%d %s %s" % (pid, text_of("/proc/%d/cmdline" % pid).replace("\0", " "),
                              text_of("/proc/%d/stat" % pid).rpartition(") ")[2][:1]) for pid in left))
            kill_descendants()
        result.transcript = sorted(text_of(os.path.join(folder, "output")).splitlines())
        result.stderr = text_of(os.path.join(folder, "stderr"))
        if mechanism != "bare" and not result.hung:
            self.examine(report, result)
        shutil.rmtree(folder)
        return result

    def examine(self, path, result):
        try:
            with open(path, encoding="utf-8") as file:
                report = json.load(file)
            os.remove(path)
        except (OSError, ValueError) as error:
            result.problems.append("no report: %s" % error)
            return
        result.processes = len(report["processes"])
        if report["findings"] or report["trace"]["lost"]:
            result.problems.append("findings %s, lost %s" % (
                [finding["title"] for finding in report["findings"]], report["trace"]["lost"]))

    def compare(self, seed, mechanism):
        """Returns both runs, and lines that say what differs."""
        bare, other = self.run(seed, "bare"), self.run(seed, mechanism)
        wrong = ["untraced: " + text for text in bare.problems] + [mechanism + ": " + text for text in other.problems]
        if not bare.same(other):
            difference = difflib.unified_diff(bare.lines(), other.lines(), "untraced", mechanism, "", "", 2, "")
            wrong += list(itertools.islice(difference, 60))
        return bare, other, wrong

    def explain(self, seed, mechanism, first, wrong):
        print("\nseed %d, %s:" % (seed, mechanism))
        for text in wrong:
            print("  " + text)
        agree = sum(self.run(seed, "bare").same(first) for _ in range(5))
        again = 0
        if mechanism != "bare":
            for _ in range(5):
                result = self.run(seed, mechanism)
                again += not result.same(first) or bool(result.problems)
        print("  repeated: untraced %d of 5 as before; %s %d of 5 different" % (agree, mechanism, again))
        more = "".join(" --without '%s'" % name for name in self.given.without)
        print("  %s%s --once --seed %d --mechanism %s %s" % (
            sys.argv[0], more, seed, mechanism, self.given.spawntrace), flush=True)

    def work(self, first, step, until):
        """Runs tree after tree; returns the totals."""
        total = {"trees": 0, "processes": 0, "wrong": 0, "memory": []}
        for turn in itertools.count():
            if time.monotonic() >= until or total["wrong"] >= self.given.most:
                break
            seed = first + turn * step
            mechanism = self.given.mechanism or TURNS[turn % len(TURNS)]
            bare, other, wrong = self.compare(seed, mechanism)
            total["trees"] += 1
            total["processes"] += other.processes
            if seed % 20 != 7 and mechanism != "bare":
                total["memory"].append(other.memory)
            if wrong:
                total["wrong"] += 1
                self.explain(seed, mechanism, bare, wrong)
        return total

    def once(self):
        failed = False
        for mechanism in [self.given.mechanism] if self.given.mechanism else ["notify", "trace", "events", "usual"]:
            bare, other, wrong = self.compare(self.given.seed, mechanism)
            if wrong:
                self.explain(self.given.seed, mechanism, bare, wrong)
            print("seed %d, %s: %s; %d lines" % (
                self.given.seed, mechanism, "different" if wrong else "no difference", len(bare.transcript)))
            failed = failed or bool(wrong)
        if self.given.show:
            print("\n".join(bare.lines()))
        return failed

    def marathon(self, seconds):
        """Runs many trees below one tracer, which must not grow; returns whether something was wrong."""
        folder = self.working_directory()
        # The shell reports deaths by signals on standard error, which goes to a file.
        script = """
            exec 2>deaths; i=$1
            while [ ! -e stop ]; do i=$((i+1)); [ $((i%20)) = 7 ] || "$0" root $i >> out; echo >> count; done"""
        process = self.start(["sh", "-c", script, self.tree, str(self.given.seed)], folder, "notify")
        try:
            time.sleep(seconds / 3)
            early = self.size(process.pid)
            trees = len(text_of(os.path.join(folder, "count")))
            time.sleep(seconds * 2 / 3)
            late = self.size(process.pid)
            trees = len(text_of(os.path.join(folder, "count"))) - trees
            open(os.path.join(folder, "stop"), "w").close()
            process.wait(timeout=self.given.deadline)
        except subprocess.TimeoutExpired:
            print("the long run doesn't end")
            return True
        finally:
            kill_descendants()
        stderr = text_of(os.path.join(folder, "stderr"))
        shutil.rmtree(folder)
        print("one tracer: %d KiB and %d descriptors; after %d more trees, %d KiB and %d descriptors" % (
            early[0], early[1], trees, late[0], late[1]), flush=True)
        if process.returncode or stderr:
            print("its status is %d; its standard error: %s" % (process.returncode, stderr[-500:]))
        return bool(process.returncode or stderr or late[1] > early[1] + 2
                    or late[0] > early[0] + 2048 + self.given.growth * trees)

    def size(self, pid):
        """KiB and descriptors of spawntrace's processes, which are the tracer and perhaps its front."""
        memory = descriptors = 0
        for process in [pid] + descendants(pid):
            try:
                if not os.path.samefile("/proc/%d/exe" % process, self.spawntrace):
                    continue
                descriptors += len(os.listdir("/proc/%d/fd" % process))
                status = dict(line.split(":", 1) for line in text_of("/proc/%d/status" % process).splitlines())
                memory += int(status["VmRSS"].split()[0])
            except (OSError, KeyError):
                pass
        return memory, descriptors


def forked(function, *arguments):
    """Calls `function` in a child, which keeps its descendants apart; returns the pid and a pipe for the result."""
    source, target = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            prctl(PR_SET_CHILD_SUBREAPER, 1)
            # Tree and tracer are in one session and group, and lead neither of them.
            os.setsid()
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
            os.close(source)
            with os.fdopen(target, "w") as file:
                json.dump(function(*arguments), file)
            status = 0
        except KeyboardInterrupt:
            pass
        finally:
            try:
                kill_descendants()
                sys.stdout.flush()
            finally:
                os._exit(status)
    os.close(target)
    return pid, os.fdopen(source)


def collected(pid, file):
    text = file.read()
    os.waitpid(pid, 0)
    if not text:
        sys.exit("a worker has failed")
    return json.loads(text)


def soak(given, folder):
    soak = Soak(given, folder)
    os.makedirs(os.path.join(folder, "bin"))
    subprocess.run(["cc", "-O1", "-pthread", "-D_GNU_SOURCE", "-o", soak.tree,
                    *sorted(glob.glob(os.path.join(HERE, "tree", "*.c")))], check=True)
    if given.once:
        return collected(*forked(soak.once))
    begun = time.monotonic()
    longest = 0 if given.mechanism else given.seconds / 6
    workers = [forked(soak.work, given.seed + index, given.jobs, begun + given.seconds - longest)
               for index in range(given.jobs)]
    totals = [collected(*worker) for worker in workers]
    grows = collected(*forked(soak.marathon, longest)) if longest else False
    wrong = sum(total["wrong"] for total in totals)
    memory = [size for total in totals for size in total["memory"]]
    print("soak: %d trees, %d processes, %.0f s, tracer at most %d KiB: %s" % (
        sum(total["trees"] for total in totals), sum(total["processes"] for total in totals),
        time.monotonic() - begun, max(memory, default=0),
        "%d differ" % wrong if wrong else "it grows or fails" if grows else "no difference"))
    return bool(wrong or grows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 40))
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--once", action="store_true", help="run only this seed's tree")
    parser.add_argument("--show", action="store_true", help="with --once: print the transcript")
    parser.add_argument("--mechanism", choices=["notify", "trace", "events", "usual", "bare"], help="only this one")
    parser.add_argument("--deadline", type=float, default=60, help="seconds that one run may take")
    parser.add_argument("--most", type=int, default=10, help="stop after this many differences")
    parser.add_argument("--growth", type=int, default=32,
                        help="KiB that one tracer may grow per tree of some 40 processes, in addition to 2 MiB")
    parser.add_argument("--scenario", help="only this one, by its name in tree/scenarios.c")
    parser.add_argument("--without", action="append", default=[],
                        choices=["epoll", "sigtimedwait", "long write", "receive all"],
                        help="leave a call that tracers are known to disturb out of `undisturbed calls`")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("spawntrace")
    given = parser.parse_args()
    print("seed %d" % given.seed, flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as folder:
        return 1 if soak(given, folder) else 0


if __name__ == "__main__":
    sys.exit(main())
