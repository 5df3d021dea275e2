"""Nodes coloured by a figure: what is recorded of each, on a scale that fits what there is, and the scale's legend."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from components.drawing import numbers
from components.drawing.colour_scale import LEVELS
from components.pages.recording.figures import worst
from components.recording import sizes
from components.recording.read import RecordedNode

Level = int | Literal["zero", "broken", "sound"] | None
"""A step of the scale; exactly 0; with a nan or an infinite entry; without what is looked for; None: not recorded."""

LEAST_DECADES = 1.0
"""From the least to the largest size of a scale, as powers of ten: what differs by less looks alike."""


OF_MANY = " A folded card has that of the largest in it."
"""Said where a card stands for several nodes."""


class Figure(NamedTuple):
    """What nodes can be coloured by: its title, what is measured of which numbers, and a sentence about its scale."""

    title: str
    measure: Literal["size", "zeros", "nonfinite"]
    of: tuple[Literal["value", "gradient"], ...]
    about: str


FIGURES: Mapping[str, Figure] = {
    "gradient": Figure(
        *("gradient size", "size", ("gradient",)),
        "The largest entry of the gradient that arrives, without its sign; the scale is logarithmic.",
    ),
    "value": Figure(
        *("value size", "size", ("value",)),
        "The largest entry of the value, without its sign; the scale is logarithmic.",
    ),
    "gradient-zeros": Figure(
        *("zeros in the gradient", "zeros", ("gradient",)),
        "The share of the entries of the arriving gradient that are exactly 0.",
    ),
    "value-zeros": Figure(
        *("zeros in the value", "zeros", ("value",)), "The share of the entries of the value that are exactly 0."
    ),
    "nonfinite": Figure(
        *("nan or inf", "nonfinite", ("value", "gradient")),
        "Whether an entry of the value or of the arriving gradient is nan or infinite.",
    ),
}
"""By the name that an address gives it."""


def colours(name: str, groups: Iterable[Sequence[RecordedNode]], hidden: frozenset[str]) -> dict[str, Any] | None:
    """The levels of what is drawn, each card with the nodes that it stands for; None where nothing may be coloured."""
    figure = FIGURES.get(name)
    kinds = [kind for kind in figure.of if kind not in _covered(hidden)] if figure else []
    if figure is None or not kinds:
        return None
    cards = list(groups)
    read = [worst([reading(node, figure, kinds) for node in card]) for card in cards]
    scale = _scale(figure, read)
    levels = [level(one, figure, scale) for one in read]
    about = figure.about + (OF_MANY if any(len(card) > 1 for card in cards) else "")
    return {"levels": levels, "legend": _legend(figure, scale, levels) | {"about": about}}


def _covered(hidden: frozenset[str]) -> set[str]:
    return {"value", "gradient"} if "numbers" in hidden else {"gradient"} if "gradients" in hidden else set()


def reading(node: RecordedNode, figure: Figure, kinds: Iterable[str]) -> float | None:
    """The figure of a node: nan where an entry is nan or infinite, None where it is not recorded."""
    found = [_read(node, figure.measure, kind) for kind in kinds]
    return worst(found)


def _read(node: RecordedNode, measure: str, kind: str) -> float | None:
    recorded = node.value if kind == "value" else node.gradient
    if measure == "zeros":
        return sizes.zeros(recorded, node.op, node.shape)
    size = sizes.largest(recorded)
    return size if measure == "size" or size is None or math.isnan(size) else 1.0


def _scale(figure: Figure, read: list[float | None]) -> tuple[float, float] | None:
    """The ends of the scale, of sizes their logarithms; None where there is nothing to put on it."""
    if figure.measure == "zeros":
        return 0.0, 1.0
    known = [math.log10(one) for one in read if one and not math.isnan(one)]
    if figure.measure == "nonfinite" or not known:
        return None
    return min(*known, max(known) - LEAST_DECADES), max(known)


def level(one: float | None, figure: Figure, scale: tuple[float, float] | None) -> Level:
    """The level of a figure."""
    if one is None:
        return None
    if math.isnan(one):
        return "broken"
    if figure.measure == "nonfinite" or (figure.measure == "zeros" and one == 0):
        return "sound"
    if figure.measure == "size" and one == 0:
        return "zero"
    assert scale is not None
    low, high = scale
    part = ((one if figure.measure == "zeros" else math.log10(one)) - low) / (high - low)
    return min(max(int(part * len(LEVELS)), 0), len(LEVELS) - 1)


def _legend(figure: Figure, scale: tuple[float, float] | None, levels: list[Level]) -> dict[str, Any]:
    ends = None
    if scale is not None:
        ends = ["0 %", "100 %"] if figure.measure == "zeros" else [_written(10.0**end) for end in scale]
    kinds = {one for one in levels if isinstance(one, str)}
    kinds |= {"broken", "sound"} if figure.measure == "nonfinite" else set()
    bare = sum(one is None for one in levels)
    return {"ends": ends, "kinds": sorted(kinds), "bare": bare, "of": len(levels)}


def _written(size: float) -> str:
    return numbers.short(size).removeprefix("+")
