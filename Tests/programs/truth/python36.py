"""Code that Python 3.6 can run and Python 2 can't."""
import contextlib
import functools
import weakref

from truth import place


def formatted():
    value = 1
    f"{place(value)} {place(2)!r:>{place(3)}}"
    return (f"{place(value)}"
            f"""text
            {place(4)}
            """)


def delegating(depth):
    place()
    if depth:
        result = yield from delegating(depth - 1)
        return place(result)
    received = yield place(1)
    return place(received)


def keywords(*, first=place(1), second: place(2) = None, **rest) -> place(3):
    return place(first)


class Named(metaclass=type("Meta", (type,), {
        "__prepare__": classmethod(lambda *_, **__: place({}))})):
    annotated: place(1) = place(2)

    def __init_subclass__(cls, **named):
        place()

    def method(self):
        return __class__, place()


class Described:
    def __set_name__(self, owner, name):
        place()


class Derived(Named, option=place(1)):
    described = Described()

    def method(self):
        return super().method()


def nonlocals():
    count = 0

    def add():
        nonlocal count
        count += place(1)
        return count
    return add() + add()


def causes():
    try:
        try:
            raise KeyError
        except KeyError as error:
            raise ValueError(place()) from place(error)
    except ValueError:
        place()


@functools.lru_cache(None)
def cached(value):
    return place(value)


@functools.singledispatch
def dispatched(value):
    return place(value)


@dispatched.register(str)
def of_text(value):
    return place(value)


def stacks():
    with contextlib.ExitStack() as stack:
        stack.callback(place)
        stack.callback(lambda: place())
        stack.push(lambda *_: place())
        place()
    weakref.finalize(type("Object", (), {})(), lambda: place())


def run():
    formatted()
    generator = delegating(6)
    next(generator)
    try:
        generator.send(1)
    except StopIteration:
        place()
    keywords(second=place(2))
    Derived().method()
    nonlocals()
    causes()
    cached(
        1)
    dispatched(1)
    dispatched("text")
    stacks()
    first, *rest = place([1, 2, 3])
    [*place([1]), *map(place, [2])]
    print(*[], end=place(""))
