"""Calls of every shape: nested, over several lines, decorators, closures, recursion."""
from truth import place


def plain():
    place()


def nested():
    return place(place(place(1)))


def nested_over_lines():
    return place(
        place(
            1
        ),
        place(
            place(2),
            3,
        ),
    )


def over_lines(first, second=None, *rest, **named):
    return (first,
            second,
            place(rest),
            named)


def arguments_over_lines():
    over_lines(
        place(1),
        named=place(2),
        *[place(3),
          place(4)],
        **{
            "a": place(5),
            "b":
                place(6),
        }
    )


def chained():
    class Chain(object):
        def step(self, *_):
            place()
            return self

    (Chain()
     .step()
     .step(
         place())
     .step(1,
           2)
     .step())


def backslash():
    return place(1) + \
        place(2) + \
        place(3)


def expressions(flag):
    return (place(1)
            if place(flag)
            else place(2)) and (
        place(0)
        or place(3)
    )


def comparisons():
    return place(1) < place(2) \
        < place(3) <= \
        place(4)


def literals():
    return [
        place(1),
        (place(2), {place(3): place(4)}),
        {
            "key":
            place(5),
        },
        {place(6),
         place(7)},
        "%s %s" % (
            place(8), place(9)),
    ][
        place(0)
    ]


def default(value=place(10), other=[
        place(11)]):
    return place(value)


def decorate(function):
    place()

    def decorated(*arguments):
        place()
        return function(*arguments)
    return decorated


def decorate_with(*_):
    return decorate


class Decorating(object):
    def __init__(self, function):
        place()
        self.function = function

    def __call__(self, *arguments):
        return self.function(
            *arguments)


@decorate
@decorate_with(place(1),
               place(2))
@Decorating
def decorated():
    return place()


@decorate_with(
    place(3)
)
def decorated_over_lines(
        argument=place(4)
):

    return place(argument)


def closure():
    outer = place(1)

    def inner():
        place(outer)

        def innermost(): return place(outer)
        return innermost
    return inner()()


def lambdas():
    (lambda: place())()
    (lambda a, b=place(1): place(
        a))(place(2))
    return [lambda: place(1), lambda:
            place(2)][1]()


def recursive(depth):
    if depth == 0:
        return place()
    return recursive(depth - 1)


def even(depth):
    return place() if depth == 0 else odd(
        depth - 1)


def odd(depth):
    return (
        place() if depth == 0
        else even(depth - 1))


def one_line(): place(); return place(); place()


def semicolons():
    place(1); place(2); [place(3)
    ]; place(4)


class Body(object):
    place()
    value = place(
        1)

    class Inner(object):
        value = [place(n) for n in (1, 2)]

        def method(self):
            return place()

        @staticmethod
        def static():
            return place()

        @classmethod
        def made(cls):
            place()
            return cls()

    def local(self):
        class Local(self.Inner):
            place()

            def method(self):
                return super(Local, self).method()
        return Local


class Meta(type):
    def __new__(mcs, name, bases, content):
        place()
        return type.__new__(mcs, name, bases, content)

    def __init__(cls, name, bases, content):
        place()

    def __call__(cls, *arguments):
        return place(type.__call__(
            cls, *arguments))


def metaclasses():
    Made = Meta("Made",
                (object,), {"__init__": lambda self:
                            place()})
    return Made()


place()
for function in (place, plain):
    function()
if place(1): place(2)


def run():
    plain()
    nested()
    nested_over_lines()
    arguments_over_lines()
    chained()
    backslash()
    expressions(1)
    expressions(0)
    comparisons()
    literals()
    default()
    decorated()
    decorated_over_lines()
    closure()
    lambdas()
    for depth in (1, 10, 100, 900):
        recursive(depth)
    even(7)
    odd(6)
    one_line()
    semicolons()
    body = Body()
    body.Inner.made().method()
    body.Inner.static()
    body.local()().method()
    metaclasses()
