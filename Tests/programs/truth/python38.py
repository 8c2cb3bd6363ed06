"""Code that only Python 3.8 and later can run."""
import functools

from truth import place


def positional(a, b=place(1), /, c=place(2), *, d=place(3)):
    return place(a)


class Cached:
    @functools.cached_property
    def value(self):
        return place(1)

    def __class_getitem__(cls, key):
        return place(key)


def run():
    positional(1)
    if (value := place(1)) and place(value):
        place(value)
    [last := place(n) for n in (1, 2)]
    f"{place(1)=} {place(2)=}"
    Cached().value
    Cached[1]
    while (value := place(value - 1)): place()
    try:
        for _ in (1,):
            try:
                continue
            finally:
                place()
    finally:
        place()
