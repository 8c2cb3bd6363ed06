#!/usr/bin/env python3
"""Makes the edit in copies of the corpus's cases, and runs them untraced.

    tools/fix/cases.py READER [--corpus DIR] [--only VERSIONS] [CASE]...

READER is .build/release/python-statements. Taken are the cases with a culprit and a verdict that the edit should
change. If the culprit is in an imported module, that is edited, and main. A case is healthy after the edit if it ends
with 0 within its time, and nothing prints a RuntimeError, a NameError or the like. Prints a line for each case and
version that isn't healthy or has a doubt, then the score.
"""
import argparse
import ast
import collections
import os
import re
import subprocess
import sys
import tempfile

import modules

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "corpus"))
import cases  # noqa: E402

VERDICTS = {"reexec-cycle", "respawn-loop", "fork-bomb", "never-ran"}
ERROR = re.compile(r"^(RuntimeError|NameError|AttributeError|SyntaxError|IndentationError|TabError)\b", re.MULTILINE)
SECONDS = 20
# What healthy programs end with.
OWN_STATUS = {"exit-pytest-pool": 5}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("reader")
    parser.add_argument("--corpus", default=os.path.join(cases.ROOT, "traces"))
    parser.add_argument("--python", action="append", default=[], metavar="VERSION=PATH")
    parser.add_argument("--venv", action="append", default=[], metavar="VERSION=FOLDER")
    parser.add_argument("--only", default="")
    parser.add_argument("--show", action="store_true", help="print the edits")
    parser.add_argument("case", nargs="*")
    options = parser.parse_args()
    score = collections.Counter()
    shown = set()
    jobs, _ = cases.selected(options.corpus, options)
    for case, version, python in jobs:
        expected = case.expected(version)
        if expected["verdict"] not in VERDICTS or not expected.get("culprit"):
            continue
        what, detail, doubts = attempt(options, case, python, expected, show=case.name not in shown)
        shown.add(case.name)
        score[what] += 1
        if what != "healthy":
            if doubts:
                score["of these said to need a review"] += 1
            print("%-36s %-5s %s: %s %s" % (case.name, version, what, detail, doubts))
        elif doubts:
            score["healthy, with doubts"] += 1
            print("%-36s %-5s healthy, but %s" % (case.name, version, doubts))
    print(", ".join("%d %s" % (count, what) for what, count in sorted(score.items())))


def is_main(name, path, argv, folder):
    """Whether the culprit's file is what the command runs as main."""
    if not os.path.exists(path):
        return False
    if "-m" in argv:
        module = argv[argv.index("-m") + 1].replace(".", "/")
        return name.endswith((module + ".py", module + "/__main__.py"))
    scripts = [os.path.realpath(os.path.join(folder, argument)) for argument in argv]
    return os.path.realpath(path) in scripts or name.endswith("__main__.py") or name == "inner.py"


def main_file(argv, folder):
    """What the command runs as main, and the folder that it imports modules from."""
    if "-m" in argv:
        stem = os.path.join(folder, argv[argv.index("-m") + 1].replace(".", "/"))
        return next((path for path in (stem + ".py", stem + "/__main__.py") if os.path.exists(path)), None), folder
    for argument in argv[1:]:
        path = os.path.realpath(os.path.join(folder, argument))
        if os.path.isdir(path):
            path = os.path.join(path, "__main__.py")
        if os.path.isfile(path) and path.endswith(".py"):
            return path, os.path.dirname(path)
    return None, folder


def line_at_margin(path, line):
    """For a line in a function: that of the first statement at the margin that names the function."""
    with open(path, "rb") as file:
        body = ast.parse(file.read()).body
    inside = [node for node in body if isinstance(node, ast.FunctionDef) and node.lineno <= line <= node.end_lineno]
    for node in body if inside else ():
        names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        if inside[0].name in names and not isinstance(node, ast.FunctionDef):
            return node.lineno
    return line


def attempt(options, case, python, expected, show):
    with tempfile.TemporaryDirectory(prefix="fix-") as work:
        folder, argv, environment = case.prepare(python, work)
        name, line = expected["culprit"].rsplit(":", 1)
        path = os.path.join(work, "case", name)
        if not os.path.exists(path):
            return "not in main", expected["culprit"], []
        line = line_at_margin(path, int(line))
        try:
            if is_main(name, path, argv, folder):
                doubts, changed = modules.apply(path, modules.ask(options.reader, path, line)["edits"][0]), [path]
            else:
                main, root = main_file(argv, folder)
                doubts, changed = modules.edit(options.reader, root, main, os.path.realpath(path), line)
        except modules.Advice as advice:
            return "advice", str(advice), []
        for path in changed if options.show and show else ():
            with open(path, encoding="utf-8", errors="replace") as file:
                print("== %s: %s\n%s" % (case.name, os.path.basename(path), file.read()))
        # Everything that it starts is in its session, and ends with it.
        with open(os.path.join(work, "output"), "w+b") as output:
            process = subprocess.Popen(
                ["timeout", "-k", "1", str(SECONDS)] + argv, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
            status = process.wait()
            output.seek(0)
            text = output.read().decode("utf-8", "replace")
        if status != OWN_STATUS.get(case.name, 0):
            return "status %d" % status, text[-200:].strip().replace("\n", " | "), doubts
        error = ERROR.search(text)
        if error:
            return "an error", error.group(0), doubts
        return "healthy", "", doubts


if __name__ == "__main__":
    main()
