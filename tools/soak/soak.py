#!/usr/bin/env python3
"""Runs random process trees untraced and traced, and compares all that their processes can see.

    tools/soak/soak.py [--seconds 60] [--seed N] [--jobs 1] SPAWNTRACE
    tools/soak/soak.py --once --seed N [--mechanism notify|trace|events|usual|bare] SPAWNTRACE

A tree is made of its seed: most are tree.c's, some tree.py's. Each runs once untraced and once under a mechanism in
turn; now and then it runs untraced twice, so that a tree that isn't the same twice is known for that. Transcript,
status or signal, and standard error must be equal, no process may be left, the report must have no finding and no loss,
and no run may last longer than the deadline: then what /proc says of each thread is kept in a file. A sixth of the
time goes to one run of many trees, whose tracer must not grow. Prints the seed, each difference with the command that
repeats it, and a line at the end; exit status 1 where something differed.
"""
import argparse
import ctypes
import difflib
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
# "usual" is what everybody gets, "bare" is no tracer, for trees that aren't the same twice.
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
    """Takes in the ends of orphans; whether any process is left."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
        return True
    except ChildProcessError:
        return False


def fell():
    """Kills every descendant, as often as new ones come."""
    while reap():
        for pid in descendants(os.getpid()):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.005)


def look_around():
    """What the kernel says of every thread of the tree."""
    said = []
    for pid in descendants(os.getpid()):
        said.append("== %d %s" % (pid, text_of("/proc/%d/cmdline" % pid).replace("\0", " ")))
        try:
            threads = os.listdir("/proc/%d/task" % pid)
        except OSError:
            continue
        for thread in threads:
            for name in ["stat", "wchan", "syscall", "stack", "status"]:
                said.append("-- %s/%s\n%s" % (thread, name, text_of("/proc/%d/task/%s/%s" % (pid, thread, name))))
    return "\n".join(said)


class Result:
    """What came of one run; `problems` are what must not be whatever the other run says."""

    def __init__(self):
        self.status, self.transcript, self.said, self.problems, self.hung = None, [], "", [], False
        self.processes, self.memory = 0, 0

    def same(self, other):
        return (self.status, self.transcript, self.said) == (other.status, other.transcript, other.said)

    def lines(self):
        return ["status %s" % self.status] + ["stderr " + line for line in self.said.splitlines()] + self.transcript


class Soak:
    def __init__(self, given, folder):
        self.given, self.folder, self.runs = given, folder, itertools.count()
        self.spawntrace = os.path.abspath(given.spawntrace)
        self.tree = os.path.join(folder, "bin", "tree")

    def furnish(self):
        """A new working directory, with the files that trees expect."""
        place = os.path.join(self.folder, "run-%d-%d" % (os.getpid(), next(self.runs)))
        os.makedirs(os.path.join(place, "refused"))
        for name, text, mode in [("data", "data", 0o644), ("garbage", "garbage", 0o755), ("refused/tree", "", 0o644),
                                 ("lost-script", "#!/nowhere/sh\n", 0o755)]:
            with open(os.path.join(place, name), "w") as file:
                file.write(text)
            os.chmod(os.path.join(place, name), mode)
        return place

    def command(self, seed):
        if seed % 20 == 7:
            return [self.given.python, os.path.join(HERE, "tree.py"), str(seed)]
        return [self.tree, "root", str(seed)]

    def start(self, command, place, mechanism, options=()):
        if mechanism != "bare":
            # Usually only workers are under the filter; here everybody is, but for some trees.
            way = [] if mechanism == "usual" else ["--watch=all", "--mechanism=" + mechanism]
            command = [self.spawntrace, "run", *way, "--report", "none", *options, "--"] + command
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/", "LANG": "C.UTF-8",
                       "PYTHONDONTWRITEBYTECODE": "1"}
        if self.given.scenario:
            environment["SOAK_SCENARIO"] = self.given.scenario
        if self.given.without:
            environment["SOAK_WITHOUT"] = ",".join(self.given.without)
        with open(os.path.join(place, "output"), "ab") as output, open(os.path.join(place, "said"), "wb") as said:
            return subprocess.Popen(command, cwd=place, env=environment, stdin=subprocess.DEVNULL, stdout=output,
                                    stderr=said)

    def run(self, seed, mechanism):
        result, place = Result(), self.furnish()
        report = os.path.join(self.folder, "report-%d.json" % os.getpid())
        process = self.start(self.command(seed), place, mechanism, ["--json", report])
        descriptor = os.pidfd_open(process.pid)
        ready = select.select([descriptor], [], [], self.given.deadline)[0]
        os.close(descriptor)
        if not ready:
            result.hung = True
            file, name = tempfile.mkstemp(prefix="soak-%d-%s-" % (seed, mechanism), suffix=".txt")
            with os.fdopen(file, "w") as kept:
                kept.write(look_around())
            result.problems.append("it hangs: see " + name)
            fell()
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
            result.problems.append("left: " + ", ".join(
                "%d %s %s" % (pid, text_of("/proc/%d/cmdline" % pid).replace("\0", " "),
                              text_of("/proc/%d/stat" % pid).rpartition(") ")[2][:1]) for pid in left))
            fell()
        result.transcript = sorted(text_of(os.path.join(place, "output")).splitlines())
        result.said = text_of(os.path.join(place, "said"))
        if mechanism != "bare" and not result.hung:
            self.examine(report, result)
        shutil.rmtree(place)
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
        """Both runs, and what differs as lines."""
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
        print("  again: untraced %d of 5 as before; %s %d of 5 different" % (agree, mechanism, again))
        more = "".join(" --without '%s'" % name for name in self.given.without)
        print("  %s%s --once --seed %d --mechanism %s %s" % (
            sys.argv[0], more, seed, mechanism, self.given.spawntrace), flush=True)

    def work(self, first, step, until):
        """Tree after tree; what they came to, as a dictionary."""
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
        """Many trees below one tracer, which must not grow."""
        place = self.furnish()
        # The shell tells of deaths by signals.
        script = """
            exec 2>deaths; i=$1
            while [ ! -e stop ]; do i=$((i+1)); [ $((i%20)) = 7 ] || "$0" root $i >> out; echo >> count; done"""
        process = self.start(["sh", "-c", script, self.tree, str(self.given.seed)], place, "notify")
        try:
            time.sleep(seconds / 3)
            early = self.size(process.pid)
            trees = len(text_of(os.path.join(place, "count")))
            time.sleep(seconds * 2 / 3)
            late = self.size(process.pid)
            trees = len(text_of(os.path.join(place, "count"))) - trees
            open(os.path.join(place, "stop"), "w").close()
            process.wait(timeout=self.given.deadline)
        except subprocess.TimeoutExpired:
            print("the long run doesn't end")
            return True
        finally:
            fell()
        said = text_of(os.path.join(place, "said"))
        shutil.rmtree(place)
        print("one tracer: %d KiB and %d descriptors, and %d and %d after %d more trees" % (
            early[0], early[1], late[0], late[1], trees), flush=True)
        if process.returncode or said:
            print("its status is %d; it said: %s" % (process.returncode, said[-500:]))
        return bool(process.returncode or said or late[1] > early[1] + 2
                    or late[0] > early[0] + 2048 + self.given.growth * trees)

    def size(self, pid):
        """KiB and descriptors of spawntrace's processes: one may stand in front of the tracer."""
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
    """Begins `function` in a child, so that what it starts is its own; a pipe gives its result."""
    source, target = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            prctl(PR_SET_CHILD_SUBREAPER, 1)
            # Tree and tracer are in one session and group, and lead neither.
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
                fell()
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
    subprocess.run(["cc", "-O1", "-pthread", "-D_GNU_SOURCE", "-o", soak.tree, os.path.join(HERE, "tree.c")],
                   check=True)
    if given.once:
        return collected(*forked(soak.once))
    begun = time.monotonic()
    long_one = 0 if given.mechanism else given.seconds / 6
    workers = [forked(soak.work, given.seed + index, given.jobs, begun + given.seconds - long_one)
               for index in range(given.jobs)]
    totals = [collected(*worker) for worker in workers]
    grows = collected(*forked(soak.marathon, long_one)) if long_one else False
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
    parser.add_argument("--once", action="store_true", help="this seed's tree alone")
    parser.add_argument("--show", action="store_true", help="with --once: print the transcript")
    parser.add_argument("--mechanism", choices=["notify", "trace", "events", "usual", "bare"], help="this one alone")
    parser.add_argument("--deadline", type=float, default=60, help="seconds for one run")
    parser.add_argument("--most", type=int, default=10, help="stop after so many differences")
    parser.add_argument("--growth", type=int, default=32,
                        help="KiB by which one tracer may grow for each tree of some 40 processes, beside 2 MiB")
    parser.add_argument("--scenario", help="this one alone, by its name in tree.c")
    parser.add_argument("--without", action="append", default=[],
                        choices=["epoll", "sigtimedwait", "long write", "receive all"],
                        help="leave out of `undisturbed calls` what tracers are known to disturb")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("spawntrace")
    given = parser.parse_args()
    print("seed %d" % given.seed, flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as folder:
        return 1 if soak(given, folder) else 0


if __name__ == "__main__":
    sys.exit(main())
