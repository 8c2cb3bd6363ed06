#!/usr/bin/env python3
"""Runs the test suites of packages that start processes, untraced and traced, and compares the result of each test.

    tools/suites/pypi.py SPAWNTRACE PYTHON [--work DIR] [joblib|loky|multiprocess|billiard|xdist]...

Each package's source archive is fetched from PyPI. It is installed, with the packages that its tests need, into a
virtual environment below DIR. xdist is pytest-xdist with four workers on attrs, which has a few thousand small tests.
Prints each test with a result that differs, and each finding of the traced run. Exit status: 1 if a test differs.
"""
import argparse
import glob
import os
import subprocess
import sys
import tempfile

import comparison

# Name: archive, packages that the tests need, the command's words after the interpreter.
SUITES = {
    "joblib": ("joblib", ["pytest", "numpy", "threadpoolctl", "psutil"],
               ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-ra", "joblib/test"]),
    "loky": ("loky", ["pytest", "psutil", "cloudpickle", "pytest-timeout"],
             ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-ra", "tests"]),
    "multiprocess": ("multiprocess", ["pytest", "dill"], None),
    "billiard": ("billiard", ["pytest", "psutil", "pytest-subtests"],
                 ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-ra", "t/unit"]),
    "xdist": ("attrs", ["pytest", "pytest-xdist", "hypothesis", "cloudpickle"],
              ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-ra", "-n", "4", "tests"]),
}


def prepared(name, python, work):
    """Installs a suite; returns the virtual environment's interpreter and the archive's folder."""
    package, needs, _ = SUITES[name]
    venv, source = os.path.join(work, "venv-" + name), os.path.join(work, "src-" + name)
    interpreter = os.path.join(venv, "bin", "python")
    if not os.path.exists(interpreter):
        subprocess.run([python, "-m", "venv", venv], check=True)
    quiet = [interpreter, "-m", "pip", "-q", "--disable-pip-version-check"]
    if not glob.glob(source + "/*/"):
        subprocess.run(quiet + ["download", "--no-deps", "--no-binary", ":all:", "-d", source, package], check=True)
        for archive in glob.glob(source + "/*.tar.gz"):
            subprocess.run(["tar", "xzf", archive, "-C", source], check=True)
    folder = glob.glob(source + "/*/")[0]
    subprocess.run(quiet + ["install"] + needs + [folder], check=True)
    return interpreter, folder


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "spawntrace-suites"))
    parser.add_argument("--timeout", type=int, default=1800)
    parser.add_argument("spawntrace")
    parser.add_argument("python")
    parser.add_argument("suite", nargs="*")
    given = parser.parse_intermixed_args()
    os.makedirs(given.work, exist_ok=True)
    spawntrace, same = os.path.abspath(given.spawntrace), True
    for name in given.suite or SUITES:
        interpreter, folder = prepared(name, os.path.abspath(given.python), given.work)
        words = SUITES[name][2]
        if words is None:
            # The tests are CPython's, and are installed with the package.
            version = subprocess.run([interpreter, "-c", "import multiprocess.tests as t; print(t.__path__[0])"],
                                     capture_output=True, text=True, check=True).stdout.strip()
            words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-ra", "-o", "python_files=test_*.py __init__.py",
                     version]
        # Without this, the archive's folder would be imported in place of the installed package.
        env = dict(os.environ, PYTHONSAFEPATH="1") if name in ("joblib", "loky", "billiard") else None
        same = comparison.compare(
            spawntrace, name, lambda xml: [interpreter] + words + ["--junitxml", xml], given.work, folder, env,
            given.timeout) and same
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
