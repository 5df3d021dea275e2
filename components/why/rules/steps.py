"""Steps of an optimiser, and what stands around them, in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator

from components.why.finding import Case, Finding, Repair, named
from components.why.source import is_one
from components.why.trace import Event, Optimized, Passed


def clipped_after_step(case: Case) -> Iterator[Finding]:
    """Gradients clipped when the step had used them already."""
    for clip in case.trace.of_kind(Optimized):
        if clip.call != "clip":
            continue
        step = last_of(case, clip, "step")
        zero = last_of(case, clip, "zero_grad")
        passed = next((e for e in reversed(case.trace.events[: clip.at]) if isinstance(e, Passed)), None)
        if step is None or passed is None or passed.at > step.at or (zero is not None and zero.at > step.at):
            continue
        text = (
            f"The step of line {step.line} has used the gradient as it was; line {clip.line} clips it when it "
            "is too late. "
            f"The order is: backward, clip, step."
        )
        names = [case.bare_name(one) for one, _ in clip.parameters]
        repair = moved(case, clip.line, step.line, f"Clip before line {step.line}")
        yield Finding("optimizer", clip.line, named(*names), text, repair, during=passed)
        return


def last_of(case: Case, before: Event, call: str) -> Optimized | None:
    """The last event of an optimiser's of a kind before another event, with a parameter in common."""
    held = {id(one) for one, _ in before.parameters} if isinstance(before, Optimized) else set()
    for event in reversed(case.trace.events[: before.at]):
        if isinstance(event, Optimized) and event.call == call and any(id(one) in held for one, _ in event.parameters):
            return event
    return None


def moved(case: Case, line: int, before: int, title: str) -> Repair | None:
    """A statement moved in front of another of the same block."""
    source = case.source
    one, other = source.statement(line), source.statement(before)
    if one is None or other is None or not is_one(one) or not source.is_beside(one, other):
        return None
    return case.repair(title, source.insert_before(before, source.written(one)), source.remove(one))


def moved_behind(case: Case, line: int, after: int, title: str) -> Repair | None:
    """A statement moved behind another of the same block."""
    source = case.source
    one, other = source.statement(line), source.statement(after)
    if one is None or other is None or not is_one(one) or not source.is_beside(one, other):
        return None
    return case.repair(title, source.insert_after(after, source.written(one)), source.remove(one))


def step_without_gradient(case: Case) -> Iterator[Finding]:
    """A step when no parameter has a gradient: it comes too early, or behind `zero_grad`."""
    for step in case.trace.of_kind(Optimized):
        if step.call != "step" or not step.parameters or any(has_grad for _, has_grad in step.parameters):
            continue
        passes = [one for one in case.trace.passes() if reaches(one, step)]
        earlier = [one for one in passes if one.at < step.at]
        zero = last_of(case, step, "zero_grad")
        if earlier and zero is not None and zero.at > earlier[-1].at:
            text = (
                f"Line {zero.line} empties the gradients that the pass of line {earlier[-1].line} has made, "
                "before the step of "
                f"line {step.line} can use them: the step changes nothing."
            )
            repair = moved(case, zero.line, earlier[-1].line, f"Empty them before line {earlier[-1].line}")
            yield Finding("optimizer", zero.line, owner_name(case, zero), text, repair, during=earlier[-1])
            return
        if passes and not earlier:
            text = (
                f"The step of line {step.line} comes before the pass of line {passes[0].line}: the first one "
                "has no gradient to "
                f"use, and changes nothing. The order is: zero_grad, backward, step."
            )
            repair = moved_behind(case, step.line, passes[0].line, f"Step behind line {passes[0].line}")
            yield Finding("optimizer", step.line, owner_name(case, step), text, repair, during=passes[0])
            return


def reaches(passed: Passed, step: Optimized) -> bool:
    """Whether a pass brought a gradient to one of an optimiser's parameters."""
    held = {id(one) for one, _ in step.parameters}
    return passed.call != "autograd.grad" and any(id(leaf) in held for leaf in passed.leaves())


def owner_name(case: Case, event: Optimized) -> tuple[str, ...]:
    """The name of an optimiser."""
    return named(case.trace.name_of(event.owner))


def never_stepped(case: Case) -> Iterator[Finding]:
    """An optimiser that is made, gets gradients again and again, and makes no step."""
    events = case.trace.of_kind(Optimized)
    changed = {id(one) for call in case.changes for one in call.changed}
    for made in events:
        if made.call != "made" or any(e.call == "step" and e.owner is made.owner for e in events):
            continue
        passes = [one for one in case.trace.passes() if one.is_finished and reaches(one, made)]
        lines = [one.line for one in passes]
        if len(lines) == len(set(lines)) or case.error or any(id(one) in changed for one, _ in made.parameters):
            continue
        name = case.trace.name_of(made.owner)
        text = (
            f"`{name}` makes no step: the pass of line {lines[-1]} was made {lines.count(lines[-1])} times, "
            "and the parameters are "
            f"as they were. Is `{name}.step()` meant behind it?"
        )
        repair = None
        if name and is_one(case.source.statement(lines[-1])):
            edit = case.source.insert_after(lines[-1], f"{name}.step()")
            repair = case.repair("Make a step behind each pass", edit)
        yield Finding("optimizer", lines[-1], named(name), text, repair, True, passes[-1])
        return


def schedule_before_step(case: Case) -> Iterator[Finding]:
    """torch's warning about a schedule that steps before the optimiser."""
    warning = next(
        (w for w in case.warnings if "lr_scheduler.step()` before `optimizer.step()" in str(w["message"])), None
    )
    steps = [e for e in case.trace.of_kind(Optimized) if e.call == "step"]
    if warning is None or not warning["line"]:
        return
    line = int(warning["line"])
    text = (
        f"Line {line} moves the schedule on before the optimiser has made its first step: the first value of "
        "the learning rate "
        f"is never used."
    )
    repair = moved_behind(case, line, steps[0].line, f"Move it behind line {steps[0].line}") if steps else None
    yield Finding("optimizer", line, (), text, repair)


RULES = (clipped_after_step, step_without_gradient, never_stepped, schedule_before_step)
