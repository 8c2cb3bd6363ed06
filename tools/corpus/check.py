#!/usr/bin/env python3
"""Runs cases under spawntrace and compares what it reports with what is expected.

    tools/corpus/check.py --spawntrace PATH [--corpus DIR] [--only 3.8,3.14] [--no-replay] [CASE]...

The corpus is traces/ unless another one is given; cases.py says what a case is and which interpreters are used. Each
case runs in a fresh copy of its folder:

    doesn't end by itself, and has an error   run --on-cycle=stop     ends soon, with 112, and leaves no process
    expected verdict "deadlock"               run --timeout 3         ends with 124
    any other                                 run --on-cycle=report   112 for an error, else the program's own status

Compared are verdict, culprit, call site, consequence and status, and that `replay` of the recording gives the same
report. Prints a line a failure, then one line of counts; the exit status is 1 if anything failed, 2 if nothing ran.
"""
import argparse
import concurrent.futures
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

import cases

FINDING, DEADLINE = 112, 124
# A run that is stopped at its proof has ended by then (seconds).
SOON = 10


def check(spawntrace, case, version, python, replay=True, lines=True):
    """What is wrong, a sentence each; without `lines` only the culprit's file is compared."""
    expected = case.expected(version)
    with tempfile.TemporaryDirectory(prefix="corpus-") as work:
        folder, argv, environment = case.prepare(python, work)
        live, recording = os.path.join(work, "live.json"), os.path.join(work, "run.sptrace.jsonl")
        stopped = expected["verdict"] in cases.ERRORS - {"deadlock"} and expected["endless"]
        mode = ["--timeout", "3"] if expected["verdict"] == "deadlock" else [
            "--on-cycle=" + ("stop" if stopped else "report")]
        command = [spawntrace, "run"] + mode + ["--json", live] + (["--record", recording] if replay else [])
        begin = time.monotonic()
        status, errors = run(command + ["--"] + argv, folder, environment, case.time_limit + 10)
        took = time.monotonic() - begin
        if status is None:
            return ["did not end in %d s" % (case.time_limit + 10)]
        wrong = []
        left = leftovers(work) if expected["verdict"] != "healthy" else []
        if stopped and left:
            wrong.append("left %d processes running" % len(left))
        if stopped and took > SOON:
            wrong.append("stopped only after %.1f s" % took)
        try:
            with open(live, encoding="utf-8") as file:
                report = json.load(file)
        except (OSError, ValueError) as error:
            return wrong + ["no report: %s; exit %s; stderr ends %r" % (error, status, errors[-300:])]
        wrong += compare(report, expected, os.path.join(work, "case"), lines)
        wrong += compare_status(status, expected)
        if replay:
            wrong += compare_replay(spawntrace, recording, report, expected, folder)
        # What fails once in a thousand runs must say why by itself.
        return wrong + ["stderr ends:\n%s" % errors[-2000:].decode("utf-8", "replace")] if wrong else []


def run(command, folder, environment, limit):
    """The exit status, nil if it had to be killed, and the end of its standard error."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True)
        try:
            status = process.wait(limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            status = None
        errors.seek(0)
        return status, errors.read()


def leftovers(work):
    """The processes that are left a moment after the end; they are killed."""
    end = time.monotonic() + 0.5
    left = cases.survivors(work)
    while left and time.monotonic() < end:
        time.sleep(0.02)
        left = cases.survivors(work)
    for process in left:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return left


def compare(report, expected, folder, lines):
    wrong = []
    verdict = expected["verdict"]
    first = (report.get("findings") or [{}])[0]
    if report.get("verdict") != verdict:
        wrong.append("verdict %s, expected %s" % (report.get("verdict"), verdict))
    # By system calls alone a text may be a guess, which changes neither verdict nor status.
    found = [finding for finding in report.get("findings") or [] if lines or finding["certainty"] != "guess"]
    if verdict == "healthy" and found:
        wrong.append("finds %s in a healthy program" % found[0]["kind"])
    if verdict == "healthy":
        return wrong
    places = [("culprit", "culprit")] + ([("callSite", "call_site")] if lines else [])
    for field, key in places:
        # The line at which a worker died is not always known.
        needs_line = lines and (verdict != "respawn-loop" or (first.get(field) or {}).get("line") is not None)
        if expected.get(key) and not is_at(first.get(field), expected[key], folder, needs_line):
            wrong.append("%s %s, expected %s" % (field, described(first.get(field)), expected[key]))
    if expected.get("consequence") and first.get("consequence") != expected["consequence"]:
        wrong.append("consequence %s, expected %s" % (first.get("consequence"), expected["consequence"]))
    return wrong


def compare_status(status, expected):
    verdict = expected["verdict"]
    wanted = DEADLINE if verdict == "deadlock" else FINDING if verdict in cases.ERRORS else expected["exit"]
    return [] if status == wanted else ["exit %s, expected %s" % (status, wanted)]


def compare_replay(spawntrace, recording, report, expected, folder):
    again = recording + ".json"
    result = subprocess.run([spawntrace, "replay", "--json", again, recording], cwd=folder, stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
    try:
        with open(again, encoding="utf-8") as file:
            replayed = json.load(file)
    except (OSError, ValueError) as error:
        return ["no replay: %s; exit %d" % (error, result.returncode)]
    fields = (set(report) | set(replayed)) - {"tool", "source"}
    different = sorted(field for field in fields if report.get(field) != replayed.get(field))
    wrong = ["replay differs in " + ", ".join(different)] if different else []
    if result.returncode != (1 if expected["verdict"] in cases.ERRORS else 0):
        wrong.append("replay exit %d" % result.returncode)
    return wrong


def is_at(place, expected, folder, needs_line):
    """Whether a reported place is the expected FILE:LINE; a link counts as the file that it leads to."""
    path, line = expected.rsplit(":", 1)
    if not place:
        return False
    same = os.path.realpath(os.path.join(folder, place["path"])) == os.path.realpath(os.path.join(folder, path))
    return same and (not needs_line or place["line"] == int(line))


def described(place):
    return "%s:%s" % (place["path"], place["line"]) if place else "none"


def check_all(spawntrace, jobs, skipped, count, **how):
    """Runs `count` at a time, prints the failures and the counts, returns the exit status."""
    def one(job):
        case, version, python = job
        try:
            wrong = check(spawntrace, case, version, python, **how)
        except Exception as error:  # One broken case must not hide the others.
            wrong = [repr(error)]
        if wrong:
            print("%-36s %-5s %s" % (case.name, version, "; ".join(wrong)), flush=True)
        return not wrong

    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        results = list(pool.map(one, jobs))
    failed = results.count(False)
    print("%d passed, %d failed, %d skipped" % (len(results) - failed, failed, skipped))
    return 2 if not results else 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", default=os.path.join(cases.ROOT, "traces"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--no-replay", action="store_true", help="the live part alone")
    cases.add_options(parser)
    options = parser.parse_intermixed_args()
    jobs, skipped = cases.selected(os.path.abspath(options.corpus), options)
    return check_all(os.path.abspath(options.spawntrace), jobs, skipped, options.jobs, replay=not options.no_replay)


if __name__ == "__main__":
    sys.exit(main())
