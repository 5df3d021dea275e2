"""Targets that a loss refuses: of the wrong dtype, shape or range."""

from __future__ import annotations

import ast
import re

from torch import Tensor

from components.why.finding import Case
from components.why.rules.error_operands import Answer, operands, shapes, value_at
from components.why.source import grouped


def label_type(case: Case, found: re.Match[str]) -> Answer | None:
    """Classes that are not whole numbers."""
    del found
    call = case.source.call(case.error_line, "cross_entropy", "nll_loss") or loss_call(case)
    if call is None or len(call.args) < 2:
        return None
    target = call.args[1]
    text = (
        f"The target in line {case.error_line} holds classes, which have to be whole numbers "
        f"(int64){dtype_of(case, target)}. "
        "Floating point targets are probabilities, in the shape of the scores."
    )
    edit = case.source.replace(target, f"{grouped(target, case.source.written(target))}.long()")
    return text, case.repair("Make the classes whole numbers", edit)


def loss_call(case: Case) -> ast.Call | None:
    """The call of a loss in the line of the error."""
    return case.source.part(case.error_line, ast.Call, lambda call: len(call.args) == 2)


def dtype_of(case: Case, part: ast.expr) -> str:
    """The dtype of a name, in brackets."""
    value = value_at(case, part.id) if isinstance(part, ast.Name) else None
    return (
        f"; `{part.id}` is {str(value.dtype).removeprefix('torch.')}"
        if isinstance(value, Tensor) and isinstance(part, ast.Name)
        else ""
    )


def label_column(case: Case, found: re.Match[str]) -> Answer | None:
    """Classes that stand in a column."""
    del found
    call = loss_call(case)
    if call is None:
        return None
    target = call.args[1]
    text = f"Line {case.error_line} takes one class for each row, a list of them, and gets a matrix{shapes(case)}."
    edit = case.source.replace(target, f"{grouped(target, case.source.written(target))}.squeeze(1)")
    return text, case.repair("Take the dimension of 1 out of the target", edit)


def counts(case: Case, found: re.Match[str]) -> Answer:
    """Scores and classes of different number."""
    text = (
        f"Line {case.error_line} has scores for {found[1]} samples and classes for {found[2]}{shapes(case)}: "
        "one for each is needed."
    )
    return text, None


def label_range(case: Case, found: re.Match[str]) -> Answer:
    """A class that there are no scores for."""
    scores = next((tensor for _, tensor in operands(case) if tensor.ndim == 2), None)
    have = (
        f" has {scores.shape[1]} scores a sample, for the classes 0 to {scores.shape[1] - 1}"
        if scores is not None
        else " has too few scores"
    )
    return f"Class {found[1]} is asked for, and line {case.error_line}{have}.", None


def target_size(case: Case, found: re.Match[str]) -> Answer:
    """A loss that takes one target for each prediction."""
    text = (
        f"Line {case.error_line} has predictions of {found[2]} and targets of {found[1]}: each needs its own, "
        "in the same shape."
    )
    call = loss_call(case) or case.source.call(
        case.error_line, "binary_cross_entropy", "binary_cross_entropy_with_logits"
    )
    has_column = re.search(r"\[\d+, 1\]", found[2])
    if call is None or not call.args or not has_column:
        return text, None
    edit = case.source.replace(call.args[0], f"{grouped(call.args[0], case.source.written(call.args[0]))}.squeeze(1)")
    return text, case.repair("Take the dimension of 1 out of the predictions", edit)
