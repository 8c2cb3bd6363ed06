"""Which statements move under the guard, and whether an edited text is right, by the interpreter's own `ast`.

The statement moves, and all below it but definitions and imports that need nothing of what moved. Statements that share
a line move together. What stays besides are settings of `sys.path` and `os.environ`, constants that definitions use,
and blocks of nothing but definitions.
"""
import ast
import collections
import copy
import re
import warnings

import names_by_ast

SETTING = re.compile(rb"(sys[ \t]*\.[ \t]*path|os[ \t]*\.[ \t]*(?:environ|getenv|putenv))(?![\w\x80-\xff])")
MODULES = {"path": "sys", "environ": "os", "getenv": "os", "putenv": "os"}
PLAIN = (ast.Constant, ast.Name, ast.Attribute, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.BinOp, ast.UnaryOp,
         ast.BoolOp, ast.Compare, ast.IfExp, ast.Starred, ast.expr_context, ast.operator, ast.unaryop, ast.boolop,
         ast.cmpop)
HEADER = b'if __name__ == "__main__":'


def units(entries):
    found = []
    for index, entry in enumerate(entries):
        if found and entry["first"] <= found[-1][2]:
            found[-1][0].append(index)
            found[-1][2] = max(found[-1][2], entry["last"])
        else:
            found.append([[index], entry["first"], entry["last"]])
    return found


def is_constant(node):
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
    elif isinstance(node, ast.AnnAssign) and node.value is not None and node.simple:
        target = node.target
    else:
        return False
    return isinstance(target, ast.Name) and all(
        isinstance(part, PLAIN) and not isinstance(part, ast.MatMult) for part in ast.walk(node.value))


def is_block_of_definitions(node, lines):
    """A `try` or `if` with nothing but imports, definitions and constants, each on a line of its own."""
    if not isinstance(node, (ast.If, ast.Try, getattr(ast, "TryStar", ast.Try))):
        return False
    parts = list(node.body) + node.orelse + getattr(node, "finalbody", [])
    for handler in getattr(node, "handlers", []):
        parts += handler.body
    for part in parts:
        before = lines[part.lineno - 1][:part.col_offset].strip(b" \t\f")
        # An elif is an `if` in the orelse.
        if before and not (before in (b"el", b"") and isinstance(part, ast.If)):
            return False
        if not (isinstance(part, names_by_ast.FUNCTIONS + (ast.ClassDef, ast.Import, ast.ImportFrom, ast.Pass))
                or is_constant(part) or is_block_of_definitions(part, lines)):
            return False
    return True


def moved(tree, entries, line, source):
    """The indices of what is under the guard afterwards; a string if nothing is to move."""
    lines = source.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    groups = units(entries)
    culprit = next((g for g, (_, first, last) in enumerate(groups) if first <= line <= last), None)
    if culprit is None:
        return "noStatement"
    used = set()
    for entry in entries:
        if entry["kind"] in ("def", "class"):
            used |= set(entry["needed"]) | set(entry["later"])
    for index in groups[culprit][0]:
        node = tree.body[index]
        if entries[index]["kind"] == "guard":
            return "onlyInWorkers" if node.orelse and line > node.body[-1].end_lineno else "alreadyGuarded"
        if isinstance(node, ast.If) and isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And):
            if any(names_by_ast.is_guard(value) for value in node.test.values):
                return "alreadyGuarded"
    found, names, settings = [], set(), set()

    def stays(index):
        entry, node = entries[index], tree.body[index]
        if set(entry["needed"]) & names:
            return False
        if entry["kind"] in ("def", "class", "import", "from-import", "future-import"):
            return True
        start = lines[node.lineno - 1][node.col_offset:]
        if is_block_of_definitions(node, lines):
            return True
        setting = None if hasattr(node, "body") else SETTING.match(start)
        if setting:
            return setting.group(1)[:3].strip(b". \t") not in settings
        return is_constant(node) and any(
            name in used or len(name) > 4 and name.startswith("__") and name.endswith("__") for name in entry["bound"])

    for number in range(culprit, len(groups)):
        members = groups[number][0]
        if number > culprit and all(stays(index) for index in members):
            continue
        found += members
        for index in members:
            names |= set(entries[index]["bound"]) - {"*"}
        if entries[members[0]]["kind"] != "guard" or len(members) > 1:
            for part in (part for index in members for part in ast.walk(tree.body[index])):
                if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
                    if MODULES.get(part.attr) == part.value.id:
                        settings.add(part.value.id.encode())
    return found


def parts(tree, guarded=()):
    """Dumps of what an import executes, and of what is under guards."""
    outside, inside = [], []
    for index, node in enumerate(tree.body):
        if isinstance(node, ast.If) and names_by_ast.is_guard(node.test):
            inside += [ast.dump(part) for part in node.body]
            outside += [ast.dump(part) for part in node.orelse]
        else:
            (inside if index in guarded else outside).append(ast.dump(node))
    return outside, inside


def faults(source, tree, indices, edit):
    """What is wrong with the edited text."""
    text = edit["text"].encode("latin-1")
    if text != applied(source, edit["edits"]):
        yield "text", "the edits give another text"
    try:
        new = ast.parse(text)
    except SyntaxError as error:
        yield "doesn't parse", str(error)
        return
    before, after = parts(tree, indices), parts(new)
    for what, old, now in (("what stays", before[0], after[0]), ("what moves", before[1], after[1])):
        if old != now:
            where = next((n for n, pair in enumerate(zip(old, now)) if pair[0] != pair[1]), min(len(old), len(now)))
            yield what, "%d and %d statements, %s" % (len(old), len(now), (old + [""])[where][:80])
    mark = b"\xef\xbb\xbf"
    if source.startswith(mark) != text.startswith(mark) or mark in text[1:] and mark not in source[1:]:
        yield "byte order mark", ""
    old, now = (collections.Counter(line.strip() for line in re.split(rb"[\r\n]+", t[3:] if t[:3] == mark else t))
                for t in (source, text))
    added, lost = now - old, old - now
    lost.pop(b"", None)
    if lost or set(added) - {HEADER, b""}:
        one_line = any(isinstance(n, ast.If) and names_by_ast.is_guard(n.test) and n.body[0].lineno == n.lineno
                       for n in tree.body)
        if not one_line:
            yield "lines", "lost %s, added %s" % (list(lost)[:2], list(added)[:2])


def function_faults(source, tree, edit):
    """What is wrong with a text in which statements went into a function."""
    text = edit["text"].encode("latin-1")
    if text != applied(source, edit["edits"]):
        yield "text", "the edits give another text"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "before", "exec")
    except SyntaxError:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "after", "exec")
            new = ast.parse(text)
    except SyntaxError as error:
        yield "doesn't compile", str(error)
        return
    name = edit["function"]
    function = next(node for node in new.body if isinstance(node, ast.FunctionDef) and node.name == name)
    call = ast.dump(ast.parse(name + "()").body[0])
    after = collections.Counter(plain(node) for node in function.body if not isinstance(node, ast.Global))
    for node in new.body:
        if node is not function:
            body = getattr(node, "body", [])
            if isinstance(node, ast.If) and body and ast.dump(body[0]) == call:
                del body[0]
            after[plain(node)] += 1
    before = collections.Counter(plain(node) for node in tree.body)
    if before != after:
        yield "statements", "lost %s, added %s" % (list(before - after)[:1], list(after - before)[:1])


def plain(node):
    """A statement's dump, without the annotations that a function can't have."""
    class Strip(ast.NodeTransformer):
        def visit_FunctionDef(self, node):
            return node

        visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = visit_FunctionDef

        def visit_AnnAssign(self, node):
            if not node.simple:
                return node
            if node.value is None:
                return ast.Pass()
            target = ast.Name(node.target.id, ast.Store())
            return ast.Assign([target], node.value, type_comment=None)
    return ast.dump(Strip().visit(copy.deepcopy(node)))


def applied(source, edits):
    lines = re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", source)
    result, at = [], 1
    for edit in edits:
        result += lines[at - 1:edit["startLine"] - 1] + [edit["replacement"].encode("latin-1")]
        at = edit["endLine"] + 1
    return b"".join(result + lines[at - 1:])
