"""Code that only Python 3.11 and later can run."""
from truth import place


def groups():
    try:
        raise ExceptionGroup("text", [KeyError(1), ValueError(place(2))])
    except* place(KeyError) as group:
        place(group)
    except* ValueError:
        place()
        try:
            raise TypeError
        except* TypeError:
            place()
    else:
        place()
    finally:
        place()


class Outer:
    class Inner:
        place()

        def method(self):
            def local():
                class Local:
                    place()
                    value = [lambda: place()][0]
                    method = value
                return Local
            return local()


def run():
    groups()
    Outer.Inner().method().value()
    [*(lambda: [place(1)])()]
    (lambda *arguments: place(*arguments))(*[
        place(1)], *(place(2),))
