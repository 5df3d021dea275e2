"""The numbers in a program's text that can be dragged, with their places."""

import ast
from typing import Any

MOST = 60
TENSORS = ("tensor", "Parameter", "full", "as_tensor")


def literals(tree: ast.Module, code: str) -> list[dict[str, Any]]:
    """Numbers given to a tensor, and other numbers that a statement at the top gives to a name.

    Each with `line`, `column` and `end` in characters, its `value`, and the `name` that it goes to ("": none).
    """
    lines = code.split("\n")
    found: list[dict[str, Any]] = []
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            name = statement.targets[0].id if isinstance(statement.targets[0], ast.Name) else ""
            for number in _numbers(statement.value):
                found.append(_record(number, name, lines))
    return [record for record in found if record][:MOST]


def _numbers(value: ast.AST) -> list[ast.AST]:
    """Numbers of a value that stand for data: by themselves, in a list, or given to a tensor."""
    if _is_number(value):
        return [value]
    if isinstance(value, ast.List | ast.Tuple):
        return [number for entry in value.elts for number in _numbers(entry)]
    if isinstance(value, ast.BinOp):
        return [*_numbers(value.left), *_numbers(value.right)]
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in TENSORS:
        return [number for argument in value.args[-1:] for number in _numbers(argument)]
    return []


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
