"""New in Python 3.14: annotations that are evaluated when they are used, template strings."""
import annotationlib

from truth import place


def annotated(value: place(int),
              other: place(
                  str)) -> place(None):
    return place(value)


class Annotated:
    first: place(1)
    second: [
        place(2)
    ] = place(3)


module_level: place(4)


def run():
    annotated(1, 2)
    annotated.__annotations__
    Annotated.__annotations__
    annotationlib.get_annotations(Annotated, format=annotationlib.Format.VALUE)
    annotationlib.call_annotate_function(annotated.__annotate__, annotationlib.Format.VALUE)
    t"{place(1)} {place(2)!r:{place(3)}}"
    try:
        place()
    except KeyError, ValueError:
        place()
    try:
        raise KeyError
    except KeyError, ValueError:
        place()
