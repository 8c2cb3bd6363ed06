#!/usr/bin/env python3
"""Makes a pile of CI logs whose truth is known, and scores the reader of CI logs with it.

    tools/triage/logs.py make PILE [--python VERSION=PATH]... [--rich PATH]
    tools/triage/logs.py score PILE --reader READER [--verbose]

`make` really runs the programs under traces/ and ../shared/corpus, under plain Python, pytest and unittest, and wraps
what they print in the grammars of CI hosts (forms.py): 206 logs of ST101, and 60 healthy ones and other failures.
pytest runs where the interpreter has it. Each log has its truth beside it, NAME.json, from case.json.

`score` prints how many logs are read
    right         one fault of the rule, at the line and with its text
    damaged       the right line with another text
    rule only     the rule without a place
    missed        no fault of the rule
    wrong         another line, or several faults
and, among the others, how many have a false ST101. READER is what `swift build -c release --product log-reading` builds.
A log that can't show the place (unittest's, which cuts a traceback at the test's method; a start in another thread)
is right as `rule only`, and is counted apart.
"""
import argparse
import collections
import concurrent.futures
import json
import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import forms  # noqa: E402
import programs  # noqa: E402

VERSIONS = ["3.8", "3.12", "3.13", "3.14"]
# They end only by a limit, and print nothing that is read here.
SKIPPED = {"thread-spawn-fork-bomb", "many-short-subprocesses", "exit-pytest-pool", "execv-self-loop"}
ECHOED = ["process-spawn-unguarded", "executor-spawn-unguarded", "import-side-effect-helper", "unguarded-main-call"]
TOTAL, OTHERS = 206, 60


def has_pytest(python):
    return subprocess.run([python, "-c", "import pytest"], stderr=subprocess.DEVNULL).returncode == 0


def runs(pythons, rich):
    """Thunks, each of which makes one `Printed`."""
    corpora = programs.corpora()
    for name, case in corpora.items():
        if case.fields.get("requires") or name in SKIPPED:
            continue
        for version in VERSIONS:
            if version in case.versions and version in pythons:
                yield lambda c=case, v=version: programs.print_case(c, v, pythons[v], "plain")
    for version, python in pythons.items():
        runners = ["unittest"] + (["pytest", "pytest-short", "pytest-native"] if has_pytest(python) else [])
        for name in ECHOED:
            for runner in runners:
                if name in corpora:
                    yield lambda n=name, v=version, r=runner: programs.print_case(corpora[n], v, pythons[v], r)
        limiter = (corpora["pool-spawn-unguarded"].folder + "/_limit.py")
        text = pathlib.Path(limiter).read_text() if pathlib.Path(limiter).exists() else "def tick():\n    pass\n"
        for suite in programs.SUITES:
            yield lambda s=suite, v=version, t=text: programs.print_suite(s, v, pythons[v], t)
    if rich:
        for width in (72, 80, 100, 140):
            yield lambda w=width: programs.print_rich("3.12", rich, w)


def make(options):
    pile = pathlib.Path(options.pile)
    raw = pile / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    found = programs.cases.interpreters(options.python)
    pythons = {version: found[version] for version in VERSIONS if version in found}
    if options.python:
        # A venv's interpreter is a link, and has packages only under its own name.
        pythons.update(pair.split("=", 1) for pair in options.python)
    with concurrent.futures.ThreadPoolExecutor(2) as executor:
        for printed in executor.map(lambda thunk: thunk(), runs(pythons, options.rich)):
            programs.save(printed, raw)
    wrap(pile)


def wrap(pile):
    """Wraps the kept outputs: each faulty one in several forms, in turn, until there are TOTAL."""
    everything = list(programs.load(pile / "raw"))
    suites = [p for p in everything if p.runner == "unittest-suite" and p.truth.rule == "ST101"][:16]
    faulty = [p for p in everything if p.truth.rule == "ST101" and p.truth.line and p not in suites]
    others = [p for p in everything if p.truth.rule != "ST101"]
    for old in pile.glob("*.log"):
        old.unlink()
    generator = random.Random(15)
    number = 0
    for printed in suites:
        write(pile, number, printed, [forms.github, forms.gitlab, forms.azure, forms.circleci][number % 4], generator)
        number += 1
    index = 0
    while number < TOTAL:
        printed = faulty[index % len(faulty)]
        form = forms.FORMS[(index + index // len(faulty)) % len(forms.FORMS)]
        # A test runner's report is no stream of several processes; JSON and rich's box have no torn form here.
        if form.__name__.startswith("torn_") and printed.runner != "plain":
            form = forms.github
        write(pile, number, printed, form, generator)
        number += 1
        index += 1
    plain = [form for form in forms.FORMS if not form.__name__.startswith("torn_")]
    generator.shuffle(others)
    for index, printed in enumerate(others[:OTHERS]):
        write(pile, number, printed, plain[index % len(plain)], generator)
        number += 1


def write(pile, number, printed, form, generator):
    name = "%03d-%s-%s-%s-%s" % (number, printed.name, printed.version, printed.runner, form.__name__)
    (pile / (name + ".log")).write_bytes(form(printed, generator))
    truth = dict(vars(printed.truth), name=name, form=form.__name__, runner=printed.runner)
    (pile / (name + ".json")).write_text(json.dumps(truth), encoding="utf-8")


def tail_matches(path, wanted):
    return path.replace("\\", "/").endswith("/" + wanted) or path.replace("\\", "/") == wanted


def verdict(reading, truth):
    faults = [fault for fault in reading["faults"] if fault["rule"] == "ST101"]
    if truth["rule"] != "ST101":
        return "false" if faults else "no fault, rightly"
    if not faults:
        return "missed"
    if not truth["line"]:
        return "rule only, rightly" if all(not fault["culprit"] for fault in faults) else "wrong"
    if len(faults) > 1:
        return "wrong"
    culprit = faults[0]["culprit"]
    if not culprit:
        return "rule only"
    if culprit["line"] != truth["line"] or not tail_matches(culprit["path"], truth["path"]):
        return "wrong"
    return "right" if culprit["text"] == truth["text"] else "damaged"


def score(options):
    logs = sorted(pathlib.Path(options.pile).glob("*.log"))
    done = subprocess.run([options.reader] + [str(path) for path in logs], stdout=subprocess.PIPE, check=True)
    counts = collections.Counter()
    for path, line in zip(logs, done.stdout.decode().splitlines()):
        reading = json.loads(line)
        truth = json.loads(path.with_suffix(".json").read_text())
        result = verdict(reading, truth)
        counts[result] += 1
        if options.verbose and result not in ("right", "rule only, rightly", "no fault, rightly"):
            places = [(f["culprit"], f["count"]) for f in reading["faults"]]
            print("%-10s %s\n           truth %s %s, read %s, %d without a place, %d quoted" % (
                result, path.name, truth["line"], truth["text"], places, reading["placeless"], reading["quotations"]))
    for result, count in counts.most_common():
        print("%4d  %s" % (count, result))
    return 1 if counts["false"] or counts["wrong"] else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("make", "wrap", "score"):
        command = commands.add_parser(name)
        command.add_argument("pile")
        if name == "make":
            command.add_argument("--python", action="append", default=[], metavar="VERSION=PATH")
            command.add_argument("--rich", metavar="PATH", help="an interpreter of 3.12 that has rich")
        if name == "score":
            command.add_argument("--reader", required=True)
            command.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    if options.command == "make":
        make(options)
    elif options.command == "wrap":
        wrap(pathlib.Path(options.pile))
    else:
        sys.exit(score(options))


main()
