"""Awkward programs, each with the output that it has when it is healthy. HERE marks the culprit's line.

Each starts processes while it is imported, and so again in each worker.
"""
HEAD = 'import multiprocessing\nctx = multiprocessing.get_context("spawn")\n\n\ndef work(n):\n    return n * n\n\n\n'
RUN = "with ctx.Pool(1) as pool:  # HERE\n    print(pool.map(work, [2, 3]))\n"
DONE = "[4, 9]\n"

# Name: text or bytes, output.
PROGRAMS = {
    "plain": (HEAD + RUN, DONE),
    "no-last-line-end": ((HEAD + RUN).rstrip("\n"), DONE),
    "crlf": ((HEAD + RUN + "print('end')\n").replace("\n", "\r\n"), DONE + "end\n"),
    "cr": ((HEAD + RUN).replace("\n", "\r"), DONE),
    "tabs": ((HEAD + RUN + "for x in range(2):\n    if x:\n        print(x)\n").replace("    ", "\t"), DONE + "1\n"),
    "two-spaces": ((HEAD + RUN).replace("    ", "  "), DONE),
    "latin-1": (("# coding: latin-1\n" + HEAD + "print('na\xefve'.encode('ascii', 'replace').decode())\n" + RUN)
                .encode("latin-1"), "na?ve\n" * 2 + DONE),
    "byte-order-mark": (b"\xef\xbb\xbf" + (HEAD + RUN).encode(), DONE),
    "form-feeds": (HEAD + "\f\n" + RUN + "\f\n\fprint('end')\n", DONE + "end\n"),
    "semicolons": (HEAD + "pool = ctx.Pool(1); print(pool.map(work, [2, 3])); pool.close()  # HERE\npool.join();\n",
                   DONE),
    "string-lines": (HEAD + RUN + 'print("""a\n  b\n\tc""", \'d\\\ne\')\n', DONE + "a\n  b\n\tc de\n"),
    "f-string-lines": (HEAD + RUN + 'x = 1\nprint(f"""a{x}\n  b{\nx}""")\n', DONE + "a1\n  b1\n"),
    "string-in-the-statement": (HEAD + 'print(ctx.Pool(1).map(work, [2, 3]), """  # HERE\n x\n""".strip()[-1:])\n',
                                "[4, 9] x\n"),
    "continued-lines": (HEAD + "pool = \\\n  ctx.Pool(1)  # HERE\nprint(pool.map(\n work,\n[2, 3],\n))\n", DONE),
    "in-a-loop": (HEAD + "for n in range(2):\n    if n:\n        try:\n"
                  "            print(ctx.Pool(1).map(work, [n + 1]))  # HERE\n"
                  "        finally:\n            print('end')\n    else:\n        pass\n", "[4]\nend\n"),
    "definitions-below": (HEAD.replace("def work", "def first") + "process = ctx.Pool(1)  # HERE\n\n\n"
                          "class Base:\n    factor = 1\n\n\n@staticmethod\ndef unused():\n    return process\n\n\n"
                          "def work(n, factor=Base.factor):\n    return n * n * factor\n\n\n"
                          "print(process.map(work, [2, 3]))\n", DONE),
    "constants-below": (HEAD.replace("n * n", "n * n * ONE") + "pool = ctx.Pool(1)  # HERE\nONE = 1\n"
                        "print(pool.map(work, [2, 3]))\n", DONE),
    "constants-between": (HEAD + "pool = ctx.Pool(1)  # HERE\npool.close()\nONE = (1, 'x')\n\n\ndef other(n):\n"
                          "    return n * n * ONE[0]\n\n\n"
                          "with ctx.Pool(1) as pool:\n    print(pool.map(other, [2, 3]))\n", DONE),
    "guard-below": (HEAD + "pool = ctx.Pool(1)  # HERE\n\n\ndef other():\n    pass\n\n\nif __name__ == '__main__':\n"
                    "  # waits\n"
                    "  print(pool.map(work, [2, 3]))\n", DONE),
    "guard-on-one-line": (HEAD + "pool = ctx.Pool(1)  # HERE\n"
                          "if '__main__' == __name__: print(pool.map(work, [2, 3])); print('end')\n", DONE + "end\n"),
    "guard-above": ("if __name__ == '__main__':\n\tprint('begin')\n\n" + HEAD + RUN, "begin\n" + DONE),
    "guard-directly-above": (HEAD + "if __name__ == '__main__':\n  print('begin')\n\n" + RUN, "begin\n" + DONE),
    "two-guards": (HEAD + "pool = ctx.Pool(1)  # HERE\nif __name__ == '__main__':\n    print('a')\nprint('b')\n"
                   "if (__name__ == '__main__'):\n    print(pool.map(work, [2, 3]))\nprint('c')\n", "a\nb\n" + DONE
                   + "c\n"),
    "guard-with-else": (HEAD + "pool = ctx.Pool(1)  # HERE\nif __name__ == '__main__':\n"
                        "    print(pool.map(work, [2, 3]))\n"
                        "else:\n    worker = True\n", DONE),
    "wrong-guard": (HEAD + "if __name__ != 'main':\n    print(ctx.Pool(1).map(work, [2, 3]))  # HERE\n", DONE),
    "docstring-and-future": ('#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n"""Doc."""\n'
                             "from __future__ import division\n" + HEAD + "# Starts it.\n" + RUN
                             + "print(__doc__)\n", DONE + "Doc.\n"),
    "main-function": (HEAD + "def main():\n    with ctx.Pool(1) as pool:\n        print(pool.map(work, [2, 3]))\n\n\n"
                      "main()  # HERE\n", DONE),
    "global-statement": (HEAD + "pool = None\n\n\ndef start():\n    global pool\n    pool = ctx.Pool(1)\n\n\n"
                         "start()  # HERE\n"
                         "print(pool.map(work, [2, 3]))\n", DONE),
    "walrus-and-comprehension": (HEAD + "if (pool := ctx.Pool(1)):  # HERE\n"
                                 "    print([n for n in pool.imap(work, [2, 3])])\n", DONE),
    "start-and-join": (HEAD + "p = ctx.Process(target=work, args=(1,))\np.start()  # HERE\n\n\ndef later():\n"
                       "    pass\n\n\np.join()\nprint(p.exitcode)\n", "0\n"),
    "names-like-keywords": (HEAD + "match = case = type = 1\n" + RUN + "match = {case: type}\nprint(match[case])\n",
                            DONE + "1\n"),
    "all-below": (HEAD + RUN + "__all__ = ['work']\n__version__ = '1'\n\n\ndef version():\n    return __version__\n\n\n"
                  "print(version())\n", DONE + "1\n"),
    "path-setting-below": (HEAD + "import sys\n" + RUN + "sys.path.insert(0, '.')\nimport json\nprint(json.dumps(1))\n",
                           DONE + "1\n"),
    "star-import-above": ("from os.path import *\n" + HEAD + RUN + "print(basename('a/b'))\n", DONE + "b\n"),
    "indented-comments": (HEAD + RUN + "    # a comment of the block\n# of print\nprint('end')\n# end\n", DONE
                          + "end\n"),
    "queue": (HEAD + "def put(q):\n    q.put(5)\n\n\nq = ctx.Queue()\n"
              "p = ctx.Process(target=put, args=(q,)); p.start()  # HERE\n"
              "print(q.get())\np.join()\n", "5\n"),
}
