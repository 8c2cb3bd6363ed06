"""Special methods, each called by its operation."""
import math
import operator

from truth import place


class Everything(object):
    """Every method stops on the line of its body."""
    def __add__(self, other): return place(self)
    def __sub__(self, other): return place(self)

    def __iadd__(self, other):
        return place(self)

    def __neg__(self): return place(self)
    def __invert__(self): return place(self)
    def __getitem__(self, key): return place(key)
    def __setitem__(self, key, value): place()
    def __delitem__(self, key): place()
    def __len__(self): return place(1)
    def __bool__(self): return place(True)
    __nonzero__ = __bool__
    def __contains__(self, value): return place(True)
    def __iter__(self): return place(iter([1]))
    def __call__(self, *_, **__): return place(self)
    def __repr__(self): return place("text")
    def __format__(self, form): return place("text")
    def __index__(self): return place(1)
    def __float__(self): return place(1.0)
    def __enter__(self): return place(self)
    def __exit__(self, *_): place()
    def __get__(self, instance, owner): return place(1)
    def __set__(self, instance, value): place()
    def __lt__(self, other): return place(True)
    def __eq__(self, other): return place(True)
    def __hash__(self): return place(1)
    def __instancecheck__(self, instance): return place(True)
    def __dir__(self): return place(["a"])
    def __reversed__(self): return place(iter([1]))
    def __lshift__(self, other): return place(self)


class Owner(object):
    described = Everything()

    @property
    def value(self):
        return place(1)

    @value.setter
    def value(self, new):
        place(new)

    @value.deleter
    def value(self):
        place()


class Attributes(object):
    def __getattr__(self, name):
        return place(1)

    def __setattr__(self, name, value):
        place()

    def __delattr__(self, name):
        place()


class AllAttributes(object):
    def __getattribute__(self, name):
        return place(1)


class Slow(object):
    def __new__(cls):
        place()
        return object.__new__(cls)

    def __init__(self):
        place()

    def __next__(self):
        place()
        raise StopIteration

    next = __next__

    def __iter__(self):
        return self


def run():
    it = Everything()
    it + 1
    it - it
    it += 1
    -it
    ~it
    it[1]
    it[1:2]
    it[1] = 2
    del it[1]
    len(it)
    if it:
        bool(it)
    while not it:
        pass
    1 in it
    list(it)
    for _ in it:
        pass
    first, = it
    it()
    it(1, *[2], **{"a": 3})
    repr(it)
    str(it)
    "%s" % (it,)
    "{0:>10}".format(it)
    [1, 2][it]
    operator.index(it)
    math.floor(it)
    float(it)
    with it:
        place()
    it < it
    it == it
    it != it
    hash(it)
    isinstance(1, it)
    dir(it)
    reversed(it)
    it << 1
    [it] == [Everything()]
    owner = Owner()
    owner.described
    owner.described = 1
    Owner.described
    owner.value
    owner.value = 2
    del owner.value
    attributes = Attributes()
    attributes.missing
    attributes.other = 1
    del attributes.other
    getattr(attributes, "named")
    hasattr(attributes, "named")
    AllAttributes().anything
    list(Slow())
    for _ in Slow():
        pass
    assert (it
            and it
            or it)
    (it
     + it
     - it)
