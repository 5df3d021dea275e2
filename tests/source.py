"""Python source read as a tree: what it imports, spells and defines."""

import ast
import sys
from collections.abc import Iterator
from functools import lru_cache

Function = ast.FunctionDef | ast.AsyncFunctionDef


@lru_cache(maxsize=256)
def nodes(source: str) -> tuple[ast.AST, ...]:
    """Every node of the tree."""
    return tuple(ast.walk(ast.parse(source)))


def imports(source: str) -> Iterator[str]:
    """The full name of everything that is imported, wherever the import stands."""
    for node in nodes(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def forbidden_imports(source: str, allowed: tuple[str, ...] | None) -> list[str]:
    return [
        name
        for name in imports(source)
        if name.split(".")[0] not in sys.stdlib_module_names - {"importlib"}
        and not any(f"{name}.".startswith(f"{prefix}.") for prefix in allowed or ())
    ]


def code(source: str) -> list[ast.AST]:
    """Every node but strings that stand alone as a statement: those are documentation."""
    prose = {node.value for node in nodes(source) if isinstance(node, ast.Expr)}
    return [node for node in nodes(source) if not (isinstance(node, ast.Constant) and node in prose)]


def spelled(source: str) -> set[str]:
    """Every name, attribute, keyword and string of the code."""
    return {word for node in code(source) for word in words(node)}


def words(node: ast.AST) -> Iterator[str]:
    for field in ("id", "attr", "arg", "name", "value"):
        word = getattr(node, field, None)
        if isinstance(word, str):
            yield word


def strings(source: str) -> set[str]:
    """Every string of the code."""
    return {n.value for n in code(source) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Each function's name and its length in lines."""
    for node in nodes(source):
        if isinstance(node, Function):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def private_attributes(source: str) -> set[str]:
    """Attributes of others that begin with an underscore."""
    attributes = (node for node in nodes(source) if isinstance(node, ast.Attribute))
    return {
        node.attr
        for node in attributes
        if node.attr.startswith("_")
        and not node.attr.startswith("__")
        and not (isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"})
    }
