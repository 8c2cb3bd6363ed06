"""Pairs in which the program gets something else, or starts or ends something else."""
import programs
from sides import GUARD, MAIN, Side, main_file, turns


def interpreters(versions):
    children = 'import subprocess\nimport sys\n\nsubprocess.run([sys.executable, "child.py", "a"], check=True)\n'
    healthy = [("pool", main_file(programs.CONTEXT_POOL)), ("process", main_file(programs.CONTEXT_PROCESS)),
               ("executor", main_file(programs.CONTEXT_EXECUTOR)), ("manager", main_file(programs.CONTEXT_MANAGER)),
               ("forkserver", main_file(programs.CONTEXT_POOL.replace("spawn", "forkserver"))),
               ("fork", main_file(programs.CONTEXT_POOL.replace("spawn", "fork"))),
               ("plain", main_file(programs.PLAIN)), ("child", main_file(children, child_py=programs.CHILD))]
    changes = [("3.8", "3.12"), ("3.12", "3.13"), ("3.13", "3.14"), ("3.12", "3.14"), ("3.13", "3.8"), ("3.8", "3.14"),
               ("3.14", "3.12"), ("3.8", "3.13"), ("3.10", "3.11"), ("3.14", "3.15")]
    for index, (name, files) in enumerate(healthy):
        for more in range(len(changes)):
            if (index + more) % 2 == 0 or more >= 8:
                old, new = changes[more]
                yield name, [old, new], Side(files, old), Side(files, new)
    for version, (name, files) in turns(versions, [healthy[0], healthy[6], healthy[7]]):
        good = Side(files, version)
        yield name + "-venv", ["venv"], good, good.but(venv="venv")
        yield name + "-copied", [".venv"], good, good.but(venv="copied")
    # What main starts is named by a file; main itself is the same.
    text = 'import subprocess\n\nsubprocess.run([open("python.txt").read(), "child.py", "a"], check=True)\n'
    for old, new in (("3.8", "3.12"), ("3.12", "3.13"), ("3.13", "3.14")):
        for version in versions[:1]:
            good = Side({"main.py": text, "child.py": programs.CHILD, "python.txt": "{python%s}" % old}, version)
            if old in versions and new in versions:
                yield "of-child-%s-%s" % (old, new), [old, new], good, good.but({"python.txt": "{python%s}" % new})


def environments(versions):
    quiet = [("value", {"MODE": "a"}, {"MODE": "b"}, "MODE"), ("set", {}, {"DEBUG": "1"}, "DEBUG"),
             ("unset", {"MODE": "a"}, {}, "MODE"),
             ("hash-seed", {"PYTHONHASHSEED": "0"}, {"PYTHONHASHSEED": "1"}, "PYTHONHASHSEED"),
             ("settings", {"DJANGO_SETTINGS_MODULE": "app.settings.dev"},
              {"DJANGO_SETTINGS_MODULE": "app.settings.prod"}, "DJANGO_SETTINGS_MODULE"),
             ("pythonpath", {}, {"PYTHONPATH": "{repo}/lib"}, "PYTHONPATH"),
             ("other-path", {"CONFIG": "{repo}/conf/a.toml"}, {"CONFIG": "{repo}/conf/b.toml"}, "CONFIG")]
    texts = [("pool", programs.CONTEXT_POOL), ("plain", programs.PLAIN), ("process", programs.PROCESS)]
    items = [(name + "-" + form, text) + tuple(rest) for index, (name, *rest) in enumerate(quiet)
             for form, text in (texts[index % 3], texts[(index + 1) % 3])]
    for version, (name, text, old, new, variable) in turns(versions, items):
        good = Side(main_file(text), version, environment=old)
        yield name, [variable], good, good.but(environment=new)
    start = 'if os.environ.get("EXTRA"):\n    subprocess.run(["true"], check=True)\n'
    inner = "".join("    " + line + "\n" for line in start.splitlines())
    needs = "import os\nimport subprocess\n"
    loud = [("starts-in-main", needs + programs.CONTEXT_POOL + inner),
            ("starts-at-level", needs + start + programs.CONTEXT_POOL),
            ("starts-at-level-alone", needs + "\n" + start + programs.PLAIN),
            ("starts-in-function", needs + "\n\ndef extra():\n" + inner + "\n\nextra()\n")]
    for version, (name, text) in turns(versions, loud):
        good = Side(main_file(text), version)
        yield name, ["EXTRA"], good, good.but(environment={"EXTRA": "1"})
    # The program asks a variable which method to use, and whether to wait for ever.
    method = "import os\n" + programs.CONTEXT_POOL.replace('"spawn"', 'os.environ["METHOD"]')
    files, argv = programs.of_trace("deadlocked-join")
    hang = "import os\n" + files["main.py"].replace("alarm(4)", "alarm(9)").replace(
        '"x" * 1000000', '"x" * int(os.environ["SIZE"])')
    for version, (name, text, old, new, status) in turns(versions, [
            ("method", method, {"METHOD": "fork"}, {"METHOD": "spawn"}, 0),
            ("hang", hang, {"SIZE": "10"}, {"SIZE": "1000000"}, 124)], count=1):
        good = Side(main_file(text), version, tuple(argv), environment=old)
        yield name, list(old), good, good.but(environment=new, status=status, mode="timeout" if status else "report")
    # Only the child's environment is another one.
    child = ('import os\nimport subprocess\nimport sys\n\nmode = open("mode.txt").read()\n'
             'subprocess.run([sys.executable, "child.py"], env=dict(os.environ, MODE=mode) if mode else None, check=True)\n')
    for version in versions[:2]:
        good = Side({"main.py": child, "child.py": programs.CHILD, "mode.txt": ""}, version)
        # What the variable is called isn't recorded for a child.
        yield "of-child", ["child.py"], good, good.but({"mode.txt": "b"})


def commands(versions):
    scripts = {"main.py": programs.CONTEXT_POOL, "other.py": programs.CONTEXT_POOL, "pkg/__init__.py": "",
               "pkg/one.py": programs.PLAIN, "pkg/two.py": programs.PLAIN}
    items = [("argument", MAIN + ("--fast",), MAIN + ("--slow",), ["--fast", "--slow"]),
             ("more", MAIN, MAIN + ("--verbose",), ["--verbose"]), ("less", MAIN + ("tests/a",), MAIN, ["tests/a"]),
             ("script", MAIN, ("{python}", "other.py"), ["main.py", "other.py"]),
             ("module", ("{python}", "-m", "pkg.one"), ("{python}", "-m", "pkg.two"), ["pkg.one", "pkg.two"]),
             ("option", MAIN, ("{python}", "-O", "main.py"), ["-O"]),
             ("shell", ("sh", "-c", "{python} main.py"), ("sh", "-c", "{python} other.py"), ["main.py", "other.py"])]
    for version, (name, old, new, says) in turns(versions, items):
        good = Side(scripts, version, old)
        yield name, says, good, good.but(argv=new)


def arguments(versions):
    mode = 'mode = open("mode.txt").read()\n'
    run = "import subprocess\nimport sys\n\n" + mode
    worker = ("import multiprocessing\nimport subprocess\nimport sys\n\n\ndef work():\n    " + mode +
              '    subprocess.run([sys.executable, "child.py", "--mode", mode], check=True)\n\n\n' +
              GUARD + '    child = multiprocessing.get_context("%s").Process(target=work)\n'
              "    child.start()\n    child.join()\n")
    one = run + 'subprocess.run([sys.executable, "child.py", "--mode", mode], check=True)\n'
    items = [("run", one, "fast", "slow"),
             ("second", run + 'for mode in ("x", mode):\n'
              '    subprocess.run([sys.executable, "child.py", "--mode", mode], check=True)\n', "fast", "slow"),
             ("option", run + 'subprocess.run([sys.executable, "child.py"] + mode.split(), check=True)\n',
              "--mode", "--mode --strict"),
             ("number", run + 'subprocess.run([sys.executable, "child.py", "--jobs", mode], check=True)\n', "2", "8"),
             ("shell", run + 'subprocess.run("sleep 0; cat %s >/dev/null" % mode, shell=True, check=True)\n',
              "main.py", "child.py"),
             ("program", run + 'subprocess.run(["ls", mode], check=True)\n', "main.py", "child.py"),
             ("grandchild", 'import subprocess\nimport sys\n\n'
              'subprocess.run([sys.executable, "middle.py"], check=True)\n', "fast", "slow"),
             ("worker-spawn", worker % "spawn", "fast", "slow"), ("worker-fork", worker % "fork", "fast", "slow")]
    for version, (name, text, old, new) in turns(versions, items):
        good = Side({"main.py": text, "middle.py": one, "child.py": programs.CHILD, "mode.txt": old}, version)
        says = ["--strict"] if name == "option" else [old, new]
        yield name, says, good, good.but({"mode.txt": new})


def processes(versions):
    run = '    subprocess.run([sys.executable, "child.py", "extra"], check=True)\n'
    first = ("import subprocess\nimport sys\n\n\ndef main():\n"
             '    subprocess.run([sys.executable, "child.py", "usual"], check=True)\n')
    end = "    print(1)\n\n\n" + GUARD + "    main()\n"
    spawned = programs.CONTEXT_POOL.replace("import multiprocessing\n", "import multiprocessing\nimport subprocess\n"
                                            "import sys\n")
    worker = spawned.replace("    return n * n\n", "%s    return n * n\n")
    items = [("after", first + "%s" + end, run, "child.py"),
             ("shell", first + "%s" + end, '    subprocess.run("sleep 0", shell=True)\n', "sleep"),
             ("before", first.replace("main():\n", "main():\n%s") + end, run, "child.py"),
             ("guarded", spawned + "%s", run, "child.py"), ("in-workers", worker, run, "child.py"),
             ("program", first + "%s" + end, '    subprocess.run(["uname", "-a"], check=True)\n', "uname"),
             ("alone", "import subprocess\nimport sys\n\n\ndef main():\n%s" + end, run, "child.py")]
    for version, (name, text, extra, says) in turns(versions, items):
        good = Side(main_file(text % "", child_py=programs.CHILD), version)
        yield name, [says], good, good.but(main_file(text % extra))


def exits(versions):
    read = 'open("status.txt").read()'
    main = "import sys\n\nsys.exit(int(%s))\n" % read
    pool = "import sys\n" + programs.CONTEXT_POOL + "    sys.exit(int(%s))\n" % read
    ignored = 'import subprocess\nimport sys\n\nsubprocess.run([sys.executable, "job.py"])\n'
    passed = 'import subprocess\nimport sys\n\nsys.exit(subprocess.run([sys.executable, "job.py"]).returncode * 2)\n'
    worker = ("import multiprocessing\nimport sys\n\n\ndef work():\n    sys.exit(int(%s))\n\n\n" % read +
              GUARD + '    child = multiprocessing.get_context("%s").Process(target=work)\n'
              "    child.start()\n    child.join()\n")
    killed = 'import os\n\nif %s == "3":\n    os.kill(os.getpid(), 9)\n' % read
    for version, (name, text, job, says, status) in turns(versions, [
            ("main", main, "", ["3"], 3), ("pool", pool, "", ["3"], 3), ("child", ignored, main, ["job.py", "3"], 0),
            ("child-first", passed, main, ["job.py", "3"], 6), ("worker", worker % "spawn", "", ["3"], 0),
            ("worker-fork", worker % "fork", "", ["3"], 0), ("killed", ignored, killed, ["job.py", "SIGKILL"], 0)]):
        good = Side({"main.py": text, "job.py": job, "status.txt": "0"}, version)
        yield name, says, good, good.but({"status.txt": "3"}, status=status)
