#!/usr/bin/env python3
"""Runs `spawntrace fix` on the corpus's cases, and looks at what it says, leaves and proposes.

    tools/fix/end_to_end.py --spawntrace PATH [--corpus DIR] [--only VERSIONS] [--as MODE] [CASE]...

Taken are the cases with a culprit and a verdict that an edit should change. For each the tool looks whether
  - the run with the edit is healthy, by the JSON file;
  - no file of the folder is another one than before, and none is new that belongs to an edited file;
  - the diff is taken by `git apply` in a copy, and the program is healthy there, untraced.
MODE is how spawntrace runs: self (as who you are), user (an ordinary user, if you are root), userns (unshare -Ur), or
refused (descriptors can't be added, as under an old kernel). Prints a line for each case that falls short.
"""
import argparse
import collections
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "corpus"))
import cases  # noqa: E402

HERE = os.path.dirname(os.path.realpath(__file__))
VERDICTS = {"reexec-cycle", "respawn-loop", "fork-bomb", "never-ran", "reexec-side-effect"}
ERROR = re.compile(r"^(RuntimeError|NameError|AttributeError|SyntaxError|IndentationError|TabError)\b", re.MULTILINE)
SECONDS = 60
# What healthy programs end with.
OWN_STATUS = {"exit-pytest-pool": 5}
MODES = {
    "self": [],
    "user": ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
    "userns": ["unshare", "-Ur"],
    "refused": [sys.executable, os.path.join(HERE, "refuse_descriptors.py")],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cases.add_options(parser)
    parser.add_argument("--corpus", default=os.path.join(cases.ROOT, "traces"))
    parser.add_argument("--as", dest="mode", choices=MODES, default="self")
    parser.add_argument("--show", action="store_true", help="print each diff")
    options = parser.parse_args()
    options.spawntrace = os.path.abspath(options.spawntrace)
    score = collections.Counter()
    jobs, skipped = cases.selected(options.corpus, options)
    for case, version, python in jobs:
        expected = case.expected(version)
        if expected["verdict"] not in VERDICTS or not expected.get("culprit"):
            continue
        what, detail = attempt(options, case, python)
        score[what] += 1
        if what not in ("right", "right, to be reviewed"):
            print("%-36s %-5s %s: %s" % (case.name, version, what, detail), flush=True)
    print(", ".join("%d %s" % (count, what) for what, count in sorted(score.items())), "(%d skipped)" % skipped)


def digests(folder):
    found = {}
    for at, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(at, name)
            if os.path.islink(path):
                found[path] = os.readlink(path)
            elif os.path.isfile(path):
                with open(path, "rb") as file:
                    found[path] = hashlib.sha256(file.read()).hexdigest()
    return found


def attempt(options, case, python):
    with tempfile.TemporaryDirectory(prefix="fix-") as work:
        os.chmod(work, 0o777)
        folder, argv, environment = case.prepare(python, work)
        subprocess.run(["chmod", "-R", "a+rwX", work], check=True)
        before = digests(os.path.join(work, "case"))
        result, diff = os.path.join(work, "result.json"), os.path.join(work, "fix.diff")
        output, status = run(
            MODES[options.mode] + [options.spawntrace, "fix", "--json", result, "--write", diff, "--report", "none",
                                   "--timeout", "25", "--"] + argv, folder, environment, work)
        try:
            with open(result, encoding="utf-8") as file:
                told = json.load(file)
        except (OSError, ValueError):
            return "no result", last(output)
        after = digests(os.path.join(work, "case"))
        changed = [path for path in before if after.get(path) != before[path]]
        edited = {os.path.splitext(os.path.basename(edit["path"]))[0] for edit in told["edits"]}
        poisoned = [path for path in after.keys() - before.keys()
                    if os.path.basename(path).split(".")[0] in edited and ".pyc" in path]
        if changed or poisoned:
            return "files changed", " ".join(changed + poisoned)
        if not told["edits"]:
            return "no edit", "%s: %s" % (told["before"]["verdict"], last(output))
        if options.show:
            print("== %s\n%s" % (case.name, told["diff"]))
        if not told["after"] or told["after"]["verdict"] != "healthy":
            return "not healthy", last(output)
        reviewed = told["applicability"] != "applies"
        wrong = untraced(case, python, diff)
        if wrong:
            return "not healthy untraced" + (", to be reviewed" if reviewed else ""), wrong
        return "right, to be reviewed" if reviewed else "right", ""


def untraced(case, python, diff):
    """What is wrong with the program after `git apply`."""
    with tempfile.TemporaryDirectory(prefix="fix-") as work:
        folder, argv, environment = case.prepare(python, work)
        done = subprocess.run(["git", "apply", diff], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            return done.stdout.decode("utf-8", "replace").strip()
        output, status = run(["timeout", "-k", "1", "20"] + argv, folder, environment, work)
        if status != OWN_STATUS.get(case.name, 0):
            return "status %d: %s" % (status, last(output))
        error = ERROR.search(output)
        return error.group(0) if error else None


def run(command, folder, environment, work):
    # Everything that it starts is in its session, and ends with it.
    with open(os.path.join(work, "output"), "w+b") as output:
        process = subprocess.Popen(
            ["timeout", "-k", "1", str(SECONDS)] + command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        status = process.wait()
        output.seek(0)
        return output.read().decode("utf-8", "replace"), status


def last(output):
    lines = [line for line in output.strip().splitlines() if line.startswith("spawntrace:")]
    return (lines or output.strip().splitlines() or [""])[-1][-300:]


if __name__ == "__main__":
    main()
