"""Runs programs of the corpus as a CI job does, and keeps what they print with what is true of them.

A `Printed` is one real run: its output as it came through one pipe, and its truth from case.json. Paths in it
still are those of this machine; forms.py gives them those of a CI host.
"""
import dataclasses
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "corpus"))
import cases  # noqa: E402

PHRASE = b"An attempt has been made to start a new process before the"
# Test files that run a program of the corpus as tests do.
PYTEST_ECHO = """import subprocess, sys


def test_program():
    done = subprocess.run([sys.executable, {argv}], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          universal_newlines=True{timeout})
    print(done.stdout)
    assert "Traceback" not in done.stdout
"""
UNITTEST_ECHO = """import subprocess, sys, unittest


class ProgramTest(unittest.TestCase):
    def test_program(self):
        done = subprocess.run([sys.executable, {argv}], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              universal_newlines=True{timeout})
        self.assertNotIn("Traceback", done.stdout)


unittest.main()
"""
# Suites that an unguarded script runs: each worker runs them again, and the runner prints the error.
SUITES = {
    "suite-pool": "    with multiprocessing.get_context('spawn').Pool(2) as pool:\n        return pool.map(abs, range(4))\n",
    "suite-process": "    worker = multiprocessing.get_context('spawn').Process(target=abs, args=(1,))\n"
                     "    worker.start()\n    worker.join()\n    return [0, 1, 2, 3]\n",
    "suite-executor": "    context = multiprocessing.get_context('spawn')\n"
                      "    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:\n"
                      "        return list(pool.map(abs, range(4)))\n",
    "suite-manager": "    with multiprocessing.get_context('spawn').Manager() as manager:\n"
                     "        return list(manager.list(range(4)))\n",
}
SUITE_THING = "import concurrent.futures\nimport multiprocessing\n\n\ndef squares():\n"
SUITE_TEST = """import unittest

import thing


class SquaresTest(unittest.TestCase):
    def test_squares(self):
        self.assertEqual(thing.squares(), [0, 1, 2, 3])
"""
SUITE_RUN = """import unittest

import _limit
import test_thing

_limit.tick()
suite = unittest.defaultTestLoader.loadTestsFromModule(test_thing)
unittest.TextTestRunner(verbosity=2).run(suite)
"""


RICH = """import multiprocessing

from rich.traceback import install

install(width={width})


def work():
    pass


context = multiprocessing.get_context("spawn")
worker = context.Process(target=work)
worker.start()
worker.join()
"""


@dataclasses.dataclass
class Truth:
    """What is true of a log: the rule, or None; the culprit, or None where the log can't show it."""
    rule: str | None
    path: str | None = None
    line: int | None = None
    text: str | None = None


@dataclasses.dataclass
class Printed:
    name: str
    version: str
    runner: str
    folder: str
    python: str
    command: list
    status: int
    output: bytes
    truth: Truth
    # What a reader may find besides (ST202 beside a real ST101 is none of ours, ...).
    note: str = ""


def run(command, folder, environment, seconds, interrupt):
    """Output and status of a command whose streams are one pipe, ended by SIGINT or SIGTERM after some seconds."""
    name = "INT" if interrupt else "TERM"
    done = subprocess.run(["timeout", "-k", "2", "-s", name, str(seconds)] + command, cwd=folder, env=environment,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout, done.returncode


def source_line(folder, path, number):
    lines = (pathlib.Path(folder) / path).read_text(encoding="utf-8").splitlines()
    return lines[number - 1].strip()


def truth_of(case, version, folder):
    expected = case.expected(version)
    verdict, culprit = expected["verdict"], expected.get("culprit")
    rule = {"reexec-cycle": "ST101", "unpicklable-target": "ST203", "worker-crash": "ST202"}.get(verdict)
    if not rule:
        return Truth(None)
    if not culprit:
        return Truth(rule)
    path, number = culprit.rsplit(":", 1)
    return Truth(rule, path, int(number), source_line(folder, path, int(number)))


def shown(truth, output):
    """What of the truth the output can show: no rule without the message, no place without a frame of it."""
    if truth.rule != "ST101":
        return truth
    if PHRASE not in output:
        return Truth(None)
    name = re.escape(truth.path.split("/")[-1].encode())
    frame = rb"%s\"?, line %d, in <module>|%s:%d:? in <module>" % (name, truth.line, name, truth.line)
    if truth.path.endswith("real.py"):
        # A link's name is what is printed.
        truth.path, frame = "link.py", frame.replace(rb"real\.py", rb"link\.py")
    return truth if re.search(frame, output) else Truth("ST101")


def corpora():
    shared = ROOT.parent / "shared" / "corpus"
    found = {}
    for folder in [ROOT / "traces", shared]:
        for path in sorted(folder.glob("*/case.json")):
            found.setdefault(path.parent.name, cases.Case(str(path)))
    return found


def harness(case, argv, runner, folder):
    """The command by which a runner of tests runs the program."""
    timeout = ""
    if runner in ("pytest", "pytest-short", "pytest-native"):
        text = PYTEST_ECHO
    else:
        text = UNITTEST_ECHO
    quoted = ", ".join(repr(part) for part in argv[1:])
    pathlib.Path(folder, "test_program.py").write_text(text.format(argv=quoted, timeout=timeout), encoding="utf-8")
    if runner.startswith("pytest"):
        style = {"pytest": [], "pytest-short": ["--tb=short"], "pytest-native": ["--tb=native"]}[runner]
        return [argv[0], "-m", "pytest", "-p", "no:cacheprovider"] + style + ["test_program.py"]
    return [argv[0], "test_program.py"]


def print_case(case, version, python, runner, seconds=3):
    work = tempfile.mkdtemp(prefix="logs-")
    try:
        folder, argv, environment = case.prepare(python, work)
        environment.pop("PYTHONPATH", None)
        environment["TMPDIR"] = work
        truth = truth_of(case, version, folder)
        if runner != "plain":
            argv = harness(case, argv, runner, folder)
        interrupt = int(hashlib.sha1((case.name + version).encode()).hexdigest(), 16) % 2 == 0
        endless = case.expected(version)["endless"]
        limit = seconds if endless and runner == "plain" else 20
        output, status = run(argv, folder, environment, limit, interrupt)
        truth = shown(truth, output)
        return Printed(case.name, version, runner, os.path.normpath(folder), python, argv, status, output, truth)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def print_rich(version, python, width):
    """An unguarded script that prints its tracebacks by rich."""
    work = tempfile.mkdtemp(prefix="logs-")
    try:
        source = RICH.format(width=width)
        pathlib.Path(work, "main.py").write_text(source, encoding="utf-8")
        output, status = run([python, "main.py"], work, dict(os.environ, TMPDIR=work, PYTHONIOENCODING="utf-8"), 6, False)
        line = source.splitlines().index("worker.start()") + 1
        return Printed("rich-%d" % width, version, "rich", work, python, [python, "main.py"], status, output,
                       Truth("ST101", "main.py", line, "worker.start()"))
    finally:
        shutil.rmtree(work, ignore_errors=True)


def print_suite(name, version, python, limiter):
    """An unguarded script that runs a suite of unittest: no traceback of it has a frame of the script."""
    work = tempfile.mkdtemp(prefix="logs-")
    try:
        for file, text in [("thing.py", SUITE_THING + SUITES[name]), ("test_thing.py", SUITE_TEST),
                           ("runtest.py", SUITE_RUN), ("_limit.py", limiter)]:
            pathlib.Path(work, file).write_text(text, encoding="utf-8")
        environment = {k: v for k, v in os.environ.items() if k not in ("CASE_COUNTER", "PYTHONPATH")}
        environment["TMPDIR"] = work
        output, status = run([python, "runtest.py"], work, environment, 6, False)
        truth = Truth("ST101") if PHRASE in output else Truth(None)
        return Printed(name, version, "unittest-suite", work, python, [python, "runtest.py"], status, output, truth)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def save(printed, folder):
    stem = "%s-%s-%s" % (printed.name, printed.version, printed.runner)
    fields = dataclasses.asdict(printed)
    output = fields.pop("output")
    (folder / (stem + ".raw")).write_bytes(output)
    (folder / (stem + ".json")).write_text(json.dumps(fields, indent=1), encoding="utf-8")


def load(folder):
    for path in sorted(folder.glob("*.json")):
        fields = json.loads(path.read_text(encoding="utf-8"))
        fields["truth"] = Truth(**fields["truth"])
        yield Printed(output=path.with_suffix(".raw").read_bytes(), **fields)
