"""What differs between two backward passes: node by node, what it is and what its numbers became."""

import math
from typing import Literal, NamedTuple

from components.recording.matching import bits, match
from components.recording.read import Numbers, RecordedMoment, RecordedNode, Summary

What = Literal["operation", "name", "module", "source", "shape", "dtype", "value", "gradient", "before", "after"]
Kind = Literal["other", "broken", "mended", "zero", "nonzero", "vanished", "grown", "none", "some"]

TEXTS: tuple[tuple[What, str], ...] = (
    ("operation", "op"),
    ("name", "name"),
    ("module", "module"),
    ("source", "source"),
    ("shape", "shape"),
    ("dtype", "dtype"),
)
"""What is said of a node, and its field."""

NUMBERS: tuple[What, ...] = ("value", "gradient", "before", "after")
"""What has numbers; the last two are a leaf's `.grad`."""

OPPOSITE: dict[Kind, Kind] = {
    **{"other": "other", "broken": "mended", "mended": "broken", "zero": "nonzero", "nonzero": "zero"},
    **{"vanished": "grown", "grown": "vanished", "none": "some", "some": "none"},
}
"""The kind of a change seen the other way round."""

FACTOR = 100
"""How many times smaller numbers have vanished."""


class Change(NamedTuple):
    """What of a node differs, how it changed from the first pass to the second, and how much.

    `kind`: nan or inf came (`broken`) or went (`mended`), all became `zero` or none is that any more, the largest is
    FACTOR times smaller (`vanished`) or larger (`grown`), there is `none` or `some` now, or simply `other` ones.
    `size`: of numbers, the largest difference relative to the largest number; inf where that says nothing.
    """

    what: What
    kind: Kind
    size: float


class Pair(NamedTuple):
    """A node by its places in both passes (None: it is not in that one), and what differs."""

    first: int | None
    second: int | None
    changes: tuple[Change, ...] = ()


def compare(first: RecordedMoment, second: RecordedMoment) -> tuple[Pair, ...]:
    """Every node of both passes: those of the first in their order, then those that the second alone has."""
    partners = dict(match(first, second))
    pairs = [_pair(first, second, here, partners.get(here)) for here in range(len(first.nodes))]
    known = set(partners.values())
    return (*pairs, *(Pair(None, there) for there in range(len(second.nodes)) if there not in known))


def _pair(first: RecordedMoment, second: RecordedMoment, here: int, there: int | None) -> Pair:
    return Pair(here, there, () if there is None else changes(first.nodes[here], second.nodes[there]))


def changes(first: RecordedNode, second: RecordedNode) -> tuple[Change, ...]:
    """What differs between a node in the first pass and in the second."""
    said = [Change(what, "other", math.inf) for what, name in TEXTS if getattr(first, name) != getattr(second, name)]
    same_shape = first.shape == second.shape
    numbers = [_numbers(what, getattr(first, what), getattr(second, what), same_shape) for what in NUMBERS]
    return (*said, *(change for change in numbers if change))


def _numbers(what: What, first: Numbers | None, second: Numbers | None, same_shape: bool) -> Change | None:
    if _is_there(first) != _is_there(second):
        return Change(what, "none" if _is_there(first) else "some", math.inf)
    if first is None or second is None or first.value is None or second.value is None:
        return None
    if bits(first.value) == bits(second.value) and _is_same(first.summary, second.summary):
        return None
    kind = _kind(first, second)
    size = math.inf if kind in ("broken", "mended") else _relative(first, second, same_shape)
    return Change(what, kind, size)


def _is_same(first: Summary | None, second: Summary | None) -> bool:
    """Whether two summaries agree in all that both of them say."""
    if first and second and None in (first.zeros, second.zeros):
        first, second = first._replace(zeros=None), second._replace(zeros=None)
    return first == second


def _is_there(numbers: Numbers | None) -> bool:
    return numbers is not None and numbers.value is not None


def _kind(first: Numbers, second: Numbers) -> Kind:
    broken = is_broken(first), is_broken(second)
    if broken[0] != broken[1]:
        return "broken" if broken[1] else "mended"
    return _scaled(largest(first), largest(second))


def _scaled(first: float, second: float) -> Kind:
    if not first or not second:
        return "zero" if first else "nonzero" if second else "other"
    if first >= FACTOR * second:
        return "vanished"
    return "grown" if second >= FACTOR * first else "other"


def is_broken(numbers: Numbers) -> bool:
    """Whether a number is nan or infinite."""
    return bool(numbers.summary and numbers.summary.nonfinite) or not all(map(math.isfinite, numbers.value or ()))


def largest(numbers: Numbers) -> float:
    """The largest finite magnitude; 0 where there is none."""
    return max([abs(number) for number in (*_ends(numbers.summary), *_finite(numbers))], default=0.0)


def _relative(first: Numbers, second: Numbers, same_shape: bool) -> float:
    """The largest difference of two entries, or of the ends of both ranges, relative to the largest entry."""
    whole = max(largest(first), largest(second))
    ends = zip(_ends(first.summary), _ends(second.summary), strict=False)
    entries = zip(first.value or (), second.value or (), strict=False) if same_shape else ()
    gaps = [abs(here - there) for here, there in (*ends, *entries) if math.isfinite(here) and math.isfinite(there)]
    return max(gaps, default=0.0) / whole if whole else 0.0


def _ends(summary: Summary | None) -> list[float]:
    return [end for end in (summary.min, summary.max) if end is not None] if summary else []


def _finite(numbers: Numbers) -> list[float]:
    return [number for number in numbers.value or () if math.isfinite(number)]
