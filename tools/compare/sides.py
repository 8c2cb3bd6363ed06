"""What a pair of pairs.py is, and what is needed to make some."""
import dataclasses
import typing

MAIN = ("{python}", "main.py")
GUARD = 'if __name__ == "__main__":\n'


@dataclasses.dataclass(frozen=True)
class Side:
    """A run: files by path, the command, the variables that are set, and how it is expected to end."""
    files: dict
    python: str
    argv: tuple = MAIN
    environment: dict = dataclasses.field(default_factory=dict)
    status: int = 0
    # report, stop or timeout
    mode: str = "report"
    # venv (links to the interpreter, outside the checkout) or copied (inside it)
    venv: str = ""

    def but(self, files=None, **changes):
        return dataclasses.replace(self, files=dict(self.files, **(files or {})), **changes)


class Pair(typing.NamedTuple):
    name: str
    kind: str
    says: list
    good: Side
    bad: Side


def named(good, bad):
    return good if good == bad else good + "-" + bad


def number(version):
    return tuple(int(part) for part in version.split("."))


def turns(versions, items, count=2):
    """Each item with some of the versions, in turn."""
    for index, item in enumerate(items):
        for offset in range(min(count, len(versions))):
            yield versions[(index + offset * (len(versions) // 2 or 1)) % len(versions)], item


def main_file(text, **more):
    return dict({"main.py": text}, **{name.replace("_py", ".py"): content for name, content in more.items()})


def line_of(text, statement):
    """Where a statement is, as the reports have it."""
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip().startswith(statement)]
    return lines[-1]
