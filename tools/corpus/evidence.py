#!/usr/bin/env python3
"""Runs the corpus cases that are a re-execution cycle, or healthy, by one of the two rules alone.

    tools/corpus/evidence.py stacks|calls CORPUS [options and cases of CORPUS/check.py]

By the stacks' rule all that check.py compares must be right; by the system calls' rule the verdict, the
statuses and the culprit's file, because a log of system calls often tells no line. caught-forkserver-silent
can't be decided by system calls (research on Python's processes, section 2) and is left out there.
"""
import glob
import importlib.util
import json
import os
import sys

UNDECIDABLE = {"caught-forkserver-silent"}


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("stacks", "calls"):
        sys.exit(__doc__)
    rule, corpus = sys.argv[1], os.path.abspath(sys.argv[2])
    spec = importlib.util.spec_from_file_location("check", os.path.join(corpus, "check.py"))
    check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)
    os.environ["SPAWNTRACE_OPTIONS"] = "--evidence=" + rule
    names = []
    for path in sorted(glob.glob(os.path.join(corpus, "*", "case.json"))):
        with open(path, encoding="utf-8") as file:
            case = json.load(file)
        verdicts = {case["expect"]["verdict"]} | {
            other.get("verdict", case["expect"]["verdict"]) for other in case["expect_by_python"].values()}
        if verdicts <= {"reexec-cycle", "healthy"} and not (rule == "calls" and case["name"] in UNDECIDABLE):
            names.append(case["name"])
    if rule == "calls":
        compare = check.at

        def culprit_file(place, expected, folder, _):
            # Who asks says for which place only in a variable of its own.
            if sys._getframe(1).f_locals["field"] != "culprit":
                return True
            return bool(place) and compare(dict(place, line=None), expected, folder, True)

        check.at = culprit_file
    given = sys.argv[3:]
    if not any(os.path.isdir(os.path.join(corpus, word)) for word in given):
        given += names
    sys.argv = [sys.argv[0]] + given
    return check.main()


if __name__ == "__main__":
    sys.exit(main())
