"""Makes the edits for a culprit in a module that the main script imports: a function in the module, a call in main."""
import ast
import json
import os
import subprocess

import moves_by_ast


class Advice(Exception):
    """There is no edit."""


def ask(reader, *arguments):
    answer = subprocess.run([reader] + [str(a) for a in arguments], stdout=subprocess.PIPE, check=True)
    return json.loads(answer.stdout)


def edit(reader, root, main, culprit, line):
    """Edits the files below `root`, which modules are imported from; returns the doubts and the edited files."""
    chain = import_chain(root, main, culprit)
    answer = ask(reader, "--function", culprit, line)
    doubts, changed = apply(culprit, answer), [culprit]
    call = [module_name(root, culprit), answer["function"]] + answer["names"]
    # From the culprit's importer to main.
    for path, import_line in reversed(chain[1:]):
        answer = ask(reader, "--function", path, import_line, *call)
        if answer.get("advice") == "nothingMoves":
            continue
        doubts += apply(path, answer)
        changed.append(path)
        call = [module_name(root, path), answer["function"]] + answer["names"] + call[2:]
    doubts += apply(main, ask(reader, "--call", main, chain[0][1], *call))
    return doubts, changed + [main]


def apply(path, answer):
    if "advice" in answer:
        raise Advice("%s in %s" % (answer["advice"], os.path.basename(path)))
    with open(path, "rb") as file:
        text = moves_by_ast.applied(file.read(), answer["edits"])
    if text != answer["text"].encode("latin-1"):
        raise ValueError("the edits of %s give another text" % path)
    with open(path, "wb") as file:
        file.write(text)
    return answer["doubts"]


def module_name(root, path):
    parts = os.path.relpath(path, root)[:-len(".py")].split(os.sep)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def import_chain(root, main, culprit):
    """Pairs of a file and the line of its import that leads to the culprit, main first."""
    known, waiting = {main}, [(main, [])]
    while waiting:
        path, chain = waiting.pop(0)
        for line, imported in imports(root, path):
            if imported == culprit:
                return chain + [(path, line)]
            if imported not in known:
                known.add(imported)
                waiting.append((imported, chain + [(path, line)]))
    raise Advice("nothing imports the module")


def imports(root, path):
    """The lines of a file's imports, with the files below `root` that they execute."""
    with open(path, "rb") as file:
        tree = ast.parse(file.read())
    package = module_name(root, path).split(".")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            level = node.level - os.path.basename(path).startswith("__init__")
            base = (package[:len(package) - level] if node.level else []) + (node.module or "").split(".")
            base = [part for part in base if part]
            names = [base] + [base + [alias.name] for alias in node.names]
        else:
            continue
        for name in names:
            for end in range(1, len(name) + 1):
                stem = os.path.join(root, *name[:end])
                for file in (stem + ".py", os.path.join(stem, "__init__.py")):
                    if os.path.exists(file):
                        yield node.lineno, file
