#!/usr/bin/env python3
"""Compares what an strace log of each corpus case gives with what its live run gives.

    tools/corpus/strace.py CORPUS --spawntrace PATH [--python 3.12=PATH]... [--only 3.8,3.12,3.14]
                           [--venv 3.12=PATH]... [--keep DIR] [CASE]...

The log is that of `strace -f -s 4096 -e trace=process,openat,write,pipe2,connect,kill`, one case at a time;
a case without an end of its own is ended after a few seconds. Compared are the verdict, the culprit's
file, that nothing is called proven, and the workers: how many processes of which role, start method and
script there were, or, if the live run was stopped at its proof, which kinds. Cases
without the expected live verdict are left out and counted, and so are those of a deadline, which no log has.
Prints a line a difference and one of counts; exit status 1 if something differs, 2 if nothing ran.
"""
import argparse
import collections
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import cases

CALLS = "process,openat,write,pipe2,connect,kill"
# Only stacks show these (research on Python's processes, section 2).
UNDECIDABLE = {"caught-forkserver-silent"}


def run(command, cwd, env, limit, work):
    process = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        process.wait(limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    end = time.time() + 5
    while time.time() < end:
        left = cases.survivors(work)
        if not left:
            return
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.02)


def workers(report):
    """How many processes of which kind; of scripts the names, because a log may not show their folder."""
    def script(process):
        return os.path.basename(process["script"]["path"]) if process.get("script") else None
    return collections.Counter((p["role"], p.get("startMethod"), script(p)) for p in report["processes"])


def file_of(report, folder):
    place = (report["findings"] or [{}])[0].get("culprit")
    return os.path.realpath(os.path.join(folder, place["path"])) if place else None


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def run_live(spawntrace, case, python, work, stop):
    """The live run's report, and the working folder."""
    folder, argv, environment = case.prepare(python, work)
    path = os.path.join(work, "report.json")
    command = [spawntrace, "run", "--on-cycle=" + ("stop" if stop else "report"), "--json", path, "--"]
    run(command + argv, folder, environment, case.time_limit + 10, work)
    return load(path), folder


def run_strace(spawntrace, case, python, work, limit, keep):
    """The report from a log of strace, and the working folder; the log is copied to `keep`, a path."""
    folder, argv, environment = case.prepare(python, work)
    path, log = os.path.join(work, "report.json"), os.path.join(work, "run.strace")
    run(["strace", "-f", "-s", "4096", "-e", "trace=" + CALLS, "-o", log] + argv, folder, environment, limit, work)
    if keep:
        shutil.copy(log, keep)
    subprocess.run([spawntrace, "replay", "--report=none", "--json", path, log], cwd=folder, timeout=60,
                   stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return load(path), folder


def compare(spawntrace, case, version, python, keep):
    """The differences; None if the live run isn't as expected."""
    expected = case.expected(version)
    verdict, endless = expected["verdict"], expected["endless"]
    stop = verdict in cases.ERRORS and endless
    # Levels of workers take their time under strace.
    limit = 10 if verdict == "fork-bomb" else 8 if endless else case.time_limit + 30
    keep = keep and os.path.join(keep, "%s-%s.strace" % (case.name, version))
    with tempfile.TemporaryDirectory(prefix="corpus-strace-") as work:
        for way in ("live", "strace"):
            os.makedirs(os.path.join(work, way))
        live, folder = run_live(spawntrace, case, python, os.path.join(work, "live"), stop)
        log, log_folder = run_strace(spawntrace, case, python, os.path.join(work, "strace"), limit, keep)
        if live["verdict"] != verdict:
            return None
        wrong = []
        culprit, other = file_of(live, folder), file_of(log, log_folder)
        if log["verdict"] != verdict:
            wrong.append("verdict %s, live %s" % (log["verdict"], verdict))
        elif culprit and os.path.relpath(culprit, folder) != os.path.relpath(other or "/", log_folder):
            wrong.append("culprit %s, live %s" % (other, culprit))
        if any(finding["certainty"] == "proven" for finding in log["findings"]):
            wrong.append("proven by a log")
        return wrong + compare_workers(workers(log), workers(live), stop or endless)


def compare_workers(log, live, endless):
    if endless:
        # The live run ends at its proof, the other one goes on. The last workers have not come to their
        # script, and a child not to its program.
        def kinds(counted):
            return {kind[:2] for kind in counted if kind[0] not in ("main", "fork-worker")}
        missing = kinds(live) - kinds(log)
        return ["no process as %s" % sorted(missing, key=str)] if missing else []

    # Which workers of a Pool come to their script before the Pool ends differs from run to run.
    def counts(counted):
        return collections.Counter(kind[:2] for kind in counted.elements())
    if counts(log) == counts(live) and {kind for kind in log if kind[2]} == {kind for kind in live if kind[2]}:
        return []
    return ["processes %s, live %s" % (dict(log - live), dict(live - log))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--keep", metavar="DIR", help="a folder for the logs")
    cases.add_options(parser)
    parser.set_defaults(only="3.8,3.12,3.14")
    options = parser.parse_intermixed_args()
    jobs, skipped = cases.selected(os.path.abspath(options.corpus), options)
    counts = collections.Counter(skipped=skipped)
    for case, version, python in jobs:
        if case.expected(version)["verdict"] == "deadlock" or case.name in UNDECIDABLE:
            counts["skipped"] += 1
            continue
        try:
            wrong = compare(os.path.abspath(options.spawntrace), case, version, python, options.keep)
        except Exception as error:  # One broken case must not hide the others.
            wrong = [repr(error)]
        if wrong is None:
            counts["not right live"] += 1
            continue
        counts["different" if wrong else "the same"] += 1
        if wrong:
            print("%-36s %-5s %s" % (case.name, version, "; ".join(wrong)), flush=True)
    print(", ".join("%d %s" % (counts[what], what) for what in ("the same", "different", "not right live", "skipped")))
    return 2 if not counts["the same"] + counts["different"] else 1 if counts["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
