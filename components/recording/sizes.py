"""How large the entries of a recorded tensor are, and how many are 0: only what the recording says with certainty."""

import math

from components.recording.read import Numbers

SEVERAL = ("Split", "Unbind", "UnsafeSplit", "Chunk")
"""Beginnings of operations with several results: their shape is that of the first one."""


def count_of(shape: tuple[int, ...] | None) -> int:
    """How many entries a tensor of this shape has; 0 where it is not recorded."""
    return 0 if shape is None else math.prod(shape)


def largest(numbers: Numbers) -> float | None:
    """The largest entry without its sign, nan where an entry is nan or infinite; None where nothing is recorded."""
    summary = numbers.summary
    if summary is None:
        return None
    if summary.nonfinite:
        return math.nan
    ends = [abs(end) for end in (summary.min, summary.max) if end is not None]
    return max(ends, default=None)


def zeros(numbers: Numbers, op: str, shape: tuple[int, ...] | None) -> float | None:
    """The share of entries that are exactly 0; None where it is not recorded."""
    count, summary = count_of(shape), numbers.summary
    if summary is None or not count or op.startswith(SEVERAL):
        return None
    number = summary.zeros
    if number is None and numbers.value is not None and len(numbers.value) == count:
        number = sum(entry == 0 for entry in numbers.value)
    return None if number is None or number > count else number / count
