"""A gradient that becomes smaller or larger from layer to layer, or ends at a function without a slope."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from components.recording import sizes
from components.recording.layers import Layer
from components.recording.read import RecordedNode
from components.why.recorded.case import Case, Factor, Found, Pass, at, called, is_zero, number, size_of

FEWEST = 5
"""Layers along which a trend can be told."""

DECADES, MORE_DECADES = 4.0, 6.0
"""Powers of ten between the first and the last layer from which on a gradient has exploded, or has vanished: through
sigmoids, and through other functions, of which a deep network as it is made may take some.
"""

STEADY = 0.8
"""The part of the steps from layer to layer that go the same way."""

LARGE = 10.0
"""The least size of a gradient that has exploded."""

MOST_MARKS, MOST_FACTORS = 30, 12
SQUASHING = {"SigmoidBackward0": "sigmoid", "TanhBackward0": "tanh"}
RECTIFIERS = ("ReluBackward0", "ThresholdBackward0")
FEW, ENOUGH = 4, 32
"""Entries that may all be 0 by chance, and those that are not."""


class Trend(NamedTuple):
    """The layers of a pass that have a gradient, with its size, and how many powers of ten it grows on its way back."""

    layers: list[tuple[Layer, float]]
    decades: float


def vanishing(case: Case) -> Iterator[Found]:
    """From the last layer to the first the gradient shrinks, step by step, to next to nothing."""
    for one, trend in _trends(case, lambda layer: layer.leaves):
        squashing = _squashing(one, trend)
        if trend.decades <= -(DECADES if squashing else MORE_DECADES):
            (first, least), (last, most) = trend.layers[0], trend.layers[-1]
            text = (
                f"{case.spoken(one)}the gradient shrinks from layer to layer: its largest entry is {number(most)} at "
                f"`{last.name}` and {number(least)} at `{first.name}`, so a step hardly changes the first layers."
                f"{_squashed(squashing)}"
            )
            yield _found(one, text, squashing or _first(trend), factors=_factors(trend))


def exploding(case: Case) -> Iterator[Found]:
    """From the last layer to the first the gradient grows, step by step."""
    for one, trend in _trends(case, lambda layer: layer.results):
        (first, most), (last, least) = trend.layers[0], trend.layers[-1]
        if trend.decades >= DECADES and most >= LARGE:
            text = (
                f"{case.spoken(one)}the gradient grows from layer to layer: the largest entry that arrives is "
                f"{number(least)} at `{last.name}` and {number(most)} at `{first.name}`. Smaller initial weights or "
                "normalisation between the layers keep it even; `clip_grad_norm_` bounds the step."
            )
            yield _found(one, text, _first(trend), title="The gradient explodes")


def _trends(case: Case, of: Callable[[Layer], Sequence[RecordedNode]]) -> Iterator[tuple[Pass, Trend]]:
    """The passes in which the gradients of these nodes of each layer grow or shrink steadily."""
    for one in case.passes:
        known = [(layer, size_of([node.gradient for node in of(layer)])) for layer in one.layers]
        found = [(layer, size) for layer, size in known if size]
        powers = [math.log10(size) for _, size in found]
        if len(found) < FEWEST:
            continue
        decades = powers[0] - powers[-1]
        same = sum((earlier - later) * decades > 0 for earlier, later in pairwise(powers))
        if same >= STEADY * (len(powers) - 1):
            yield one, Trend(found, decades)


def _squashing(one: Pass, trend: Trend) -> list[RecordedNode]:
    """The sigmoids, or the tanhs, where one stands between the layers: not those of gates, which are more."""
    for op in SQUASHING:
        found = [node for node in one.moment.nodes if node.op == op]
        if FEWEST - 1 <= len(found) <= len(trend.layers) + 1:
            return found
    return []


def _squashed(nodes: list[RecordedNode]) -> str:
    if not nodes:
        return ""
    word = SQUASHING[nodes[0].op]
    slope = "at most a quarter of it" if word == "sigmoid" else "only a part of it"
    return f" {len(nodes)} {word}s stand on its way, and each passes on {slope}: put ReLU or GELU in their place."


def _first(trend: Trend) -> list[RecordedNode]:
    layer, _ = trend.layers[0]
    return list(layer.results or layer.leaves)


def _found(one: Pass, text: str, marks: list[RecordedNode], title: str = "", factors: tuple[Factor, ...] = ()) -> Found:
    line = next((node.line for node in marks if node.line is not None), one.moment.line)
    ids = tuple(node.id for node in marks[:MOST_MARKS])
    return Found("nan" if title else "zero", line, _capital(text), one.place, ids, title=title, factors=factors)


def _factors(trend: Trend) -> tuple[Factor, ...]:
    """What arrives at the layers' results, from the last one to the first: some of many."""
    known = [factor for factor in (_factor(layer) for layer, _ in reversed(trend.layers)) if factor is not None]
    return tuple(known[:: max(1, math.ceil(len(known) / MOST_FACTORS))])


def _factor(layer: Layer) -> Factor | None:
    for node in layer.results:
        size = sizes.largest(node.gradient)
        if size is not None and not math.isnan(size):
            return Factor(node.id, size)
    return None


def flat(case: Case) -> Iterator[Found]:
    """A ReLU that gives only 0, or a sigmoid or tanh that gives only its ends: nothing goes back through it."""
    for one in case.passes:
        for node in one.moment.nodes:
            count = sizes.count_of(node.shape)
            if node.op in RECTIFIERS and is_zero(node.value) and count >= FEW and _stops(one, node):
                text = (
                    f"{case.spoken(one)}every entry that {called(node)}{at(node)} gives is 0, so it passes no gradient "
                    "on. Look at what goes into it: a bias far below 0, or too large a step, does this."
                )
                yield Found("zero", node.line, _capital(text), one.place, (node.id,), is_question=count < ENOUGH)
            elif node.op in SQUASHING and _is_saturated(node) and _stops(one, node):
                ends = "0 or 1" if SQUASHING[node.op] == "sigmoid" else "−1 or 1"
                text = (
                    f"{case.spoken(one)}every entry that {called(node)}{at(node)} gives is exactly {ends}, where it "
                    "has no slope: it passes no gradient on. Make what goes into it smaller."
                )
                yield Found("zero", node.line, _capital(text), one.place, (node.id,))


def _stops(one: Pass, node: RecordedNode) -> bool:
    """Whether a gradient comes to a node, and exactly 0 to its only input, which it alone leads to."""
    inputs = one.inputs[node.id]
    came = sizes.largest(node.gradient)
    is_only = len(inputs) == 1 and len(one.consumers[inputs[0].id]) == 1
    return bool(came) and is_only and is_zero(inputs[0].gradient)


def _is_saturated(node: RecordedNode) -> bool:
    """Whether all entries of a sigmoid or tanh are known to be at its ends."""
    summary, ends = node.value.summary, {1.0, 0.0 if SQUASHING[node.op] == "sigmoid" else -1.0}
    if summary is None or summary.nonfinite or summary.min not in ends or summary.max not in ends:
        return False
    numbers = node.value.value or ()
    is_whole = len(numbers) == sizes.count_of(node.shape) > 0
    return summary.min == summary.max or (is_whole and set(numbers) <= ends)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


RULES = (flat, vanishing, exploding)
