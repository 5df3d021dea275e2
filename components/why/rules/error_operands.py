"""The tensors in the line where torch refused something, as sentences name them."""

from __future__ import annotations

import ast

from torch import Tensor

from components.why.finding import Case, Repair
from components.why.rules.numbers import size

Answer = tuple[str, Repair | None]
"""What is said, and what to write instead."""


def operands(case: Case) -> list[tuple[str, Tensor]]:
    """The names of tensors in the line of the error, each with its tensor."""
    found: dict[str, Tensor] = {}
    for name in sorted(case.source.parts(case.error_line, ast.Name), key=lambda name: name.col_offset):
        value = value_at(case, name.id)
        if isinstance(value, Tensor):
            found.setdefault(name.id, value)
    return list(found.items())


def value_at(case: Case, name: str) -> object:
    """What a name stood for when the program was stopped."""
    bound = case.trace.last_bound(name)
    return bound.value if bound is not None else case.namespace.get(name)


def shape_of(case: Case, part: ast.expr) -> tuple[int, ...] | None:
    """The shape of an expression that is a name, or a reduction of one."""
    value = value_at(case, part.id) if isinstance(part, ast.Name) else None
    return tuple(value.shape) if isinstance(value, Tensor) else None


def shapes(case: Case) -> str:
    """The names in the line of the error, with their shapes."""
    every = [f"`{name}` is {size(tensor.shape)}" for name, tensor in operands(case)]
    return f" ({', '.join(every)})" if every else ""
