"""Training steps that are so large that the numbers grow until they are not finite."""

from __future__ import annotations

import ast
import math
from typing import NamedTuple

from torch import Tensor
from torch.optim import Optimizer

from components.graph.record import grad_node
from components.why.finding import Case, Finding, named
from components.why.rules.numbers import is_finite, leaf_gradients, number
from components.why.trace import Called, Optimized, Passed

GROWTH = 1e4
"""How many times larger the gradients of a training are at its end, for it to have diverged."""

FEWEST = 2
"""Steps before that."""

SMALLEST = 1e-6
"""Part of a learning rate that is offered in its place."""


class Rate(NamedTuple):
    """A learning rate, and the number in the program's text that it is."""

    value: float
    literal: ast.Constant


def diverged(case: Case, passed: Passed) -> Finding | None:
    """The steps before a pass that is not finite, where each made the gradients larger."""
    earlier = [one for one in case.trace.passes() if one.line == passed.line and one.at < passed.at]
    sizes = [largest(one) for one in earlier]
    is_grown = len(sizes) >= FEWEST and sizes[-1] > GROWTH * sizes[0] and sizes[-1] > sizes[-2]
    leaf = next((leaf for leaf, _ in leaf_gradients(passed) if case.bare_name(leaf)), None)
    rate = rate_of(case, leaf) if is_grown and leaf is not None else None
    if rate is None or leaf is None:
        return None
    ratio = sizes[-1] / sizes[-2]
    name = case.bare_name(leaf)
    text = (
        f"The steps are too large: each makes the gradients about {number(ratio)} times larger, from "
        f"{number(sizes[0])} in the first pass to {number(sizes[-1])} before pass {len(sizes) + 1}, where "
        "they are no longer finite. "
        f"The learning rate {number(rate.value)} overshoots."
    )
    first = sizes[1] / sizes[0]
    smaller = rounded(rate.value * max(1 / (1 + first), SMALLEST))
    repair = case.repair(f"Use a learning rate of {smaller}", case.source.replace(rate.literal, smaller))
    return Finding("nan", rate.literal.lineno, named(name), text, repair, during=passed, marks=(grad_node(leaf),))


def largest(passed: Passed) -> float:
    """The largest entry of a pass's gradients."""
    sizes = [
        float(gradient.abs().max())
        for _, gradient in leaf_gradients(passed)
        if gradient.numel() and is_finite(gradient)
    ]
    return max(sizes, default=0.0)


def rounded(value: float) -> str:
    """A number with one digit that counts, rounded down."""
    digits = -math.floor(math.log10(value))
    return f"{math.floor(value * 10**digits) / 10**digits:g}"


def rate_of(case: Case, leaf: Tensor) -> Rate | None:
    """The learning rate that a leaf is moved by, where it is a number in the program's text."""
    made = [e for e in case.trace.of_kind(Optimized) if isinstance(e.owner, Optimizer) and e.call == "made"]
    if made:
        value = float(made[0].owner.param_groups[0]["lr"])
        return literal_of(case, made[0].line, value)
    for call in case.trace.calls():
        if any(one is leaf for one in call.changed) and call.name in ("__isub__", "sub_", "add_", "__iadd__"):
            return rate_in(case, call)
    name = case.bare_name(leaf)
    again = case.source.assignments(name)
    return next((rate for one in again[1:] if (rate := rate_at(case, one.lineno)) is not None), None)


def rate_in(case: Case, call: Called) -> Rate | None:
    """The learning rate of a step that is written by hand."""
    return rate_at(case, call.line)


def rate_at(case: Case, line: int) -> Rate | None:
    """The number, or the name of one, that a gradient is multiplied by in a line."""
    for part in case.source.parts(line, ast.BinOp):
        if isinstance(part.op, ast.Mult):
            for side in (part.left, part.right):
                if isinstance(side, ast.Constant) and isinstance(side.value, float | int):
                    return Rate(float(side.value), side)
                bound = case.namespace.get(side.id) if isinstance(side, ast.Name) else None
                if isinstance(bound, float | int) and isinstance(side, ast.Name):
                    return literal_named(case, side.id, float(bound))
    for word in (one for call in case.source.parts(line, ast.Call) for one in call.keywords):
        if word.arg == "alpha" and isinstance(word.value, ast.Constant):
            return Rate(float(word.value.value), word.value)  # type: ignore[arg-type]  # a call that worked
    return None


def literal_of(case: Case, line: int, value: float) -> Rate | None:
    """The number of a value in a line, written there or under a name."""
    for part in case.source.parts(line, ast.Constant):
        if isinstance(part.value, float | int) and part.value == value:
            return Rate(value, part)
    for name in case.source.parts(line, ast.Name):
        if case.namespace.get(name.id) == value and isinstance(case.namespace[name.id], float | int):
            return literal_named(case, name.id, value)
    return None


def literal_named(case: Case, name: str, value: float) -> Rate | None:
    """The number that a name is given in the program's text."""
    values = [one.value for one in case.source.assignments(name)]
    return next((Rate(value, one) for one in values if isinstance(one, ast.Constant) and one.value == value), None)
