"""Code that only Python 3.10 and later can run."""
from truth import place


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.values = y

    @property
    def y(self):
        return place(self.values)


class Equal:
    def __eq__(self, other):
        return place(True)


def matched(value):
    match place(value):
        case 1 | 2 if place(0):
            place()
        case [first, *rest]:
            place(first)
        case {"key": inner, **others} if place(
                inner):
            place(others)
        case Point(x, y):
            place(x)
        case str() as text:
            match text:
                case "a": place(1)
                case _: place(2)
        case Point.nothing.value:
            place()
        case _:
            return place(0)


Point.nothing = type("Holder", (), {"value": Equal()})


def run():
    for value in (1, [1, 2], {"key": 1}, Point(1, 2), "a", "b", None):
        matched(value)
    with (
        open("/dev/null") as first,
        open("/dev/null") as second,
    ):
        place()
    int | (place(str))
    zip([1], (place(n) for n in (1,)), strict=True).__next__()
