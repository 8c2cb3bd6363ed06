#!/usr/bin/env python3
"""Runs CPython's own test modules untraced and traced, and compares the result of each test.

    tools/suites/cpython.py SPAWNTRACE PYTHON [MODULE...]

The default modules are those of multiprocessing with each start method, concurrent.futures, subprocess and os, if the
interpreter ships them. If it ships the tests of multiprocessing without the modules that choose the start method,
these are written to a temporary folder. Prints each test with a result that differs, and each finding of the traced
run with its culprit. Exit status: 1 if a test differs.
"""
import argparse
import os
import subprocess
import sys
import tempfile

import comparison

MODULES = ["test_multiprocessing_fork", "test_multiprocessing_spawn", "test_multiprocessing_forkserver",
           "test_multiprocessing_main_handling", "test_concurrent_futures", "test_subprocess", "test_os"]
WRAPPER = """
import unittest
import test._test_multiprocessing
from test import support
test._test_multiprocessing.install_tests_in_module_dict(globals(), %r)
if __name__ == "__main__":
    unittest.main()
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--timeout", type=int, default=1200)
    parser.add_argument("--keep", help="a folder that keeps output and reports")
    parser.add_argument("spawntrace")
    parser.add_argument("python")
    parser.add_argument("module", nargs="*")
    given = parser.parse_args()
    spawntrace, python = os.path.abspath(given.spawntrace), os.path.abspath(given.python)
    shipped = subprocess.run([python, "-c", "import test; print(test.__path__[0])"],
                             capture_output=True, text=True, check=True).stdout.strip()
    differs = False
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or temporary
        os.makedirs(folder, exist_ok=True)
        for module in given.module or MODULES:
            own = os.path.join(temporary, "tests")
            os.makedirs(own, exist_ok=True)
            extra = []
            if not any(os.path.exists(os.path.join(shipped, module + end)) for end in (".py", "/__init__.py")):
                method = module.rpartition("_")[2]
                if not module.startswith("test_multiprocessing_") or \
                        not os.path.exists(os.path.join(shipped, "_test_multiprocessing.py")):
                    print("%-36s not shipped" % module)
                    continue
                # Since 3.12 regrtest takes the original names of these modules for folders.
                with open(os.path.join(own, "test_mp_%s.py" % method), "w") as file:
                    file.write(WRAPPER % method)
                extra = ["--testdir", own]
            name = "test_mp_" + method if extra else module
            same = comparison.compare(
                spawntrace, module,
                lambda xml: [python, "-m", "test", "-v", "--junit-xml", xml] + extra + [name], folder, temporary,
                timeout=given.timeout)
            differs = differs or not same
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
