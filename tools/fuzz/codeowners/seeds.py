#!/usr/bin/env python3
"""Writes the first inputs of the fuzzer: seeds.py FOLDER."""
import pathlib
import sys

SEEDS = [
    "docs/a/b.py\n* @a @b/c\n/docs/ @d\n*.py me@example.com # why\n/docs/*\n",
    "a b#/c\na\\ b\\#/ @o\n\\#c @p\n!x @q\n",
    "api/x.md\n* @all\n[Back end][2] @b\n/api/\n^[Docs] @d\n*.md\n[back end]\n**/x* @e\n",
    "a/a/a/b\n**/a/**/a/*b @x\n*a*a*a*b @y\na?/** @z\n",
]
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for number, seed in enumerate(SEEDS):
    (folder / str(number)).write_text(seed)
