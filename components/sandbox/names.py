"""What a program's names stand for, read from its text: imports, what is bound, attributes of its own classes."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from components.sandbox import advice
from components.sandbox.errors import RefusedError
from components.sandbox.tables.functions import CONTEXTS, NAMESPACES

ANNOTATIONS = ("typing.", "__future__.")
"""What is imported from here stands in annotations, which are read and left out."""

LEFT_OUT = tuple(f"{library}." for library in advice.LIBRARIES if library.startswith("torch."))
"""Modules of torch that the playground has not."""


@dataclass
class Names:
    """By name: `modules` the full name of an imported module, `taken` the full path of what is imported from one.

    `bound` are names that the program gives a value, `functions` those that it only defines with `def`,
    `attributes` those that it sets on objects of its own, `classes` its classes. `foreign` are the full paths of what
    it imports and the playground has not.
    """

    modules: dict[str, str] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)
    bound: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    foreign: dict[str, str] = field(default_factory=dict)

    @property
    def imported(self) -> set[str]:
        """Names that stand for something of a library."""
        return {*self.modules, *self.taken}

    def foreign_path(self, node: ast.Attribute) -> str:
        """The path of what a dotted name takes from a library that the playground has not; "" for anything else."""
        parts: list[str] = []
        root: ast.AST = node
        while isinstance(root, ast.Attribute):
            parts, root = [root.attr, *parts], root.value
        name = root.id if isinstance(root, ast.Name) else ""
        if name in self.modules:
            path = ".".join([self.modules[name], *parts])
            return path if path.startswith(LEFT_OUT) else ""
        if name in self.bound:
            return ""
        return self.foreign.get(name, "") or (name if name in advice.FOREIGN or name in advice.SHORT else "")


def read_names(tree: ast.Module, refused: list[RefusedError] | None = None) -> Names:
    """The names of a program; RefusedError for what cannot be imported, and for a library's name bound anew.

    Where there is a list for what is `refused`, all of it goes there instead.
    """
    names = Names()
    nodes = list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                _import(node, alias, names, refused)
    assigned: dict[str, int] = {}
    for node in nodes:
        for name in _bound(node):
            assigned.setdefault(name, getattr(node, "lineno", 1))
        if isinstance(node, ast.FunctionDef):
            names.functions.add(node.name)
        elif isinstance(node, ast.ClassDef):
            names.classes.add(node.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.attributes.add(node.attr)
    names.functions -= {name for node in nodes for name in _bound(node) if not isinstance(node, ast.FunctionDef)}
    names.attributes |= _members(nodes)
    names.bound = set(assigned) | names.imported
    for name in sorted(names.imported & assigned.keys()):
        error = RefusedError(assigned[name], f"`{name}` is a library's name here; give this another name.")
        if refused is None:
            raise error
        refused.append(error)
    return names


def _members(nodes: list[ast.AST]) -> set[str]:
    """Methods and attributes that classes define in their bodies, and names that modules are registered under."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            found |= {name for statement in node.body for name in _bound(statement)}
            found |= {name for s in node.body if isinstance(s, ast.Assign) for t in s.targets for name in _bound(t)}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _REGISTER:
            found |= {a.value for a in node.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return found


_REGISTER = ("register_buffer", "register_parameter", "add_module", "register_module")


def _bound(node: ast.AST) -> Iterator[str]:
    """The names that one node of the tree gives a value."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        yield node.id
    elif isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name


def _import(
    node: ast.Import | ast.ImportFrom, alias: ast.alias, names: Names, refused: list[RefusedError] | None
) -> None:
    """One name of an import."""
    try:
        if isinstance(node, ast.Import):
            _import_module(node, alias, names)
        else:
            _import_from(node, alias, names)
    except RefusedError as error:
        if refused is None:
            raise
        refused.append(error)
        module = f"{node.module}." if isinstance(node, ast.ImportFrom) and node.module else ""
        if module not in ANNOTATIONS:
            names.foreign[alias.asname or alias.name.partition(".")[0]] = f"{module}{alias.name}"


def _import_module(node: ast.Import, alias: ast.alias, names: Names) -> None:
    _check_module(alias.name, node.lineno)
    if alias.asname:
        _name(alias.asname, node.lineno)
        names.modules[alias.asname] = alias.name
    else:
        names.modules[alias.name.partition(".")[0]] = alias.name.partition(".")[0]


def _import_from(node: ast.ImportFrom, alias: ast.alias, names: Names) -> None:
    module = node.module or ""
    if node.level:
        raise RefusedError(node.lineno, "There is no package around this program to import from.")
    _check_module(module, node.lineno)
    path, name = f"{module}.{alias.name}", alias.asname or alias.name
    if alias.name == "*":
        raise RefusedError(node.lineno, f"Name what is to be imported from {module}: a * hides it from a reader too.")
    if path in NAMESPACES:
        names.modules[_name(name, node.lineno)] = path
    elif alias.name in NAMESPACES[module]:
        names.taken[_name(name, node.lineno)] = path
    else:
        raise RefusedError(node.lineno, advice.missing(path))


def _check_module(module: str, line: int) -> None:
    if module not in NAMESPACES:
        raise RefusedError(line, advice.library(module))


def _name(name: str, line: int) -> str:
    if name.startswith("_"):
        raise RefusedError(line, f"`{name}`: names that begin with an underscore are Python's own here.")
    return name


def is_context(path: str) -> bool:
    """Whether this is made for a `with` statement."""
    return path in CONTEXTS
