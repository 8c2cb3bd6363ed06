"""Modules that stop while they are imported, in every way to import."""
import os
import runpy
import shutil
import sys
import tempfile
import zipfile

import truth
from truth import place

MODULE = """import truth
truth.place()
def inside():
    return truth.place()
class Body(object):
    truth.place()
inside()
"""

FILES = {
    "t_plain.py": MODULE,
    "t_package/__init__.py": MODULE + "from . import first\n",
    "t_package/first.py": MODULE + "from .second import inside as other\nother()\n",
    "t_package/second.py": MODULE,
    "t_package/__main__.py": MODULE,
    "t_chain1.py": "\n\nimport t_chain2\n",
    "t_chain2.py": "from t_chain3 import (\n  inside\n)\ninside()\n",
    "t_chain3.py": MODULE,
    "t_inside.py": "def load():\n    import t_late\n    return t_late\nload()\n",
    "t_late.py": MODULE,
    "t_again.py": MODULE,
    "t_caught.py": "try:\n    import t_failing\nexcept ImportError:\n    import truth; truth.place()\n",
    "t_failing.py": MODULE + "raise ImportError\n",
    "t_script.py": MODULE,
    "t_read.py": MODULE,
    "t_getattr.py": "import truth\ndef __getattr__(name):\n    return truth.place(name)\n",
}


def write(folder):
    for name, text in FILES.items():
        path = os.path.join(folder, name)
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        with open(path, "w") as file:
            file.write(text)


def zipped(folder):
    path = os.path.join(folder, "archive.zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("t_zipped.py", MODULE)
        archive.writestr("t_zipped_package/__init__.py", MODULE)
        archive.writestr("t_zipped_package/inner.py", MODULE)
        archive.writestr("__main__.py", MODULE)
    sys.path.insert(0, path)
    import t_zipped
    t_zipped.inside()
    from t_zipped_package import inner
    inner.inside()
    runpy.run_path(path)
    sys.path.remove(path)


def found():
    try:
        from importlib import abc, util
        loader_type, finder_type = abc.Loader, abc.MetaPathFinder
    except ImportError:
        return

    class Loader(loader_type):
        def create_module(self, spec):
            return place(None)

        def exec_module(self, module):
            exec(compile(MODULE, "<loader>", "exec"), module.__dict__)

    class Finder(finder_type):
        def find_spec(self, name, path=None, target=None):
            place()
            if name == "t_found":
                return util.spec_from_loader(name, Loader())

    sys.meta_path.insert(0, Finder())
    import t_found
    t_found.inside()
    sys.meta_path.pop(0)


def run():
    folder = tempfile.mkdtemp()
    sys.path.insert(0, folder)
    try:
        write(folder)
        import importlib
        import t_plain
        t_plain.inside()
        importlib.import_module("t_package")
        import t_chain1
        import t_inside
        __import__("t_again")
        try:
            reload_module = importlib.reload
        except AttributeError:
            reload_module = reload
        reload_module(sys.modules["t_again"])
        import t_caught
        runpy.run_path(os.path.join(folder, "t_script.py"))
        runpy.run_module("t_read")
        runpy.run_module("t_package", run_name="__main__")
        with open(os.path.join(folder, "t_read.py")) as file:
            exec(compile(file.read(), file.name, "exec"), {"__name__": "executed"})
        if sys.version_info >= (3, 7):
            import t_getattr
            t_getattr.anything
            from t_getattr import something
        zipped(folder)
        found()
    finally:
        sys.path.remove(folder)
        shutil.rmtree(folder)
