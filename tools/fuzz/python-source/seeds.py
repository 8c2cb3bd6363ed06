#!/usr/bin/env python3
"""Writes the first inputs of the fuzzer: seeds.py FOLDER."""
import os
import pathlib
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "fix"))
import awkward_modules  # noqa: E402
import awkward_programs  # noqa: E402

SYNTAX = r'''@a.b(c)
async def f[T](x: T = 1, /, *y, z=lambda q: q, **k) -> int:
    global g; nonlocal_ = [i for i in x if i]
    match x:
        case {"a": [b, *_], **r} | C(d=e) if f"{x!r:>{k}}{{}}" rf'\{x}':
            return await g
class A(B, metaclass=M): x: int = 1; y = (yield)
try: del a[0], b
except* (E, F) as e: import a.b as c, d
finally: from .x import (a as b, c,)
with (open("f") as f, g as (h, i)): x = y = *z, 0x1f, 1_0.e-5j
for a.b, [c] in d: pass
else: (w := 1)
type X[T] = list[T]
if "__main__" in __name__: a; b
else: c
'''
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
(folder / "syntax").write_text(SYNTAX)
for name, (text, _) in awkward_programs.PROGRAMS.items():
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
for name, (_, files, _, _) in awkward_modules.PROGRAMS.items():
    for path, text in files.items():
        leaf = "%s-%s" % (name, path.replace("/", "-"))
        (folder / leaf).write_bytes(text if isinstance(text, bytes) else text.encode())
