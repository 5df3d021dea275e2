"""A `.grad` is None because no backward pass has been made for it, or not one that keeps gradients."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from torch import Tensor

from components.why.finding import Case, Finding, Repair, named
from components.why.rules.none import has_later, is_used, last_pass
from components.why.source import is_one
from components.why.trace import Bound, Passed, Read


def none_used(case: Case) -> Iterator[Finding]:
    """`'NoneType' object has no attribute 'zero_'`: a gradient that no pass has made yet."""
    if not case.raised("NoneType"):
        return
    reads = [read for read in case.trace.of_kind(Read) if read.grad is None and read.line == case.error_line]
    if not reads or last_pass(case, reads[-1].at) is not None:
        return
    name, line = case.bare_name(reads[-1].tensor), case.error_line
    text = (
        f"`{name}.grad` is None in line {line}: the first backward pass makes it, and none has been made before. "
        f"`{name}.grad = None` resets it too, and needs no gradient to be there."
    )
    statement = case.source.statement(line)
    is_zero = isinstance(statement, ast.Expr) and case.source.call(line, "zero_") is not None
    repair = None
    if is_zero and name and statement is not None:
        repair = case.repair("Reset it with None", case.source.replace(statement, f"{name}.grad = None"))
    yield Finding("none", line, named(name), text, repair)


def read_before_pass(case: Case) -> Iterator[Finding]:
    """A `.grad` that was read before any pass, and never after one."""
    if case.error:
        return
    for read in case.trace.of_kind(Read):
        leaf = read.tensor
        if read.grad is not None or not leaf.requires_grad or has_later(case, read):
            continue
        passes = [one for one in case.trace.passes() if one.is_finished]
        before = [one for one in passes if one.at < read.at]
        after = [one for one in passes if one.at > read.at and any(one_leaf is leaf for one_leaf in one.leaves())]
        if not before and after and not any(e.tensor is leaf and e.at > after[0].at for e in case.trace.of_kind(Read)):
            yield too_early(case, read, after[0])
        elif before and all(one.call == "autograd.grad" for one in before) and leaf in inputs_of(before):
            yield given_back(case, read, before[-1])
        elif not passes:
            yield from no_pass(case, read)
        else:
            continue
        return


def inputs_of(passes: list[Passed]) -> list[Tensor]:
    """The tensors whose gradients passes gave back."""
    return Identities([one for passed in passes for one in passed.inputs])


class Identities(list[Tensor]):
    """Tensors that are found by what they are, not by their numbers."""

    def __contains__(self, other: object) -> bool:
        return any(one is other for one in self)


def too_early(case: Case, read: Read, passed: Passed) -> Finding:
    """A gradient that was read before the pass that makes it."""
    name = case.bare_name(read.tensor)
    text = (
        f"Line {read.line} reads `{name}.grad` before the pass of line {passed.line} makes it: until then it is None."
    )
    source = case.source
    statement, other = source.statement(read.line), source.statement(passed.line)
    repair = None
    if statement is not None and is_one(statement) and source.is_beside(statement, other):
        moved = source.insert_after(passed.line, source.written(statement))
        repair = case.repair(f"Read it behind line {passed.line}", moved, source.remove(statement))
    return Finding("none", read.line, named(name), text, repair, during=passed, marks=(read.tensor,))


def given_back(case: Case, read: Read, passed: Passed) -> Finding:
    """`torch.autograd.grad` gives gradients back, and keeps none."""
    name = case.bare_name(read.tensor)
    text = (
        f"`torch.autograd.grad` in line {passed.line} gives the gradient back and leaves `{name}.grad` as it "
        "was: None. "
        f"`backward()` is what fills it."
    )
    return Finding("none", passed.line, named(name), text, filled(case, passed), during=passed, marks=(read.tensor,))


def filled(case: Case, passed: Passed) -> Repair | None:
    """A pass whose result nobody takes, as one that fills `.grad`."""
    statement = case.source.statement(passed.line)
    call = case.source.call(passed.line, "grad")
    if not isinstance(statement, ast.Expr) or call is not statement.value or not isinstance(call, ast.Call):
        return None
    root = case.source.written(call.args[0])
    return case.repair("Fill it with `backward()`", case.source.replace(call, f"{root}.backward()"))


def no_pass(case: Case, read: Read) -> Iterator[Finding]:
    """A gradient that was read in a program that makes no pass at all."""
    name = case.bare_name(read.tensor)
    bounds = [e for e in case.trace.of_kind(Bound) if isinstance(e.value, Tensor) and e.at < read.at]
    results = [e for e in bounds if e.value.grad_fn is not None and is_used(case, read.tensor, e.value)]
    if not results:
        return
    last = results[-1]
    text = f"No backward pass is made, so `{name}.grad` is None: `{last.name}.backward()` would fill it."
    repair = None
    if last.value.numel() == 1 and is_one(case.source.statement(last.line)):
        edit = case.source.insert_after(last.line, f"{last.name}.backward()")
        repair = case.repair(f"Make a pass from `{last.name}`", edit)
    yield Finding("none", read.line, named(name, last.name), text, repair, marks=(read.tensor, last.value))


RULES = (none_used, read_before_pass)
