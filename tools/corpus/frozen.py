#!/usr/bin/env python3
"""Freezes programs with PyInstaller, runs them under spawntrace, and checks what it reports.

    tools/corpus/frozen.py --spawntrace PATH [--python PYTHON] [--work DIR] [PROGRAM]...

A frozen program's executable is its own worker and tracker. If it doesn't call multiprocessing.freeze_support(), each of
them runs the main program again, without end: spawntrace must report that within two seconds of the program's start as
ST101, proven, with the line, end the whole tree, and exit with 112. With that call the same program must be healthy. The
programs are in frozen/. Each runs in a PID namespace of its own and is killed after 20 s, because it would not end by
itself. PyInstaller comes from PyPI, into a virtual environment below DIR. Prints a line a failure, then one line of
counts; the exit status is 1 if anything failed.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PYINSTALLER = "pyinstaller==6.22.3"
CALL = "    multiprocessing.freeze_support()\n"
GUARD = 'if __name__ == "__main__":\n'
# Program: its modes with the line that starts processes and the call site; None for its only way.
PROGRAMS = {
    "pool": {None: ("pool.py:9", "pool.py:9")},
    "tracker": {None: ("tracker.py:4", "tracker.py:4")},
    "modes": {"executor": ("modes.py:49", "modes.py:15"), "manager": ("modes.py:49", "modes.py:20"),
              "process": ("modes.py:49", "modes.py:26"), "thread": ("modes.py:49", "modes.py:26"),
              "nested": ("modes.py:49", "modes.py:38"), "none": None},
}
FINDING = 112
# Seconds from the program's start to the proof.
SOON = 2


def prepared(python, work):
    """An interpreter with PyInstaller."""
    interpreter = os.path.join(work, "venv", "bin", "python")
    if not os.path.exists(os.path.join(work, "venv", "bin", "pyinstaller")):
        subprocess.run([python, "-m", "venv", os.path.join(work, "venv")], check=True)
        subprocess.run([interpreter, "-m", "pip", "-q", "--disable-pip-version-check", "install", PYINSTALLER], check=True)
    return interpreter


def frozen(interpreter, source, name, work):
    """Freezes a program's text; returns its executable."""
    script = os.path.join(work, name + ".py")
    with open(script, "w", encoding="utf-8") as file:
        file.write(source)
    done = subprocess.run(
        [interpreter, "-m", "PyInstaller", "--onedir", "--noconfirm", "--log-level", "WARN", "--distpath", "dist",
         "--workpath", "build", "--specpath", "build", script],
        cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit("PyInstaller has failed for %s: %s" % (name, done.stdout.decode()[-1000:]))
    return os.path.join(work, "dist", name, name)


def run(spawntrace, executable, folder, environment):
    """The report, the exit status, whether it had to be killed, and what replay says of the recording."""
    report, recording = os.path.join(folder, "report.json"), os.path.join(folder, "run.jsonl")
    namespace = ["unshare"] + ([] if os.geteuid() == 0 else ["--user", "--map-root-user"])
    status = subprocess.run(
        ["timeout", "-k", "1", "20"] + namespace + ["--pid", "--fork", "--kill-child", "--mount-proc", spawntrace, "run",
         "--report", "none", "--json", report, "--record", recording, "--", executable],
        env=dict(os.environ, **environment), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL).returncode
    with open(report, encoding="utf-8") as file:
        live = json.load(file)
    again = os.path.join(folder, "again.json")
    subprocess.run([spawntrace, "replay", "--report", "none", "--json", again, recording], check=False)
    with open(again, encoding="utf-8") as file:
        replayed = json.load(file)
    different = [key for key in live if key not in ("tool", "source") and live[key] != replayed.get(key)]
    return live, status, different


def place(location):
    return "%s:%s" % (os.path.basename(location["path"]), location["line"]) if location else "none"


def wrong(outcome, expected):
    """What is wrong, a sentence each."""
    live, status, different = outcome
    result = ["replay differs in " + ", ".join(different)] if different else []
    if expected is None:
        if live["findings"] or status:
            result.append("finds %s in a healthy program, exit %s" % (live["verdict"], status))
        return result
    first = (live["findings"] or [{}])[0]
    if live["verdict"] != "reexec-cycle" or first.get("certainty") != "proven":
        return result + ["verdict %s, %s" % (live["verdict"], first.get("certainty"))]
    if len(live["findings"]) > 1:
        result.append("has %d findings" % len(live["findings"]))
    for key, value in zip(("culprit", "callSite"), expected):
        if place(first[key]) != value:
            result.append("%s %s, expected %s" % (key, place(first[key]), value))
    if first["provenAtSeconds"] > SOON:
        result.append("proven after %.1f s" % first["provenAtSeconds"])
    if status != FINDING:
        result.append("exit %s" % status)
    if any(process["exit"] is None for process in live["processes"]):
        result.append("left processes running")
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spawntrace", required=True)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--work", default=os.path.join(ROOT, ".build", "frozen"))
    parser.add_argument("program", nargs="*")
    given = parser.parse_args()
    os.makedirs(given.work, exist_ok=True)
    spawntrace, interpreter = os.path.abspath(given.spawntrace), prepared(given.python, given.work)
    passed = failed = 0
    for program in given.program or PROGRAMS:
        with open(os.path.join(HERE, "frozen", program + ".py"), encoding="utf-8") as file:
            source = file.read()
        modes = PROGRAMS[program]
        hasSwitch = None not in modes
        executable = frozen(interpreter, source, program, given.work)
        supported = executable if hasSwitch else frozen(
            interpreter, source.replace(GUARD, GUARD + CALL), program + "_supported", given.work)
        for mode, expected in modes.items():
            for path, expectation, environment in (
                    (executable, expected, {}), (supported, None, {"FREEZE_SUPPORT": "1"})):
                with tempfile.TemporaryDirectory(prefix="frozen-") as folder:
                    sentences = wrong(
                        run(spawntrace, path, folder, dict(environment, MODE=mode or "")), expectation)
                if sentences:
                    failed += 1
                    print("%-10s %-10s %s: %s" % (
                        program, mode or "", "with support" if environment else "", "; ".join(sentences)), flush=True)
                else:
                    passed += 1
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
