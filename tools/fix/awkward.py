#!/usr/bin/env python3
"""Makes the edit in awkward programs, with `git apply`, and runs them untraced.

    tools/fix/awkward.py READER PYTHON...

READER is .build/release/python-statements, the programs are those of awkward_programs.py and, for culprits in imported
modules, of awkward_modules.py. Each must end with 0 and print what it should, or have the advice that it should. Prints
a line a failure or doubt, then the score.
"""
import collections
import os
import subprocess
import sys
import tempfile

import awkward_modules
import awkward_programs
import modules

SECONDS = "20"


def run(python, argv, folder):
    process = subprocess.Popen(
        ["timeout", "-k", "1", SECONDS, python] + argv, cwd=folder, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    output, errors = process.communicate()
    return process.returncode, output.decode("latin-1"), errors.decode("latin-1")


def write(folder, files):
    for path, text in files.items():
        path = os.path.join(folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text)


def culprit(files):
    """The file and the line with HERE."""
    path = next(path for path, text in files.items() if b"HERE" in text)
    head = files[path][:files[path].index(b"HERE")].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return path, head.count(b"\n") + 1


def attempt(reader, python, argv, files, expected, advice):
    """What comes of the edit, as `git apply` makes it of a diff."""
    with tempfile.TemporaryDirectory(prefix="fix-") as work:
        before, after = os.path.join(work, "a"), os.path.join(work, "b")
        write(before, files)
        write(after, files)
        name, line = culprit(files)
        main = argv[-1] if argv[-1].endswith(".py") else argv[-1].replace(".", "/") + ".py"
        try:
            if name == main:
                doubts = modules.apply(
                    os.path.join(after, name), modules.ask(reader, os.path.join(after, name), line)["edits"][0])
            else:
                doubts, _ = modules.edit(
                    reader, after, os.path.join(after, main), os.path.join(after, name), line)
        except modules.Advice as given:
            return "right advice" if advice and advice in str(given) else "advice", str(given), []
        diff = subprocess.run(["git", "diff", "--no-index", "a", "b"], cwd=work, stdout=subprocess.PIPE).stdout
        subprocess.run(
            ["git", "apply", "-q", "-p2", "-"], cwd=before, check=True, input=diff.replace(b" b/b/", b" b/a/"))
        status, output, errors = run(python, argv, before)
        if status or output != expected:
            return "status %d" % status, "%r %s" % (output, errors[-300:]), doubts
        return "healthy", "", doubts


def programs():
    """Each program with what a version needs to read it, by start method."""
    for name, (text, expected) in awkward_programs.PROGRAMS.items():
        yield name, ["main.py"], {"main.py": encoded(text)}, expected, None
    for name, (argv, files, expected, advice) in awkward_modules.PROGRAMS.items():
        for method in (b"spawn", b"forkserver"):
            texts = {path: encoded(text).replace(b"METHOD", method) for path, text in files.items()}
            yield "%s (%s)" % (name, method.decode()), argv, texts, expected, advice


def encoded(text):
    return text if isinstance(text, bytes) else text.encode()


def main():
    reader, pythons = sys.argv[1], sys.argv[2:]
    score = collections.Counter()
    for python in pythons:
        is_old = b"3.6" in subprocess.run([python, "-V"], stdout=subprocess.PIPE).stdout
        for name, argv, files, expected, advice in programs():
            if is_old and any(b":=" in text for text in files.values()):
                continue
            what, detail, doubts = attempt(reader, python, argv, files, expected, advice)
            score["healthy" if what in ("healthy", "right advice") else "not healthy"] += 1
            score["said to need a review"] += bool(doubts)
            # That a module's names come later is said of nearly each.
            doubts = [doubt for doubt in doubts if not doubt.startswith("bindsLater")]
            if what not in ("healthy", "right advice") or doubts:
                print("%-28s %s: %s %s %s" % (name, os.path.basename(python), what, detail, doubts), flush=True)
    print(", ".join("%d %s" % (count, what) for what, count in sorted(score.items())))


if __name__ == "__main__":
    main()
