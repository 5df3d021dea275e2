"""The numbers in a program's text that can be dragged, with their places."""

import ast
from collections.abc import Iterator
from typing import Any

MOST = 60
TENSORS = ("tensor", "Parameter", "full", "as_tensor")


def literals(tree: ast.Module, code: str) -> list[dict[str, Any]]:
    """Numbers of statements that stand outside functions and classes: those of tensors, of names, and all fractions.

    Each with `line`, `column` and `end` in characters, its `text`, its `value`, and the `name` it goes to ("": none).
    """
    lines = code.split("\n")
    found = [_record(number, name, lines) for value, name in _values(tree.body) for number in _numbers(value)]
    return [record for record in found if record][:MOST]


def _values(statements: list[ast.stmt]) -> Iterator[tuple[ast.AST, str]]:
    """What statements give to a name, or work out, in loops and blocks too."""
    for statement in statements:
        if isinstance(statement, ast.Assign):
            target = statement.targets[-1]
            yield statement.value, target.id if isinstance(target, ast.Name) else ""
        elif isinstance(statement, ast.AugAssign | ast.Expr):
            yield statement.value, ""
        elif isinstance(statement, ast.For | ast.While | ast.With | ast.If):
            if isinstance(statement, ast.For) and isinstance(statement.iter, ast.List | ast.Tuple):
                yield statement.iter, ""
            yield from _values(statement.body)


def _numbers(value: ast.AST) -> list[ast.AST]:
    """Numbers of a value that stand for data: in a list, given to a tensor, or fractions anywhere."""
    if _is_number(value):
        return [value]
    if isinstance(value, ast.List | ast.Tuple):
        return [number for entry in value.elts for number in _numbers(entry)]
    if isinstance(value, ast.BinOp):
        return [*_numbers(value.left), *_numbers(value.right)]
    if isinstance(value, ast.Attribute):
        return _numbers(value.value)
    if isinstance(value, ast.Call):
        function = value.func
        is_tensor = isinstance(function, ast.Attribute) and function.attr in TENSORS
        arguments = [*value.args, *(keyword.value for keyword in value.keywords)]
        within = [number for argument in arguments for number in _numbers(argument)]
        own = _numbers(function) if isinstance(function, ast.Attribute) else []
        return [*own, *(number for number in within if is_tensor or _is_fraction(number))]
    return []


def _is_fraction(node: ast.AST) -> bool:
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def _is_number(node: ast.AST) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _record(node: Any, name: str, lines: list[str]) -> dict[str, Any]:
    """A number with its place; columns are characters, where Python counts bytes."""
    if node.lineno != node.end_lineno:
        return {}
    line = lines[node.lineno - 1].encode()
    column, end = (len(line[:offset].decode()) for offset in (node.col_offset, node.end_col_offset))
    value = ast.literal_eval(node)
    if not abs(value) < 1e9:
        return {}
    text = lines[node.lineno - 1][column:end]
    return {"line": node.lineno, "column": column, "end": end, "text": text, "value": value, "name": name}
