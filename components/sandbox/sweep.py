"""A program run again and again with another number in one place of its text: the curve of a result."""

import ast
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from torch import Tensor

from components.sandbox.answers import blank
from components.sandbox.budget import Budget, ignore_progress
from components.sandbox.errors import RefusedError
from components.sandbox.results import plain_number
from components.sandbox.run import Run, compile_program, handle
from components.sandbox.runtime import Runtime
from components.sandbox.transform import helper

MOST_POINTS = 101
MOST_SECONDS = 1.2
"""After these the points that are left are not worked out."""

SWEPT = helper("swept")
"""The name that stands in the place of the number."""


class Place(NamedTuple):
    """A number's line, and where it begins and ends there, in bytes as Python's tree says it."""

    line: int
    start: int
    end: int


class _Swept(ast.NodeTransformer):
    """Puts a name in the place of a number, whose sign belongs to it."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """A number without a sign."""
        return self._name(node) if type(node.value) in (int, float) and self._is_here(node) else node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        """A number with a sign, or what may have one in it."""
        return self._name(node) if self._is_here(node) else self.generic_visit(node)

    def _is_here(self, node: ast.expr) -> bool:
        return (node.lineno, node.col_offset, node.end_col_offset) == self.place

    def _name(self, node: ast.expr) -> ast.AST:
        return ast.copy_location(ast.Name(SWEPT, ast.Load()), node)


def sweep(request: Mapping[str, Any], progress: Callable[[int], None] = ignore_progress) -> dict[str, Any]:
    """The record of no run, with `points`: the number under `name` for each of `values`, None where there is none.

    Each value takes the place of the number from `column` to `end` in `line` of the `code`, which is read once.
    """
    code = str(request["code"])
    line = code.split("\n")[request["line"] - 1]
    start, end = (len(line[: request[name]].encode()) for name in ("column", "end"))
    swept = _Swept(Place(request["line"], start, end))
    values = request["values"][:MOST_POINTS]
    try:
        program = compile_program(code, swept.visit)
    except RefusedError:
        return blank() | {"points": [None] * len(values)}
    deadline = time.monotonic() + MOST_SECONDS
    points: list[Any] = []
    for value in values:
        if time.monotonic() > deadline:
            points.append(None)
            continue
        runtime = Runtime(program.paths, Budget(progress), keeps=False)
        runtime.namespace[SWEPT] = value
        Run(program.names, runtime, is_drawn=False).execute(program.executable)
        points.append(_number(runtime.namespace.get(request["name"])))
    return blank() | {"points": points}


def _number(value: Any) -> Any:
    if isinstance(value, Tensor):
        value = value.item() if value.ndim == 0 and not value.is_complex() and not value.is_meta else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return plain_number(float(value)) if is_number and abs(value) < 1e308 else None


def answer(request: Mapping[str, Any], progress: Callable[[int], None] = ignore_progress) -> dict[str, Any]:
    """What a worker gives: the record of a run, or, where `values` are asked for, a curve's points."""
    return sweep(request, progress) if "values" in request else handle(request, progress)
