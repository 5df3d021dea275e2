"""Statements of a program as ones that can be run; each tells its line before it runs."""

import ast
from typing import Any

from components.sandbox.budget import MOST_STEPS
from components.sandbox.names import Names, is_context
from components.sandbox.tables.objects import EXCEPTIONS, SPECIAL_METHODS
from components.sandbox.transform import OPERATORS, ExpressionTransformer, helper, placed, text

BASES = {
    "torch.nn.Module": "torch.nn.Module",
    "torch.autograd.Function": "torch.autograd.Function",
    "torch.autograd.function.Function": "torch.autograd.Function",
}
"""What a class may be made from, by the path that is written."""


def transform(tree: ast.Module, names: Names) -> tuple[ast.Module, ExpressionTransformer]:
    """The tree that can be run, and the transformer that knows what it needs; RefusedError for what is not allowed."""
    transformer = Transformer(names)
    body = transformer.block(tree.body)
    return ast.fix_missing_locations(ast.Module(body, [])), transformer


class Transformer(ExpressionTransformer):
    """Statements and all that stands in them."""

    def __init__(self, names: Names) -> None:
        super().__init__(names)
        self.temporary = 0
        self.is_in_function = False

    def block(self, statements: list[Any]) -> list[Any]:
        """Statements one after the other, each with its line before it."""
        made: list[Any] = []
        for statement in statements:
            new = self.visit(statement)
            line = placed(ast.Constant(statement.lineno), statement)
            if new and not isinstance(statement, ast.Global | ast.Nonlocal):
                made.append(placed(ast.Expr(self.call("step", statement, line)), statement))
            made += new
        return made or [ast.Pass()]

    # values

    def visit_Expr(self, node: ast.Expr) -> list[Any]:
        if isinstance(node.value, ast.Constant):
            return [placed(ast.Expr(self.visit(node.value)), node)]
        line = placed(ast.Constant(node.lineno), node)
        return [placed(ast.Expr(self.call("shown", node, line, self.visit(node.value))), node)]

    def visit_Assign(self, node: ast.Assign) -> list[Any]:
        value = self.visit(node.value)
        if all(isinstance(target, ast.Name) for target in node.targets):
            names = [target for target in node.targets if isinstance(target, ast.Name)]
            return [placed(ast.Assign(self.all(node.targets), self.made(names[-1], value, node)), node)]
        after: list[Any] = []
        targets = [self.target(target, after) for target in node.targets]
        seen = [name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
        own = [n for n in seen if isinstance(n.ctx, ast.Store) and not n.id.startswith(" ")]
        notes = [
            placed(ast.Expr(self.made(name, placed(ast.Name(name.id, ast.Load()), node), node)), node) for name in own
        ]
        return [placed(ast.Assign(targets, value), node), *after, *self.lengths(node), *notes]

    def lengths(self, node: ast.Assign) -> list[ast.stmt]:
        """Looks at the length of lists of which a slice was assigned."""
        slices = [t.value for t in node.targets if isinstance(t, ast.Subscript) and isinstance(t.slice, ast.Slice)]
        lists = [placed(ast.Name(of.id, ast.Load()), node) for of in slices if isinstance(of, ast.Name)]
        return [placed(ast.Expr(self.call("checked_list", node, one)), node) for one in lists]

    def made(self, name: ast.Name, value: ast.AST, like: ast.stmt) -> ast.Call:
        """The value, noted as what its line gives to a name."""
        line = placed(ast.Constant(like.lineno), like)
        return self.call("made", like, line, text(name.id, like), value)

    def target(self, node: Any, after: list[Any]) -> Any:
        """What is assigned to; attributes are set afterwards, from names of ours."""
        if isinstance(node, ast.Attribute):
            if path := self.path_of(node):
                self.library_attribute(path, node)
            self.temporary += 1
            name = helper(f"value {self.temporary}")
            after.append(self.set_attribute(node, placed(ast.Name(name, ast.Load()), node)))
            return placed(ast.Name(name, ast.Store()), node)
        if isinstance(node, ast.Tuple | ast.List):
            return placed(type(node)([self.target(part, after) for part in node.elts], ast.Store()), node)
        if isinstance(node, ast.Starred):
            return placed(ast.Starred(self.target(node.value, after), ast.Store()), node)
        return self.visit(node)

    def set_attribute(self, node: ast.Attribute, value: ast.AST) -> ast.stmt:
        """A statement that sets an attribute."""
        self.check_attribute(node)
        if not self.names.classes and node.attr not in ("grad", "data", "requires_grad", "training", "weight", "bias"):
            self.refuse(node, f"`.{node.attr[:60]}` cannot be set here; give the value a name of its own.")
        setting = self.call("set_attribute", node, self.visit(node.value), text(node.attr, node), value)
        return placed(ast.Expr(setting), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> list[Any]:
        operator, value = text(OPERATORS[type(node.op)], node), self.visit(node.value)
        target = node.target
        if isinstance(target, ast.Name):
            old = self.visit(placed(ast.Name(target.id, ast.Load()), target))
            new = self.call("in_place", node, operator, old, value)
            return [placed(ast.Assign([self.visit(target)], self.made(target, new, node)), node)]
        if isinstance(target, ast.Attribute):
            if path := self.path_of(target):
                self.library_attribute(path, target)
            self.check_attribute(target)
            name = text(target.attr, target)
            call = self.call("in_place_attribute", node, operator, self.visit(target.value), name, value)
        else:
            key = self.visit(target.slice)
            call = self.call("in_place_item", node, operator, self.visit(target.value), as_value(key), value)
        return [placed(ast.Expr(call), node)]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> list[Any]:
        self.visit(node.annotation)
        if node.value is None:
            return []
        return self.visit_Assign(placed(ast.Assign([node.target], node.value), node))

    def visit_Delete(self, node: ast.Delete) -> list[Any]:
        for target in node.targets:
            if isinstance(target, ast.Attribute):
                self.refuse(target, "An attribute cannot be deleted here; set it to None.")
        return [placed(ast.Delete(self.all(node.targets)), node)]

    def visit_Pass(self, node: ast.Pass) -> list[Any]:
        return [node]

    def visit_Break(self, node: ast.Break) -> list[Any]:
        return [node]

    def visit_Continue(self, node: ast.Continue) -> list[Any]:
        return [node]

    def visit_Global(self, node: ast.Global) -> list[Any]:
        for name in node.names:
            self.check_name(name, node)
        return [node]

    def visit_Nonlocal(self, node: ast.Nonlocal) -> list[Any]:
        for name in node.names:
            self.check_name(name, node)
        return [node]

    def visit_Assert(self, node: ast.Assert) -> list[Any]:
        return [placed(ast.Assert(self.visit(node.test), self.optional(node.msg)), node)]

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> list[Any]:
        if self.is_in_function:
            self.refuse(node, "Imports stand at the top of a program here.")
        return []

    visit_ImportFrom = visit_Import

    # control flow

    def visit_If(self, node: ast.If) -> list[Any]:
        test, body, orelse = self.visit(node.test), self.block(node.body), node.orelse
        return [placed(ast.If(test, body, self.block(orelse) if orelse else []), node)]

    def visit_For(self, node: ast.For) -> list[Any]:
        if any(isinstance(part, ast.Attribute) for part in ast.walk(node.target)):
            self.refuse(node, "A loop gives its values to names here, not to attributes.")
        target, turns = self.visit(node.target), self.visit(node.iter)
        orelse = self.block(node.orelse) if node.orelse else []
        return [placed(ast.For(target, turns, self.block(node.body), orelse), node)]

    def visit_While(self, node: ast.While) -> list[Any]:
        if is_endless(node):
            self.refuse(node, "This loop never ends: give it a condition, or a `break`.")
        orelse = self.block(node.orelse) if node.orelse else []
        return [placed(ast.While(self.visit(node.test), self.block(node.body), orelse), node)]

    def visit_With(self, node: ast.With) -> list[Any]:
        items = [self.context(item) for item in node.items]
        return [placed(ast.With(items, self.block(node.body)), node)]

    def context(self, item: ast.withitem) -> ast.withitem:
        """What a `with` statement enters: torch's own contexts alone."""
        call = item.context_expr
        path = self.path_of(call.func) if isinstance(call, ast.Call) else self.path_of(call)
        if not isinstance(call, ast.Call) or not is_context(path):
            named = path or "this"
            self.refuse(call, f"`with` is for `torch.no_grad()` and its like here; `{named}` is not one of them.")
        self.paths.add(path)
        function = placed(ast.Name(helper(path), ast.Load()), call)
        made = self.call("call", call, function, *self.all(call.args), keywords=self.keywords(call))
        if isinstance(item.optional_vars, ast.Attribute | ast.Tuple):
            self.refuse(call, "`as` gives a name here.")
        return ast.withitem(made, self.optional(item.optional_vars))

    def visit_Try(self, node: ast.Try) -> list[Any]:
        handlers = [self.handler(handler) for handler in node.handlers]
        parts = (self.block(part) if part else [] for part in (node.orelse, node.finalbody))
        return [placed(ast.Try(self.block(node.body), handlers, *parts), node)]

    def handler(self, node: ast.ExceptHandler) -> ast.ExceptHandler:
        """One `except`; one without a name catches what a program can raise."""
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type] if node.type else []
        for kind in kinds:
            if not isinstance(kind, ast.Name) or kind.id not in EXCEPTIONS or kind.id in self.names.bound:
                self.refuse(node, "`except` takes Python's own exceptions here, such as RuntimeError.")
        named = [kind.id for kind in kinds if isinstance(kind, ast.Name)] or ["Exception"]
        caught: list[ast.expr] = [placed(ast.Name(helper(kind), ast.Load()), node) for kind in named]
        name = node.name and self.check_name(node.name, node)
        return placed(ast.ExceptHandler(placed(ast.Tuple(caught, ast.Load()), node), name, self.block(node.body)), node)

    # functions and classes

    def visit_Return(self, node: ast.Return) -> list[Any]:
        return [placed(ast.Return(self.optional(node.value)), node)]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> list[Any]:
        if node.decorator_list:
            self.refuse(node, "Decorators are not in the playground; write the `with` statement inside the function.")
        self.check_name(node.name, node)
        function = self.function(node, [])
        function.decorator_list = [self.call("named_function", node, text(node.name, node))]
        return [function]

    def function(self, node: ast.FunctionDef, decorators: list[Any]) -> ast.FunctionDef:
        """A function with a block of its own."""
        arguments = self.arguments(node.args)
        self.optional(node.returns)
        before = self.is_in_function, self.first_parameter, self.is_in_class
        self.is_in_function = True
        if self.is_in_class:
            self.first_parameter = arguments.args[0].arg if arguments.args else "self"
        body = self.block(node.body)
        self.is_in_function, self.first_parameter, self.is_in_class = before
        return placed(ast.FunctionDef(node.name, arguments, body, decorators, None), node)

    def visit_ClassDef(self, node: ast.ClassDef) -> list[Any]:
        base = self.base(node)
        was = self.is_in_class
        self.is_in_class = True
        body = [new for statement in node.body for new in self.member(statement)]
        self.is_in_class = was
        return [placed(ast.ClassDef(self.check_name(node.name, node), [base], [], body or [ast.Pass()], []), node)]

    def base(self, node: ast.ClassDef) -> ast.Name:
        """The class that a class is made from."""
        if node.decorator_list or node.keywords or len(node.bases) != 1:
            self.refuse(node, "A class here is made from one of `nn.Module` and `torch.autograd.Function`.")
        [base] = node.bases
        if isinstance(base, ast.Name) and base.id in self.names.classes:
            return placed(ast.Name(base.id, ast.Load()), base)
        path = BASES.get(self.path_of(base))
        if path is None:
            self.refuse(node, "A class here is made from `nn.Module` or `torch.autograd.Function`.")
        self.paths.add(path)
        return placed(ast.Name(helper(path), ast.Load()), base)

    def member(self, node: ast.stmt) -> list[Any]:
        """What may stand in a class: methods, constants and a text."""
        if isinstance(node, ast.FunctionDef):
            if node.name.startswith("_") and node.name not in SPECIAL_METHODS:
                self.refuse(node, f"`{node.name}`: a method with underscores is not in the playground but `__init__`.")
            is_static = [isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list]
            if not all(is_static):
                self.refuse(node, "The only decorator of a method here is `@staticmethod`.")
            return [self.function(node, [placed(ast.Name(helper("staticmethod"), ast.Load()), node)] * len(is_static))]
        if isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            return [node]
        if isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets):
            return [placed(ast.Assign(self.all(node.targets), self.visit(node.value)), node)]
        return self.refuse(node, "A class holds methods and values here.")


def as_value(key: Any) -> Any:
    """A slice between brackets as a value that can be handed over."""
    if isinstance(key, ast.Slice):
        parts = [part or placed(ast.Constant(None), key) for part in (key.lower, key.upper, key.step)]
        return placed(ast.Call(placed(ast.Name(helper("slice"), ast.Load()), key), parts, []), key)
    if isinstance(key, ast.Tuple):
        return placed(ast.Tuple([as_value(part) for part in key.elts], ast.Load()), key)
    return key


def is_endless(node: ast.While) -> bool:
    """Whether a loop's condition is always true and nothing leaves it."""
    always = isinstance(node.test, ast.Constant) and bool(node.test.value)
    return always and not any(isinstance(part, ast.Break | ast.Return) for part in ast.walk(node))


def check_loops(tree: ast.Module) -> tuple[int, int] | None:
    """Line and number of turns of a loop whose own text says that it would go on for too long; None where none does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.For):
            turns, line = constant_turns(node.iter), node.lineno
        elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            turns, line = 1, node.lineno
            for generator in node.generators:
                turns *= constant_turns(generator.iter)
        else:
            continue
        if turns > MOST_STEPS and not (isinstance(node, ast.For) and leaves(node)):
            return line, turns
    return None


def leaves(node: ast.For) -> bool:
    """Whether a loop may end before its range does."""
    return any(isinstance(part, ast.Break | ast.Return) for part in ast.walk(node))


def constant_turns(node: ast.AST) -> int:
    """The turns that `range(...)` of plain numbers takes; 1 where they are not known from the text."""
    is_range = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"
    if not is_range or not isinstance(node, ast.Call):
        return 1
    values = [constant(argument) for argument in node.args]
    if not 1 <= len(values) <= 3 or any(value is None for value in values) or 0 in values[2:]:
        return 1
    return len_of(range(*[value for value in values if value is not None]))


def len_of(turns: range) -> int:
    """The length of a range, however long."""
    return max(0, (turns.stop - turns.start + turns.step - (1 if turns.step > 0 else -1)) // turns.step)


def constant(node: ast.AST) -> int | None:
    """An integer that is written out, as in `10**9`; None for anything else."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow | ast.Mult):
        left, right = constant(node.left), constant(node.right)
        if left is not None and right is not None and abs(left) < 10**6 and 0 <= right < 64:
            return left**right if isinstance(node.op, ast.Pow) else left * right
    return None


def refusal_of_loop(line: int, turns: int) -> str:
    """What is said of a loop that would take too many turns."""
    return f"The loop in line {line} would take {turns:,} turns; {MOST_STEPS:,} is the most."
