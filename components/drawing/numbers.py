"""Numbers for people: one format everywhere, real minus signs, and inf and nan said as they are."""

import itertools
import math
from functools import lru_cache

from components.graph.model import Number

MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EM DASH}"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
INFINITY = "\N{INFINITY}"
BRACKETS, OTHERS = 1.0, 3.0
"""Digits' width of a list's brackets, and of these with an ellipsis."""


def text(value: Number) -> str:
    """Five significant digits or so, never `-0`; powers of ten beyond; lists in brackets; a dash for None."""
    if value is None:
        return NOTHING
    if isinstance(value, list):
        return "[" + ", ".join(text(entry) for entry in value) + "]"
    if math.isfinite(value):
        return _finite(value).replace("-", MINUS)
    return "nan" if math.isnan(value) else INFINITY if value > 0 else MINUS + INFINITY


def signed(value: Number) -> str:
    """Like `text`, with a plus before what is positive: for gradients, where the sign is the message."""
    plain = text(value)
    return f"+{plain}" if isinstance(value, int | float) and value > 0 else plain


def short(value: Number) -> str:
    """Three significant digits with the sign, two below 0.1, one of a power of ten: for the narrow place at an edge."""
    if not isinstance(value, int | float) or not math.isfinite(value) or value == 0:
        return signed(value)
    size = abs(value)
    if not 0.00995 <= size < 99_999.5:
        return signed_text(f"{value:+.0e}")
    if size < 0.1:
        return signed_text(f"{value:+.2g}")
    return signed_text(f"{value:+.0f}" if size >= 99.95 else f"{value:+.3g}")


def brief(value: Number, room: float = math.inf) -> str:
    """A list in `room` digits' width, three significant digits each, with an ellipsis for the entries left out."""
    if not isinstance(value, list):
        return text(value)
    inside = room - (OTHERS if len(value) > 1 else BRACKETS)
    entries = [brief(entry, inside) if isinstance(entry, list) else _entry(entry) for entry in value]
    ends = list(itertools.accumulate(map(_width, entries), lambda end, width: end + 1 + width, initial=0.0))
    if ends[-1] <= room:
        return f"[{', '.join(entries)}]"
    shown = max(itertools.takewhile(lambda shown: ends[shown] + 2 <= room, range(len(entries))), default=0)
    return f"[{', '.join([*entries[:shown], '…'])}]"


@lru_cache(maxsize=4_096)
def _entry(value: float | None) -> str:
    """A number as it stands in lists, in which it mostly comes several times: on cards, on arrows, of both widths."""
    return short(value).removeprefix("+")


def _width(entry: str) -> float:
    """Digits that a text takes the room of: two brackets, points, commas or spaces take that of one."""
    return len(entry) - 0.5 * sum(map(entry.count, "[]., "))


def long(value: Number) -> str:
    """Nine significant digits, enough to tell any two float32 numbers apart, with the sign."""
    if not isinstance(value, int | float) or not math.isfinite(value) or value == 0:
        return signed(value)
    return signed_text(f"{value:+#.9g}")


def factor(value: Number) -> str:
    """Like `text`, whole numbers without decimals: for factors of a product, where 1 and −1 should look it."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e5:
        return text(value).partition(".")[0]
    return text(value)


def count(value: Number) -> str:
    """A whole number without decimals, such as a distance in ulps."""
    return NOTHING if value is None else str(value)


def distance(ulps: Number) -> str:
    """A distance in ulps: a small count as it is, a large one as a power of two."""
    if not isinstance(ulps, int) or ulps < 10_000:
        return count(ulps)
    return "2" + str(round(math.log2(ulps))).translate(_RAISED)


def signed_text(number: str) -> str:
    """A number as Python formats it, with a real minus and a plain exponent: `+1.2e−8`."""
    mantissa, mark, exponent = number.partition("e")
    return (mantissa + mark + (str(int(exponent)) if mark else "")).replace("-", MINUS)


def exact(value: Number) -> str:
    """All digits: Python's `repr` of a float, a JSON list of a list, `None` where torch holds nothing."""
    if isinstance(value, list):
        return "[" + ", ".join(exact(entry) for entry in value) + "]"
    return repr(value)


def _finite(value: float) -> str:
    size = abs(value)
    if size == 0:
        return "0"
    if size < 0.99995e-4 or size >= 99_999.5:
        return signed_text(f"{value:.3e}")
    if size >= 10:
        return f"{value:.3f}" if size < 100 else f"{value:.2f}" if size < 1000 else f"{value:.1f}"
    return f"{value:.4f}" if size >= 0.1 else f"{value:.5f}"
