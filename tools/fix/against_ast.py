#!/usr/bin/env python3
"""Compares what PythonSource reads of real files with what the interpreter's own `ast` says.

    tools/fix/against_ast.py READER [--every N] [--lines N] FOLDER...

READER is .build/release/python-statements. Compared are the files below the folders that the interpreter can parse
which runs this: bounds, kinds and names of statements, and for some lines of each file what moves under the guard and
whether the edited text has the same statements, also with a function, which must compile. Printed are counts, and
differences by class, with examples.
"""
import argparse
import ast
import collections
import json
import os
import random
import re
import subprocess
import sys
import unicodedata
import warnings

import moves_by_ast
import names_by_ast


class Comparison:
    def __init__(self, reader, examples, lines):
        self.lines = lines
        self.process = subprocess.Popen([reader, "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.counts = collections.Counter()
        self.examples = collections.defaultdict(list)
        self.limit = examples

    def differs(self, what, path, detail):
        self.counts["difference: " + what] += 1
        if len(self.examples[what]) < self.limit:
            self.examples[what].append("%s: %s" % (path, detail))

    def ask(self, path, lines=()):
        self.process.stdin.write(os.fsencode("\t".join([path] + [str(line) for line in lines])) + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def compare(self, path):
        with open(path, "rb") as file:
            source = file.read()
        if "\n" in path or "\t" in path:
            return
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(source)
                expected = names_by_ast.statements(tree)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self.counts["files that ast can't parse"] += 1
            return
        self.counts["files"] += 1
        self.counts["statements"] += len(expected)
        encoding = declared_encoding(source)
        lines = self.sample(source)
        read = self.ask(path, lines)
        if not read["isWhole"]:
            self.differs("taken for broken", path, "")
        found = read["statements"]
        if [(s["first"], s["last"]) for s in found] != [(s["first"], s["last"]) for s in expected]:
            ours = {(s["first"], s["last"]) for s in found}
            theirs = {(s["first"], s["last"]) for s in expected}
            self.differs("bounds", path, "ours %s, ast's %s" % (sorted(ours - theirs)[:3], sorted(theirs - ours)[:3]))
            return
        for ours, theirs in zip(found, expected):
            for field in ("kind", "bound", "needed", "later"):
                value = ours[field]
                if isinstance(value, list):
                    value = sorted({decoded(name, encoding) for name in value})
                if value != theirs[field]:
                    self.differs(field, path, difference(theirs["first"], value, theirs[field]))
        for line, edit in zip(lines, read["edits"]):
            self.compare_edit(path, source, tree, expected, line, edit)
        for line, edit in zip(lines, read["functions"]):
            self.compare_function(path, source, tree, line, edit)

    def sample(self, source):
        """Lines that the culprit may be in: the same in each run."""
        count = len(re.findall(rb"\r\n|\r|\n", source)) + 1
        chance = random.Random(len(source))
        return sorted({chance.randint(1, count) for _ in range(self.lines)})

    def compare_edit(self, path, source, tree, expected, line, edit):
        indices = moves_by_ast.moved(tree, expected, line, source)
        self.counts["culprit lines"] += 1
        if isinstance(indices, str):
            self.counts["culprit lines with advice"] += 1
            if edit.get("advice") != indices:
                self.differs("advice", path, "line %d: %s, ast: %s" % (line, edit.get("advice"), indices))
            return
        if edit.get("moved") != indices:
            self.differs("moved", path, "line %d: %s, ast: %s" % (line, edit.get("moved", edit), indices))
            return
        self.counts["edits"] += 1
        self.counts["edits that apply as they are"] += not edit["doubts"]
        for what, detail in moves_by_ast.faults(source, tree, indices, edit):
            self.differs("edit: " + what, path, "line %d: %s" % (line, detail))


    def compare_function(self, path, source, tree, line, edit):
        if "advice" in edit:
            self.counts["functions: advice " + edit["advice"]] += 1
            return
        self.counts["functions"] += 1
        for what, detail in moves_by_ast.function_faults(source, tree, edit):
            self.differs("function: " + what, path, "line %d: %s" % (line, detail))


def difference(line, ours, theirs):
    if isinstance(ours, str):
        return "line %d: %s, ast: %s" % (line, ours, theirs)
    return "line %d: only ours %s, only ast's %s" % (
        line, sorted(set(ours) - set(theirs))[:6], sorted(set(theirs) - set(ours))[:6])


def decoded(name, encoding):
    """A name as Python has it: in its normal form."""
    return unicodedata.normalize("NFKC", name.encode("latin-1").decode(encoding, "replace"))


def declared_encoding(source):
    import io
    import tokenize
    try:
        return tokenize.detect_encoding(io.BytesIO(source).readline)[0]
    except SyntaxError:
        return "utf-8"


def files(folders):
    for folder in folders:
        for parent, names, leaves in os.walk(folder):
            names.sort()
            for leaf in sorted(leaves):
                # A link may lead nowhere.
                if leaf.endswith(".py") and os.path.exists(os.path.join(parent, leaf)):
                    yield os.path.join(parent, leaf)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("reader")
    parser.add_argument("--every", type=int, default=1, help="each Nth file alone")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--lines", type=int, default=4, help="culprit lines of each file")
    parser.add_argument("--examples", type=int, default=3)
    parser.add_argument("folder", nargs="+")
    options = parser.parse_args()
    sys.setrecursionlimit(5000)
    comparison = Comparison(options.reader, options.examples, options.lines)
    for number, path in enumerate(files(options.folder)):
        if number % options.every == 0:
            comparison.compare(path)
        if options.limit and comparison.counts["files"] >= options.limit:
            break
    for what, count in comparison.counts.items():
        print("%8d %s" % (count, what))
    for what, lines in comparison.examples.items():
        print("\n".join(["%s:" % what] + ["    " + line for line in lines]))


if __name__ == "__main__":
    main()
