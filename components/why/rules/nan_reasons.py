"""Why a value is not finite, in the program's own names and numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from components.why.finding import Case
from components.why.rules.numbers import (
    LONGEST_LIST,
    function_word,
    has_nan,
    is_finite,
    leaf_gradients,
    number,
    numbers,
    size,
    value_of,
)
from components.why.trace import Called, Passed

GROWING = ("exp", "pow", "mul", "matmul", "sum", "add", "cosh", "sinh", "expm1", "square", "prod", "linear", "div")
"""Functions whose result can be too large for its dtype."""

SYMBOLS = ("/", "-", "*", "**", "+")
PARTS = ("__getitem__", "select", "gather", "squeeze")
"""Functions that give entries of a tensor as they are."""


class Spot(NamedTuple):
    """A call whose result is not finite, the first such entry, and the operands' numbers there (None: not one)."""

    case: Case
    passed: Passed
    call: Called
    value: float
    numbers: tuple[float | None, ...]

    @property
    def input(self) -> Tensor:
        """The call's first operand."""
        return self.call.operands()[0]

    @property
    def of(self) -> str:
        """The first operand's name."""
        return self.case.name(self.input, "the input")

    @property
    def where(self) -> str:
        """The function and its line."""
        return f"`{function_word(self.call.name)}` in line {self.call.line}"


def spot_at(case: Case, passed: Passed, call: Called, place: int | None = None) -> Spot:
    """A call's result at an entry; without one, at the first entry that is nan, or else not finite."""
    result = value_of(passed, call.results()[0])
    flat = result.flatten()
    if place is None:
        bad = torch.isnan(flat) if has_nan(result) else ~torch.isfinite(flat)
        place = int(bad.nonzero()[0])
    found = tuple(number_at(passed, arg, result, place) for arg in call.args[:2])
    return Spot(case, passed, call, float(flat[place]), found)


def number_at(passed: Passed, arg: object, like: Tensor, place: int) -> float | None:
    """The number of an operand that an entry of a result was made from."""
    if not isinstance(arg, Tensor):
        return float(arg) if isinstance(arg, int | float) else None
    value = value_of(passed, arg)
    if value.ndim > like.ndim or any(
        a not in (1, b) for a, b in zip(value.shape[::-1], like.shape[::-1], strict=False)
    ):
        return None
    return float(value.expand_as(like).flatten()[place])


def forward_reason(case: Case, passed: Passed, call: Called, root: Tensor) -> str:
    """What the first call did whose result is not finite, and what came of it."""
    spot = spot_at(case, passed, call)
    sentence = next(answer(spot) for fits, answer in FORWARD if fits(spot))
    loss = (
        ""
        if call.result is root or is_finite(value_of(passed, root))
        else f"{case.name(root, 'the loss')} is {loss_number(passed, root)}"
    )
    gradient = worst_leaf(case, passed)
    came = " and ".join(part for part in (loss, gradient) if part)
    return f"{sentence} So {came}." if came else sentence


def outcome(case: Case, passed: Passed, root: Tensor) -> str:
    """What a pass gave: the loss and a leaf's gradient."""
    gradient = worst_leaf(case, passed)
    return f"{case.name(root, 'the loss')} is {loss_number(passed, root)}{' and ' + gradient if gradient else ''}."


def loss_number(passed: Passed, root: Tensor) -> str:
    """A loss in a sentence."""
    value = value_of(passed, root)
    return number(value) if value.numel() == 1 else "not finite"


def worst_leaf(case: Case, passed: Passed) -> str:
    """A leaf whose gradient is not finite, with its numbers: the first that has nan."""
    bad = [(leaf, gradient) for leaf, gradient in leaf_gradients(passed) if not is_finite(gradient)]
    bad.sort(key=lambda pair: (not case.bare_name(pair[0]), not has_nan(pair[1])))
    for leaf, gradient in bad[:1]:
        name = f"`{case.bare_name(leaf)}.grad`" if case.bare_name(leaf) else "a gradient"
        if gradient.numel() <= LONGEST_LIST and gradient.ndim < 2:
            return f"{name} is {numbers(gradient)}"
        count = int((~torch.isfinite(gradient)).sum())
        what = "nan" if has_nan(gradient) else "inf"
        every = "all of" if count == gradient.numel() else f"{count} of the {gradient.numel()} entries of"
        return f"{every} {name} {'is' if count == gradient.numel() or count == 1 else 'are'} {what}"
    return ""


# sentences


def of_probability(spot: Spot) -> str:
    """A logarithm of a probability that is 0."""
    made = probabilities(spot.case, spot.call)
    assert made is not None
    scores = value_of(spot.passed, made.operands()[0])
    gap = number(scores.max() - scores.min())
    name = spot.case.name(made.operands()[0], "the input")
    small = f"{name} has an entry {gap} below its largest, and exp(-{gap}) is 0 in {dtype_of(scores)}"
    if made.name == "sigmoid":
        extreme = scores.flatten()[scores.abs().argmax()]
        small = f"{name} is {number(extreme)}, where `sigmoid` is {'1' if extreme > 0 else '0'} in {dtype_of(scores)}"
    return f"{spot.where} is taken of 0: {small}. The logarithm of 0 is -inf."


def of_row(spot: Spot) -> str:
    """A softmax over nothing but -inf."""
    return f"{spot.where} goes over -inf alone in {spot.of}: the exponentials add up to 0, and 0 / 0 is nan."


def of_single(spot: Spot) -> str:
    """A spread of fewer than two entries."""
    return (
        f"{spot.where} divides by the number of entries less one, and {spot.of} has a single one there: 0 / 0 is nan."
    )


def of_empty(spot: Spot) -> str:
    """A mean of nothing."""
    return f"{spot.where} is taken over no entries ({spot.of} has the shape {size(spot.input.shape)}): 0 / 0 is nan."


def of_labels(spot: Spot) -> str:
    """A mean over labels that are all left out."""
    return f"{spot.where} leaves out every label, and the mean of no losses is 0 / 0, nan."


def of_operator(spot: Spot) -> str:
    """An operator between two numbers."""
    call, value = spot.call, spot.value
    symbol = function_word(call.name)
    numbers_ = spot.numbers[::-1] if call.name.startswith("__r") else spot.numbers
    left, right = numbers_
    assert left is not None
    assert right is not None
    base = f"({number(left)})" if left < 0 and symbol in ("**", "-") else number(left)
    other = f"({number(right)})" if right < 0 else number(right)
    args = call.args[::-1] if call.name.startswith("__r") else call.args
    name = spot.case.name(args[1]) if isinstance(args[1], Tensor) else ""
    told = f"{name} is {number(right)} in line {call.line}" if name and symbol == "/" else f"In line {call.line}"
    joint = ", and " if name and symbol == "/" else ", "
    if symbol == "**" and left < 0 and math.isnan(value):
        return f"{told}, {base} ** {other} is nan: a negative number has no such power among the real numbers."
    return f"{told}{joint}{base} {symbol} {other} is {number(value)}{too_large(spot)}."


def of_function(spot: Spot) -> str:
    """A function of a number."""
    first = spot.numbers[0] if spot.numbers else None
    of = f" of {number(first)}" if first is not None else ""
    note = "" if math.isnan(spot.value) else too_large(spot)
    name = f" ({spot.of})" if first is not None and spot.case.bare_name(spot.input) else ""
    return f"`{function_word(spot.call.name)}`{of}{name} in line {spot.call.line} is {number(spot.value)}{note}."


def too_large(spot: Spot) -> str:
    """What to add where a finite result would be too large for its dtype."""
    call = spot.call
    is_pole = function_word(call.name) in ("/", "**") and 0 in spot.numbers
    if call.name not in GROWING or not math.isinf(spot.value) or is_pole:
        return ""
    result = call.results()[0]
    return f": {dtype_of(result)} ends at {torch.finfo(result.dtype).max:.3g}"


def dtype_of(tensor: Tensor) -> str:
    """A dtype without its module."""
    return str(tensor.dtype).removeprefix("torch.")


# what fits


def probabilities(case: Case, call: Called) -> Called | None:
    """The softmax or sigmoid that the operand of a logarithm comes from: all of it, an entry of it, or 1 - it."""
    first = next(iter(call.operands()), None)
    for _ in range(3):
        maker = case.trace.maker(first) if first is not None else None
        if maker is None or maker.name in ("softmax", "sigmoid"):
            return maker
        if maker.name not in (*PARTS, "__rsub__", "rsub"):
            return None
        first = next(iter(maker.operands()), None)
    return None


def is_probability(spot: Spot) -> bool:
    """Whether a logarithm is taken of a probability that is 0."""
    is_zero = spot.call.name == "log" and spot.numbers[:1] == (0.0,)
    return is_zero and probabilities(spot.case, spot.call) is not None


def is_row(spot: Spot) -> bool:
    """Whether a softmax goes over nothing but -inf."""
    is_softmax = spot.call.name in ("softmax", "log_softmax")
    return is_softmax and bool(torch.isneginf(value_of(spot.passed, spot.input)).any()) and math.isnan(spot.value)


def is_operator(spot: Spot) -> bool:
    """Whether two numbers are known that an operator was between."""
    return function_word(spot.call.name) in SYMBOLS and len(spot.numbers) == 2 and None not in spot.numbers


FORWARD: tuple[tuple[Callable[[Spot], bool], Callable[[Spot], str]], ...] = (
    (is_probability, of_probability),
    (is_row, of_row),
    (lambda spot: spot.call.name in ("std", "var"), of_single),
    (lambda spot: spot.call.name == "mean" and not spot.input.numel(), of_empty),
    (lambda spot: spot.call.name in ("cross_entropy", "nll_loss") and math.isnan(spot.value), of_labels),
    (is_operator, of_operator),
    (lambda _: True, of_function),
)
"""The first that fits is the sentence."""
