"""Parameters that an optimiser does not hold, and steps in the wrong place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer

from components.why.finding import Case, Finding, Repair, named
from components.why.rules.none import flag_behind
from components.why.source import is_one
from components.why.trace import Bound, Event, Optimized, Passed, Wrote

STEPS_ASKED = 2
"""Steps after which a leaf that no optimiser holds is asked about."""


def nothing_registered(case: Case) -> Iterator[Finding]:
    """`optimizer got an empty parameter list`: layers or tensors that a module does not know."""
    if not case.raised("optimizer got an empty parameter list"):
        return
    for name, module in modules_of(case):
        attribute = hidden_in(module)
        if attribute:
            yield not_registered(case, name, attribute, module)
            return


def modules_of(case: Case) -> list[tuple[str, nn.Module]]:
    """The modules of the program's own classes, by name."""
    held = [(name, value) for name, value in case.namespace.items() if isinstance(value, nn.Module)]
    return [(name, value) for name, value in held if not name.startswith(" ")]


def hidden_in(module: nn.Module) -> str:
    """The attribute of a module that holds layers or tensors which the module does not know; "" where none does."""
    for name, value in vars(module).items():
        entries = entries_of(value)
        is_own = not name.startswith("_") and name != "training"
        if is_own and any(isinstance(one, nn.Module) or is_leaf(one) for one in entries):
            return name
    return ""


def entries_of(value: Any) -> list[Any]:
    """The entries of a list or a dictionary; of anything else the value itself."""
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else [value]


def is_leaf(value: object) -> bool:
    """Whether this is a leaf that requires grad."""
    return isinstance(value, Tensor) and value.is_leaf and value.requires_grad


def not_registered(case: Case, name: str, attribute: str, module: nn.Module) -> Finding:
    """What is said of layers that stand in a plain list, and of tensors that are no parameters."""
    value = vars(module)[attribute]
    statement = setting_of(case, attribute)
    line = statement.lineno if statement is not None else case.error_line
    kind = next((word for container, word in CONTAINERS if isinstance(value, container)), "tensor")
    is_layers = any(isinstance(one, nn.Module) for one in entries_of(value))
    better = LAYERS.get(kind, "nn.Parameter") if is_layers or kind == "tensor" else "nn.ParameterList"
    text = (
        f"`self.{attribute}` is a plain {kind}, and a module only knows what is a layer, a parameter or a "
        f"`{better}`: "
        f"`{name}.parameters()` leaves it out, and no optimiser changes it."
    )
    repair = None
    if statement is not None:
        path = f"{case.source.path('torch.nn')}.{better.removeprefix('nn.')}"
        edit = case.source.replace(statement.value, f"{path}({case.source.written(statement.value)})")
        repair = case.repair(f"Make it a `{better}`", edit)
    return Finding("optimizer", line, named(f"{name}.{attribute}"), text, repair)


CONTAINERS = ((list, "list"), (tuple, "tuple"), (dict, "dictionary"))
LAYERS = {"list": "nn.ModuleList", "tuple": "nn.ModuleList", "dictionary": "nn.ModuleDict"}


def setting_of(case: Case, attribute: str) -> ast.Assign | None:
    """The statement that sets `self.attribute`."""
    for node in ast.walk(case.source.tree):
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(target, ast.Attribute) and target.attr == attribute and isinstance(node, ast.Assign):
            return node
    return None


def not_a_leaf(case: Case) -> Iterator[Finding]:
    """`can't optimize a non-leaf Tensor`."""
    if not case.raised("can't optimize a non-leaf Tensor"):
        return
    used = {part.id for part in case.source.parts(case.error_line, ast.Name)}
    bounds = [e for e in case.trace.of_kind(Bound) if e.name in used and isinstance(e.value, Tensor)]
    bound = next((e for e in reversed(bounds) if not e.value.is_leaf), None)
    if bound is None:
        return
    text = (
        f"`{bound.name}` of line {bound.line} is a result, and an optimiser changes leaves: ask for its "
        "gradient after the "
        f"arithmetic, not before."
    )
    repair = flag_behind(case, bound.line)
    yield Finding("optimizer", bound.line, (bound.name,), text, repair, marks=(bound.value,))


def held_nowhere(case: Case) -> Iterator[Finding]:
    """A leaf that gets gradients and is held by no optimiser that makes steps."""
    steps = [e for e in case.trace.of_kind(Optimized) if e.call == "step"]
    passes = [one for one in case.trace.passes() if one.is_finished and one.backward is not None]
    if not steps or not passes or case.trace.is_full:
        return
    held = {id(one) for e in case.trace.of_kind(Optimized) if isinstance(e.owner, Optimizer) for one, _ in e.parameters}
    changed = {id(one) for call in case.changes() for one in call.changed}
    for leaf in passes[-1].leaves():
        if id(leaf) in held or id(leaf) in changed:
            continue
        finding = why_not_held(case, leaf, passes[-1])
        if finding is not None:
            yield finding
            return


def why_not_held(case: Case, leaf: Tensor, passed: Passed) -> Finding | None:
    """Why no optimiser holds a leaf: not registered, put in its place later, or left out."""
    made = [e for e in case.trace.of_kind(Optimized) if e.call == "made"]
    for name, module in modules_of(case):
        attribute = hidden_in(module)
        if attribute and any(one is leaf for one in leaves_in(vars(module)[attribute])):
            return not_registered(case, name, attribute, module)
    bound = next((e for e in case.trace.of_kind(Bound) if e.value is leaf), None)
    wrote = [e for e in case.trace.of_kind(Wrote) if isinstance(e.owner, nn.Module) and has_leaf(e.value, leaf)]
    late: Bound | Wrote | None = next(iter(wrote), None) or bound
    if late is None or not made:
        return None
    if late.at > made[-1].at:
        return put_in_later(case, late, made[-1], passed, leaf)
    if sum(e.call == "step" for e in case.trace.of_kind(Optimized)) < STEPS_ASKED:
        return None
    name = case.bare_name(leaf)
    text = (
        f"`{name}` requires grad and gets a gradient in line {passed.line}, but the optimiser of line "
        f"{made[-1].line} does not "
        f"hold it, so it never changes. Is it meant to stay as it is?"
    )
    return Finding("optimizer", made[-1].line, named(name), text, None, True, passed, marks=(leaf,))


def leaves_in(value: object) -> Iterator[Tensor]:
    """The leaves in a layer, in a list of them, or the tensor itself."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, nn.Module):
        yield from value.parameters()
    elif isinstance(value, list | tuple | dict):
        for one in entries_of(value):
            yield from leaves_in(one)


def has_leaf(value: object, leaf: Tensor) -> bool:
    """Whether a value is a leaf or a layer that has it."""
    return any(one is leaf for one in leaves_in(value))


def put_in_later(case: Case, late: Bound | Wrote, made: Optimized, passed: Passed, leaf: Tensor) -> Finding:
    """A parameter that took another's place after the optimiser was made."""
    name = late.name if isinstance(late, Bound) else late.attribute
    text = (
        f"Line {late.line} gives `{name}` a new tensor after the optimiser of line {made.line} was made: that "
        "one still holds "
        f"the old tensor, and the new one never changes."
    )
    source = case.source
    statement = source.statement(made.line)
    repair = None
    if statement is not None and is_one(statement) and source.around(statement, (ast.For, ast.While)) is None:
        moved = source.insert_after(late.line, source.written(statement))
        same = source.around(source.statement(late.line) or statement, (ast.For, ast.While)) is None
        repair = (
            case.repair(f"Make the optimiser after line {late.line}", moved, source.remove(statement)) if same else None
        )
    return Finding("optimizer", late.line, named(name), text, repair, during=passed, marks=(leaf,))


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
    if one is None or other is None or not is_one(one) or source.parents.get(one) is not source.parents.get(other):
        return None
    return case.repair(title, source.insert_before(before, source.written(one)), source.remove(one))


def moved_behind(case: Case, line: int, after: int, title: str) -> Repair | None:
    """A statement moved behind another of the same block."""
    source = case.source
    one, other = source.statement(line), source.statement(after)
    if one is None or other is None or not is_one(one) or source.parents.get(one) is not source.parents.get(other):
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
    changed = {id(one) for call in case.changes() for one in call.changed}
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


RULES = (
    *(nothing_registered, not_a_leaf, clipped_after_step, step_without_gradient, held_nowhere),
    *(never_stepped, schedule_before_step),
)
