"""Where control jumps: loops, exceptions, finally, with, generators and comprehensions."""
import contextlib

from truth import place


class Context(object):
    def __enter__(self):
        place()
        return self

    def __exit__(self, *_):
        place()
        return True


def branches(value):
    if place(value == 0):
        place(1)
    elif place(
            value == 1):
        place(2)
    elif value == 2: place(3)
    else:
        place(4)


def loops():
    for item in place([1, 2]):
        if item == 1:
            place()
            continue
        place()
    else:
        place()
    count = 2
    while place(count):
        count -= 1
        if not count:
            break
    else:
        place()
    while count < 2: count += place(1)


def exceptions():
    try:
        place()
        raise place(ValueError)(
            place("text"))
    except (place(KeyError), place(
            ValueError)) as error:
        place(error)
        try:
            raise KeyError(place(1))
        except KeyError:
            place()
        finally:
            place()
    else:
        place()
    finally:
        place()
    try:
        place()
    except ValueError:
        place()
    else:
        place()
    finally:
        try:
            place()
        finally:
            place()


def returning():
    for number in (1, 2):
        try:
            if number == 2:
                return place(number)
        finally:
            place()


def swallowing():
    try:
        raise ValueError
    finally:
        return place()


def raising():
    def inner():
        try:
            1 / place(0)
        except ZeroDivisionError:
            place()
            raise
    try:
        inner()
    except ZeroDivisionError:
        place()
    try:
        assert place(0), place(
            "message")
    except AssertionError:
        place()


def contexts():
    with Context():
        place()
        raise ValueError(place())
    with Context() as one, \
            Context():
        place()
        with Context():
            return place(one)


@contextlib.contextmanager
def managing():
    place()
    try:
        yield place(1)
    finally:
        place()


def managed():
    with managing() as value:
        place(value)
    try:
        with managing():
            raise KeyError
    except KeyError:
        place()


def generating():
    place()
    received = yield place(1)
    place(received)
    try:
        yield [place(
            2), (yield place(3))]
    except KeyError:
        yield place(4)
    finally:
        place()


def generators():
    generator = generating()
    next(generator)
    generator.send(place(5))
    generator.throw(KeyError)
    generator.close()
    for value in generating():
        place(value)
    unfinished = generating()
    next(unfinished)
    next(unfinished)
    del unfinished


def delegating(depth):
    if depth:
        for value in delegating(depth - 1):
            yield place(value)
    else:
        yield place()


def comprehensions():
    [place(n) for n in place([1, 2])]
    [[place(m) for m in range(n) if place(
        1)]
     for n in (1, 2)
     if place(n)]
    {place(n) for n in [1]}
    {place(n):
     place(-n) for n in [1]}
    list(place(n) for n in place([1]))
    list(place(n + m) for n in [1]
         for m in
         place([2]))
    [(lambda: place(n))() for n in [1]]
    return sum(
        place(n)
        for n in (1, 2))


def statements():
    values = {}
    values[place("a")] = place(1)
    values["a"] += place(
        1)
    del values[
        place("a")]
    first, second = (place(1),
                     place(2))
    if first \
            and place(second):
        pass
    return not place(
        0)


def run():
    for value in range(4):
        branches(value)
    loops()
    exceptions()
    returning()
    swallowing()
    raising()
    contexts()
    managed()
    generators()
    list(delegating(5))
    comprehensions()
    statements()
