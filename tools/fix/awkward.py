#!/usr/bin/env python3
"""Makes the edit in awkward programs, with `git apply`, and runs them untraced.

    tools/fix/awkward.py READER PYTHON...

READER is .build/release/python-statements, the programs are awkward_programs.py's. Each must end with 0 and print what
it should. Prints a line a failure or doubt, then the score.
"""
import collections
import json
import os
import subprocess
import sys
import tempfile

import awkward_programs

SECONDS = "20"


def run(python, path):
    process = subprocess.Popen(
        ["timeout", "-k", "1", SECONDS, python, path], cwd=os.path.dirname(path), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    output, errors = process.communicate()
    return process.returncode, output.decode("latin-1"), errors.decode("latin-1")


def attempt(reader, python, name, text, expected):
    with tempfile.TemporaryDirectory(prefix="fix-") as folder:
        path = os.path.join(folder, "main.py")
        with open(path, "wb") as file:
            file.write(text)
        head = text[:text.index(b"HERE")].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        answer = json.loads(subprocess.run(
            [reader, path, str(head.count(b"\n") + 1)], stdout=subprocess.PIPE, check=True).stdout)
        edit = answer["edits"][0]
        if "text" not in edit:
            return "advice", edit["advice"], []
        with open(os.path.join(folder, "edited"), "wb") as file:
            file.write(edit["text"].encode("latin-1"))
        diff = subprocess.run(
            ["git", "diff", "--no-index", "main.py", "edited"], cwd=folder, stdout=subprocess.PIPE).stdout
        subprocess.run(
            ["git", "apply", "-q", "-"], cwd=folder, check=True,
            input=diff.replace(b"b/edited", b"b/main.py").replace(b"a/edited", b"a/main.py"))
        status, output, errors = run(python, path)
        if status or output != expected:
            return "status %d" % status, "%r %s" % (output, errors[-300:]), edit["doubts"]
        return "healthy", "", edit["doubts"]


def main():
    reader, pythons = sys.argv[1], sys.argv[2:]
    score = collections.Counter()
    for python in pythons:
        for name, (text, expected) in awkward_programs.PROGRAMS.items():
            text = text if isinstance(text, bytes) else text.encode()
            if b":=" in text and b"3.6" in subprocess.run([python, "-V"], stdout=subprocess.PIPE).stdout:
                continue
            what, detail, doubts = attempt(reader, python, name, text, expected)
            score["healthy" if what == "healthy" else "not healthy"] += 1
            score["said to need a review"] += bool(doubts)
            if what != "healthy" or doubts:
                print("%-28s %s: %s %s %s" % (name, python, what, detail, doubts))
    print(", ".join("%d %s" % (count, what) for what, count in sorted(score.items())))


if __name__ == "__main__":
    main()
