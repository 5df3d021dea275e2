"""A program's tree as one that can be run: each part of Python that is allowed, and calls of ours for all the rest.

The new tree has no attribute, no import and no call but those of `runtime.py`, whose names begin with a space: no
program can write them. What has no method here is refused.
"""

import ast
from typing import Any, NoReturn, TypeVar

from components.sandbox import advice
from components.sandbox.errors import RefusedError
from components.sandbox.names import Names, is_context
from components.sandbox.operators import reaches_inside
from components.sandbox.tables import objects
from components.sandbox.tables.attributes import KNOWN
from components.sandbox.tables.functions import NAMESPACES

OPERATORS = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.MatMult: "matmul",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
    ast.BitOr: "or_",
    ast.BitXor: "xor",
    ast.BitAnd: "and_",
}

LONGEST_NAME = 200
Tree = TypeVar("Tree", bound=ast.AST)


def helper(name: str) -> str:
    """The name in the new tree of a function of `runtime.py`."""
    return f" {name}"


class ExpressionTransformer:
    """Expressions. `paths` collects the full paths of everything taken from libraries, `builtins` Python's own."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.paths: set[str] = set()
        self.builtins: set[str] = set()
        self.is_in_class = False

    def visit(self, node: Any) -> Any:
        """The new tree of a part of the program; RefusedError for one that is not allowed."""
        kind = type(node).__name__
        method = getattr(self, f"visit_{kind}", None)
        if method is None:
            self.refuse(node, advice.syntax(kind))
        return method(node)

    def refuse(self, node: Any, text: str) -> NoReturn:
        """Raises RefusedError at a node."""
        raise RefusedError(getattr(node, "lineno", None), text)

    def all(self, nodes: list[Any]) -> list[Any]:
        """The new trees of several parts; None stays None."""
        return [None if node is None else self.visit(node) for node in nodes]

    def optional(self, node: Any) -> Any:
        """The new tree, or None where there is nothing."""
        return None if node is None else self.visit(node)

    def call(self, name: str, like: ast.AST, *args: Any, keywords: list[ast.keyword] | None = None) -> ast.Call:
        """A call of a function of `runtime.py`."""
        function = ast.Name(helper(name), ast.Load())
        return placed(ast.Call(function, list(args), keywords or []), like)

    def check_name(self, name: str, node: Any) -> str:
        """The same name, where a program may use it."""
        if name.startswith("__") or len(name) > LONGEST_NAME * 50:
            self.refuse(node, f"`{name[:60]}`: names that begin with two underscores are Python's own.")
        return name

    # names and attributes

    def visit_Name(self, node: ast.Name) -> ast.AST:
        name = self.check_name(node.id, node)
        if isinstance(node.ctx, ast.Load):
            if name in self.names.modules:
                self.refuse(node, f"`{name}` is a library and no value; write what you need of it, as in `{name}.sin`.")
            if name in self.names.taken:
                return self.library(self.names.taken[name], node)
            if name not in self.names.bound:
                self.check_unbound(name, node)
        return placed(ast.Name(name, node.ctx), node)

    def check_unbound(self, name: str, node: ast.AST) -> None:
        """A name that the program gives no value is Python's own, refused, or NameError when it runs."""
        if name in self.names.foreign:
            self.refuse(node, advice.library(self.names.foreign[name]))
        if name in advice.BUILTINS:
            self.refuse(node, advice.builtin(name))
        if name in advice.FOREIGN or (name in advice.SHORT and name not in self.names.bound):
            self.refuse(node, advice.library(name))
        self.builtins.add(name)

    def library(self, path: str, node: ast.AST) -> ast.Name:
        """What is taken from a library, by its full path."""
        if is_context(path):
            self.refuse(node, f"`{path}` is for a `with` statement: `with {path}(...):`.")
        self.paths.add(path)
        return placed(ast.Name(helper(path), ast.Load()), node)

    def path_of(self, node: ast.AST) -> str:
        """The full path that a dotted name spells from a library's name on; "" for anything else."""
        if isinstance(node, ast.Name):
            return self.names.modules.get(node.id, "") or self.names.taken.get(node.id, "")
        if isinstance(node, ast.Attribute):
            before = self.path_of(node.value)
            return f"{before}.{node.attr}" if before in NAMESPACES else ""
        return ""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if path := self.path_of(node):
            return self.library_attribute(path, node)
        if self.is_type_name(node):
            return self.call("type_name", node, self.visit(node.value))
        self.check_attribute(node)
        return self.call("attribute", node, self.visit(node.value), text(node.attr, node))

    def library_attribute(self, path: str, node: ast.Attribute) -> ast.AST:
        """A dotted name that begins with a library's."""
        module, _, name = path.rpartition(".")
        if path in NAMESPACES:
            self.refuse(node, f"`{path}` is a library and no value; write what you need of it.")
        if name.startswith("_"):
            self.refuse(node, advice.attribute(name))
        if not isinstance(node.ctx, ast.Load):
            self.refuse(node, f"`{path}` belongs to everybody and cannot be changed.")
        if name not in NAMESPACES.get(module, ()):
            self.refuse(node, advice.missing(path))
        return self.library(path, node)

    def check_attribute(self, node: ast.Attribute) -> None:
        """Refuses what nothing in the playground has."""
        if path := self.names.foreign_path(node):
            self.refuse(node, advice.library(path))
        if isinstance(node.value, ast.Name) and node.value.id in self.names.functions:
            self.refuse(node, f"`{node.value.id}` is a function of this program; it has no attributes here.")
        if node.attr.startswith("_"):
            self.refuse(node, advice.attribute(node.attr))
        if isinstance(node.value, ast.Attribute) and node.value.attr == "grad_fn" and node.attr not in objects.NODE:
            self.refuse(node, f"A node of the graph has `.name()` and `.next_functions` here, not `.{node.attr[:60]}`.")
        if node.attr not in KNOWN and node.attr not in self.names.attributes and node.attr != "apply":
            self.refuse(node, advice.attribute(node.attr))

    def is_type_name(self, node: ast.Attribute) -> bool:
        """Whether this is `type(x).__name__`, the one name with underscores that is read."""
        value = node.value
        return (
            node.attr == "__name__"
            and isinstance(value, ast.Call)
            and isinstance(value.func, ast.Name)
            and value.func.id == "type"
            and len(value.args) == 1
        )

    # calls

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.check_type(node)
        if self.is_super(node.func):
            return self.super_call(node)
        args, keywords = self.all(node.args), self.keywords(node)
        if isinstance(node.func, ast.Attribute) and not self.path_of(node.func):
            self.check_attribute(node.func)
            if isinstance(node.func.value, ast.Constant) and node.func.attr == "format":
                self.check_format(node.func.value)
            name = text(node.func.attr, node.func)
            return self.call("method", node, self.visit(node.func.value), name, *args, keywords=keywords)
        return self.call("call", node, self.visit(node.func), *args, keywords=keywords)

    def check_type(self, node: ast.Call) -> None:
        """`type` tells a value's type, and makes none."""
        if not isinstance(node.func, ast.Call | ast.Name) or "type" in self.names.bound:
            return
        inner = node.func.func if isinstance(node.func, ast.Call) else None
        is_type = isinstance(node.func, ast.Name) and node.func.id == "type"
        if (is_type and len(node.args) != 1) or (isinstance(inner, ast.Name) and inner.id == "type"):
            self.refuse(node, "`type(x)` tells the type of a value here; it makes none.")

    def keywords(self, node: ast.Call) -> list[ast.keyword]:
        """Arguments by name; a dictionary in their place would hide them."""
        for keyword in node.keywords:
            if keyword.arg is None:
                self.refuse(node, "Write the arguments by name: `**` hides them.")
            self.check_name(keyword.arg, node)
        return [placed(ast.keyword(k.arg, self.visit(k.value)), k) for k in node.keywords]

    def is_super(self, function: ast.AST) -> bool:
        """Whether this is a method of `super()`."""
        return (
            isinstance(function, ast.Attribute)
            and isinstance(function.value, ast.Call)
            and isinstance(function.value.func, ast.Name)
            and function.value.func.id == "super"
            and "super" not in self.names.bound
        )

    def super_call(self, node: ast.Call) -> ast.AST:
        """A method of the class above, for `__init__`, `forward` and the program's own."""
        function: Any = node.func
        if not self.is_in_class:
            self.refuse(node, "`super()` belongs into a method of a class.")
        if function.attr != "__init__" and function.attr not in self.names.attributes | {"forward", "train", "eval"}:
            self.refuse(node, advice.attribute(function.attr))
        own = placed(ast.Name("__class__", ast.Load()), node)
        first = placed(ast.Name(self.first_parameter, ast.Load()), node)
        return self.call(
            "super", node, own, first, text(function.attr, node), *self.all(node.args), keywords=self.keywords(node)
        )

    first_parameter = "self"

    def check_format(self, value: ast.Constant) -> None:
        """Refuses fields of `str.format` that reach into what they format."""
        if isinstance(value.value, str) and reaches_inside(value.value):
            self.refuse(value, "A field of `format` that reaches into its value (a dot or a bracket) is not read here.")

    # operators and the rest

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        return self.call(OPERATORS[type(node.op)], node, self.visit(node.left), self.visit(node.right))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        return placed(ast.UnaryOp(node.op, self.visit(node.operand)), node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        return placed(ast.BoolOp(node.op, self.all(node.values)), node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        return placed(ast.Compare(self.visit(node.left), node.ops, self.all(node.comparators)), node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        return placed(ast.IfExp(self.visit(node.test), self.visit(node.body), self.visit(node.orelse)), node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        return placed(ast.NamedExpr(self.visit(node.target), self.visit(node.value)), node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return placed(ast.Constant(node.value), node)

    def visit_Tuple(self, node: ast.Tuple) -> ast.AST:
        return self.display(node, placed(ast.Tuple(self.all(node.elts), node.ctx), node))

    def visit_List(self, node: ast.List) -> ast.AST:
        return self.display(node, placed(ast.List(self.all(node.elts), node.ctx), node))

    def visit_Set(self, node: ast.Set) -> ast.AST:
        return self.display(node, placed(ast.Set(self.all(node.elts)), node))

    def display(self, node: Any, made: ast.AST) -> ast.AST:
        """A list that is written out: one with a star may be longer than what is written."""
        is_read = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
        has_star = any(isinstance(entry, ast.Starred) for entry in node.elts)
        return self.call("checked", node, made) if is_read and has_star else made

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        return placed(ast.Dict(self.all(node.keys), self.all(node.values)), node)

    def visit_Starred(self, node: ast.Starred) -> ast.AST:
        return placed(ast.Starred(self.visit(node.value), node.ctx), node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        return placed(ast.Subscript(self.visit(node.value), self.visit(node.slice), node.ctx), node)

    def visit_Slice(self, node: ast.Slice) -> ast.AST:
        parts = (self.optional(part) for part in (node.lower, node.upper, node.step))
        return placed(ast.Slice(*parts), node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return self.call("checked", node, placed(ast.JoinedStr(self.all(node.values)), node))

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        spec = self.visit(node.format_spec) if node.format_spec else text("", node)  # a text itself
        kind = placed(ast.Constant(node.conversion), node)
        written = self.call("format", node, self.visit(node.value), kind, spec)
        return placed(ast.FormattedValue(written, -1, None), node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        function = placed(ast.Lambda(self.arguments(node.args), self.visit(node.body)), node)
        return self.call("function", node, text("<lambda>", node), function)

    def arguments(self, node: ast.arguments) -> ast.arguments:
        """Parameters with their defaults; annotations are read, and left out."""
        every = [*node.posonlyargs, *node.args, *node.kwonlyargs, *(a for a in (node.vararg, node.kwarg) if a)]
        for argument in every:
            self.check_name(argument.arg, argument)
            self.optional(argument.annotation)
        plain = [[placed(ast.arg(a.arg), a) for a in group] for group in (node.posonlyargs, node.args, node.kwonlyargs)]
        star, kwargs = (a and placed(ast.arg(a.arg), a) for a in (node.vararg, node.kwarg))
        return ast.arguments(
            posonlyargs=plain[0],
            args=plain[1],
            vararg=star,
            kwonlyargs=plain[2],
            kw_defaults=self.all(node.kw_defaults),
            kwarg=kwargs,
            defaults=self.all(node.defaults),
        )

    # comprehensions

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        if node.is_async:
            self.refuse(node.iter, advice.syntax("AsyncFor"))
        turns = self.call("turns", node.iter, self.visit(node.iter))
        return ast.comprehension(self.visit(node.target), turns, self.all(node.ifs), 0)

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        return placed(ast.ListComp(self.visit(node.elt), self.all(node.generators)), node)

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        return placed(ast.SetComp(self.visit(node.elt), self.all(node.generators)), node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        return placed(ast.GeneratorExp(self.visit(node.elt), self.all(node.generators)), node)

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        return placed(ast.DictComp(self.visit(node.key), self.visit(node.value), self.all(node.generators)), node)


def placed(node: Tree, like: ast.AST) -> Tree:
    """A new node at the place of another."""
    return ast.copy_location(node, like)


def text(value: str, like: ast.AST) -> ast.Constant:
    """A text as a node."""
    return placed(ast.Constant(value), like)
