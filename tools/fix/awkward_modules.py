"""Awkward programs with the culprit in an imported module: the line with HERE.

A program has its command's arguments, its files, what it prints when it is healthy, and the advice that is right if
there is no edit. METHOD is spawn or forkserver. The last argument is the main script; modules are imported from the
folder. The main script is guarded or not: the module starts workers in each worker that imports it.
"""
HEAD = ('import multiprocessing\n\nctx = multiprocessing.get_context("METHOD")\n\n\n'
        'def square(n):\n    return n * n\n\n\n')
POOL = "with ctx.Pool(1) as pool:  # HERE\n    results = pool.map(square, [2, 3])\n"
HELPER = HEAD + POOL
GUARD = 'if __name__ == "__main__":\n'


def program(main, helper=HELPER, output="[4, 9]\n", argv=("main.py",), advice=None, more={}):
    files = dict(more, **{"main.py": main, "helper.py": helper})
    return list(argv), {path: text for path, text in files.items() if text is not None}, output, advice


def package(main, helper=HELPER, init="", more={}):
    """A program that is run by `-m pkg.tool`."""
    files = dict(more, **{"pkg/__init__.py": init, "pkg/tool.py": main, "pkg/helper.py": helper})
    return program(None, None, argv=["-m", "pkg.tool"], more=files)


PROGRAMS = {
    "guarded-main": program("import helper\n\n" + GUARD + "    print(helper.results)\n"),
    "no-guard": program("import helper\n\nprint(helper.results)\n"),
    "only-imported": program("import helper  # noqa\n", HEAD + POOL + "    print(results)\n"),
    "no-last-line-end": program("import os\nimport helper", (HEAD + POOL + "print(results)").rstrip("\n")),
    "main-function": program(
        "import helper\n\n\ndef main():\n    print(helper.results)\n\n\n" + GUARD + "    main()\n"),
    "main-function-no-guard": program("import helper\n\n\ndef main():\n    print(helper.results)\n\n\nmain()\n"),
    "guard-on-one-line": program("import helper\nif __name__ == '__main__': print(helper.results)\n"),
    "imported-under-the-guard": program(
        GUARD + "    print('begin')\n    # The workers' module.\n    import helper\n    print(helper.results)\n",
        output="begin\n[4, 9]\n"),
    "imported-in-a-function": program(
        "def main():\n    import helper\n    print(helper.results)\n\n\n" + GUARD + "    main()\n"),
    "used-below-the-import": program(
        "import helper\n\ntotal = sum(helper.results)\n\n\ndef show():\n    print(total)\n\n\n" + GUARD
        + "    show()\n", output="13\n"),
    "used-through-a-function": program(
        "import helper\n\n\ndef total():\n    return sum(helper.results)\n\n\nTOTAL = total()\n\n" + GUARD
        + "    print(TOTAL)\n", output="13\n"),
    "main-has-workers-too": program(
        "import helper\n\nfactor = helper.FACTOR\n\n\ndef work(n):\n    return n * factor\n\n\n" + GUARD
        + "    with helper.ctx.Pool(1) as pool:\n        print(pool.map(work, helper.results))\n",
        HEAD.replace("def square", "FACTOR = 2\n\n\ndef square") + POOL, "[8, 18]\n"),
    "main-has-a-class": program(
        "import helper\n\n\nclass Mine(helper.Base):\n    def run(self):\n        return self.n + 1\n\n\n"
        "def work(mine):\n    return mine.run()\n\n\n" + GUARD
        + "    print(helper.ctx.Pool(1).map(work, [Mine(n) for n in helper.results]))\n",
        HEAD + "class Base:\n    def __init__(self, n):\n        self.n = n\n\n\n" + POOL, "[5, 10]\n"),
    "from-import-of-a-function": program(
        "from helper import square\n\n" + GUARD + "    print(square(5))\n", output="25\n"),
    "from-import-of-a-result": program(
        "from helper import results\n\n" + GUARD + "    print(results)\n"),
    "from-import-of-both": program(
        "from helper import (\n    results as found,  # the squares\n    square,\n)\nprint(square(1), found)\n",
        output="1 [4, 9]\n"),
    "two-imports": program(
        "import os\nimport helper, json\nfrom helper import results\n\n" + GUARD
        + "    print(json.dumps(results), helper.results == results)\n", output="[4, 9] True\n"),
    "star-import": program("from helper import *\n\n\ndef show():\n    print(results)\n\n\n" + GUARD + "    show()\n"),
    "star-import-no-guard": program("from helper import *\nprint(results, square(1))\n", output="[4, 9] 1\n"),
    "name-is-taken": program(
        "import helper\n\n\ndef start_workers():\n    print(helper.results)\n\n\n" + GUARD + "    start_workers()\n"),
    "name-is-taken-in-the-module": program(
        "import helper\n\n" + GUARD + "    print(helper.results)\n",
        HEAD + "def start_workers():\n    return ctx.Pool(1)\n\n\npool = start_workers()  # HERE\n"
        "results = pool.map(square, [2, 3])\n"),
    "helper-of-a-helper": program(
        "import middle\n\n" + GUARD + "    print(middle.answer())\n",
        more={"middle.py": "import helper\n\n\ndef answer():\n    return helper.results\n"}),
    "helper-of-a-helper-uses-it": program(
        "import middle\n\n" + GUARD + "    print(middle.total)\n", output="13\n",
        more={"middle.py": "import helper\n\nNAME = 'x'\ntotal = sum(helper.results)\n\n\n"
              "def name():\n    return NAME\n"}),
    "helper-of-a-helper-imports-it": program(
        "from middle import total\n\nprint(total)\n", output="13\n",
        more={"middle.py": "from helper import results\ntotal = sum(results)\n"}),
    "dotted-import": program(
        "import a.b.helper\n\n" + GUARD + "    print(a.b.helper.results)\n", None,
        more={"a/__init__.py": "", "a/b/__init__.py": "", "a/b/helper.py": HELPER}),
    "dotted-import-renamed": program(
        "import a.b.helper as h\nprint(h.results)\n", None,
        more={"a/__init__.py": "", "a/b/__init__.py": "", "a/b/helper.py": HELPER}),
    "from-package": program(
        "from a import helper\n\n" + GUARD + "    print(helper.results)\n", None,
        more={"a/__init__.py": "", "a/helper.py": HELPER}),
    "package-init": program(
        "import a\nimport os\n\n" + GUARD + "    print(a.results)\n", None, more={"a/__init__.py": HELPER}),
    "package-exports": program(
        "import a\n\n" + GUARD + "    print(a.results)\n", None,
        more={"a/__init__.py": "from .helper import results\n", "a/helper.py": HELPER}),
    "module-main": package("from . import helper\n\n" + GUARD + "    print(helper.results)\n"),
    "module-main-from": package("from .helper import results\nprint(results)\n"),
    "module-main-absolute": package("import pkg.helper\n\nprint(pkg.helper.results)\n"),
    "relative-helper": package(
        "from . import middle\n\n" + GUARD + "    print(middle.helper.results)\n",
        more={"pkg/middle.py": "from . import helper\n"}),
    "tabs": program(
        "import helper\n\ndef f():\n\treturn 1\n\nprint(helper.results)\n",
        HELPER.replace("    ", "\t") + "for n in range(1):\n\tif n:\n\t\tprint(n)\n"),
    "crlf": program(
        ("import helper\n\n" + GUARD + "    print(helper.results)\n").replace("\n", "\r\n"),
        (HELPER + "if results:\n    results += [1]\n").replace("\n", "\r\n"), "[4, 9, 1]\n"),
    "cr-and-marks": program(
        b"\xef\xbb\xbf" + b"import helper\rprint(helper.results)\r",
        b"\xef\xbb\xbf" + HELPER.replace("\n", "\r").encode()),
    "mark-and-first-line": program(
        b"\xef\xbb\xbfimport helper\nprint(helper.results)\n",
        b"\xef\xbb\xbfpool = __import__('multiprocessing').get_context('METHOD').Pool(1)  # HERE\n"
        b"\n\ndef square(n):\n    return n * n\n\n\nresults = pool.map(square, [2, 3])\n"),
    "strings-and-comments": program(
        "import helper\n\n" + GUARD + "    print(helper.results)\n",
        HEAD + "# Starts them.\n" + POOL + "    # done\n\ntext = '''a\n  b\n\tc'''\n# Adds it.\nresults.append(text)\n",
        "[4, 9, 'a\\n  b\\n\\tc']\n"),
    "pool-in-a-global": program(
        "import helper\n\n" + GUARD + "    print(helper.squares([2, 3]))\n",
        HEAD + "def squares(numbers):\n    return pool.map(square, numbers)\n\n\npool = ctx.Pool(1)  # HERE\n"),
    "pool-that-was-none": program(
        "import helper\n\n" + GUARD + "    print(helper.squares([2, 3]))\n    helper.stop()\n    print(helper.pool)\n",
        HEAD + "pool = None\n\n\ndef squares(numbers):\n    return pool.map(square, numbers)\n\n\n"
        "def stop():\n    global pool\n    pool.close()\n    pool = None\n\n\npool = ctx.Pool(1)  # HERE\n",
        "[4, 9]\nNone\n"),
    "start-and-join": program(
        "import helper\n\n" + GUARD + "    print(helper.p.exitcode)\n",
        HEAD + "p = ctx.Process(target=square, args=(1,)); p.start()  # HERE\n\n\ndef other():\n    pass\n\n\n"
        "p.join()\n", "0\n"),
    "decorator": program(
        "import helper\n\n\n@helper.registered\ndef work(n):\n    return n + 1\n\n\n" + GUARD
        + "    print(helper.pool.map(work, helper.functions['square']))\n",
        HEAD + "functions = {}\n\n\ndef registered(f):\n    functions[f.__name__] = f\n    return f\n\n\n"
        "pool = ctx.Pool(1)  # HERE\nfunctions['square'] = pool.map(square, [2, 3])\n", "[5, 10]\n"),
    "decorator-that-needs-it": program(
        "import helper\n\n\n@helper.jobs.append\ndef show():\n    print(helper.results)\n\n\n" + GUARD
        + "    helper.jobs[0]()\n", HELPER + "jobs = list()\n"),
    "default-that-calls": program(
        "import helper\n\n\ndef total():\n    return sum(helper.results)\n\n\ndef show(n=total()):\n    print(n)\n\n\n"
        + GUARD + "    show()\n", output="13\n"),
    "class-in-what-moves": program(
        "import helper\n\n" + GUARD + "    print(helper.Late.value, helper.Late.__qualname__)\n",
        HELPER + "\n\nclass Late(type(pool)):\n    value = results\n    twice = [n * 2 for n in results]\n",
        "[4, 9] Late\n"),
    "annotations": program(
        "import helper\n\n" + GUARD + "    print(helper.results, helper.n)\n",
        HEAD + "from typing import Dict, List\n\npool = ctx.Pool(1)  # HERE\nresults: List[\n    int\n] = pool.map("
        "square,\n  [2, 3])\nnone: Dict[str, int]\nn: int = 1; m: int = n\n", "[4, 9] 1\n"),
    "walrus-del-and-except": program(
        "import helper\n\n" + GUARD + "    print(helper.results, hasattr(helper, 'temporary'))\n",
        HELPER + "temporary = [last := n for n in results]\ndel temporary\ntry:\n    1 / 0\n"
        "except ZeroDivisionError as error:\n    results.append(last)\n", "[4, 9, 9] False\n"),
    "nested-scopes": program(
        "import helper\n\n" + GUARD + "    print(helper.results, helper.count)\n",
        HELPER + "count = 0\n\n\ndef add():\n    global count\n    count += 1\n    return count\n\n\n"
        "results += [add() for _ in range(2)]\nresults.append((lambda: count)())\n", "[4, 9, 1, 2, 2] 2\n"),
    "module-is-a-script-too": program(
        "import helper\n\n" + GUARD + "    print(helper.results)\n",
        HELPER + "\n\ndef show():\n    print(results)\n\n\nif __name__ == '__main__':\n    show()\n"),
    "moved-all": program(
        "from helper import *\n\n" + GUARD + "    print(square(2))\n",
        "__all__ = ['square']\n" + HELPER, "4\n"),
    "environment": program(
        "import os\nos.environ['N'] = '3'\nimport helper\nos.environ['M'] = '4'\n\n" + GUARD
        + "    print(helper.results)\n", HEAD.replace("import multi", "import os\nimport multi")
        + POOL.replace("3]", "int(os.environ['N'])]")),
    "try-import": program(
        "try:\n    import helper\nexcept ImportError:\n    helper = None\n\n" + GUARD + "    print(helper.results)\n"),
    "many-names": program(
        "import helper\n\n" + GUARD + "    print(helper.name_29)\n",
        HELPER + "".join("name_%d = results[%d]\n" % (n, n % 2) for n in range(30)), "9\n"),
    "star-import-that-moves": program(
        "import helper\n\n" + GUARD + "    print(helper.results)\n",
        HEAD + "from os.path import *; pool = ctx.Pool(1)  # HERE\nresults = pool.map(square, [2, 3])\n",
        advice="onlyForModules"),
    "global-at-the-margin": program(
        "import helper\n\n" + GUARD + "    print(helper.results)\n", HELPER + "global more\nmore = 1\n",
        advice="onlyForModules"),
}
