#!/usr/bin/env python3
"""Measures what tracing costs: runs the programs in workloads/ bare, under spawntrace and strace.

    overhead.py [--rounds 15] [--only a,c,f] [--without strace] [--json FILE] SPAWNTRACE

Run it on a quiet machine with 2 CPUs (elsewhere: taskset -c 0,1 overhead.py ...). In each round
each workload runs once with each tool, in shuffled order:

    bare            the program alone
    spawntrace      spawntrace -- ...
    strace-filter   strace -f --seccomp-bpf -e trace=process,openat -o /dev/null ...
    strace-full     strace -f -o /dev/null ...

The two straces take twenty seconds for some workloads, so they run in --strace-rounds of the rounds
only; the column `n` is the number of rounds that a figure comes from. For `logging`, strace-filter
also traces `write`, because spawntrace has to read what a worker writes.

Two times are measured: the wall time until the command ends, and user+sys of all processes that it
started, including the tracer and orphans. (This process is their subreaper and waits for all of
them.) If a run ends with a status other than 0, measuring stops, and the results so far are
printed.

The table has, for each workload and tool, a line for cpu (user+sys) and a line for wall:

    bare, traced    the medians
    medians         the ratio of the medians [5th and 95th percentile, by resampling the rounds]
    lower quarters  the ratio of the means of the fastest quarters [likewise]
    pairs           the median of the ratios to the bare run of the same round [quartiles]
    more, each      the median of the differences to the bare run, divided by the number of calls,
                    processes or whatever else the workload repeats
    of strace's     the time that spawntrace adds to the median, as a part of what strace-filter
                    adds
    goal            the limit for spawntrace and whether it is met. Ratios are judged by `pairs`,
                    parts by the medians. A "?" says that the limit lies between the 5th and 95th
                    percentile of the median of `pairs`, so the verdict is uncertain.

The goals: 1.05 times the bare run for Pools, 1.15 for short processes, 1.02 for system calls, 1.01
for a loop, 3 for a worker that logs at its import, a tenth of what strace adds for opens with
Python's flags, and 6 ms more for a start of /bin/true.

Exit status: 1 if a goal is missed, 2 if a run failed. --json writes all figures and every time. The
last line says how much other programs used the CPUs meanwhile.

`d` stands for d, d-read, d-write and d-stat, `e` likewise. `stderr`, with writes that the filter
selects, runs only if it is named. In d and e, 100,000 calls take 0.1 to 0.2 s, and the start-up
under a tracer is several percent of that: use --calls 1000000 to see the cost of the calls alone.
"""
import argparse
import collections
import ctypes
import hashlib
import json
import math
import os
import platform
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PR_SET_CHILD_SUBREAPER = 36
LONGEST_RUN = 900
RESAMPLINGS = 1000
LINES = 8000
STRACES = ("strace-filter", "strace-full")
# Stands for the calls that a workload has strace-filter trace.
FILTERED = "CALLS"

# `units`: how many calls, processes or other things (named by `unit`) a run contains; `repeat`: how
# often a round starts the command; `filtered`: the calls that strace-filter traces.
Workload = collections.namedtuple(
    "Workload", "key says command unit units repeat goal filtered", defaults=["process,openat"])
# `kind`: "ratio" to bare, "share" of what strace-filter adds, or "more" seconds per unit.
Goal = collections.namedtuple("Goal", "kind limit")


class RunFailed(Exception):
    pass


def workloads(python, folder, calls):
    def program(name, *arguments):
        return [python, os.path.join(HERE, "workloads", name), *map(str, arguments)]

    def call(key, kind, count, goal=Goal("ratio", 1.02)):
        says = "each of read, write, stat" if kind == "all" else "of " + kind
        return Workload(key, "%d %s" % (calls, says),
                        program("calls.py", kind, calls, path), "call", count, 1, goal)

    def opens(kind, says, goal):
        return Workload("e-" + kind, "%d opens, %s flags" % (calls, says),
                        program("opens.py", kind, calls, path), "open", calls, 1, goal)

    path = os.path.join(folder, "file")
    pool, short = Goal("ratio", 1.05), Goal("ratio", 1.15)
    return [
        Workload("a", "spawn Pool of 8",
                 program("pool.py", "spawn"), "worker", 8, 1, pool),
        Workload("b", "forkserver Pool of 8",
                 program("pool.py", "forkserver"), "worker", 8, 1, pool),
        Workload("c", "300 times /bin/true, by subprocess.run",
                 program("subprocesses.py", 300, "/bin/true"), "process", 300, 1, short),
        Workload("c2", "60 times python -S -c pass, by subprocess.run",
                 program("subprocesses.py", 60, python, "-S", "-c", "pass"),
                 "process", 60, 1, short),
        call("d", "all", 3 * calls),
        call("d-read", "read", calls),
        call("d-write", "write", calls),
        call("d-stat", "stat", calls),
        opens("python", "Python's", Goal("share", 0.1)),
        opens("other", "other", Goal("ratio", 1.02)),
        Workload("f", "1000 times sh -c true, by sh",
                 ["/bin/sh", os.path.join(HERE, "workloads", "shells.sh"), "1000"],
                 "shell", 1000, 1, short),
        Workload("g", "a loop", program("loop.py", 35000000), "run", 1, 1, Goal("ratio", 1.01)),
        Workload("h", "20 times 200 threads", program("threads.py", 20), "thread", 4000, 1, None),
        Workload("logging", "a spawn worker, with %d lines logged at import" % LINES,
                 program("logging_worker.py", LINES), "line", 2 * LINES, 1, Goal("ratio", 3),
                 "process,openat,write"),
        Workload("i", "/bin/true, 20 starts", ["/bin/true"], "start", 1, 20, Goal("more", 0.006)),
        call("stderr", "stderr", calls, None),
    ]


def chosen(all_workloads, only, parser):
    if not only:
        return [workload for workload in all_workloads if workload.key != "stderr"]
    names = only.split(",")
    keys = [workload.key for workload in all_workloads]
    for name in names:
        if not any(name in (key, key.split("-")[0]) for key in keys):
            parser.error("no workload %r; there are %s" % (name, ", ".join(keys)))
    return [w for w in all_workloads if w.key in names or w.key.split("-")[0] in names]


# Running


def become_subreaper():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        sys.exit("prctl(PR_SET_CHILD_SUBREAPER): " + os.strerror(ctypes.get_errno()))


def too_long(number, frame):
    raise RunFailed("ran for more than %d s, or left a process behind that did" % LONGEST_RUN)


def end_all():
    """Kills all children of this process, and theirs, which then become its own."""
    while True:
        with open("/proc/self/task/%d/children" % os.getpid()) as file:
            for pid in file.read().split():
                os.kill(int(pid), signal.SIGKILL)
        try:
            os.wait4(-1, 0)
        except ChildProcessError:
            return


def run_once(command, environment, errors):
    """Returns the seconds until the command ends, and user+sys of all its processes in seconds."""
    errors.seek(0)
    errors.truncate()
    actions = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
               (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
               (os.POSIX_SPAWN_DUP2, errors.fileno(), 2)]
    wall = cpu = 0
    signal.alarm(LONGEST_RUN)
    try:
        begun = time.perf_counter()
        top = os.posix_spawn(command[0], command, environment, file_actions=actions,
                             setsigdef=[signal.SIGPIPE, signal.SIGXFSZ])
        while True:
            try:
                pid, status, usage = os.wait4(-1, 0)
            except ChildProcessError:
                break
            if pid == top:
                wall = time.perf_counter() - begun
                ended = os.waitstatus_to_exitcode(status)
            cpu += usage.ru_utime + usage.ru_stime
    except BaseException:
        end_all()
        raise
    finally:
        signal.alarm(0)
    if ended:
        errors.seek(0)
        message = errors.read()[-1000:].decode("utf-8", "replace")
        raise RunFailed("ended with %d: %s" % (ended, message))
    return wall, cpu


def run(workload, prefix, environment, errors):
    """Returns the means of both times for one start of the workload's command."""
    times = []
    for _ in range(workload.repeat):
        try:
            times.append(run_once(prefix + workload.command, environment, errors))
        except RunFailed as error:
            raise RunFailed("%s %s" % (" ".join(prefix + workload.command), error)) from None
    wall, cpu = (sum(column) / len(times) for column in zip(*times))
    return {"wall": wall, "cpu": cpu}


def how_traced(workload, spawntrace, folder, environment, errors):
    """Warms up, and checks that the workload is traced and has no finding."""
    path = os.path.join(folder, "report.json")
    prefix = [spawntrace, "run", "--json", path, "--"]
    run(workload._replace(repeat=1), prefix, environment, errors)
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    os.remove(path)
    trace = report["trace"]
    if report["findings"] or trace["events"] < 2:
        raise RunFailed("%s: should be traced and have no finding: %r, %r" % (
            " ".join(prefix + workload.command), report["findings"], trace))
    return {name: trace[name] for name in ("events", "lost", "limitations")}


def prefix_of(tools, name, workload):
    """The words of the tool in front of the workload's command."""
    return [word.replace(FILTERED, workload.filtered) for word in tools[name]]


def measure(some, tools, given, folder, chance):
    """Returns the rounds of each workload (with the times of each tool), facts about its trace, and
    the error that ended the measuring early, if any."""
    environment = dict(os.environ, PYTHONHASHSEED="0")
    rounds = {workload.key: [] for workload in some}
    traces = {}
    with_strace = chance.sample(range(given.rounds), min(given.strace_rounds, given.rounds))
    with open(os.path.join(folder, "stderr"), "w+b") as errors:
        try:
            for workload in some:
                print("warming up: %s" % workload.key, file=sys.stderr, flush=True)
                run(workload._replace(repeat=1), [], environment, errors)
                traces[workload.key] = how_traced(
                    workload, tools["spawntrace"][0], folder, environment, errors)
            for number in range(given.rounds):
                for workload in chance.sample(some, len(some)):
                    names = [n for n in tools if n not in STRACES or number in with_strace]
                    times = {}
                    for name in chance.sample(names, len(names)):
                        prefix = prefix_of(tools, name, workload)
                        times[name] = run(workload, prefix, environment, errors)
                    rounds[workload.key].append(times)
                    print("round %d of %d, %s: %s" % (
                        number + 1, given.rounds, workload.key, ", ".join(
                            "%s %s (wall %s)" % (
                                name, amount(times[name]["cpu"]), amount(times[name]["wall"]))
                            for name in names)), file=sys.stderr, flush=True)
        except RunFailed as error:
            return rounds, traces, str(error)
        except KeyboardInterrupt:
            return rounds, traces, "interrupted"
    return rounds, traces, None


# Figures


def quarter(values):
    lowest = sorted(values)[:math.ceil(len(values) / 4)]
    return sum(lowest) / len(lowest)


def percentile(values, part):
    ordered = sorted(values)
    position = part * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def figures(pairs, chance):
    """The table's figures, with their spread, from the bare and traced times of the same rounds."""
    def ratio(of, some):
        bare, traced = zip(*some)
        return of(traced) / of(bare)

    statements = {
        "medians": lambda some: ratio(statistics.median, some),
        "lowerQuarters": lambda some: ratio(quarter, some),
        "pairs": lambda some: statistics.median(t / b for b, t in some),
        "difference": lambda some: statistics.median(t - b for b, t in some),
    }
    drawn = [chance.choices(pairs, k=len(pairs)) for _ in range(RESAMPLINGS)]
    result = {"bareMedian": statistics.median(b for b, _ in pairs),
              "tracedMedian": statistics.median(t for _, t in pairs)}
    for name, statement in statements.items():
        again = [statement(some) for some in drawn]
        result[name] = {"value": statement(pairs), "percentile5": percentile(again, 0.05),
                        "percentile95": percentile(again, 0.95)}
    for name, each in (("pairs", [t / b for b, t in pairs]),
                       ("difference", [t - b for b, t in pairs])):
        result[name].update(quartile1=percentile(each, 0.25), quartile3=percentile(each, 0.75))
    return result


def verdict(goal, result, share, units):
    if goal.kind == "share":
        if share is None:
            return "unknown"
        return "met" if share <= goal.limit else "MISSED"
    found = result["pairs" if goal.kind == "ratio" else "difference"]
    limit = goal.limit * (1 if goal.kind == "ratio" else units)
    unsure = found["percentile5"] <= limit <= found["percentile95"]
    return ("met" if found["value"] <= limit else "MISSED") + ("?" if unsure else "")


def results_of(workload, rounds, tools, chance):
    """The figures, by tool and by time (cpu or wall)."""
    result = {}
    for name in tools:
        if name == "bare" or not any(name in times for times in rounds):
            continue
        paired = [times for times in rounds if name in times]
        result[name] = {"rounds": len(paired)}
        for timed in ("cpu", "wall"):
            result[name][timed] = figures(
                [(times["bare"][timed], times[name][timed]) for times in paired], chance)
    own = result.get("spawntrace")
    for timed in ("cpu", "wall") if own else ():
        share = None
        if "strace-filter" in result:
            theirs = result["strace-filter"][timed]
            theirs = theirs["tracedMedian"] - theirs["bareMedian"]
            if theirs > 0:
                share = (own[timed]["tracedMedian"] - own[timed]["bareMedian"]) / theirs
        own[timed]["shareOfStrace"] = share
        if workload.goal:
            own[timed]["goal"] = verdict(workload.goal, own[timed], share, workload.units)
    return result


# Printing


def amount(seconds):
    size = abs(seconds)
    if size < 1e-3:
        return "%.1f us" % (seconds * 1e6)
    return "%.2f ms" % (seconds * 1e3) if size < 0.1 else "%.3f s" % seconds


def goal_text(goal):
    if goal.kind == "ratio":
        return "<= %.2f" % goal.limit
    if goal.kind == "share":
        return "<= %.2f of strace's" % goal.limit
    return "<= %s more" % amount(goal.limit)


def spread(found, low="percentile5", high="percentile95"):
    value, least, most = (("%.3f" if x < 10 else "%.1f") % x for x in (
        found["value"], found[low], found[high]))
    return "%s [%s %s]" % (value, least, most) if least != most else value


ROW = "%-8s %-13s %-4s %3s %10s %10s  %-21s %-21s %-21s %16s %11s  %s"


def table(some, results):
    lines = [ROW % ("", "", "of", "n", "bare", "traced", "medians", "lower quarters", "pairs",
                    "more, each", "of strace's", "goal")]
    for workload in some:
        for name, result in results[workload.key].items():
            for timed in ("cpu", "wall"):
                found = result[timed]
                share = found.get("shareOfStrace")
                goal = ""
                if "goal" in found:
                    goal = "%s: %s" % (goal_text(workload.goal), found["goal"])
                lines.append((ROW % (
                    workload.key, name, timed, result["rounds"], amount(found["bareMedian"]),
                    amount(found["tracedMedian"]),
                    spread(found["medians"]), spread(found["lowerQuarters"]),
                    spread(found["pairs"], "quartile1", "quartile3"),
                    amount(found["difference"]["value"] / workload.units) + "/" + workload.unit,
                    "" if share is None else "%.3f" % share, goal)).rstrip())
    return lines


def machine_busy():
    """Seconds that all CPUs worked since the start of the machine (without stolen time)."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, interrupts, soft = map(int, file.readline().split()[1:8])
    return (user + nice + system + interrupts + soft) / os.sysconf("SC_CLK_TCK")


def own_busy():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def first_line(command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")[0]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable, help="its own path, not a shim's")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--strace-rounds", type=int, default=3)
    parser.add_argument("--only", help="workloads, separated by commas")
    parser.add_argument("--without", default="", help="strace-filter, strace-full, or strace: both")
    parser.add_argument("--calls", type=int, default=100000, help="of each kind in d and e")
    parser.add_argument("--seed", type=int, default=random.randrange(10 ** 6))
    parser.add_argument("--json", help="a file for all figures and times")
    parser.add_argument("spawntrace")
    given = parser.parse_args()
    if given.rounds < 1 or given.strace_rounds < 0:
        parser.error("--rounds must be at least 1, --strace-rounds at least 0")
    without = [name for name in given.without.split(",") if name]
    tools = {"bare": [], "spawntrace": None}
    if shutil.which("strace"):
        strace = [shutil.which("strace"), "-f", "-o", "/dev/null"]
        tools["strace-filter"] = strace + ["--seccomp-bpf", "-e", "trace=" + FILTERED]
        tools["strace-full"] = strace
    elif "strace" not in without:
        parser.error("strace isn't installed: install it, or use --without strace")
    for name in without:
        if name not in STRACES + ("strace",):
            parser.error("--without %s: only strace, strace-filter, strace-full" % name)
        for tool in STRACES:
            if name in (tool, "strace"):
                tools.pop(tool, None)
    become_subreaper()
    signal.signal(signal.SIGALRM, too_long)
    with tempfile.TemporaryDirectory() as folder:
        # Use a copy, because the binary may be built anew meanwhile.
        binary = shutil.copy(given.spawntrace, os.path.join(folder, "spawntrace"))
        tools["spawntrace"] = [binary, "--"]
        some = workloads(os.path.abspath(given.python), folder, given.calls)
        some = chosen(some, given.only, parser)
        about = {
            "seed": given.seed, "begun": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "cpus": len(os.sched_getaffinity(0)), "kernel": platform.release(),
            "python": first_line([given.python, "--version"]), "spawntrace": sha256(binary),
        }
        if len(tools) > 2:
            about["strace"] = first_line(["strace", "--version"])
        print("seed %d" % given.seed, file=sys.stderr)
        begun, busy, own = time.monotonic(), machine_busy(), own_busy()
        rounds, traces, failure = measure(some, tools, given, folder, random.Random(given.seed))
        took = time.monotonic() - begun
        about["seconds"] = took
        about["othersCPUs"] = max(0, (machine_busy() - busy - (own_busy() - own)) / took)
    chance = random.Random(given.seed)
    results = {w.key: results_of(w, rounds[w.key], tools, chance) for w in some}
    if given.json:
        with open(given.json, "w", encoding="utf-8") as file:
            json.dump(dict(about, failure=failure, workloads={
                w.key: {
                    "says": w.says, "unit": w.unit, "units": w.units, "repeat": w.repeat,
                    "goal": w.goal and w.goal._asdict(), "trace": traces.get(w.key),
                    "tools": results[w.key], "rounds": rounds[w.key],
                } for w in some}), file, indent=1)
            file.write("\n")
    for workload in some:
        trace = traces.get(workload.key, {"events": 0, "lost": 0, "limitations": []})
        print("%-8s %s; %d events" % (workload.key, workload.says, trace["events"]))
        for limitation in trace["limitations"]:
            print("         NOTE: %s" % limitation)
        if trace["lost"]:
            print("         NOTE: %d events lost" % trace["lost"])
    print("\n" + "\n".join(table(some, results)) + "\n")
    print("%(begun)s, seed %(seed)d, %(seconds).0f s; %(cpus)d CPUs, kernel %(kernel)s, "
          "%(python)s, spawntrace %(spawntrace).12s; other programs used %(othersCPUs).2f CPUs"
          " meanwhile"
          % about)
    if failure:
        print("FAILED: " + failure, file=sys.stderr)
        return 2
    verdicts = [found[timed].get("goal", "") for result in results.values()
                for found in result.values() for timed in ("cpu", "wall")]
    return 1 if any(text.startswith("MISSED") for text in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
