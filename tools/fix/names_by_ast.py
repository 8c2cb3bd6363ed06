"""What the interpreter's own `ast` says of a file: the truth for PythonSource."""
import ast

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Scope:
    def __init__(self, kind, outer, type_parameters=()):
        self.kind, self.outer = kind, outer
        self.uses, self.binds = set(), set()
        self.globals, self.nonlocals = set(), set()
        self.type_parameters = set(type_parameters)


class Reader:
    """Reads one statement at the margin: `bound`, `needed` and `later`."""

    def __init__(self, node, defers_annotations):
        self.defers = defers_annotations
        self.bound, self.needed, self.later = set(), set(), set()
        self.statement(node, Scope("module", None))

    # Uses are pairs of a name and whether a function's body has it.

    def expression(self, node):
        uses, binds = set(), set()
        if node is None:
            return uses, binds
        if isinstance(node, list):
            parts = node
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, (ast.Load, ast.Del)):
                uses.add((node.id, False))
            if isinstance(node.ctx, (ast.Store, ast.Del)):
                binds.add(node.id)
            return uses, binds
        elif isinstance(node, ast.Lambda):
            uses, binds = self.arguments(node.args)
            inner, local = self.expression(node.body)
            local = local | set(parameters(node.args))
            uses |= {(name, True) for name, _ in inner if name not in local}
            return uses, binds
        elif isinstance(node, COMPREHENSIONS):
            return self.comprehension(node)
        else:
            for field in ("name", "rest"):
                if type(node).__name__ in ("MatchAs", "MatchStar", "MatchMapping") and getattr(node, field, None):
                    binds.add(getattr(node, field))
            parts = ast.iter_child_nodes(node)
        for part in parts:
            more, names = self.expression(part)
            uses |= more
            binds |= names
        return uses, binds

    def comprehension(self, node):
        first, binds = self.expression(node.generators[0].iter)
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        local = set()
        inner = set()
        for number, generator in enumerate(node.generators):
            uses, names = self.expression(generator.target)
            local |= names
            inner |= uses
            parts += generator.ifs + ([generator.iter] if number else [])
        uses, names = self.expression(parts)
        inner |= uses
        return first | {use for use in inner if use[0] not in local}, binds | names

    def arguments(self, args, annotations=False):
        uses, binds = self.expression(args.defaults + [default for default in args.kw_defaults if default])
        if annotations and not self.defers:
            every = getattr(args, "posonlyargs", []) + args.args + args.kwonlyargs + [args.vararg, args.kwarg]
            more, names = self.expression([arg.annotation for arg in every if arg is not None and arg.annotation])
            uses |= more
            binds |= names
        return uses, binds

    def commit(self, scope, names):
        uses, binds = names
        if scope.kind == "module":
            self.bound |= binds
            self.take(uses)
        elif scope.kind == "function":
            scope.uses |= uses
            scope.binds |= binds
        else:
            kept = {(name, later) for name, later in uses
                    if name not in scope.type_parameters and (later or name not in scope.binds)}
            scope.binds |= binds
            self.pass_on(kept, scope.outer)

    def pass_on(self, uses, scope):
        while scope is not None and scope.kind != "module":
            if scope.kind == "function":
                scope.uses |= uses
                return
            uses = {use for use in uses if use[0] not in scope.type_parameters}
            scope = scope.outer
        self.take(uses)

    def take(self, uses):
        self.needed |= {name for name, later in uses if not later}
        self.later |= {name for name, later in uses if later}

    def block(self, statements, scope):
        for statement in statements:
            self.statement(statement, scope)

    def statement(self, node, scope):
        if isinstance(node, FUNCTIONS + (ast.ClassDef,)):
            self.definition(node, scope)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names = {"*" if alias.name == "*" else alias.asname or alias.name for alias in node.names}
            if isinstance(node, ast.Import):
                names = {alias.asname or alias.name.split(".")[0] for alias in node.names}
            if "*" in names:
                self.bound.add("*")
                names = set()
            self.commit(scope, (set(), names))
        elif isinstance(node, ast.Global):
            if scope.kind != "module":
                self.bound |= set(node.names)
                scope.globals |= set(node.names)
        elif isinstance(node, ast.Nonlocal):
            scope.nonlocals |= set(node.names)
        elif isinstance(node, ast.AugAssign):
            uses, binds = self.expression([node.target, node.value])
            self.commit(scope, (uses | {(name, False) for name in self.expression(node.target)[1]}, binds))
        elif isinstance(node, ast.AnnAssign):
            parts = [node.target, node.value] + ([] if self.defers else [node.annotation])
            self.commit(scope, self.expression([part for part in parts if part is not None]))
        elif type(node).__name__ == "TypeAlias":
            local, uses = self.type_parameters(node)
            more, _ = self.expression(node.value)
            uses |= {(name, True) for name, _ in more}
            self.commit(scope, ({use for use in uses if use[0] not in local}, {node.name.id}))
        else:
            self.compound(node, scope)

    def compound(self, node, scope):
        blocks = [field for field in ("body", "handlers", "orelse", "finalbody", "cases") if hasattr(node, field)]
        if not blocks:
            self.commit(scope, self.expression(node))
            return
        head = [child for name, child in ast.iter_fields(node) if name not in blocks]
        parts = []
        for part in head:
            parts += part if isinstance(part, list) else [part] if isinstance(part, ast.AST) else []
        uses, binds = self.expression(parts)
        if isinstance(node, ast.ExceptHandler) and node.name:
            binds.add(node.name)
        self.commit(scope, (uses, binds))
        for name in blocks:
            self.block(getattr(node, name), scope)

    def type_parameters(self, node):
        local, uses = set(), set()
        for parameter in getattr(node, "type_params", []):
            local.add(parameter.name)
            for part in ("bound", "default_value"):
                more, _ = self.expression(getattr(parameter, part, None))
                uses |= {(name, True) for name, _ in more}
        return local, {use for use in uses if use[0] not in local}

    def definition(self, node, scope):
        for decorator in node.decorator_list:
            self.commit(scope, self.expression(decorator))
        local, uses = self.type_parameters(node)
        binds = {node.name}
        if isinstance(node, ast.ClassDef):
            more, names = self.expression(node.bases + [word.value for word in node.keywords])
            inner = Scope("class", scope, local)
        else:
            more, names = self.arguments(node.args, annotations=True)
            if not self.defers and node.returns is not None:
                returned, _ = self.expression(node.returns)
                more |= returned
            inner = Scope("function", scope)
            inner.binds |= set(parameters(node.args)) | local
        uses |= {use for use in more if use[0] not in local}
        self.commit(scope, (uses, binds | names))
        self.block(node.body, inner)
        if inner.kind == "function":
            self.take({(name, True) for name, _ in inner.uses if name in inner.globals})
            own = (inner.binds - inner.nonlocals) | inner.globals
            self.pass_on({(name, True) for name, _ in inner.uses if name not in own}, scope)


def parameters(args):
    every = getattr(args, "posonlyargs", []) + args.args + args.kwonlyargs + [args.vararg, args.kwarg]
    return [arg.arg for arg in every if arg is not None]


def first_line(node):
    return min([node.lineno] + [decorator.lineno for decorator in getattr(node, "decorator_list", [])])


def text_of(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def is_guard(test):
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1):
        return False
    left, right = test.left, test.comparators[0]
    is_name = lambda node: isinstance(node, ast.Name) and node.id == "__name__"
    if isinstance(test.ops[0], ast.Eq):
        return is_name(left) and text_of(right) == "__main__" or text_of(left) == "__main__" and is_name(right)
    if not isinstance(test.ops[0], ast.In):
        return False
    if text_of(left) == "__main__" and is_name(right):
        return True
    values = [text_of(item) for item in getattr(right, "elts", [right])]
    return is_name(left) and None not in values and "__main__" in values and "__mp_main__" not in values


def kind(node, is_first):
    if isinstance(node, FUNCTIONS):
        return "def"
    if isinstance(node, ast.ClassDef):
        return "class"
    if isinstance(node, ast.Import):
        return "import"
    if isinstance(node, ast.ImportFrom):
        return "future-import" if node.module == "__future__" and not node.level else "from-import"
    if is_first and isinstance(node, ast.Expr) and text_of(node.value) is not None:
        return "docstring"
    if isinstance(node, ast.If) and is_guard(node.test):
        return "guard"
    return "other"


def statements(tree):
    """As python-statements prints them."""
    defers = False
    found = []
    for number, node in enumerate(tree.body):
        read = Reader(node, defers)
        if kind(node, False) == "future-import" and any(alias.name == "annotations" for alias in node.names):
            defers = True
        found.append({"kind": kind(node, number == 0), "first": first_line(node), "last": node.end_lineno,
                      "bound": sorted(read.bound), "needed": sorted(read.needed), "later": sorted(read.later)})
    return found
