"""A backward pass through what an earlier pass has freed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from torch import Tensor
from torch.autograd.graph import Node as TorchNode

from components.why.finding import Case, Finding, Repair, listed, named
from components.why.source import Edit, is_one, keyword
from components.why.trace import Bound, Called, Passed


class Again(NamedTuple):
    """A pass that failed, the earlier one that freed what it needs, and the nodes of both."""

    failed: Passed
    earlier: Passed
    shared: list[TorchNode]


def second_pass(case: Case) -> Iterator[Finding]:
    """`Trying to backward through the graph a second time`."""
    if not case.raised("backward through the graph a second time"):
        return
    again = passes_of(case)
    if again is None:
        return
    for explain in (accumulated_losses, carried_over, made_before_loop, same_result, shared_trunk):
        finding = explain(case, again)
        if finding is not None:
            yield finding
            return


def passes_of(case: Case) -> Again | None:
    """The pass that failed, and the last one before it that went through the same nodes."""
    failed = case.failed
    if failed is None or failed.backward is None:
        return None
    for earlier in reversed(case.trace.passes()):
        if earlier is failed or earlier.backward is None or earlier.options.keeps_graph:
            continue
        gone = set(earlier.backward.order)
        shared = [node for node in failed.backward.order if node in gone and node.next_functions]
        if shared:
            return Again(failed, earlier, shared)
    return None


def loop_of(case: Case, line: int) -> ast.For | ast.While | None:
    """The loop that a line stands in."""
    statement = case.source.statement(line)
    loop = case.source.around(statement, (ast.For, ast.While)) if statement is not None else None
    return loop if isinstance(loop, ast.For | ast.While) else None


def found(again: Again, line: int, names: tuple[str, ...], text: str, repair: Repair | None) -> Finding:
    """A finding about a second pass."""
    return Finding("freed", line, names, text, repair, during=again.failed, marks=tuple(again.shared[::-1]))


def accumulated_losses(case: Case, again: Again) -> Finding | None:
    """A sum of losses of which each has had its own pass."""
    order = set(again.failed.backward.order) if again.failed.backward is not None else set()
    done = [
        root for one in case.trace.passes() if one is not again.failed for root in one.roots if root.grad_fn in order
    ]
    done = [root for root in done if root is not again.failed.roots[0]]
    adding = next(
        (c for c in case.trace.calls() if is_sum(c) and any(o is r for o in c.operands() for r in done)), None
    )
    if adding is None:
        return None
    names = named(*(case.bare_name(root) for root in done))
    total = case.trace.name_of(adding.result) or "the sum"
    text = (
        f"Line {adding.line} adds {listed(f'`{n}`' for n in names) or 'losses'} with the graph behind it, and "
        "the pass of line "
        f"{again.earlier.line} has freed that. `.item()` adds the number alone."
    )
    return found(again, adding.line, named(total, *names), text, numbers_only(case, again, adding, names))


def is_sum(call: Called) -> bool:
    """Whether a call adds up."""
    return call.name.strip("_") in ("add", "radd", "iadd", "sum", "stack", "cat")


def numbers_only(case: Case, again: Again, adding: Called, names: tuple[str, ...]) -> Repair | None:
    """`loss.item()` in the sum, and no pass from a sum that is a number."""
    source = case.source
    uses = [use for use in source.parts(adding.line, ast.Name) if use.id in names and isinstance(use.ctx, ast.Load)]
    last = source.statement(again.failed.line)
    if len(uses) != 1 or last is None or loop_of(case, again.failed.line) is loop_of(case, adding.line):
        return None
    edits = [source.replace(uses[0], f"{uses[0].id}.item()"), source.remove(last)]
    return case.repair(f"Add the number of `{uses[0].id}`", *edits)


def carried_over(case: Case, again: Again) -> Finding | None:
    """A value that one turn of a loop hands to the next."""
    loop = loop_of(case, again.failed.line)
    if loop is None or again.earlier.line != again.failed.line:
        return None
    bound = next((b for b in results_before(case, again) if loop.lineno < b.line <= (loop.end_lineno or 0)), None)
    if bound is None:
        return None
    text = (
        f"`{bound.name}` of line {bound.line} goes from one turn of the loop to the next with the graph behind "
        "it, and the pass "
        f"of line {again.earlier.line} has freed that. `{bound.name}.detach()` hands the value alone on."
    )
    return found(again, bound.line, (bound.name,), text, handed_on(case, again, bound))


def results_before(case: Case, again: Again) -> list[Bound]:
    """Names of tracked results that the failed pass needs and that were made before the earlier one, the last "
    "first."""
    order = set(again.failed.backward.order) if again.failed.backward is not None else set()
    every = [e for e in case.trace.events[: again.earlier.at] if isinstance(e, Bound) and isinstance(e.value, Tensor)]
    return [e for e in reversed(every) if e.name and e.value.grad_fn is not None and e.value.grad_fn in order]


def handed_on(case: Case, again: Again, bound: Bound) -> Repair | None:
    """The value without its graph, where the next one is made of it."""
    source, name = case.source, bound.name
    uses = [use for use in source.parts(bound.line, ast.Name) if use.id == name and isinstance(use.ctx, ast.Load)]
    if uses:
        edits = [source.replace(use, f"{name}.detach()") for use in uses]
        return case.repair(f"Detach `{name}` in line {bound.line}", *edits)
    if not is_one(source.statement(again.failed.line)):
        return None
    edit = source.insert_after(again.failed.line, f"{name} = {name}.detach()")
    return case.repair(f"Detach `{name}` behind the pass", edit)


def made_before_loop(case: Case, again: Again) -> Finding | None:
    """What was worked out once, before a loop that goes back through it in each turn."""
    loop = loop_of(case, again.failed.line)
    if loop is None or again.earlier.line != again.failed.line:
        return None
    outside = [bound for bound in results_before(case, again) if bound.line < loop.lineno]
    if not outside:
        return None
    names = named(*(bound.name for bound in outside))
    text = (
        f"{listed(f'`{name}`' for name in names)} of line {outside[-1].line} is worked out once, before the "
        "loop: its first turn "
        f"frees the graph, and the second needs it again. In the loop it is made anew in each turn."
    )
    statements = [case.source.statement(line) for line in sorted({bound.line for bound in outside})]
    body = case.source.indent(loop.body[0].lineno)
    moved = [statement for statement in statements if statement is not None and is_one(statement)]
    start = case.source.starts[loop.body[0].lineno - 1]
    lines = "".join(f"{body}{case.source.written(statement)}\n" for statement in moved)
    edits = [case.source.remove(statement) for statement in moved]
    repair = case.repair("Work it out inside the loop", Edit(start, start, lines), *edits)
    return found(again, outside[-1].line, names, text, repair)


def same_result(case: Case, again: Again) -> Finding | None:
    """Two passes from one result."""
    root = again.failed.roots[0]
    if root is not again.earlier.roots[0]:
        return None
    name = case.name(root, "the result")
    text = (
        f"The pass of line {again.earlier.line} frees the graph of {name} as it goes, and line "
        f"{again.failed.line} needs it "
        f"again. `retain_graph=True` keeps it for a second pass."
    )
    return found(again, again.earlier.line, named(name), text, retained(case, again.earlier))


def retained(case: Case, earlier: Passed) -> Repair | None:
    """The earlier pass with `retain_graph=True`."""
    call = case.source.call(earlier.line, "backward", "grad")
    if call is None or keyword(call, "retain_graph") is not None:
        return None
    edit = case.source.with_argument(call, "retain_graph=True")
    return case.repair(f"Keep the graph in line {earlier.line}", edit)


def shared_trunk(case: Case, again: Again) -> Finding | None:
    """Two results that share a part of the graph."""
    roots = again.earlier.roots[0], again.failed.roots[0]
    first, second = (case.bare_name(root) for root in roots)
    order = set(again.shared)
    every = [e for e in case.trace.of_kind(Bound) if isinstance(e.value, Tensor) and e.name]
    trunk = next((e.name for e in reversed(every) if e.value.grad_fn in order and e.name not in (first, second)), "")
    what = f"`{trunk}`" if trunk else "a part of the graph"
    both = f"`{first}` and `{second}`" if first and second else "Two results"
    again_in = f"line {again.failed.line}" if again.failed.line != again.earlier.line else "the next pass"
    frees = f"the pass of line {again.earlier.line} frees it"
    text = f"{both} lead back through {what}; {frees}, and {again_in} needs it again."
    repair = added(case, again, first, second) or retained(case, again.earlier)
    return found(again, again.earlier.line, named(first, second, trunk), text, repair)


def added(case: Case, again: Again, first: str, second: str) -> Repair | None:
    """One pass from the sum of two results whose passes stand one after the other."""
    source = case.source
    one, two = source.statement(again.earlier.line), source.statement(again.failed.line)
    if one is None or two is None or not first or not second or again.failed.line <= again.earlier.line:
        return None
    texts = [source.written(statement) for statement in (one, two)]
    between = any(again.earlier.line < e.line < again.failed.line for e in case.trace.events)
    if texts != [f"{first}.backward()", f"{second}.backward()"] or between:
        return None
    edits = source.replace(one, f"({first} + {second}).backward()"), source.remove(two)
    return case.repair("Add them, and make one pass", *edits)


RULES = (second_pass,)
