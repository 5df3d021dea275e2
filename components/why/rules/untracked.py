"""detach, no_grad and inference_mode where they were not meant."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from torch import Tensor

from components.why.finding import Case, Finding, Repair, named
from components.why.rules.none import lost_between
from components.why.source import called_name
from components.why.trace import Called, Optimized


def made_in_inference_mode(case: Case) -> Iterator[Finding]:
    """`Inference tensors cannot be saved for backward`."""
    if not case.raised("Inference tensors cannot be saved", "Inplace update to inference tensor", "inference tensor"):
        return
    made = [call for call in case.trace.calls() if call.is_inference and call.results()]
    used = names_in(case, case.error_line)
    call = next((c for c in reversed(made) if any(case.bare_name(one) in used for one in c.results())), None) or (
        made[-1] if made else None
    )
    if call is None:
        return
    block = block_of(case, call)
    line = block.lineno if block is not None else call.line
    name = next((case.bare_name(one) for one in call.results()), "")
    what = f"`{name}`" if name else "The tensor"
    text = (
        f"{what} was made inside `torch.inference_mode()` in line {line}: torch keeps no account of such "
        "tensors, and line "
        f"{case.error_line} would need one for the gradient. `torch.no_grad()` only leaves the recording out."
    )
    repair = without_inference(case, block) if block is not None else None
    yield Finding("untracked", line, named(name), text, repair, marks=tuple(call.results()))


def names_in(case: Case, line: int) -> set[str]:
    """The names in the statement of a line."""
    return {part.id for part in case.source.parts(line, ast.Name)}


def block_of(case: Case, call: Called) -> ast.With | None:
    """The `with torch.inference_mode()` around a call."""
    statement = case.source.statement(call.line)
    block = case.source.around(statement, ast.With) if statement is not None else None
    while block is not None and not any(is_inference(item) for item in block.items):
        block = case.source.around(block, ast.With)
    return block


def is_inference(item: ast.withitem) -> bool:
    """Whether this enters inference mode."""
    return isinstance(item.context_expr, ast.Call) and called_name(item.context_expr) == "inference_mode"


def without_inference(case: Case, block: ast.With) -> Repair | None:
    """`torch.no_grad()` in the place of `torch.inference_mode()`."""
    item = next(item for item in block.items if is_inference(item))
    edit = case.source.replace(item.context_expr, f"{case.source.path('torch')}.no_grad()")
    return case.repair("Use `torch.no_grad()`", edit)


def trained_without_gradient(case: Case) -> Iterator[Finding]:
    """A parameter that an optimiser steps with and that no pass reaches, because something on the way detaches."""
    steps = [e for e in case.trace.of_kind(Optimized) if e.call == "step"]
    passes = [one for one in case.trace.passes() if one.is_finished and one.backward is not None]
    if not steps or not passes or case.trace.is_full:
        return
    reached = {id(leaf) for one in passes for leaf in one.leaves()}
    for leaf, _ in steps[-1].parameters:
        lost = lost_between(case, leaf, passes[-1].roots[0]) if id(leaf) not in reached and leaf.requires_grad else None
        if lost is None:
            continue
        name = case.bare_name(leaf)
        how = f"`{lost.name}`" if lost.is_tracking else "work without tracking"
        text = (
            f"The optimiser holds `{name}`, but no pass reaches it: {how} in line {lost.line} takes it out of "
            "the graph. "
            f"Is it meant to stay as it is?"
        )
        yield Finding("untracked", lost.line, named(name), text, None, True, passes[-1])
        return


def memory_shared(case: Case) -> Iterator[Finding]:
    """A change in place of what `detach()` gave, which is in the memory of the tensor that it came from."""
    for taken in case.trace.calls():
        if taken.name != "detach" or not isinstance(taken.result, Tensor) or not case.bare_name(taken.result):
            continue
        change = next((c for c in case.changes if c.at > taken.at and any(o is taken.result for o in c.changed)), None)
        origin = taken.args[0]
        name, other = case.bare_name(taken.result), case.bare_name(origin)
        if change is None or not other or case.error or not is_read_behind(case, other, change.line):
            continue
        text = (
            f"`{name}` of line {taken.line} is in the same memory as `{other}`: line {change.line} changes both. "
            f"Is `{other}` meant to change? `.detach().clone()` would be a copy."
        )
        part = case.source.call(taken.line, "detach")
        repair = None
        if part is not None:
            repair = case.repair(
                f"Make `{name}` a copy", case.source.replace(part, f"{case.source.written(part)}.clone()")
            )
        yield Finding("untracked", taken.line, named(name, other), text, repair, True)
        return


def is_read_behind(case: Case, name: str, line: int) -> bool:
    """Whether a name is used after a line."""
    names = (node for node in case.source.nodes if isinstance(node, ast.Name) and node.id == name)
    return any(isinstance(node.ctx, ast.Load) and node.lineno > line for node in names)


RULES = (made_in_inference_mode, trained_without_gradient, memory_shared)
