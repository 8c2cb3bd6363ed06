#!/usr/bin/env python3
"""Makes the recordings and strace logs under traces/, and the reports that their replay must give.

    tools/traces/make.py --spawntrace PATH [--python 3.12=PATH]... [PROGRAM]...
    tools/traces/make.py --spawntrace PATH --recordings-only
    tools/traces/make.py --spawntrace PATH --reports-only

Each program of the list below runs in a folder of its own, once for each version and form: a recording, or a
log of strace 6.1. In the files that are written, the folder is renamed to /home/dev/PROGRAM, and the interpreter's
to /opt/pythonX.Y. Nothing else is changed. The reports are those of `spawntrace replay`; the report of a recording is
compared with its live run's. Check what has changed before you commit it: tests replay all of these files.
"""
import argparse
import glob
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "traces")
CALLS = "trace=process,openat,write,pipe2,connect,kill"
FULL = ["-s", "4096", "-e", CALLS]
STRACE = {
    "f": ["-f"] + FULL,
    "f-tt-T": ["-f", "-tt", "-T"] + FULL,
    "f-r-y": ["-f", "-r", "-y"] + FULL,
    "f-decode-pids": ["-f", "--decode-pids=comm"] + FULL,
    "f-s32": ["-f", "-e", CALLS],
    "f-processes": ["-f", "-s", "4096", "-e", "trace=process"],
    "ff": ["-ff"] + FULL,
    "ff-ttt": ["-ff", "-ttt"] + FULL,
    "stderr": ["-f"] + FULL,
}
# Program: its arguments, options of `spawntrace run`, and the forms for each version.
PROGRAMS = {
    "seed": (["runtest.py"], [], {
        "3.8": ["recording", "f"], "3.12": ["recording", *STRACE], "3.14": ["recording", "f"]}),
    "process-spawn-unguarded": (["main.py"], [], {"3.6": ["recording", "f"], "3.15": ["recording", "f"]}),
    "pool-spawn-unguarded": (["main.py"], [], {"3.10": ["recording"], "3.13": ["recording"]}),
    "pool-spawn-guarded": (["main.py"], [], {"3.7": ["recording"], "3.12": ["recording", "f", "ff"]}),
    "forkserver-pool-unguarded": (["main.py"], [], {"3.8": ["recording"], "3.14": ["recording"]}),
    "forkserver-pool-guarded": (["main.py"], [], {"3.12": ["recording"], "3.14": ["recording", "f", "ff"]}),
    "default-method-unguarded": (["main.py"], [], {"3.13": ["recording", "f"], "3.14": ["recording", "f"]}),
    "executor-spawn-unguarded": (["main.py"], [], {"3.9": ["recording"], "3.13": ["recording", "f"]}),
    "runpy-wrapper-unguarded": (["wrapper.py"], [], {"3.8": ["recording"], "3.12": ["recording"]}),
    "symlink-script-unguarded": (["link.py"], [], {"3.12": ["recording"]}),
    "import-side-effect-helper": (["main.py"], [], {"3.14": ["recording"]}),
    "module-m-unguarded": (["-m", "pkg.tool"], [], {"3.12": ["recording"]}),
    "caught-forkserver-silent": (["main.py"], [], {"3.8": ["recording"], "3.14": ["recording"]}),
    "deadlocked-join": (["main.py"], ["--timeout", "3"], {"3.12": ["recording"]}),
}
# Larger files are compressed.
LARGE = 40_000


def interpreters(given):
    found = {}
    for path in glob.glob(os.path.expanduser("~/.pyenv/versions/*/bin/python")):
        found[".".join(path.split("/")[-3].split(".")[:2])] = path
    for path in glob.glob(os.path.join(os.environ.get("PYTHONS", "/nonexistent"), "usr/bin/python3.1[45]")):
        found[path.rsplit("python", 1)[1]] = path
    found.update(pair.split("=", 1) for pair in given)
    return {version: os.path.realpath(path) for version, path in found.items()}


def renamed(data, names):
    for old, new in names:
        data = data.replace(old.encode(), new.encode())
    return data


def keep(data, path):
    if len(data) <= LARGE:
        with open(path, "wb") as file:
            file.write(data)
        return path
    with open(path + ".gz", "wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as packed:
        packed.write(data)
    return path + ".gz"


def make(spawntrace, program, version, python, form, target):
    arguments, options, _ = PROGRAMS[program]
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment.update(LC_ALL="C.UTF-8", PYTHONDONTWRITEBYTECODE="1")
    with tempfile.TemporaryDirectory(prefix="traces-") as work:
        work = os.path.realpath(work)
        folder = os.path.join(work, "program")
        shutil.copytree(os.path.join(ROOT, program), folder, symlinks=True,
                        ignore=shutil.ignore_patterns("recorded", "__pycache__"))
        log, live = os.path.join(work, "log"), os.path.join(work, "live.json")
        if form == "recording":
            command = [spawntrace, "run", "--report=none", "--json", live, "--record", log] + options + ["--"]
        elif form == "stderr":
            command = ["strace"] + STRACE[form]
        else:
            os.makedirs(log + "s")
            command = ["strace"] + STRACE[form] + ["-o", log if "ff" not in form else log + "s/run"]
        result = subprocess.run(command + [python] + arguments, cwd=folder, env=environment, timeout=60,
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        prefix = os.path.dirname(os.path.dirname(python))
        names = [(folder, "/home/dev/" + program), (prefix, "/opt/python" + version),
                 (os.path.realpath(prefix), "/opt/python" + version)]
        read = lambda path: renamed(open(path, "rb").read(), names)
        name = os.path.join(target, version + ("" if form == "recording" else "-" + form))
        if form == "recording":
            made = keep(read(log), name + ".sptrace.jsonl")
            return made, json.loads(read(live))
        if form == "stderr":
            return keep(renamed(result.stderr, names), name + ".strace"), None
        if "ff" in form:
            os.makedirs(name + ".strace")
            for file in sorted(glob.glob(log + "s/*")):
                with open(os.path.join(name + ".strace", os.path.basename(file)), "wb") as copy:
                    copy.write(read(file))
            return name + ".strace", None
        return keep(read(log), name + ".strace"), None


def report(spawntrace, path, live=None):
    """Writes the reports of a replay, as text and as JSON. It runs in traces/, so the path in them is short."""
    shown = os.path.relpath(path, ROOT)
    json_path = path + ".report.json"
    result = subprocess.run(
        [spawntrace, "replay", "--color=never", "--json", json_path, shown], cwd=ROOT, stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE, env={"LC_ALL": "C.UTF-8"})
    if result.returncode > 1:
        sys.exit("%s: %s" % (shown, result.stderr.decode()))
    with open(path + ".report.txt", "wb") as file:
        file.write(result.stderr)
    if live:
        again = json.load(open(json_path, encoding="utf-8"))
        again["source"] = live["source"]
        if again != live:
            sys.exit("%s: the replay's report isn't the live run's" % shown)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spawntrace", required=True)
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("--reports-only", action="store_true", help="only make the reports anew")
    parser.add_argument("--recordings-only", action="store_true", help="keep the logs of strace as they are")
    parser.add_argument("program", nargs="*")
    given = parser.parse_intermixed_args()
    spawntrace = os.path.abspath(given.spawntrace)
    if given.reports_only:
        for path in sorted(glob.glob(os.path.join(ROOT, "*", "recorded", "*"))):
            if ".report." not in path:
                report(spawntrace, path)
        return
    pythons = interpreters(given.python)
    for program in given.program or PROGRAMS:
        target = os.path.join(ROOT, program, "recorded")
        if not given.recordings_only:
            shutil.rmtree(target, ignore_errors=True)
        os.makedirs(target, exist_ok=True)
        for version, forms in PROGRAMS[program][2].items():
            for form in forms:
                if given.recordings_only and form != "recording":
                    continue
                if form == "recording":
                    # It may be small enough now to be kept as it is.
                    for old in glob.glob(os.path.join(target, version + ".sptrace.*")):
                        os.remove(old)
                made, live = make(spawntrace, program, version, pythons[version], form, target)
                report(spawntrace, made, live)
                print(os.path.relpath(made, ROOT), flush=True)


if __name__ == "__main__":
    main()
