#!/usr/bin/env python3
"""Makes a pile of what failed jobs leave behind, by real runs, and checks what `triage` says of it.

    pile.py make --spawntrace B --out DIR [--cases DIR]... [--only 3.8,3.12,...] [--faults N] [--from-root]
    pile.py check --spawntrace B DIR

`make` copies cases of a corpus (traces/, and more with --cases) into a repository, in two checkouts: the second one has
another name, and its files have three more lines at their beginnings. Each fault is run on each Python in each
checkout, and leaves one of these, in turn: a recording, plain, gzip or zstd; a JSON report; a log of `strace -f`, or the
folder of `strace -ff`; where CPython's own message shows the fault, the job's output as a CI log. Healthy runs and
files that can't be read are among them, and a part is in a zip archive. With --from-root each command is run from
the checkout, else from the case's folder. DIR/truth.json says which input is of which fault.

`check` runs `triage` on the pile, as a whole and in parts that are joined, and compares: each fault once, with exactly its
inputs, its rule and line; no other error. It prints the figures: faults that were split into several causes (bucket
spray), causes that mix faults, seconds, and the greatest memory. Exit status 1 if anything is wrong.
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
import time
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
STRACE = ["strace", "-f", "-s", "4096", "-e", "trace=process,openat,open,write,pipe2,connect,bind,kill"]
LIMIT = 12
SKIPPED = {"odd-path-unguarded", "stdin-script", "shebang-script-unguarded"}


def interpreters(only):
    found = {}
    for path in glob.glob(os.path.expanduser("~/.pyenv/versions/*/bin/python")):
        version = ".".join(path.split("/")[-3].split(".")[:2])
        found.setdefault(version, path)
    folder = os.environ.get("PYTHONS")
    for path in glob.glob(f"{folder}/usr/bin/python3.1[0-9]") if folder else []:
        found.setdefault(path.rsplit("python", 1)[1], path)
    return {version: found[version] for version in only if version in found}


def cases(folders):
    result = {}
    for folder in folders:
        for path in sorted(glob.glob(f"{folder}/*/case.json")):
            name = os.path.basename(os.path.dirname(path))
            if name not in result and name not in SKIPPED:
                case = json.load(open(path))
                case["folder"] = os.path.dirname(path)
                result[name] = case
    return result


RULES = {"reexec-cycle": "ST101", "respawn-loop": "ST102", "fork-bomb": "ST103", "subprocess-cycle": "ST104",
         "self-exec-loop": "ST105", "deadlock": "ST106", "lost-task": "ST107", "never-ran": "ST108"}


def checkout(root, chosen, shift):
    for name, case in chosen.items():
        target = f"{root}/{name}"
        shutil.copytree(case["folder"], target, ignore=shutil.ignore_patterns("recorded", "case.json"), symlinks=True)
        for path in glob.glob(target + "/**/*.py", recursive=True) if shift else []:
            if os.path.islink(path) or os.path.basename(path).startswith("_limit"):
                continue
            text = open(path).read()
            open(path, "w").write("# one\n# two\n# three\n" + text)


def run(command, cwd, limit=LIMIT):
    """The output of a command, both streams together, and its status."""
    full = ["timeout", "-k", "1", str(limit), "unshare", "--pid", "--fork", "--kill-child", "--mount-proc"] + command
    with tempfile.TemporaryFile() as out:
        status = subprocess.run(full, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=out).returncode
        out.seek(0)
        return out.read(400000), status


def as_log(output, number):
    """The output as GitHub Actions keeps it: each line with its time."""
    lines = ["##[group]Run the tests"] + output.decode(errors="replace").splitlines()
    lines.append("##[error]Process completed with exit code 1.")
    return "".join("2026-11-%02dT10:%02d:%02d.%07dZ %s\n" % (10 + number % 15, i // 60 % 60, i % 60, i, line)
                   for i, line in enumerate(lines))


def make(args):
    pythons = interpreters(args.only.split(","))
    known = cases(args.cases or [f"{ROOT}/traces"])
    faults = {}
    healthy = {}
    for name, case in known.items():
        verdict = case["expect"]["verdict"]
        if case.get("requires") or not all(version in case["python"] for version in pythons):
            continue
        if verdict in RULES and not case.get("expect_by_python") and verdict != "deadlock":
            if case["expect"].get("culprit"):
                faults[name] = case
        elif verdict == "healthy" and not case.get("expect_by_python"):
            healthy[name] = case
    # Many cases are one mechanism: one of each rule first.
    order = sorted(faults, key=lambda name: (RULES[faults[name]["expect"]["verdict"]] == "ST101", name))
    chosen = {name: faults[name] for name in order[:args.faults]}
    chosen.update({name: healthy[name] for name in sorted(healthy)[:4]})
    out = os.path.abspath(args.out)
    os.makedirs(out, exist_ok=True)
    if os.listdir(out):
        sys.exit(f"pile.py: {out} is not empty; name a folder for the pile alone")
    work = tempfile.mkdtemp(prefix="pile-")
    roots = [f"{work}/ci/first-checkout", f"{work}/home/another-copy"]
    for index, root in enumerate(roots):
        checkout(root, chosen, shift=index == 1)
    truth = {"faults": {}, "healthy": [], "unreadable": [], "silent": []}
    number = 0
    for name, case in chosen.items():
        verdict = case["expect"]["verdict"]
        forms = ["recording", "report", "gz", "strace", "zst", "strace-ff"]
        if verdict == "reexec-cycle":
            forms += ["log", "log"]
        for version, python in pythons.items():
            for index, root in enumerate(roots):
                number += 1
                form = "recording" if verdict == "healthy" else forms[number % len(forms)]
                shutil.rmtree(f"{root}/{name}")
                checkout(root, {name: case}, shift=index == 1)
                argv = [python if word == "{python}" else word for word in case["argv"]]
                cwd = f"{root}/{name}"
                if args.from_root and len(argv) > 1 and os.path.exists(f"{cwd}/{argv[1]}"):
                    argv[1], cwd = f"{name}/{argv[1]}", root
                stem = f"{out}/{form}/{number:03d}"
                os.makedirs(os.path.dirname(stem), exist_ok=True)
                inputs = leave(form, argv, cwd, stem, args.spawntrace, number)
                if inputs is None:
                    continue
                if form not in ("log", "report") and verdict != "healthy" and not shows(args.spawntrace, inputs):
                    # A log of system calls doesn't show every fault, nor does a recording that ended too early.
                    truth["silent"].append(os.path.relpath(inputs, out))
                    continue
                if verdict == "healthy":
                    truth["healthy"].append(os.path.relpath(inputs, out))
                else:
                    fault = truth["faults"].setdefault(name, {
                        "rule": RULES[verdict], "culprit": case["expect"]["culprit"], "inputs": []})
                    fault["inputs"].append(os.path.relpath(inputs, out))
    os.makedirs(f"{out}/odd", exist_ok=True)
    open(f"{out}/odd/empty.log", "w").close()
    open(f"{out}/odd/binary", "wb").write(bytes(range(256)) * 64)
    open(f"{out}/odd/torn.zip", "wb").write(b"PK\x03\x04" + b"x" * 99)
    open(f"{out}/odd/other.log", "w").write("building\nmake: *** [all] Error 2\n")
    truth["unreadable"] = ["odd/binary", "odd/torn.zip"]
    archive(out, truth)
    json.dump(truth, open(f"{out}/truth.json.txt", "w"), indent=1)
    os.rename(f"{out}/truth.json.txt", out.rstrip("/") + ".truth.json")
    shutil.rmtree(work)
    print(f"{number} runs, {len(truth['faults'])} faults, {len(truth['silent'])} inputs that show nothing")


def archive(out, truth):
    """Puts every third CI log into one archive, as GitHub does."""
    logs = sorted(glob.glob(f"{out}/log/*"))[::3]
    if not logs:
        return
    with zipfile.ZipFile(f"{out}/logs.zip", "w", zipfile.ZIP_DEFLATED) as file:
        for path in logs:
            member = os.path.basename(path)
            file.write(path, member)
            os.unlink(path)
            for fault in truth["faults"].values():
                name = os.path.relpath(path, out)
                fault["inputs"] = [f"logs.zip!{member}" if entry == name else entry for entry in fault["inputs"]]


def leave(form, argv, cwd, stem, spawntrace, number):
    """Runs a command, and returns what it has left behind."""
    if form == "log":
        output, _ = run(argv, cwd, limit=4)
        if b"bootstrapping phase" not in output:
            return None
        open(stem + ".txt", "w").write(as_log(output, number))
        return stem + ".txt"
    if form == "strace":
        run(STRACE + ["-o", stem + ".strace"] + argv, cwd, limit=5)
        return stem + ".strace"
    if form == "strace-ff":
        os.makedirs(stem)
        run(STRACE + ["-ff", "-o", stem + "/run.strace"] + argv, cwd, limit=5)
        return stem
    if form == "report":
        run([spawntrace, "run", "--json", stem + ".json", "--"] + argv, cwd)
        return stem + ".json"
    path = stem + ".sptrace.jsonl"
    run([spawntrace, "run", "--record", path, "--"] + argv, cwd)
    if form == "gz":
        with open(path, "rb") as file, gzip.open(path + ".gz", "wb") as packed:
            shutil.copyfileobj(file, packed)
        os.unlink(path)
        return path + ".gz"
    if form == "zst":
        subprocess.run(["zstd", "-q", "--rm", path], check=True)
        return path + ".zst"
    return path


def shows(spawntrace, path):
    return subprocess.run([spawntrace, "replay", "--report", "none", path], stderr=subprocess.DEVNULL).returncode == 1


def triage(spawntrace, cwd, out, paths):
    begun = time.monotonic()
    process = subprocess.run(["/usr/bin/time", "-f", "%M", spawntrace, "triage", "--json", out] + paths, cwd=cwd,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if process.returncode not in (0, 1):
        sys.exit(f"triage: {process.returncode}\n{process.stderr}")
    return json.load(open(out)), time.monotonic() - begun, int(process.stderr.split()[-1]) / 1024


def named(path):
    """An input's name in the truth."""
    return path[2:] if path.startswith("./") else path


def check(args):
    pile = os.path.abspath(args.pile)
    truth = json.load(open(pile.rstrip("/") + ".truth.json"))
    work = tempfile.mkdtemp()
    result, seconds, memory = triage(args.spawntrace, pile, f"{work}/all.json", ["."])
    wrong = []
    owner = {entry: name for name, fault in truth["faults"].items() for entry in fault["inputs"]}
    spray = {}
    for cause in result["causes"]:
        names = {owner.get(owner_name(named(entry), owner)) for entry in cause["inputs"]}
        if cause["severity"] != "error":
            continue
        if len(names) > 1 or None in names:
            wrong.append(f"mixed: {cause['title']} at {place(cause)}: {sorted(map(str, names))} {cause['inputs'][:6]}")
        for name in names - {None}:
            spray.setdefault(name, []).append(cause)
    right = 0
    for name, fault in truth["faults"].items():
        causes = spray.get(name, [])
        if len(causes) != 1:
            wrong.append(f"{name}: {len(causes)} causes: " + "; ".join(
                f"{cause['rule']} {cause['certainty']} {cause['startMethod']} {place(cause)} {cause['inputs']}" for cause in causes))
            continue
        cause = causes[0]
        inputs = sorted(owner_name(named(entry), owner) for entry in cause["inputs"])
        if inputs != sorted(fault["inputs"]):
            wrong.append(f"{name}: lacks {sorted(set(fault['inputs']) - set(inputs))}, has {sorted(set(inputs) - set(fault['inputs']))}")
        elif cause["rule"] != fault["rule"]:
            wrong.append(f"{name}: {cause['rule']}")
        elif not is_line(cause, fault["culprit"]):
            wrong.append(f"{name}: {place(cause)} in place of {fault['culprit']}")
        else:
            right += 1
    unreadable = sorted(named(entry["path"]) for entry in result["inputs"]["unreadable"])
    if unreadable != sorted(truth["unreadable"]):
        wrong.append(f"unreadable: {unreadable}")
    parts = [os.path.relpath(path, pile) for path in sorted(glob.glob(pile + "/*"))]
    outputs = []
    for index, part in enumerate(parts):
        triage(args.spawntrace, pile, f"{work}/{index}.json", ["./" + part])
        outputs.append(f"{work}/{index}.json")
    triage(args.spawntrace, pile, f"{work}/some.json", outputs[::2])
    joined, _, _ = triage(args.spawntrace, pile, f"{work}/joined.json", outputs[1::2][::-1] + [f"{work}/some.json"])
    if joined != result:
        wrong.append("the parts' results don't give the whole's")
    print("\n".join(wrong))
    print(f"{right} of {len(truth['faults'])} faults right; {result['inputs']['read']} inputs in {seconds:.1f} s, "
          f"{memory:.0f} MiB")
    shutil.rmtree(work)
    sys.exit(1 if wrong else 0)


def owner_name(entry, owner):
    """The folder of an `strace -ff` may be named by its files' common name."""
    return entry if entry in owner else os.path.dirname(entry) if os.path.dirname(entry) in owner else entry


def place(cause):
    culprit = cause["culprit"] or {}
    return f"{culprit.get('path')}:{culprit.get('line')}"


def is_line(cause, expected):
    path, _, line = expected.rpartition(":")
    culprit = cause["culprit"] or {}
    # The newest input may have the second checkout's lines.
    return (culprit.get("path") or "").endswith(path) and culprit.get("line") in (int(line), int(line) + 3)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
commands = parser.add_subparsers(dest="command", required=True)
maker = commands.add_parser("make")
maker.add_argument("--spawntrace", required=True)
maker.add_argument("--out", required=True)
maker.add_argument("--cases", action="append")
maker.add_argument("--only", default="3.8,3.12,3.13,3.14")
maker.add_argument("--faults", type=int, default=15)
maker.add_argument("--from-root", action="store_true")
checker = commands.add_parser("check")
checker.add_argument("--spawntrace", required=True)
checker.add_argument("pile")
arguments = parser.parse_args()
arguments.spawntrace = os.path.abspath(arguments.spawntrace)
{"make": make, "check": check}[arguments.command](arguments)
