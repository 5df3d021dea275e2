"""Derivatives of derivatives."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from torch import Tensor

from components.why.finding import Case, Finding, Repair, named
from components.why.rules.cut import asked_for, line_of_leaf, lost_at
from components.why.source import is_one, keyword
from components.why.trace import Bound, Passed, Read


def first_not_recorded(case: Case) -> Iterator[Finding]:
    """A pass from a derivative that was not recorded itself."""
    failed = case.failed
    if failed is None or not case.raised("does not require grad and does not have a grad_fn"):
        return
    root = next((one for one in failed.roots if not one.requires_grad), None)
    origin = origin_of(case, root) if root is not None and lost_at(case, root) is None else None
    if root is None or origin is None:
        return
    name = case.name(root, "the derivative")
    if origin.options.makes_graph:
        text = (
            f"{name} was recorded in line {origin.line}, but it does not depend on what it was derived by: the "
            "second "
            f"derivative is 0 everywhere, and torch has no graph for it."
        )
        yield Finding("higher", failed.line, named(name), text, None)
        return
    text = (
        f"The pass of line {origin.line} was not recorded, so {name} is a plain number without a way back. "
        f"`create_graph=True` records the pass itself, and line {failed.line} can derive it again."
    )
    yield Finding("higher", origin.line, named(name), text, recorded(case, origin), marks=(root,))


def origin_of(case: Case, root: Tensor) -> Passed | None:
    """The pass that gave a tensor, or what it was made of."""
    every = {id(one) for one in (root, *(o for call in case.trace.sources(root) for o in call.operands()))}
    read = [e for e in case.trace.of_kind(Read) if e.grad is not None and id(e.grad) in every]
    for passed in reversed(case.trace.passes()):
        if any(id(result) in every for result in passed.results if result is not None):
            return passed
        if any(passed.at < e.at for e in read) and passed.is_finished and passed.call != "autograd.grad":
            return passed
    return None


def recorded(case: Case, origin: Passed) -> Repair | None:
    """The first pass with `create_graph=True`."""
    call = case.source.call(origin.line, "backward", "grad")
    if call is None:
        return None
    flag = keyword(call, "create_graph")
    if flag is not None:
        return case.repair("Record the first derivative", case.source.replace(flag.value, "True"))
    return case.repair("Record the first derivative", case.source.with_argument(call, "create_graph=True"))


def added_to_first(case: Case) -> Iterator[Finding]:
    """First and second derivative in the same `.grad`."""
    for first in case.trace.passes():
        if not first.options.makes_graph or first.call == "autograd.grad":
            continue
        reads = [e for e in case.trace.of_kind(Read) if e.at > first.at and e.grad is not None]
        for second in case.trace.passes():
            read = next((e for e in reads if second.at > e.at and comes_from(case, second, e.grad)), None)
            if read is None or second.call == "autograd.grad" or not any(o is read.tensor for o in second.before):
                continue
            yield both(case, first, second, read)
            return


def comes_from(case: Case, passed: Passed, grad: Tensor | None) -> bool:
    """Whether a pass begins at a gradient, or at what was made of it."""
    root = passed.roots[0]
    return root is grad or any(one is grad for call in case.trace.sources(root) for one in call.operands())


def both(case: Case, first: Passed, second: Passed, read: Read) -> Finding:
    """What is said of two derivatives in one `.grad`."""
    name = case.bare_name(read.tensor)
    text = (
        f"Line {first.line} has left the first derivative in `{name}.grad`, and the pass of line {second.line} "
        "adds the second "
        f"to it. `torch.autograd.grad` gives the first one back and leaves `.grad` empty."
    )
    repair = given_back(case, first, read, name)
    return Finding("higher", first.line, named(name), text, repair, during=second, marks=(read.tensor,))


def given_back(case: Case, first: Passed, read: Read, name: str) -> Repair | None:
    """`y.backward(create_graph=True); first = x.grad` as one call of `torch.autograd.grad`."""
    source = case.source
    statement, assigned = source.statement(first.line), source.statement(read.line)
    call = source.call(first.line, "backward")
    if call is None or not isinstance(call.func, ast.Attribute) or not is_one(statement) or statement is None:
        return None
    if not isinstance(assigned, ast.Assign) or not isinstance(assigned.targets[0], ast.Name):
        return None
    if source.written(assigned.value) != f"{name}.grad":
        return None
    owner, target = source.written(call.func.value), assigned.targets[0].id
    line = f"({target},) = {source.path('torch')}.autograd.grad({owner}, {name}, create_graph=True)"
    return case.repair("Take the first one by itself", source.replace(statement, line), source.remove(assigned))


def not_part_of_graph(case: Case) -> Iterator[Finding]:
    """`One of the differentiated Tensors ...`: it does not require grad, or the result does not depend on it."""
    failed = case.failed
    if failed is None or not case.raised("differentiated Tensor"):
        return
    if case.raised("does not require grad"):
        leaf = next((one for one in failed.inputs if not one.requires_grad), None)
        if leaf is not None:
            yield never_asked(case, leaf, failed)
        return
    order = failed.backward.order if failed.backward is not None else []
    variables = {id(getattr(node, "variable", None)) for node in order}
    unused = [i for i in failed.inputs if id(i) not in variables and i.grad_fn not in order]
    if not unused:
        return
    root = case.name(failed.roots[0], "the result")
    is_second = any(one.options.makes_graph for one in case.trace.passes() if one is not failed)
    names = [case.bare_name(one) for one in unused]
    text = (
        f"{root} does not depend on {case.name(unused[0], 'this tensor')}, so torch has no gradient to give in line "
        f"{failed.line}. With `allow_unused=True` it gives None there, which stands for 0."
    )
    call = case.source.call(failed.line, "grad")
    repair = case.repair("Allow it", case.source.with_argument(call, "allow_unused=True")) if call is not None else None
    yield Finding("higher" if is_second else "none", failed.line, named(*names), text, repair, during=failed)


def never_asked(case: Case, leaf: Tensor, failed: Passed) -> Finding:
    """A gradient asked for by a tensor that is not tracked."""
    name, line = case.bare_name(leaf), line_of_leaf(case, leaf)
    text = f"Line {failed.line} asks for the gradient by `{name}`, which does not require grad."
    return Finding("none", line, named(name), text, asked_for(case, leaf), during=failed)


def penalty_freed(case: Case) -> Iterator[Finding]:
    """A derivative that is part of a loss: its own pass has freed the graph that the loss needs too."""
    failed = case.failed
    if failed is None or not case.raised("backward through the graph a second time"):
        return
    used = {id(one) for call in case.trace.sources(failed.roots[0]) for one in call.operands()}
    for first in case.trace.passes():
        given = [one for one in first.results if one is not None and id(one) in used]
        if given and first is not failed and not first.options.makes_graph:
            name = case.name(given[0], "the derivative")
            text = (
                f"{name} of line {first.line} is part of what the pass of line {failed.line} begins with, and "
                "the first pass has "
                f"freed its graph without recording itself. `create_graph=True` records it, and keeps the graph."
            )
            yield Finding("higher", first.line, named(name), text, recorded(case, first), during=failed)
            return


def penalty_not_recorded(case: Case) -> Iterator[Finding]:
    """A derivative that is part of a loss, and was not recorded: the loss takes it for a constant."""
    passes = case.trace.passes()
    for first in passes:
        given = {id(one) for one in first.results if isinstance(one, Tensor) and not one.requires_grad}
        if not given or first.options.makes_graph or not first.is_finished:
            continue
        for second in passes:
            if second.at < first.at or not second.is_finished or second is first:
                continue
            uses = [c for c in case.trace.sources(second.roots[0]) if any(id(o) in given for o in c.operands())]
            if (
                uses
                and all(use.is_tracking and not use.changed for use in uses)
                and is_sum_of(case, second, uses[0].result)
            ):
                name = next((e.name for e in case.trace.of_kind(Bound) if id(e.value) in given), "")
                text = (
                    f"The gradient of line {first.line} is part of what the pass of line {second.line} begins "
                    "with, but it was not "
                    f"recorded: there it counts as a constant. Is `create_graph=True` meant?"
                )
                yield Finding("higher", first.line, named(name), text, recorded(case, first), True, second)
                return


def is_sum_of(case: Case, passed: Passed, part: Tensor) -> bool:
    """Whether a part that is not tracked was added to one that is."""
    if isinstance(part, Tensor) and part.requires_grad:
        return False
    sums = [c for c in case.trace.sources(passed.roots[0]) if c.name.strip("_") in ("add", "radd", "iadd", "sub")]
    return any(
        {one.requires_grad for one in call.operands()} == {True, False}
        and any(
            o is part or any(x is part for c in case.trace.sources(o) for x in c.operands()) for o in call.operands()
        )
        for call in sums
    )


RULES = (first_not_recorded, penalty_freed, added_to_first, not_part_of_graph, penalty_not_recorded)
