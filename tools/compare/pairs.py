#!/usr/bin/env python3
"""Makes pairs of recordings of which the one difference is known, and checks what `diff` says of them.

    tools/compare/pairs.py make  --spawntrace BINARY [--only 3.8,3.12,...] [--hidden] [--jobs 2] FOLDER
    tools/compare/pairs.py check --spawntrace BINARY [--jobs 2] FOLDER [PAIR]...

`make` runs each program of departures.py twice, first all good sides, then all bad ones, and records both. The runs are
in different checkouts with different temporary folders, and variables that mean nothing differ (HOSTNAME, SSH_TTY,
GITHUB_RUN_ID and the like). Every fourth pair that isn't the same has one checkout and no such variables. FOLDER gets
two recordings a pair, and truth.json: name, kind, the files, and what must be said. A run that would not end by itself
is stopped at its proof, and one that hangs after three seconds. If a run ends with another status than expected, a line
says so, and the exit status is 1. Versions of Python that aren't there are left out (cases.py finds them).
With --hidden the recordings have only the arguments that are needed; then no words of others are checked.

`check` runs `diff` on each pair. The kind `same` must give no difference and status 0, in both directions. Of the
others the first difference must be of the pair's kind and have its words, and the status must be 1. It prints a line a
failure, then the counts; the exit status is 1 if anything failed.
"""
import argparse
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools", "corpus"))

import cases  # noqa: E402
import check as corpus  # noqa: E402
import departures  # noqa: E402

MODES = {"report": ["--on-cycle=report"], "stop": ["--on-cycle=stop"], "timeout": ["--timeout", "3"]}
# Seconds; no run needs half of them.
LIMIT = 30
KEPT = {"PATH", "HOME", "LANG", "LC_ALL", "USER", "LOGNAME", "SHELL", "LD_LIBRARY_PATH", "PYTHONDONTWRITEBYTECODE"}
# Variables that are different on two machines of a CI system, and mean nothing.
NOISE = {
    "good": {"HOSTNAME": "build-7", "TERM": "xterm-256color", "GITHUB_RUN_ID": "8123456781", "RUNNER_NAME": "runner-1",
             "GITHUB_SHA": "7f1c0e5a9d2b4c6e8f0a1b2c3d4e5f6071829304", "SSH_CONNECTION": "10.0.0.1 50022 10.0.0.9 22",
             "SSH_TTY": "/dev/pts/3"},
    "bad": {"HOSTNAME": "fv-az1234-56", "TERM": "dumb", "GITHUB_RUN_ID": "8123459999", "RUNNER_NAME": "runner-22",
            "GITHUB_SHA": "0a9b8c7d6e5f40312233445566778899aabbccdd", "CI_JOB_ID": "551"},
}
# Kinds of differences whose words are arguments.
OF_ARGUMENTS = {"command", "arguments", "added-process", "missing-process"}
# Two checkouts each, below a folder of the pair.
CHECKOUTS = [("good/repo", "bad/repo"), ("home/ci/_work/app/app", "builds/7f3a/0/team/app"), ("repo", "repo"),
             ("src/project", "tmp/checkout-2")]


def make(options):
    pythons = cases.interpreters()
    wanted = options.only.split(",")
    versions = [version for version in wanted if version in pythons]
    pairs = list(departures.all_pairs(versions))
    out = os.path.abspath(options.folder)
    os.makedirs(out, exist_ok=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pairs-") as work:
        def one(job):
            index, pair, side = job
            return record(options, pythons, pair, side, index, work, out)

        wrong = []
        for side in ("good", "bad"):
            with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
                results = pool.map(one, [(index, pair, side) for index, pair in enumerate(pairs)])
                wrong += [line for line in results if line]
    truth = [{"name": pair.name, "kind": pair.kind, "says": pair.says, "good": pair.name + ".good.sptrace.jsonl",
              "bad": pair.name + ".bad.sptrace.jsonl", "python": [pair.good.python, pair.bad.python],
              "status": [pair.good.status, pair.bad.status], "hidden": options.hidden} for pair in pairs]
    with open(os.path.join(out, "truth.json"), "w", encoding="utf-8") as file:
        json.dump({"pairs": truth}, file, indent=1)
    for line in wrong:
        print(line)
    count = sum(pair.kind == "same" for pair in pairs)
    print("%d pairs and %d of the same with %s in %.0f s; %d runs ended otherwise; no interpreter: %s" % (
        len(pairs) - count, count, ", ".join(versions), time.monotonic() - begun, len(wrong),
        ", ".join(version for version in wanted if version not in pythons) or "-"))
    return 1 if wrong or not pairs else 0


def record(options, pythons, pair, name, index, work, out):
    """Records one side of a pair; what is wrong with the run, or nil."""
    side = getattr(pair, name)
    checkouts = CHECKOUTS[index % 2 * 3 if pair.kind == "same" else index % len(CHECKOUTS)]
    below = os.path.join(work, str(index))
    repo = os.path.join(below, checkouts[name == "bad"])
    write_files(side, repo, pythons)
    environment = {k: v for k, v in os.environ.items() if k in KEPT}
    python = interpreter(side, pythons[side.python], below, repo)
    if checkouts[0] != checkouts[1]:
        if index % 3 == 0:
            environment["GITHUB_WORKSPACE"] = repo
        temporary = os.path.join(below, "tmp-" + name)
        os.makedirs(temporary)
        environment.update(NOISE[name], PWD=repo, TMPDIR=temporary)
    environment.update({k: v.replace("{repo}", repo) for k, v in side.environment.items()})
    path = os.path.join(out, "%s.%s.sptrace.jsonl" % (pair.name, name))
    if os.path.exists(path):
        os.remove(path)
    kept = [] if options.hidden else ["--record-arguments"]
    command = [options.spawntrace, "run"] + MODES[side.mode] + kept + ["--record", path, "--"] + [
        argument.replace("{python}", python) for argument in side.argv]
    status, errors = corpus.run(command, repo, environment, LIMIT)
    left = corpus.leftovers(below)
    shutil.rmtree(below)
    if status != side.status or left:
        return "%s: the %s run ended with %s, expected %s, and left %d processes\n%s" % (
            pair.name, name, status, side.status, len(left), errors[-1500:].decode("utf-8", "replace"))
    return None


def write_files(side, repo, pythons):
    for path, text in side.files.items():
        path = os.path.join(repo, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        for version, python in pythons.items():
            text = text.replace("{python%s}" % version, python)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def interpreter(side, python, below, repo):
    if not side.venv:
        return python
    folder = os.path.join(below, "venv") if side.venv == "venv" else os.path.join(repo, ".venv")
    how = ["--symlinks"] if side.venv == "venv" else ["--copies"]
    subprocess.run([python, "-m", "venv", "--without-pip"] + how + [folder], check=True, stdin=subprocess.DEVNULL)
    return os.path.join(folder, "bin", "python")


def check(options):
    with open(os.path.join(options.folder, "truth.json"), encoding="utf-8") as file:
        pairs = json.load(file)["pairs"]
    unknown = set(options.pair) - {pair["name"] for pair in pairs}
    if unknown:
        sys.exit("no such pair: " + ", ".join(sorted(unknown)))
    pairs = [pair for pair in pairs if not options.pair or pair["name"] in options.pair]

    def one(pair):
        if pair["kind"] != "same":
            return compare(options, pair, pair["good"], pair["bad"])
        wrong = compare(options, pair, pair["good"], pair["bad"])
        reverse = compare(options, pair, pair["bad"], pair["good"])
        return wrong or (reverse and "reversed: " + reverse)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(one, pairs))
    for pair, wrong in zip(pairs, results):
        if wrong:
            print("%-44s %s" % (pair["name"], wrong))
    right, total = {True: 0, False: 0}, {True: 0, False: 0}
    for pair, wrong in zip(pairs, results):
        total[pair["kind"] == "same"] += 1
        right[pair["kind"] == "same"] += not wrong
    print("%d pairs right of %d, %d same of %d" % (right[False], total[False], right[True], total[True]))
    return 0 if pairs and right == total else 1


def compare(options, pair, good, bad):
    """What is wrong with the answer for a pair, or nil."""
    with tempfile.TemporaryDirectory(prefix="pairs-") as work:
        out = os.path.join(work, "diff.json")
        command = [options.spawntrace, "diff", "--json", out] + [
            os.path.join(options.folder, path) for path in (good, bad)]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  timeout=LIMIT)
        except subprocess.TimeoutExpired:
            return "diff did not end in %d s" % LIMIT
        try:
            with open(out, encoding="utf-8") as file:
                found = json.load(file)["differences"]
        except (OSError, ValueError, KeyError) as error:
            return "no answer: %r; exit %d; stderr ends %r" % (error, done.returncode, done.stderr[-300:])
    others = "; others: " + ", ".join(entry["kind"] for entry in found[1:]) if found[1:] else ""
    first = "%s: %s" % (found[0]["kind"], text_of(found[0])) if found else "nothing"
    if pair["kind"] == "same":
        if not found and done.returncode == 0:
            return None
        return "expected nothing and status 0; first: %s; status %d%s" % (first, done.returncode, others)
    says = [] if pair["hidden"] and pair["kind"] in OF_ARGUMENTS else pair["says"]
    lacks = [word for word in says if not found or word not in text_of(found[0])]
    if found and found[0]["kind"] == pair["kind"] and not lacks and done.returncode == 1:
        return None
    return "expected %s with %s and status 1; first: %s; status %d%s" % (
        pair["kind"], ", ".join(map(repr, pair["says"])), first, done.returncode, others)


def text_of(difference):
    return "%s %s %s" % (difference["title"], difference.get("good"), difference.get("bad"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("make", "check"):
        command = commands.add_parser(name)
        command.add_argument("--spawntrace", required=True)
        command.add_argument("--jobs", type=int, default=2)
        if name == "make":
            command.add_argument("--hidden", action="store_true")
            command.add_argument("--only", default="3.8,3.12,3.13,3.14", metavar="VERSIONS")
        command.add_argument("folder")
        if name == "check":
            command.add_argument("pair", nargs="*")
    options = parser.parse_args()
    options.spawntrace = os.path.abspath(options.spawntrace)
    return {"make": make, "check": check}[options.command](options)


if __name__ == "__main__":
    sys.exit(main())
