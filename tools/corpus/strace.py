#!/usr/bin/env python3
"""Compares what an strace log of each corpus case gives with what its live run gives.

    tools/corpus/strace.py CORPUS --spawntrace PATH [--python 3.12=PATH]... [--only 3.8,3.12,3.14]
                           [--venv 3.12=PATH]... [--keep DIR] [CASE]...

The log is that of `strace -f -s 4096 -e trace=process,openat,write,pipe2,connect,kill`, one case at a time;
a case without an end of its own is ended after a few seconds. Compared are the verdict, the culprit's
file, that nothing is called proven, and the workers: how many processes of which role, start method and
script there were, or, where the live run was stopped at its proof, which kinds. Cases whose live verdict
isn't the expected one are left out and counted, and so are those of a deadline, which no log has.
Prints a line a difference and one of counts; exit status 1 where something differs, 2 where nothing ran.
"""
import argparse
import collections
import glob
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

CALLS = "process,openat,write,pipe2,connect,kill"
# Seen by stacks alone (research on Python's processes, section 2).
UNDECIDABLE = {"caught-forkserver-silent"}


def load(corpus):
    spec = importlib.util.spec_from_file_location("check", os.path.join(corpus, "check.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(command, cwd, env, limit, work, check):
    process = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        process.wait(limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    end = time.time() + 5
    while time.time() < end:
        left = check.survivors(work)
        if not left:
            return
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.02)


def workers(report):
    """How many of which kind; the names of scripts, because a log may not tell their folder."""
    def script(process):
        return os.path.basename(process["script"]["path"]) if process.get("script") else None
    return collections.Counter((p["role"], p.get("startMethod"), script(p)) for p in report["processes"])


def file_of(report, folder):
    place = (report["findings"] or [{}])[0].get("culprit")
    return os.path.realpath(os.path.join(folder, place["path"])) if place else None


def compare(check, spawntrace, folder, version, python, keep):
    """The differences; None where the live run isn't as expected."""
    case = json.load(open(os.path.join(folder, "case.json"), encoding="utf-8"))
    expect = dict(case["expect"], **case.get("expect_by_python", {}).get(version, {}))
    verdict = expect["verdict"]
    endless = bool(expect.get("unbounded") or expect.get("hang"))
    stop = verdict in check.ERRORS and endless
    with tempfile.TemporaryDirectory(prefix="corpus-strace-") as work:
        reports, folders = [], []
        for way in ("live", "strace"):
            place = os.path.join(work, way)
            os.makedirs(place)
            cwd, argv, env = check.prepared(case, folder, python, place)
            folders.append(cwd)
            path = os.path.join(place, "report.json")
            if way == "live":
                run([spawntrace, "run", "--on-cycle=" + ("stop" if stop else "report"), "--json", path, "--"] + argv,
                    cwd, env, case["timeout_s"] + 10, place, check)
            else:
                log = os.path.join(place, "run.strace")
                run(["strace", "-f", "-s", "4096", "-e", "trace=" + CALLS, "-o", log] + argv, cwd, env,
                    # Levels of workers take their time under strace.
                    10 if verdict == "fork-bomb" else 8 if endless else case["timeout_s"] + 30, place, check)
                if keep:
                    shutil.copy(log, os.path.join(keep, "%s-%s.strace" % (case["name"], version)))
                subprocess.run([spawntrace, "replay", "--report=none", "--json", path, log], cwd=cwd, timeout=60,
                               stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            reports.append(json.load(open(path, encoding="utf-8")))
        live, log = reports
        if live["verdict"] != verdict:
            return None
        wrong = []
        if log["verdict"] != verdict:
            wrong.append("verdict %s, live %s" % (log["verdict"], verdict))
        elif file_of(live, folders[0]) and os.path.relpath(file_of(live, folders[0]), folders[0]) != os.path.relpath(
                file_of(log, folders[1]) or "/", folders[1]):
            wrong.append("culprit %s, live %s" % (file_of(log, folders[1]), file_of(live, folders[0])))
        if any(f["certainty"] == "proven" for f in log["findings"]):
            wrong.append("proven by a log")
        ours, theirs = workers(log), workers(live)
        # Which workers of a Pool get as far as their script before it ends is another each time.
        pick = lambda counted: collections.Counter(p[:2] for p in counted.elements())
        if stop or endless:
            # The live run ends at its proof, the other one goes on.
            # The last ones have not come to their script, and a child not to its program.
            kinds = lambda counted: {p[:2] for p in counted if p[0] not in ("main", "fork-worker")}
            missing = kinds(theirs) - kinds(ours)
            if missing:
                wrong.append("no process as %s" % sorted(missing, key=str))
        elif pick(ours) != pick(theirs) or {p for p in ours if p[2]} != {p for p in theirs if p[2]}:
            wrong.append("processes %s, live %s" % (dict(ours - theirs), dict(theirs - ours)))
        return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--spawntrace", required=True)
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("--venv", action="append", default=[])
    parser.add_argument("--only", default="3.8,3.12,3.14", help="versions, comma-separated")
    parser.add_argument("--keep", help="a folder for the logs")
    parser.add_argument("case", nargs="*")
    given = parser.parse_intermixed_args()
    corpus = os.path.abspath(given.corpus)
    check = load(corpus)
    pythons, venvs = check.interpreters(given.python), dict(pair.split("=", 1) for pair in given.venv)
    counts = collections.Counter()
    for path in sorted(glob.glob(os.path.join(corpus, "*", "case.json"))):
        case = json.load(open(path, encoding="utf-8"))
        for version in case["python"]:
            if given.case and case["name"] not in given.case or version not in given.only.split(","):
                continue
            if version in venvs:
                python = os.path.join(venvs[version], "bin/python")
            else:
                python = None if case.get("requires") else pythons.get(version)
            if not python or case["expect"]["verdict"] == "deadlock" or case["name"] in UNDECIDABLE:
                counts["skipped"] += 1
                continue
            try:
                wrong = compare(check, os.path.abspath(given.spawntrace), os.path.dirname(path), version, python, given.keep)
            except Exception as error:  # one broken case must not hide the others
                wrong = [repr(error)]
            if wrong is None:
                counts["not right live"] += 1
                continue
            counts["different" if wrong else "the same"] += 1
            if wrong:
                print("%-36s %-5s %s" % (case["name"], version, "; ".join(wrong)), flush=True)
    print(", ".join("%d %s" % (counts[what], what) for what in ("the same", "different", "not right live", "skipped")))
    return 2 if not counts["the same"] + counts["different"] else 1 if counts["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
