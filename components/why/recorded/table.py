"""The rules for recordings, in the order in which what they find is said."""

from __future__ import annotations

from components.recording.read import Recorded
from components.why.recorded import depth, kept, nan
from components.why.recorded.case import Case, Found

RULES = (*nan.RULES, kept.two_losses, kept.not_cleared, *depth.RULES, kept.no_gradient)


def findings(recorded: Recorded) -> tuple[Found, ...]:
    """What a recording shows to be wrong, the most likely first; a fault that returns in other passes for each."""
    case = Case(recorded)
    return tuple(found for rule in RULES for found in rule(case))


def of_moment(found: tuple[Found, ...], moment: int) -> list[Found]:
    """Each fault once: as it is in one of the passes, else in the first that has it."""
    kept_ones: dict[tuple[str, int | None, str], Found] = {}
    for one in found:
        key = one.kind, one.line, one.title
        if key not in kept_ones or (one.moment == moment and kept_ones[key].moment != moment):
            kept_ones[key] = one
    return list(kept_ones.values())
