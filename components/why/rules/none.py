"""A `.grad` is None: the name stands for another tensor, or nothing has led to it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from torch import Tensor

from components.why.finding import Case, Finding, Repair, named
from components.why.rules.cut import asked_for, cut_finding, line_of_leaf
from components.why.source import Source, grouped, is_one, keyword
from components.why.trace import Bound, Called, Passed, Read, Wrote


def result_without_grad(case: Case) -> Iterator[Finding]:
    """A `.grad` that was read of a result, of which torch keeps none."""
    seen: set[int] = set()
    for read in case.trace.of_kind(Read):
        tensor = read.tensor
        if read.grad is not None or tensor.is_leaf or id(tensor) in seen:
            continue
        passed = last_pass(case, read.at)
        if passed is None or (tensor.retains_grad and retained(case, tensor, passed) is None):
            continue
        seen.add(id(tensor))
        yield of_result(case, tensor, passed)


def last_pass(case: Case, before: int) -> Passed | None:
    """The last backward pass that was finished before an event."""
    passes = [one for one in case.trace.passes() if one.at < before and one.is_finished and one.call != "autograd.grad"]
    return passes[-1] if passes else None


def of_result(case: Case, tensor: Tensor, passed: Passed) -> Finding:
    """Why a result's gradient is None."""
    bound = next((e for e in case.trace.of_kind(Bound) if e.value is tensor and e.name), None)
    name = bound.name if bound is not None else ""
    late = retained(case, tensor, passed)
    if late is not None:
        return retained_late(case, tensor, late, passed)
    if bound is not None:
        before = leaf_before(case, bound) or leaf_read_before(case, bound)
        if before is not None:
            return bound_anew(case, bound, before, passed)
        inner = leaf_within(case, bound)
        if inner is not None:
            return leaf_without_name(case, bound, inner, passed)
    what = f"`{name}`" if name else "This tensor"
    text = f"{what} is a result, and torch keeps the gradient of leaves only. `retain_grad()` before the pass keeps it."
    repair = None
    if name and is_one(case.source.statement(passed.line)):
        edit = case.source.insert_before(passed.line, f"{name}.retain_grad()")
        repair = case.repair(f"Ask for it before line {passed.line}", edit)
    return Finding("none", passed.line, named(name), text, repair, during=passed, marks=(tensor,))


def retained(case: Case, tensor: Tensor, passed: Passed) -> Called | None:
    """The call of `retain_grad` that came after the pass."""
    calls = [c for c in case.trace.calls() if c.name == "retain_grad" and c.args and c.args[0] is tensor]
    return calls[0] if calls and calls[0].at > passed.at else None


def retained_late(case: Case, tensor: Tensor, late: Called, passed: Passed) -> Finding:
    """`retain_grad` after the pass that it was meant for."""
    name = case.bare_name(tensor)
    text = (
        f"`retain_grad()` in line {late.line} comes after the backward pass of line {passed.line}, whose "
        "gradients are gone. "
        f"It has to be asked before."
    )
    statement = case.source.statement(late.line)
    repair = None
    if statement is not None and is_one(statement):
        moved = case.source.insert_before(passed.line, case.source.written(statement))
        repair = case.repair(f"Move it in front of line {passed.line}", moved, case.source.remove(statement))
    return Finding("none", late.line, named(name), text, repair, during=passed, marks=(tensor,))


def leaf_before(case: Case, bound: Bound) -> Bound | None:
    """When the same name stood for a leaf that requires grad."""
    every = [e for e in case.trace.of_kind(Bound) if e.name == bound.name and e.at < bound.at]
    leaves = [e for e in every if isinstance(e.value, Tensor) and e.value.is_leaf and e.value.requires_grad]
    return leaves[-1] if leaves else None


def leaf_read_before(case: Case, bound: Bound) -> Bound | None:
    """A leaf whose gradient the same line read before: the name was a parameter of a function then."""
    reads = [e for e in case.trace.of_kind(Read) if e.line == bound.line and e.at < bound.at]
    leaf = next((e for e in reads if e.tensor.is_leaf and e.tensor.requires_grad), None)
    return Bound(leaf.at, line_of_leaf(case, leaf.tensor), bound.name, leaf.tensor) if leaf is not None else None


def bound_anew(case: Case, bound: Bound, leaf: Bound, passed: Passed) -> Finding:
    """The name of a leaf given to a result."""
    name, line = bound.name, bound.line
    reads = any(read.line == line and read.at < bound.at for read in case.trace.of_kind(Read))
    text = (
        f"Since line {line} `{name}` is a new tensor, made of the leaf of line {leaf.line}. A gradient goes to "
        "the leaf, "
        f"which has no name any more, and `{name}.grad` stays None."
    )
    repair = update_in_place(case, line, name) if reads else another_name(case, line, name)
    return Finding("none", line, (name,), text, repair, during=passed, marks=(bound.value, leaf.value))


def update_in_place(case: Case, line: int, name: str) -> Repair | None:
    """`w = w - step` as a change of `w` itself that is not tracked."""
    source = case.source
    statement, assigned = source.statement(line), source.assigned(line)
    value = assigned[1] if assigned is not None else None
    if statement is None or not isinstance(value, ast.BinOp) or not isinstance(value.op, ast.Sub | ast.Add):
        return None
    if not isinstance(value.left, ast.Name) or value.left.id != name:
        return None
    sign = "-" if isinstance(value.op, ast.Sub) else "+"
    change = f"{name} {sign}= {source.written(value.right)}"
    depth = source.indent(line)
    lines = [f"with {source.path('torch')}.no_grad():", f"{depth}    {change}"]
    if not is_reset(source, name):
        lines.append(f"{depth}{name}.grad = None")
    return case.repair(f"Change `{name}` itself, untracked", source.replace(statement, "\n".join(lines)))


def is_reset(source: Source, name: str) -> bool:
    """Whether the program empties a name's `.grad` somewhere."""
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr == "grad" and isinstance(node.value, ast.Name):
            parent = source.parents.get(node)
            is_zeroed = isinstance(parent, ast.Attribute) and parent.attr == "zero_"
            if node.value.id == name and (isinstance(node.ctx, ast.Store) or is_zeroed):
                return True
    return False


def another_name(case: Case, line: int, name: str) -> Repair | None:
    """The result under a name of its own, wherever it is used behind its line but for its `.grad`."""
    source = case.source
    statement = source.statement(line)
    if not isinstance(statement, ast.Assign) or source.around(statement, (ast.For, ast.While, ast.FunctionDef)):
        return None
    fresh = source.free_name(name)
    uses = [
        node
        for node in source.nodes
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load) and node.lineno > line
    ]
    edits = [source.replace(use, fresh) for use in uses if not is_grad(source.parents.get(use))]
    targets = [target for target in statement.targets if isinstance(target, ast.Name)]
    return case.repair(f"Call the result `{fresh}`", *(source.replace(one, fresh) for one in targets), *edits)


def is_grad(node: ast.AST | None) -> bool:
    """Whether this reads or sets a `.grad`."""
    return isinstance(node, ast.Attribute) and node.attr == "grad"


def leaf_within(case: Case, bound: Bound) -> Tensor | None:
    """A leaf that requires grad, was made in the same line and has no name."""
    maker = case.trace.maker(bound.value)
    waiting = maker.operands() if maker is not None else []
    for tensor in waiting:
        made = case.trace.maker(tensor)
        if made is None or made.line != bound.line:
            continue
        if tensor.is_leaf and tensor.requires_grad and not case.bare_name(tensor):
            return tensor
        waiting += made.operands()
    return None


def leaf_without_name(case: Case, bound: Bound, leaf: Tensor, passed: Passed) -> Finding:
    """`requires_grad=True` and an operation in one line: the leaf is the tensor before the operation."""
    name = bound.name
    maker = case.trace.maker(bound.value)
    operation = maker.name.strip("_") if maker is not None else "an operation"
    text = (
        f"`{name}` is not the tensor that got `requires_grad=True`, but what `{operation}` made of it in line "
        f"{bound.line}. "
        f"The gradient goes to that leaf, which has no name."
    )
    repair = flag_behind(case, bound.line)
    return Finding("none", bound.line, (name,), text, repair, during=passed, marks=(bound.value, leaf))


def flag_behind(case: Case, line: int) -> Repair | None:
    """`requires_grad` switched on behind the operation."""
    source = case.source
    assigned = source.assigned(line)
    call = source.part(line, ast.Call, lambda part: keyword(part, "requires_grad") is not None)
    if assigned is None or call is None:
        return None
    inner = source.edited(assigned[1], source.without_keyword(call, "requires_grad"))
    edit = source.replace(assigned[1], f"{grouped(assigned[1], inner)}.requires_grad_()")
    return case.repair("Do the arithmetic first, then ask for gradients", edit)


def leaf_without_grad(case: Case) -> Iterator[Finding]:
    """A `.grad` that was read of a leaf to which no pass has led."""
    seen: set[int] = set()
    for read in case.trace.of_kind(Read):
        leaf = read.tensor
        passed = last_pass(case, read.at)
        if read.grad is not None or not leaf.is_leaf or passed is None or id(leaf) in seen or has_later(case, read):
            continue
        seen.add(id(leaf))
        if any(one is leaf for earlier in case.trace.passes() for one in earlier.leaves() if earlier.at < read.at):
            yield from of_detached(case, leaf, passed)
        elif leaf.requires_grad:
            yield from of_leaf(case, leaf, passed)
        elif leaf.is_floating_point() and is_used(case, leaf, passed.roots[0]):
            yield of_untracked(case, leaf, passed)


def has_later(case: Case, read: Read) -> bool:
    """Whether the same tensor's gradient was there when it was read later."""
    return any(
        later.tensor is read.tensor and later.grad is not None and later.at > read.at
        for later in case.trace.of_kind(Read)
    )


def is_used(case: Case, leaf: Tensor, root: Tensor) -> bool:
    """Whether the value of `root` was made from a leaf's, tracked or not."""
    return any(one is leaf for call in case.trace.sources(root) for one in call.operands())


def of_detached(case: Case, leaf: Tensor, passed: Passed) -> Iterator[Finding]:
    """A leaf that earlier passes reached and the last did not, for a call that takes it out of the graph."""
    lost = lost_between(case, leaf, passed.roots[0])
    if lost is not None and lost.name == "detach" and lost.is_tracking:
        name = case.name(leaf, "the leaf")
        text = (
            f"`detach()` in line {lost.line} takes {name} out of the graph, so the pass of line {passed.line} "
            "leads nowhere "
            f"near it, and `.grad` is None. Is that meant?"
        )
        yield Finding("untracked", lost.line, named(name), text, None, True, passed, marks=tuple(lost.results()))


def lost_between(case: Case, leaf: Tensor, root: Tensor) -> Called | None:
    """The call nearest to `root` that lost the tracking of what came from a leaf."""
    for call in case.trace.sources(root):
        if call.lost and (
            any(one is leaf for one in call.operands()) or any(is_used(case, leaf, one) for one in call.operands())
        ):
            return call
    return None


def of_leaf(case: Case, leaf: Tensor, passed: Passed) -> Iterator[Finding]:
    """A leaf that asks for a gradient and has none."""
    root = passed.roots[0]
    lost = lost_between(case, leaf, root)
    name = case.bare_name(leaf)
    if lost is not None:
        off = not lost.is_tracking or lost.is_inference or lost.name in ("detach", "data")
        finding = cut_finding(case, lost, root, "untracked" if off else "none")
        flag = flagged(case, root)
        note = (
            f" `requires_grad = True` in line {flag} only makes it a leaf of its own, with nothing behind it."
            if flag
            else ""
        )
        text = finding.text.replace(f" So {case.name(root)} does not require grad.", "").replace(
            f", and {case.name(root)} does not require grad", ""
        )
        none = f" So `{name}.grad` stays None." if name else ""
        yield Finding(
            finding.kind,
            finding.line,
            named(name, *finding.names),
            text + note + none,
            finding.repair,
            marks=finding.marks,
        )
        return
    late = asked_late(case, leaf)
    if late is not None and is_used(case, leaf, root):
        text = (
            f"`{name}` was asked to require grad in line {late.line}, after it had been used: that use is not recorded."
        )
        yield Finding("none", late.line, named(name), text, earlier(case, late, leaf), during=passed)
        return
    if not is_used(case, leaf, root):
        text = f"`{name}` takes no part in what the pass of line {passed.line} begins with, so it gets no gradient."
        yield Finding("none", line_of_leaf(case, leaf), named(name), text, None, False, passed)


def flagged(case: Case, root: Tensor) -> int:
    """The line that set `requires_grad` on a result; 0 where none did."""
    wrote = [e for e in case.trace.of_kind(Wrote) if e.owner is root and e.attribute == "requires_grad"]
    asked = [c for c in case.trace.calls() if c.name == "requires_grad_" and c.args and c.args[0] is root]
    return next((event.line for event in (*wrote, *asked)), 0)


def asked_late(case: Case, leaf: Tensor) -> Called | Wrote | None:
    """When a leaf was asked to require grad after it had been an operand."""
    first = next((c for c in case.trace.calls() if any(one is leaf for one in c.operands()) and c.results()), None)
    asked: list[Called | Wrote] = [
        *(c for c in case.trace.calls() if c.name == "requires_grad_" and c.args[0] is leaf),
        *(e for e in case.trace.of_kind(Wrote) if e.owner is leaf and e.attribute == "requires_grad"),
    ]
    return next((one for one in asked if first is not None and one.at > first.at), None)


def earlier(case: Case, late: Called | Wrote, leaf: Tensor) -> Repair | None:
    """The statement that asks, moved behind the one that made the leaf."""
    statement = case.source.statement(late.line)
    if statement is None or not is_one(statement):
        return None
    moved = case.source.insert_after(line_of_leaf(case, leaf), case.source.written(statement))
    return case.repair("Ask before it is used", moved, case.source.remove(statement))


def of_untracked(case: Case, leaf: Tensor, passed: Passed) -> Finding:
    """A tensor that was never asked, and whose gradient is looked for."""
    name, line = case.bare_name(leaf), line_of_leaf(case, leaf)
    text = f"`{name}` does not require grad, so the pass of line {passed.line} keeps no gradient for it."
    return Finding("none", line, named(name), text, asked_for(case, leaf), during=passed)


RULES = (result_without_grad, leaf_without_grad)
