"""The rules: what each looks for, in the order in which what they find is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from components.why.finding import Case, Finding
from components.why.rules import (
    accumulated,
    custom,
    cut,
    freed,
    higher,
    inplace,
    learning,
    nan,
    none,
    none_yet,
    nonscalar,
    optimizer,
    shape,
    shape_errors,
    steps,
    untracked,
    zero,
)

MOST = 5
"""Findings of a run that are said."""


class Rule(NamedTuple):
    """What a rule is called, and what it finds in a run."""

    name: str
    find: Callable[[Case], Iterator[Finding]]


MODULES = (
    *(higher, cut, nonscalar, freed, inplace, untracked, custom),
    *(shape_errors, shape, nan, zero, learning),
    *(optimizer, steps, none, none_yet, accumulated),
)

RULES: tuple[Rule, ...] = tuple(
    Rule(f"{module.__name__.rpartition('.')[2]}/{find.__name__}", find) for module in MODULES for find in module.RULES
)


def findings(case: Case) -> list[Finding]:
    """What went wrong in a run, the most likely first; [] where nothing is known to be wrong."""
    if case.trace.is_full and not case.error:
        return []
    found: dict[tuple[str, int], Finding] = {}
    for rule in RULES:
        for finding in rule.find(case):
            found.setdefault((finding.kind, finding.line), finding)
    return list(found.values())[:MOST]
