#!/usr/bin/env python3
"""Traces one command again and again, and compares the results.

    repeat.py [--runs 50] SPAWNTRACE COMMAND...

Prints each different (status, verdict, culprit, call site, fingerprint) with the number of runs that gave it.
Exit status: 1 if there is more than one.
"""
import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile


def place(found):
    return "%s:%s" % (os.path.basename(found["path"]), found["line"]) if found else None


def answer(spawntrace, command, folder):
    path = os.path.join(folder, "report.json")
    status = subprocess.run(
        [spawntrace, "--report=none", "--json", path, "--"] + command, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    with open(path) as file:
        report = json.load(file)
    first = (report["findings"] or [{}])[0]
    return (status, report["verdict"], place(first.get("culprit")), place(first.get("callSite")),
            first.get("fingerprint"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("spawntrace")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = collections.Counter(answer(given.spawntrace, given.command, folder) for _ in range(given.runs))
    for found, count in counts.most_common():
        print("%d of %d: %s" % (count, given.runs, " ".join(map(str, found))))
    return len(counts) > 1


if __name__ == "__main__":
    sys.exit(main())
