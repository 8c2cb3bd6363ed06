"""The cases of a corpus folder: small Python programs with what spawntrace must report for each.

A case is a folder with a case.json:

    argv              the command; {python} stands for the interpreter, {bin} for its folder
    python            the versions that the expectations were verified with
    expect            verdict; culprit and call_site as FILE:LINE; consequence; exit, the program's own status (one for
                      all versions, or one each); unbounded or hang: it doesn't end by itself
    expect_by_python  what is different with a version
    cwd, env, links   working folder, environment, symbolic links that a checkout may have lost
    requires          packages from PyPI: the case needs an interpreter of --venv
    timeout_s, notes

The programs under traces/ are such cases, and so are those of ../shared/corpus.
"""
import glob
import json
import os
import shutil
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
ERRORS = {"reexec-cycle", "respawn-loop", "fork-bomb", "subprocess-cycle", "self-exec-loop", "deadlock", "lost-task",
          "never-ran"}


class Case:
    def __init__(self, path):
        self.folder = os.path.dirname(path)
        self.name = os.path.basename(self.folder)
        with open(path, encoding="utf-8") as file:
            self.fields = json.load(file)
        self.versions = self.fields["python"]
        self.time_limit = self.fields["timeout_s"]

    def expected(self, version):
        expected = dict(self.fields["expect"], **self.fields.get("expect_by_python", {}).get(version, {}))
        if isinstance(expected.get("exit"), dict):
            expected["exit"] = expected["exit"].get(version)
        expected["endless"] = bool(expected.get("unbounded") or expected.get("hang"))
        return expected

    def verdicts(self):
        return {self.expected(version)["verdict"] for version in self.versions}

    def prepare(self, python, work):
        """Copies the case into a folder below `work`; returns its working folder, command and environment."""
        copy = os.path.join(work, "case")
        shutil.copytree(self.folder, copy, symlinks=True, ignore=shutil.ignore_patterns("recorded", "__pycache__"))
        for link, target in self.fields.get("links", {}).items():
            path = os.path.join(copy, link)
            # git makes a file of it where the file system has no symbolic links.
            if not os.path.islink(path):
                if os.path.exists(path):
                    os.remove(path)
                os.symlink(target, path)

        def fill(text):
            return text.replace("{python}", python).replace("{bin}", os.path.dirname(python))

        given = self.fields.get("env", {})
        environment = {k: v for k, v in os.environ.items() if k not in ("CASE_COUNTER", "PYENV_VERSION")}
        environment.update({k: fill(v) for k, v in given.items()})
        if "PATH" in given and not self.fields.get("requires"):
            # A script's first line asks for `python3`.
            os.makedirs(os.path.join(copy, ".bin"))
            os.symlink(python, os.path.join(copy, ".bin", "python3"))
            environment["PATH"] = os.path.join(copy, ".bin") + ":/usr/bin:/bin"
        return os.path.join(copy, self.fields.get("cwd", ".")), [fill(a) for a in self.fields["argv"]], environment


def interpreters(given=()):
    """Interpreters by version: the given ones, or pyenv's, those on PATH and those under PYTHONS, as in the tests."""
    found = dict(pair.split("=", 1) for pair in given)
    if not found:
        for folder in os.environ.get("PATH", "").split(":"):
            for path in glob.glob(os.path.join(glob.escape(folder or "."), "python[23].[0-9]*")):
                version = os.path.basename(path)[len("python"):]
                if version.replace(".", "").isdigit() and "/shims" not in folder:
                    found.setdefault(version, path)
        for path in glob.glob(os.path.expanduser("~/.pyenv/versions/*/bin/python")):
            version = path.split("/")[-3]
            if version.replace(".", "").isdigit():
                found[".".join(version.split(".")[:2])] = path
        for path in glob.glob(os.path.join(os.environ.get("PYTHONS", "/nonexistent"), "usr/bin/python3.1[45]")):
            found[path.rsplit("python", 1)[1]] = path
    return {version: os.path.realpath(path) for version, path in found.items() if os.access(path, os.X_OK)}


def add_options(parser):
    parser.add_argument("--spawntrace", required=True)
    parser.add_argument("--python", action="append", default=[], metavar="VERSION=PATH")
    parser.add_argument("--venv", action="append", default=[], metavar="VERSION=FOLDER",
                        help="for the cases that require packages")
    parser.add_argument("--only", default="", metavar="VERSIONS",
                        help="3.8,3.14: those of them that are there; if none is, the newest that is")
    parser.add_argument("case", nargs="*")


def selected(corpus, options):
    """Triples of case, version and interpreter, and how many were skipped because an interpreter is missing."""
    pythons = interpreters(options.python)
    environments = dict(pair.split("=", 1) for pair in options.venv)
    wanted = wanted_versions(options.only, pythons)
    jobs, skipped = [], 0
    paths = sorted(glob.glob(os.path.join(corpus, "*", "case.json")))
    cases = [Case(path) for path in paths]
    unknown = set(options.case) - {case.name for case in cases}
    if unknown:
        sys.exit("no such case in %s: %s" % (corpus, ", ".join(sorted(unknown))))
    for case in cases:
        if options.case and case.name not in options.case:
            continue
        for version in case.versions:
            if wanted and version not in wanted:
                continue
            python = pythons.get(version)
            if case.fields.get("requires"):
                python = os.path.join(environments[version], "bin/python") if version in environments else None
            if python:
                jobs.append((case, version, python))
            else:
                skipped += 1
    return jobs, skipped


def wanted_versions(only, pythons):
    wanted = set(only.split(",")) if only else set()
    if wanted and not wanted & set(pythons):
        newest = max(pythons, key=lambda version: [int(part) for part in version.split(".")], default=None)
        return {newest}
    return wanted


def survivors(folder):
    """The processes that still work inside that folder."""
    left = []
    for link in glob.glob("/proc/[0-9]*/cwd"):
        try:
            if os.readlink(link).startswith(folder):
                left.append(int(link.split("/")[2]))
        except OSError:
            pass
    return left
