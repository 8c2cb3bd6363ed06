"""Python called from C: sort keys, maps, patterns, ctypes, weak references, the end of objects."""
import atexit
import codecs
import collections
import copy
import ctypes
import functools
import gc
import heapq
import io
import itertools
import json
import operator
import os
import pickle
import re
import sys
import threading
import weakref

from truth import place


class Object(object):
    pass


class Ordered(object):
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        return place(
            self.value < other.value)

    def __eq__(self, other):
        return place(self.value == other.value)

    def __hash__(self):
        return place(1)

    def __reduce__(self):
        return (Ordered,
                (place(self.value),))

    def __add__(self, other):
        return place(self)

    def __radd__(self, other):
        return place(self)


class Dying(object):
    def __del__(self):
        place()


class Dictionary(dict):
    def __missing__(self, key):
        return place(key)


class Raw(io.RawIOBase):
    def writable(self):
        return True

    def write(self, data):
        place()
        return len(data)


class Local(threading.local):
    def __init__(self):
        place()


def keys():
    sorted([2, 1], key=lambda value: place(value))
    [3].sort(key=place)
    max([1, 2],
        key=lambda value:
        place(value))
    sorted([Ordered(2), Ordered(1)])
    sorted([1, 2], key=functools.cmp_to_key(
        lambda a, b: place(0)))


def maps():
    list(map(lambda value: place(value), [1, 2]))
    list(filter(
        lambda value: place(value), [1]))
    functools.reduce(lambda a, b: place(a), [1, 2])
    list(itertools.starmap(place, [(1, 2)]))
    list(itertools.takewhile(lambda value: place(0), [1]))
    for _, group in itertools.groupby([1], lambda value: place(value)):
        list(group)
    list(iter(lambda: place(0),
              0))
    any(place(value) for value in (0, 0))
    list(zip((place(1) for _ in (1,)), map(place, [2])))
    list(map(lambda value: list(map(lambda inner: place(inner), [value])), [1]))


def patterns():
    re.sub("b", lambda match: place(match.group()), "abc")
    re.compile("[ac]").sub(
        lambda match:
        place("x"),
        "abc")


def containers():
    heapq.heapify([Ordered(2), Ordered(1)])
    {Ordered(1): 1, Ordered(2): 2}
    set([Ordered(1)]).add(Ordered(1))
    Ordered(1) in [Ordered(1)]
    collections.defaultdict(lambda: place(1))["a"]
    Dictionary()["a"]
    functools.partial(lambda a, b: place(a), 1)(2)
    functools.partial(place, 3)()
    sum([Ordered(1), Ordered(2)])
    operator.methodcaller("__hash__")(Ordered(1))
    apply = operator.attrgetter("hash")
    apply(type("Named", (object,), {"hash": property(lambda self: place())})())


def foreign():
    function = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int),
                                ctypes.POINTER(ctypes.c_int))
    array = (ctypes.c_int * 3)(3, 1, 2)
    compare = function(lambda a, b: place(
        (a[0] > b[0]) - (a[0] < b[0])))
    ctypes.CDLL(None).qsort(array, 3, ctypes.sizeof(ctypes.c_int), compare)
    held = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int),
                             ctypes.POINTER(ctypes.c_int))
    ctypes.PyDLL(None).qsort(array, 2, ctypes.sizeof(ctypes.c_int), held(lambda a, b: place(0)))
    call = ctypes.pythonapi.PyObject_CallObject
    call.restype = ctypes.py_object
    call.argtypes = [ctypes.py_object, ctypes.py_object]
    call(lambda value: place(value), (1,))


def ends():
    dying = Dying()
    del dying
    Dying()
    [Dying(),
     Dying()]
    first, second = Dying(), Object()
    first.other = second
    second.other = first
    del first, second
    gc.collect()
    target = Object()
    reference = weakref.ref(target, lambda _: place())
    del target
    assert reference() is None


def encodings():
    codecs.register_error("truth.place", lambda error: (place(u"?"), error.end))
    u"a\u20ac".encode("ascii",
                      "truth.place")
    json.dumps(Object(), default=lambda value: place(1))
    json.loads("{}", object_hook=lambda value: place(value))
    pickle.loads(pickle.dumps(Ordered(1), 2))
    copy.deepcopy([Ordered(
        1)])


def others():
    buffered = io.BufferedWriter(Raw())
    buffered.write(b"text")
    buffered.flush()
    Local()
    hook = sys.displayhook
    sys.displayhook = lambda value: place()
    exec(compile("1", "<single>", "single"), {})
    sys.displayhook = hook
    hook = sys.excepthook
    sys.excepthook = lambda *_: place()
    sys.excepthook(*sys.exc_info())
    sys.excepthook = hook
    if hasattr(gc, "callbacks"):
        gc.callbacks.append(lambda *_: place())
        gc.collect(0)
        gc.callbacks.pop()
    try:
        from xml.parsers import expat
        parser = expat.ParserCreate()
    except ImportError:
        return
    parser.StartElementHandler = lambda *_: place()
    parser.Parse("<a><b/></a>",
                 True)


def late():
    place()


def run():
    keys()
    maps()
    patterns()
    containers()
    foreign()
    ends()
    encodings()
    others()
    atexit.register(late)
    atexit.register(lambda: place(
        1))
