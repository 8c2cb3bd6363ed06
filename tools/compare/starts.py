"""Pairs in which processes are started by another method, or by what is executed at an import."""
import programs
import varying
from sides import GUARD, Side, line_of, main_file, turns


def start_methods(versions):
    # Only the default is another one from 3.14 on.
    defaults = {"pool": programs.POOL, "process": programs.PROCESS, "executor": programs.EXECUTOR,
                "manager": programs.MANAGER, "queues": varying.QUEUES}
    files, argv = programs.of_trace("seed-guarded")
    files["thing.py"] = files["thing.py"].replace('method="spawn"', "method=None")
    for old in ("3.13", "3.12", "3.8"):
        for name, text in list(defaults.items())[:None if old == "3.13" else 3]:
            good = Side(main_file(text), old)
            yield "default-" + name, ["fork", "forkserver"], good, good.but(python="3.14")
        good = Side(files, old, tuple(argv))
        yield "default-tests", ["fork", "forkserver"], good, good.but(python="3.14")
        good = Side(main_file(unguarded(programs.POOL)), old)
        yield "default-unguarded", ["fork", "forkserver"], good, good.but(python="3.14", mode="stop", status=112)
    items = [("pool", programs.CONTEXT_POOL), ("process", programs.CONTEXT_PROCESS),
             ("executor", programs.CONTEXT_EXECUTOR), ("manager", programs.CONTEXT_MANAGER),
             ("set-pool", programs.SET_POOL), ("set-process", programs.SET_PROCESS),
             ("set-manager", programs.SET_MANAGER)]
    changes = [("fork", "spawn"), ("spawn", "forkserver"), ("forkserver", "fork"), ("fork", "forkserver"),
               ("spawn", "fork")]
    items = [(name, text) + changes[(index + more) % len(changes)]
             for index, (name, text) in enumerate(items) for more in range(2)]
    for version, (name, text, old, new) in turns(versions, items):
        good = Side(main_file(text.replace('"spawn"', '"%s"' % old)), version)
        yield "%s-%s-to-%s" % (name, old, new), [old, new], good, good.but(
            main_file(text.replace('"spawn"', '"%s"' % new)))


def unguarded(text):
    """The same program with what is below its guard at the module's level."""
    before, after = text.split(GUARD)
    block, rest = [], after.splitlines(True)
    while rest and (not rest[0].strip() or rest[0].startswith("    ")):
        line = rest.pop(0)
        block.append(line[4:] if line.strip() else line)
    return before + "".join(block) + "".join(rest)


def lost_guards(versions):
    for version in versions:
        forkserver = programs.CONTEXT_PROCESS.replace("spawn", "forkserver")
        for name, text, statement, mode in [
                ("process", programs.CONTEXT_PROCESS, "process.start", "report"),
                ("process-forkserver", forkserver, "process.start", "report"),
                ("pool", programs.CONTEXT_POOL, "with", "stop"),
                ("pool-forkserver", programs.CONTEXT_POOL.replace("spawn", "forkserver"), "with", "stop"),
                # Its workers are started by the first task.
                ("executor", programs.CONTEXT_EXECUTOR, "print(list", "report"),
                ("manager", programs.CONTEXT_MANAGER, "with", "report")]:
            good = Side(main_file(text), version)
            bad = unguarded(text)
            yield name, ["main.py:%d" % line_of(bad, statement)], good, good.but(main_file(bad), mode=mode, status=112)
        for name, script, statement in [("seed-guarded", "runtest.py", "sys.exit"),
                                        ("start-in-a-thread-guarded", "main.py", "main()"),
                                        ("pipe-argument-healthy", "main.py", "process.start")]:
            files, argv = programs.of_trace(name)
            good = Side(files, version, tuple(argv))
            bad = unguarded(files[script])
            yield name, ["%s:%d" % (script, line_of(bad, statement))], good, good.but(
                {script: bad}, mode="stop", status=112)
        # A module of a package, and a script that main starts: main itself is the same.
        tool = {"pkg/__init__.py": "", "pkg/tool.py": programs.CONTEXT_POOL}
        good = Side(tool, version, ("{python}", "-m", "pkg.tool"))
        bad = unguarded(programs.CONTEXT_POOL)
        yield "module", ["pkg/tool.py:%d" % line_of(bad, "with")], good, good.but(
            {"pkg/tool.py": bad}, mode="stop", status=112)
        good = Side({"main.py": 'import subprocess\nimport sys\n\nsubprocess.call([sys.executable, "job.py"])\n',
                     "job.py": programs.CONTEXT_POOL}, version)
        yield "child", ["job.py:%d" % line_of(bad, "with")], good, good.but({"job.py": bad}, mode="stop", status=112)


HELPER = '"""Squares."""\n\n\ndef square(n):\n    return n * n\n'
# Statements at a module's level that start a process, with the imports that they need.
STARTS = {
    "run": ("import subprocess\n", 'subprocess.run(["true"], check=True)\n'),
    "python": ("import subprocess\nimport sys\n", 'subprocess.check_output([sys.executable, "-c", "pass"])\n'),
    "system": ("import os\n", 'os.system("true")\n'),
    "fork": ("import os\n", "child = os.fork()\nif not child:\n    os._exit(0)\nos.waitpid(child, 0)\n"),
    "process": ("import multiprocessing\n",
                'child = multiprocessing.get_context("fork").Process(target=print)\nchild.start()\nchild.join()\n'),
}


def imports(versions):
    pool = programs.CONTEXT_POOL.replace("\n\ndef square(n):\n    return n * n\n", "").replace(
        "import multiprocessing\n", "import multiprocessing\n\nfrom helper import square\n")
    plain = "import helper\n\nif __name__ == \"__main__\":\n    print(helper.square(3))\n"
    late = "def main():\n    import helper\n    print(helper.square(3))\n\n\nif __name__ == \"__main__\":\n    main()\n"
    for version in versions:
        for index, (name, (needs, start)) in enumerate(STARTS.items()):
            line = {"fork": "child = os.fork", "process": "child.start"}.get(name, start.split("(")[0])
            changed = needs + HELPER + "\n\n" + start
            packaged = plain.replace("import helper", "from lib import helper")
            forms = [("pool", pool, "helper.py"), ("package", packaged, "lib/helper.py"), ("plain", plain, "helper.py"),
                     ("late", late, "helper.py")]
            for form, text, helper in forms[index % 2::2]:
                good = Side({"main.py": text, helper: HELPER, "lib/__init__.py": ""}, version)
                yield ("%s-%s" % (name, form), ["%s:%d" % (helper, line_of(changed, line))], good,
                       good.but({helper: changed}))
        # The worker imports main, and with it the module that starts it.
        start = 'child = multiprocessing.get_context("spawn").Process(target=print)\nchild.start()\nchild.join()\n'
        changed = "import multiprocessing\n" + HELPER + "\n\n" + start
        good = Side({"main.py": plain, "helper.py": HELPER}, version)
        yield "spawn-cycle", ["helper.py:%d" % line_of(changed, "child.start")], good, good.but(
            {"helper.py": changed}, status=112)
