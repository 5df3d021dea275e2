"""Why a function passes nothing of a gradient on, and what to write instead."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from components.why.finding import Case
from components.why.rules.numbers import function_word, number, value_of
from components.why.rules.zero_repairs import (
    Offer,
    entropy,
    leaky,
    one_row,
    random_start,
    sigmoid_of,
    smooth,
    straight_through,
    unclamped,
)
from components.why.trace import Called, Passed

RECTIFIERS = ("relu", "relu_", "relu6", "clamp", "clamp_min", "clip", "hardtanh", "maximum", "threshold", "hardsigmoid")
SATURATING = ("sigmoid", "tanh", "softmax", "hardsigmoid", "hardtanh", "softsign", "erf")
STEPS = ("round", "floor", "ceil", "trunc", "sign", "sgn", "fix")
NORMALISED = ("softmax", "batch_norm", "layer_norm", "instance_norm", "group_norm", "normalize")
PRODUCTS = ("mul", "matmul", "mm", "linear", "bmm", "dot", "mv", "addmm")

DOMAINS = (
    "log",
    "log2",
    "log10",
    "log1p",
    "sqrt",
    "rsqrt",
    "acos",
    "asin",
    "arccos",
    "arcsin",
    "atanh",
    "logit",
    "pow",
    "div",
    "exp",
    "reciprocal",
)
"""Functions that a clamp keeps inside their domain."""

SATURATED = 1e-4
"""A slope that is as good as none."""

PLAIN = ("__rsub__", "sub", "add", "mul", "neg", "__getitem__", "squeeze", "unsqueeze", "mean", "sum", "where")
"""Functions that may stand between a clamp and what it guards."""


class Flat(NamedTuple):
    """A function that a gradient came to (`arrived`), and that passed nothing on towards a leaf."""

    case: Case
    passed: Passed
    call: Called
    arrived: Tensor
    leaf: Tensor
    dead: tuple[Tensor, ...]

    @property
    def input(self) -> Tensor:
        """The function's first operand, as it was."""
        return value_of(self.passed, self.call.operands()[0])

    @property
    def of(self) -> str:
        """The first operand's name."""
        return self.case.name(self.call.operands()[0], "its input")

    @property
    def where(self) -> str:
        """The function and its line."""
        return f"`{function_word(self.call.name)}` in line {self.call.line}"


class Said(NamedTuple):
    """A sentence of why, what to write instead, the line where that is not known."""

    text: str
    offer: Offer | None = None
    is_question: bool = False
    line: int | None = None


def reason(flat: Flat) -> Said | None:
    """Why a function passes nothing on; None where there is nothing wrong."""
    return next((said for answer in ANSWERS if (said := answer(flat)) is not None), None)


def rounded(flat: Flat) -> Said | None:
    """A function that goes in steps."""
    call = flat.call
    mode = call.kwargs.get("rounding_mode")
    if call.name not in STEPS and not mode:
        return None
    text = f"{flat.where} goes in steps, and is flat between them: its slope is 0 everywhere."
    return Said(text, straight_through(flat.case, call))


def single(flat: Flat) -> Said | None:
    """A softmax over one entry."""
    call = flat.call
    if call.name not in ("softmax", "log_softmax", "cross_entropy"):
        return None
    shape = flat.input
    dim = call.kwargs.get("dim", call.args[1] if len(call.args) > 1 else None)
    if call.name == "cross_entropy":
        dim = 1 if shape.ndim > 1 else 0
    if not isinstance(dim, int) or not shape.ndim or shape.shape[dim] != 1:
        return None
    what = (
        "the loss is 0 and"
        if call.name == "cross_entropy"
        else f"the result is {'1' if call.name == 'softmax' else '0'} and"
    )
    text = f"{flat.where} goes over a dimension of one entry (dim={dim} of {tuple(shape.shape)}): {what} cannot change."
    return Said(text, sigmoid_of(flat.case, call) if call.name == "softmax" else None)


def constant(flat: Flat) -> Said | None:
    """A normalisation whose entries are added up with equal weights."""
    call = flat.call
    if call.name not in NORMALISED or not is_even(flat):
        return None
    value = flat.call.results()[0].detach()
    total = float(value.sum())
    whole = number(0.0 if abs(total) < 1e-4 else round(total, 4))
    what = "adds up to 1 along its dimension" if call.name == "softmax" else "has a fixed mean and spread"
    text = f"What {flat.where} gives always {what}, whatever {flat.of} is: here the sum is {whole}, and stays so."
    return Said(text, one_row(flat.case, flat.passed, call))


def is_even(flat: Flat) -> bool:
    """Whether every entry of a result counts as much as the others."""
    first = flat.arrived.flatten()[0]
    if bool(torch.allclose(flat.arrived, first.expand_as(flat.arrived), rtol=1e-3)):
        return True
    return flat.call.name in ("batch_norm", "layer_norm")


def rectified(flat: Flat) -> Said | None:
    """A rectifier, or a clamp, whose input is outside its slope everywhere."""
    call = flat.call
    if call.name not in RECTIFIERS or guards(flat.case, call):
        return None
    if is_satisfied(flat):
        return None
    value = flat.input
    name = function_word(call.name)
    if call.name in ("relu", "relu_", "clamp_min", "threshold", "maximum") or limits_of(call)[1] is None:
        if starts := started_at_zero(flat):
            return starts
        if bool((value == 0).all()):
            text = (
                f"{flat.of[0].upper() + flat.of[1:]} is 0, the corner of {flat.where}, where torch takes the slope 0."
            )
            return Said(f"{text} Is that the slope that is meant?", is_question=True)
        most = number(value.max())
        text = f"Nothing that comes to {flat.where} is above 0 (the largest is {most}): its slope there is 0."
        return Said(text, leaky(flat.case, call))
    text = f"Everything that comes to {flat.where} is outside its range ({span_of(value)}): `{name}` is flat there."
    return Said(text, unclamped(flat.case, call))


def is_satisfied(flat: Flat) -> bool:
    """Whether a loss is 0 because of a rectifier that makes it: a margin that everything keeps."""
    if any(bool(value_of(flat.passed, root).any()) for root in flat.passed.roots):
        return False
    maker = flat.case.trace.maker(flat.call.operands()[0])
    return len(flat.case.trace.passes()) > 1 or (maker is not None and maker.name in ("__rsub__", "rsub", "sub"))


def span_of(value: Tensor) -> str:
    """The least and the largest entry of a tensor in a sentence."""
    least, most = number(value.min()), number(value.max())
    return least if least == most else f"{least} to {most}"


def saturated(flat: Flat) -> Said | None:
    """A function that is at its ends."""
    call = flat.call
    if call.name not in SATURATING:
        return None
    value, result = flat.input, value_of(flat.passed, call.results()[0])
    slope = steepest(call.name, result)
    if slope > SATURATED:
        return None
    if call.name == "softmax":
        gap = number(value.max() - value.min())
        text = (
            f"{flat.where} is saturated: the entries of {flat.of} lie {gap} apart, so one gets 1, the others "
            "0, and the "
            "slope is 0."
        )
        return Said(text)
    extreme = int(value.abs().flatten().argmax())
    at, gives = number(value.flatten()[extreme]), number(result.flatten()[extreme])
    formula = "p · (1 - p)" if call.name == "sigmoid" else "1 - y²"
    rest = number(slope) if slope else f"0 in {str(value.dtype).removeprefix('torch.')}"
    text = f"{flat.where} is saturated: at {at} it is {gives}, and its slope, {formula}, is {rest}."
    return Said(text, entropy(flat.case, call) if call.name == "sigmoid" else smooth(flat.case, call))


def steepest(name: str, result: Tensor) -> float:
    """The largest slope of a function that saturates, by what it gave."""
    slopes = result * (1 - result) if name in ("sigmoid", "softmax", "hardsigmoid") else 1 - result**2
    return float(slopes.max()) if slopes.numel() else 0.0


def started_at_zero(flat: Flat) -> Said | None:
    """Parameters that are all 0, so that what they are multiplied with gets nothing."""
    case = flat.case
    zeros = [one for one in flat.dead if one.ndim and not bool(value_of(flat.passed, one).any())]
    weights = [one for one in zeros if any(is_factor(call, one) for call in case.trace.calls())]
    if len(weights) < 2:
        return None
    names = [f"`{case.bare_name(one)}`" for one in weights if case.bare_name(one)]
    listing = " and ".join(names)
    offer = random_start(case, weights)
    line = offer[1] if offer else None
    text = f"{listing} begin at 0: each is multiplied with what the other made, which is 0. They can never leave it."
    return Said(text, offer, line=line)


def is_factor(call: Called, tensor: Tensor) -> bool:
    """Whether a tensor is multiplied in a call."""
    views = [one._base if one._base is not None else one for one in call.operands()]
    return call.name in PRODUCTS and any(one is tensor for one in views)


def multiplied(flat: Flat) -> Said | None:
    """A product with parameters that are 0."""
    return started_at_zero(flat) if flat.call.name in PRODUCTS else None


ANSWERS: tuple[Callable[[Flat], Said | None], ...] = (rounded, single, constant, rectified, saturated, multiplied)


# clamps


def limits_of(call: Called) -> tuple[float | None, float | None]:
    """The range of a clamp."""
    if call.name == "hardtanh":
        return call.kwargs.get("min_val", -1.0), call.kwargs.get("max_val", 1.0)
    if call.name in ("relu6",):
        return 0.0, 6.0
    given: dict[str, Any] = dict(zip(("min", "max"), call.args[1:], strict=False)) | dict(call.kwargs)
    least, most = given.get("min"), given.get("max")
    return (least if isinstance(least, int | float) else None, most if isinstance(most, int | float) else None)


def guards(case: Case, call: Called) -> bool:
    """Whether a clamp keeps the input of a function inside its domain, or stands beside what is not clamped."""
    if call.name not in ("clamp", "clip", "clamp_min", "hardtanh", "maximum"):
        return False
    waiting, seen = {id(one) for one in call.results()}, 0
    for other in case.trace.calls():
        if other.at <= call.at or not any(id(one) in waiting for one in other.operands()):
            continue
        seen += 1
        if other.name in DOMAINS and not is_square(other) and not is_above(other, waiting):
            return True
        if other.name in ("min", "minimum", "max", "maximum", "binary_cross_entropy", "kl_div"):
            return True
        if other.name in PLAIN:
            waiting |= {id(one) for one in other.results()}
    return False


def is_square(call: Called) -> bool:
    """Whether a power is one that takes every number."""
    exponent = call.args[1] if call.name == "pow" and len(call.args) > 1 else None
    return isinstance(exponent, int | float) and exponent > 0 and math.floor(exponent) == exponent


def is_above(call: Called, guarded: set[int]) -> bool:
    """Whether a quotient has what is guarded above the line alone."""
    return call.name == "div" and not (isinstance(call.args[1], Tensor) and id(call.args[1]) in guarded)
