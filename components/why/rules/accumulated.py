"""Gradients of several passes added up where each was meant alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from torch import Tensor

from components.why.finding import Case, Finding, Repair, named
from components.why.rules.none import is_reset
from components.why.source import is_one
from components.why.trace import Called, Optimized, Passed, Read, Wrote


def stale_gradient_used(case: Case) -> Iterator[Finding]:
    """A gradient that was used for a step is still there when the next pass adds to it."""
    passes = case.trace.passes()
    for first, second in pairwise(passes):
        if first.call == "autograd.grad" or second.call == "autograd.grad":
            continue
        for leaf in second.before:
            step = used_between(case, leaf, first, second)
            if step is not None and used_after(case, leaf, second):
                yield stale(case, leaf, step, second)
                return


def used_between(case: Case, leaf: Tensor, first: Passed, second: Passed) -> Optimized | Called | None:
    """The step, or the change by hand, that used a leaf's gradient between two passes."""
    between = case.trace.events[first.at : second.at]
    return next((e for e in between if isinstance(e, Optimized | Called) and is_use(case, e, leaf)), None)


def used_after(case: Case, leaf: Tensor, passed: Passed) -> bool:
    """Whether a leaf's gradient is used for a step after a pass, before it is emptied."""
    for event in case.trace.events[passed.at :]:
        if is_use(case, event, leaf):
            return True
        if is_emptied(event, leaf):
            return False
    return False


def is_emptied(event: object, leaf: Tensor) -> bool:
    """Whether an event empties a leaf's gradient."""
    if isinstance(event, Optimized):
        return event.call == "zero_grad" and any(one is leaf for one, _ in event.parameters)
    if isinstance(event, Wrote):
        return event.owner is leaf and event.attribute == "grad"
    return isinstance(event, Called) and event.name == "zero_" and any(one is leaf.grad for one in event.changed)


def is_use(case: Case, event: object, leaf: Tensor) -> bool:
    """Whether an event is a step with a leaf's gradient."""
    if isinstance(event, Optimized):
        return event.call == "step" and any(one is leaf and has_grad for one, has_grad in event.parameters)
    if not isinstance(event, Called) or event.line not in case.reads.get(id(leaf), ()):
        return False
    return any(one is leaf for one in event.changed)


def stale(case: Case, leaf: Tensor, step: Optimized | Called, passed: Passed) -> Finding:
    """What is said of a gradient that was not emptied."""
    name = case.bare_name(leaf)
    owner = case.trace.name_of(step.owner) if isinstance(step, Optimized) else ""
    what = f"`{name}.grad`" if name else "the gradient"
    text = (
        f"Line {step.line} has used {what}, and nothing empties it before the next pass in line {passed.line}, "
        "which adds to it: "
        f"each step goes along the sum of all gradients so far."
    )
    emptying = f"{owner}.zero_grad()" if owner else f"{name}.grad = None"
    return Finding(
        "accumulated",
        passed.line,
        named(name, owner),
        text,
        emptied(case, passed.line, emptying),
        during=passed,
        marks=(leaf,),
    )


def emptied(case: Case, line: int, statement: str) -> Repair | None:
    """The gradients emptied before a pass."""
    if not is_one(case.source.statement(line)) or statement.startswith("."):
        return None
    return case.repair(f"Empty the gradient before line {line}", case.source.insert_before(line, statement))


def sum_looked_at(case: Case) -> Iterator[Finding]:
    """A gradient that was looked at after each of two passes, the second of which added to it."""
    if case.trace.of_kind(Optimized):
        return
    passes = [one for one in case.trace.passes() if one.call != "autograd.grad" and one.is_finished]
    for first, second in pairwise(passes):
        if first.options.keeps_graph or first.options.makes_graph:
            continue
        for leaf in second.before:
            reads = [e for e in case.trace.of_kind(Read) if e.tensor is leaf and e.grad is not None]
            between = any(first.at < read.at < second.at and not writes(case, read) for read in reads)
            is_known = is_reset(case.source, case.bare_name(leaf))
            if between and not is_known and any(read.at > second.at for read in reads) and reached(first, leaf):
                yield added_up(case, leaf, first, second)
                return


def reached(passed: Passed, leaf: Tensor) -> bool:
    """Whether a pass brought a leaf a gradient."""
    return any(one is leaf for one in passed.leaves())


def writes(case: Case, read: Read) -> bool:
    """Whether a `.grad` was read only to be emptied, or stands in a change of its tensor."""
    changes = (call for call in case.trace.calls() if call.line == read.line and call.at > read.at)
    is_changed = any(one is read.grad or one is read.tensor for call in changes for one in call.changed)
    return is_changed or any(e.owner is read.tensor and e.line == read.line for e in case.trace.of_kind(Wrote))


def added_up(case: Case, leaf: Tensor, first: Passed, second: Passed) -> Finding:
    """What is said of a sum of two passes."""
    name = case.bare_name(leaf)
    text = (
        f"The pass of line {second.line} adds its gradient to what line {first.line} has left in "
        f"`{name}.grad`: what is read "
        f"afterwards is the sum of both."
    )
    repair = emptied(case, second.line, f"{name}.grad = None") if name.isidentifier() else None
    return Finding("accumulated", second.line, named(name), text, repair, during=second, marks=(leaf,))


RULES = (stale_gradient_used, sum_looked_at)
