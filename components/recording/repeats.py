"""What comes several times in a row: stretches of a sequence that are repeated without anything between them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

LONGEST_PERIOD = 64
"""Entries of what is repeated."""

LEAST_TIMES = 3
LEAST_STEPS = 6
"""How often, and in how many steps in all, something is repeated that is worth a block."""

LARGE = 6
"""Steps of one entry that is a repetition though it comes only twice."""


class Repeat(NamedTuple):
    """Where it begins, how many entries are repeated, and how often they stand there."""

    start: int
    period: int
    times: int

    @property
    def end(self) -> int:
        """The first entry behind it."""
        return self.start + self.period * self.times


def find(same: Sequence[int], alike: Sequence[int], steps: Sequence[int]) -> list[Repeat]:
    """Repeats that do not overlap, in order, those of the most steps first to be chosen.

    Entries with equal numbers in `same` are equal; what comes first may differ from what repeats it, as far as it is
    equal in `alike`: it has no predecessor. `steps` are how many each entry counts for.
    """
    before = [0]
    for count in steps:
        before.append(before[-1] + count)
    found = [one for one in _candidates(same, alike) if _is_worth_it(one, before)]
    found.sort(key=lambda one: (before[one.start] - before[one.end], one.period, one.start))
    taken, chosen = bytearray(len(same)), []
    for one in found:
        if taken.find(1, one.start, one.end) < 0:
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            chosen.append(one)
    return sorted(chosen)


def _is_worth_it(repeat: Repeat, before: Sequence[int]) -> bool:
    steps = before[repeat.end] - before[repeat.start]
    if repeat.times < LEAST_TIMES:
        return repeat.times == 2 and repeat.period == 1 and steps >= 2 * LARGE
    return steps >= LEAST_STEPS


def _candidates(same: Sequence[int], alike: Sequence[int]) -> Iterator[Repeat]:
    """Of each period that two equal entries lie apart, all stretches that are repeated, as long as they go on."""
    for period in _periods(same):
        start = 0
        while start < len(same) - period:
            end = start
            while end < len(same) - period and same[end] == same[end + period]:
                end += 1
            if end > start:
                first = _extended(alike, start, period)
                yield Repeat(first, period, (end + period - first) // period)
            start = end + 1


def _periods(same: Sequence[int]) -> list[int]:
    last: dict[int, int] = {}
    periods = set()
    for place, entry in enumerate(same):
        periods.add(place - last.get(entry, place))
        last[entry] = place
    return [period for period in sorted(periods) if 0 < period <= LONGEST_PERIOD]


def _extended(alike: Sequence[int], start: int, period: int) -> int:
    """Where a stretch begins with the one before, which is alike."""
    first = start
    while first > max(0, start - period) and alike[first - 1] == alike[first - 1 + period]:
        first -= 1
    return first
