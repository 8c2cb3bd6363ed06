"""New in Python 3.12: comprehensions in the frame of their function, type parameters, type aliases."""
from truth import place


def generic[T: place(1)](value: T) -> place(2):
    return place(value)


class Generic[T: (place(3),
                  place(4))]:
    place()

    def method[U](self, value: U = place(5)) -> T:
        return place(value)


type Alias[T] = place(
    T)


def inlined():
    values = [[place(n) for n in range(m)]
              for m in [1, 2]]
    {n: {place(m) for m in (1,)} for n in (1,)}
    try:
        [place(n)
         for n in
         (1, 2) if 1 / (2 - n)]
    except ZeroDivisionError:
        place()
    return [lambda: place(n) for n in (1,)][0]()


class Body:
    values = [place(n) for n in (1, 2)]


def run():
    generic(1)
    Generic().method(1)
    Alias.__value__
    generic.__type_params__[0].__bound__
    Generic.__type_params__[0].__constraints__
    inlined()
    f"{'nested ' + f"{place(1)}"} {
        place(2)
    }"
    sum(place(n) for n in [place(m) for m in (1, 2)])
