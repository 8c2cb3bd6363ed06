# -*- coding: utf-8 -*-
"""Code compiled from strings: its names, its paths, and line tables of every shape."""
import sys

import truth
from truth import place

ASCII = "/tmp/generated/module.py"


def code(source, path=ASCII, mode="exec"):
    if sys.version_info < (3,) and not isinstance(path, bytes):
        path = path.encode("utf-8")
    return compile(source, path, mode)


def execute(source, path=ASCII, name="generated"):
    content = {"__name__": name, "place": place}
    exec(code(source, path), content)
    return content


def paths():
    for path in (
        u"/tmp/caf\xe9/m\xfcll.py",
        u"/tmp/\u20ac/\u4e2d\u6587/\u0416.py",
        u"/tmp/\U0001f40d/\U0001f600.py",
        u"/tmp/\xe9\u20ac\U0001f40d/mixed.py",
        u"/tmp/" + u"deep/" * 298 + u"file.py",
        u"/tmp/" + u"\xfc" * 1500 + u".py",
        u"/tmp/" + u"\u4e2d" * 1500 + u".py",
        u"/tmp/" + u"\U0001f40d" * 750 + u".py",
        u"relative.py",
        u"with space and \"quotes\" and \\.py",
        u"line\nbreak\tand\x01control.py",
        u"",
    ):
        execute("place()", path)
        execute("def inside():\n  return place()\ninside()", path)


def modules():
    for name in ("a" * 300, "package.module", "__main__", "__mp_main__", ""):
        execute("place()", name=name)
    execute("__name__ = 1\nplace()")
    execute("del __name__\nplace()")
    execute("__name__ = None; place()")


def names():
    if sys.version_info < (3,):
        return
    for name in (u"caf\xe9", u"\u4e2d\u6587", u"\U00010400", u"n" * 300):
        execute(u"def {0}():\n\n  return place()\n{0}()\n".format(name))
        execute(u"class {0}:\n  place()\n".format(name))
        execute("place()", name=name)


def gaps():
    """Code with large distances between lines and between instructions."""
    for gap in (1, 2, 126, 127, 128, 129, 254, 255, 256, 257, 511, 1000, 33000, 70000):
        execute("place(1)" + "\n" * gap + "place(2)")
        execute("def f():\n place()" + "\n" * gap + " return (place(1),\n" + "\n" * gap
                + "   place(2))\nf()")
    for length in (100, 200, 255, 256, 257, 600):
        execute("x = 1\ny = [" + "x, " * length + "\nplace()\n, x]\nplace()")
    # A call with an end on a line before its start.
    execute("value = (place\n  (\n" + "\n" * 200 + "1,\nplace(2)\n)\n)")


def columns():
    for width in (50, 127, 128, 255, 256, 1000, 5000):
        execute("x = '" + "y" * width + "'; place(); place(\n1)")
        execute("place(" + " " * width + "place(\n)" + " " * width + ")")


def sizes():
    """Code with more constants, names and jumps than one byte can number."""
    many = "\n".join("v%d = %d" % (number, number) for number in range(700))
    execute(many + "\nplace(v699)\n")
    execute("def f():\n" + "\n".join(" v%d = %d" % (number, number) for number in range(700))
            + "\n place(v699)\n if v1:\n  return place(v0)\nf()")
    execute("for n in (1, 2):\n" + "\n".join(
        " if n == %d: place()" % number for number in range(300)) + "\n place()")
    execute("try:\n" + " place() if 0 else None\n" * 300 + " raise KeyError\nexcept KeyError:\n place()")


def warm():
    """Code that has run often enough to be specialised, and perhaps compiled."""
    content = execute(
        "def call(at, wanted):\n"
        "  if at == wanted:\n"
        "    place()\n"
        "  return at\n"
        "def run(count):\n"
        "  total = 0\n"
        "  for number in range(count):\n"
        "    total += call(number,\n"
        "       count - 1) + len([n for n in (1, 2)])\n"
        "  return total\n")
    for count in (1, 5, 20, 100, 5000, 20000):
        content["run"](count)


def expressions():
    eval("place()")
    eval(code("place(\n\nplace(1))", mode="eval"))
    eval("[place(n) for n in (1, 2)]", {"place": place})
    eval("(lambda: place())()", {"place": place})
    exec(code("place()", mode="single"), {"place": place})
    exec("exec('place()')", {"place": place})
    eval(compile("eval('place()')", "<outer>", "eval"), {"place": place})
    exec(code("import truth\nclass A(object):\n  truth.place()\n  def b(self): truth.place()\nA().b()"), {})
    type("Named", (object,), {"method": lambda self: truth.place()})().method()


def run():
    paths()
    modules()
    names()
    gaps()
    columns()
    sizes()
    warm()
    expressions()
