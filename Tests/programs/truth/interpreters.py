"""Sub-interpreters, each with modules and a list of threads of its own."""
import sys
import threading

from truth import place

try:
    import _interpreters as interpreters
except ImportError:
    interpreters = None

SCRIPT = """
import sys
sys.argv = %r
sys.path[:] = %r
import truth
truth.place()
def inside():
    return truth.place()
inside()
class Body:
    truth.place(
        1)
"""


def execute():
    number = interpreters.create()
    problem = interpreters.exec(number, SCRIPT % (sys.argv, sys.path))
    assert problem is None, problem
    interpreters.destroy(number)
    place()


def run():
    if interpreters is None:
        return
    execute()
    thread = threading.Thread(target=execute)
    thread.start()
    place()
    thread.join()
