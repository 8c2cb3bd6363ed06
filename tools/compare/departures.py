"""The pairs of pairs.py: a program that ends well, and the one thing that is different in the second run."""
import shutil

import programs
import settings
import starts
import varying
from sides import Pair, Side, main_file, named, number


def all_pairs(versions):
    """The pairs with these versions of Python: kind by kind, then those that are the same."""
    for kind, make in [("start-method", starts.start_methods), ("lost-guard", starts.lost_guards),
                       ("import-starts-process", starts.imports), ("interpreter", settings.interpreters),
                       ("environment", settings.environments), ("command", settings.commands),
                       ("arguments", settings.arguments), ("added-process", settings.processes),
                       ("exit", settings.exits), ("same", same)]:
        for name, says, good, bad in make(versions):
            if good.python in versions and bad.python in versions:
                yield Pair("%s-%s-%s" % (kind, name, named(good.python, bad.python)), kind, says, good, bad)
                if kind == "added-process":
                    yield Pair("missing-process-%s-%s" % (name, good.python), "missing-process", says, bad, good)


def same(versions):
    for version in versions:
        for name, (text, more) in varying.SAME.items():
            if name == "posix-spawn" and number(version) < (3, 8):
                continue
            side = Side(dict({"main.py": text}, **more), version)
            yield name, [], side, side
        for name in varying.SAME_OF_TRACES:
            files, argv = programs.of_trace(name)
            side = Side(files, version, tuple(argv))
            yield name, [], side, side
        files, _ = programs.of_trace("seed-guarded")
        side = Side(files, version, ("{python}", "-m", "unittest", "test_thing"))
        yield "unittest", [], side, side
        side = Side(main_file(varying.TEMPORARY_FILES, child_py=programs.CHILD), version,
                    environment={"PYTHONPATH": "{repo}/lib", "CONFIG": "{repo}/conf/a.toml"})
        yield "checkout-in-environment", [], side, side
        if shutil.which("make"):
            side = Side({"Makefile": varying.MAKEFILE, "child.py": programs.SLEEPER}, version,
                        ("make", "-s", "-j2", "PYTHON={python}"))
            yield "make", [], side, side
