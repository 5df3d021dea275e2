"""Python source read as a tree: what it imports, spells and defines."""

import ast
import sys
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef


def imports(source: str) -> Iterator[str]:
    """The full name of everything that is imported, wherever the import stands."""
    for node in ast.walk(ast.parse(source)):
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


def documentation(tree: ast.AST) -> set[ast.AST]:
    """Strings that stand alone as a statement."""
    statements = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {value for value in statements if isinstance(value, ast.Constant)}


def spelled(source: str) -> set[str]:
    """Every name, attribute, keyword and string of the code."""
    tree = ast.parse(source)
    prose = documentation(tree)
    return {word for node in ast.walk(tree) if node not in prose for word in words(node)}


def words(node: ast.AST) -> Iterator[str]:
    for field in ("id", "attr", "arg", "name", "value"):
        word = getattr(node, field, None)
        if isinstance(word, str):
            yield word


def strings(source: str) -> set[str]:
    """Every string of the code."""
    tree = ast.parse(source)
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {node.value for node in set(constants) - documentation(tree) if isinstance(node.value, str)}


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Each function's name and its length in lines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, Function):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def private_attributes(source: str) -> set[str]:
    """Attributes of others that begin with an underscore."""
    attributes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute))
    return {
        node.attr
        for node in attributes
        if node.attr.startswith("_")
        and not node.attr.startswith("__")
        and not (isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"})
    }
