"""A tensor was changed in place that the backward pass needs as it was."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from torch import Tensor

from components.why.finding import Case, Finding, Repair, named
from components.why.source import Edit, Source, called_name, is_one, keyword
from components.why.trace import Bound, Called, Optimized, Passed

OPERATORS: Mapping[str, str] = {"add_": "+", "sub_": "-", "mul_": "*", "div_": "/", "pow_": "**"}
"""Methods that change a tensor, and the operator that makes a new one."""

LONGEST_QUOTED = 40
"""Characters of a statement that is quoted in a sentence."""


def leaf_changed(case: Case) -> Iterator[Finding]:
    """A leaf that requires grad, or a part of it, changed where torch records."""
    if not case.raised("a leaf Variable that requires grad is being used in an in-place", "a view of a leaf Variable"):
        return
    line = case.error_line
    statement = case.source.statement(line)
    if statement is None:
        return
    name = owner_of(statement)
    what = f"`{name}`" if name else "a leaf"
    text = (
        f"Line {line} changes {what}, a leaf that requires grad, in place: torch would have to record the leaf "
        "as a result of "
        f"itself. Inside `torch.no_grad()` the change is not recorded."
    )
    repair = None
    if is_one(statement):
        edit = case.source.wrap(statement, f"with {case.source.path('torch')}.no_grad():")
        repair = case.repair("Change it inside `torch.no_grad()`", edit)
    bound = case.trace.last_bound(name) if name else None
    marks = (bound.value,) if bound is not None and isinstance(bound.value, Tensor) else ()
    yield Finding("inplace", line, named(name), text, repair, marks=marks)


def owner_of(statement: ast.stmt) -> str:
    """The name whose value a statement changes."""
    node: ast.AST | None = None
    if isinstance(statement, ast.AugAssign):
        node = statement.target
    elif isinstance(statement, ast.Assign):
        node = statement.targets[0]
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        function = statement.value.func
        node = function.value if isinstance(function, ast.Attribute) else None
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def row_changed(case: Case) -> Iterator[Finding]:
    """`Output 0 of UnbindBackward0 is a view and is being modified inplace`: rows of a loop over a tensor."""
    if not case.raised("is a view and is being modified inplace"):
        return
    line = case.error_line
    statement = case.source.statement(line)
    loop = case.source.around(statement, ast.For) if statement is not None else None
    over = loop.iter.id if isinstance(loop, ast.For) and isinstance(loop.iter, ast.Name) else ""
    what = f"`{over}`" if over else "a tensor"
    text = (
        f"The loop hands out parts of {what} that share its memory, and line {line} changes one of them in "
        "place: torch cannot "
        f"follow that for several parts at once. Make new ones and put them together with `torch.stack`."
    )
    repair = stacked(case, statement, loop) if isinstance(loop, ast.For) and over else None
    bound = case.trace.last_bound(over) if over else None
    marks = (bound.value,) if bound is not None and isinstance(bound.value, Tensor) else ()
    yield Finding("inplace", line, named(over), text, repair, marks=marks)


def stacked(case: Case, statement: ast.stmt | None, loop: ast.For) -> Repair | None:
    """The loop as one list of new rows."""
    source = case.source
    if statement is None or len(loop.body) != 1 or not isinstance(loop.target, ast.Name) or loop.orelse:
        return None
    new = new_value(source, statement)
    if new is None or owner_of(statement) != loop.target.id:
        return None
    rows = source.written(loop.iter)
    line = f"{rows} = {source.path('torch')}.stack([{new} for {loop.target.id} in {rows}])"
    return case.repair("Build new rows and stack them", source.replace(loop, line))


def new_value(source: Source, statement: ast.stmt) -> str | None:
    """What a statement that changes a name in place would give it as a new value; None for other statements."""
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        start, end = source.span(statement)[0], source.span(statement.value)[0]
        sign = source.bytes[start + len(statement.target.id.encode()) : end].decode().strip().removesuffix("=")
        return f"{statement.target.id} {sign} {source.written(statement.value)}"
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    owner, name = source.written(call.func.value), call.func.attr
    if name in OPERATORS and len(call.args) == 1 and not call.keywords:
        return f"{owner} {OPERATORS[name]} {source.written(call.args[0])}"
    if not name.endswith("_") or name == "zero_":
        return f"{source.path('torch')}.zeros_like({owner})" if name == "zero_" else None
    start, end = source.span(call.func)[1], source.span(call)[1]
    return f"{owner}.{name[:-1]}{source.bytes[start:end].decode()}"


def saved_changed(case: Case) -> Iterator[Finding]:
    """`one of the variables needed for gradient computation has been modified by an inplace operation`."""
    failed = case.failed
    if failed is None or failed.backward is None or not case.raised("modified by an inplace operation"):
        return
    found = change_of(case, failed)
    if found is None:
        return
    keeper, change, tensor = found
    is_result = any(one is tensor for one in keeper.results())
    kept = f"keeps {'its result' if is_result else ''} {case.name(tensor)}".rstrip().replace("  ", " ")
    step = next((e for e in case.trace.of_kind(Optimized) if e.call == "step" and e.line == change.line), None)
    text = (
        f"`{keeper.name.strip('_')}` in line {keeper.line} {kept} for the backward pass, and "
        f"{changing(case, change, failed, step is not None)} in line {change.line} changes it before line "
        f"{failed.line} "
        f"needs it."
    )
    is_late = step is not None or (tensor.is_leaf and tensor.requires_grad)
    repair = made_again(case, failed, change, tensor) if is_late else made_new(case, change)
    node = next((node for node in failed.backward.order if case.trace.by_node.get(node) is keeper), None)
    marks = tuple(one for one in (node, tensor) if one is not None)
    yield Finding("inplace", change.line, named(case.bare_name(tensor)), text, repair, during=failed, marks=marks)


def changing(case: Case, change: Called, failed: Passed, is_step: bool) -> str:
    """What changed a tensor, in a sentence."""
    if is_step:
        return "the optimiser's step"
    written = case.source.written(statement_of(case, change))
    return (
        f"`{written}`"
        if len(written) <= LONGEST_QUOTED and change.line != failed.line
        else f"`{change.name.strip('_')}`"
    )


def statement_of(case: Case, call: Called) -> ast.stmt:
    """The statement of a call."""
    return case.source.statement(call.line) or case.source.tree.body[0]


def change_of(case: Case, failed: Passed) -> tuple[Called, Called, Tensor] | None:
    """The call that kept a tensor, the last one that changed it before the pass, and the tensor."""
    order = set(failed.backward.order) if failed.backward is not None else set()
    keepers = [call for node, call in case.trace.by_node.items() if node in order]
    shape = f"[{', '.join(map(str, wanted))}]" if (wanted := shape_in(case.message)) is not None else ""
    for change in reversed([c for c in case.trace.calls() if c.at < failed.at]):
        for changed in change.changed:
            for keeper in keepers:
                if keeper.at >= change.at:
                    continue
                for tensor in (*keeper.results(), *keeper.operands()):
                    if shares(tensor, changed) and (not shape or str(list(tensor.shape)) == shape):
                        return keeper, change, tensor
    return None


def shape_in(message: str) -> list[int] | None:
    """The shape in torch's message: `[torch.FloatTensor [2, 1]]`."""
    _, found, rest = message.partition("Tensor [")
    numbers = rest.partition("]")[0].split(",") if found else []
    return [int(number) for number in numbers if number.strip()] if found else None


def shares(one: Tensor, other: Tensor) -> bool:
    """Whether two tensors are in the same memory."""
    if one is other:
        return True
    return one.untyped_storage().data_ptr() == other.untyped_storage().data_ptr() != 0


def made_again(case: Case, failed: Passed, change: Called, tensor: Tensor) -> Repair | None:
    """What the pass begins with, made once more behind the change."""
    source = case.source
    through = {id(one) for call in depending(case, failed, tensor) for one in call.results()}
    bounds = [e for e in case.trace.of_kind(Bound) if isinstance(e.value, Tensor) and id(e.value) in through]
    lines = sorted({bound.line for bound in bounds if bound.at < change.at})
    statements = [source.statement(line) for line in lines]
    if not statements or not all(is_one(statement) for statement in statements):
        return None
    again = source.insert_before(failed.line, "\n".join(source.written(one) for one in statements if one is not None))
    return case.repair(f"Work it out again before line {failed.line}", again)


def depending(case: Case, failed: Passed, tensor: Tensor) -> list[Called]:
    """The calls on the way from a tensor to where a pass begins."""
    calls = list(case.trace.sources(failed.roots[0]))
    reached = {id(tensor)}
    found = []
    for call in sorted(calls, key=lambda call: call.at):
        if any(id(one) in reached for one in call.operands()):
            reached |= {id(one) for one in call.results()}
            found.append(call)
    return found


def made_new(case: Case, change: Called) -> Repair | None:
    """A new tensor in the place of the change."""
    source = case.source
    statement = statement_of(case, change)
    flag = in_place_flag(source, change)
    if flag is not None:
        return case.repair("Make a new tensor in its place", source.replace(flag.value, "False"))
    owner = owner_of(statement)
    new = new_value(source, statement)
    if owner and new is not None:
        is_plain = isinstance(statement, ast.AugAssign) or source.written(statement).startswith(f"{owner}.")
        edit = source.replace(statement, f"{owner} = {new}")
        return case.repair(f"Make a new `{owner}`", edit) if is_plain else None
    call = source.call(change.line, change.name)
    if call is not None and isinstance(call.func, ast.Attribute) and change.name.endswith("_"):
        start = source.span(call.func.value)[1]
        return case.repair(
            "Make a new tensor in its place", Edit(start, start + 1 + len(change.name), f".{change.name[:-1]}")
        )
    if owner and is_one(statement):
        edit = source.insert_before(change.line, f"{owner} = {owner}.clone()")
        return case.repair(f"Change a copy of `{owner}`", edit)
    return None


def in_place_flag(source: Source, change: Called) -> ast.keyword | None:
    """`inplace=True` in the call, or in the layer that was made so."""
    calls = [node for node in source.nodes if isinstance(node, ast.Call)]
    near = [call for call in calls if call.lineno == change.line]
    name = change.name.strip("_").replace("_", "").lower()
    layers = [call for call in calls if called_name(call).replace("_", "").lower() == name]
    return next((flag for call in (*near, *layers) if (flag := keyword(call, "inplace")) is not None), None)


def data_changed(case: Case) -> Iterator[Finding]:
    """A change through `.data` that torch does not see, of what a pass needed as it was."""
    reads = [call for call in case.trace.calls() if call.name == "data"]
    for read in reads:
        tensor = read.args[0]
        change = next(
            (c for c in case.trace.calls() if c.at > read.at and any(one is read.result for one in c.changed)), None
        )
        passed = keeping(case, tensor, change) if change is not None else None
        if change is None or passed is None or not passed.is_finished:
            continue
        name = case.bare_name(tensor)
        text = (
            f"Line {change.line} changes `{name}` through `.data`, which torch does not see: it still uses the "
            "changed numbers "
            f"for the gradient in line {passed.line}, as if they had been there from the start. Change a copy."
        )
        repair = copied(case, change.line, name)
        yield Finding("inplace", change.line, named(name), text, repair, during=passed, marks=(tensor,))
        return


def keeping(case: Case, tensor: Tensor, change: Called) -> Passed | None:
    """The first pass behind a change that took the tensor's changed numbers from what was kept before."""
    numbers = tensor.detach().tolist() if tensor.numel() <= 64 else None
    for passed in case.trace.passes():
        if passed.at < change.at or passed.backward is None or numbers is None:
            continue
        for node_id, node in passed.backward.by_id.items():
            maker = case.trace.by_node.get(node)
            if maker is None or maker.at > change.at:
                continue
            if any(saved.value == numbers for saved in passed.backward.saved.get(node_id, ())):
                return passed
    return None


def copied(case: Case, line: int, name: str) -> Repair | None:
    """The change made to a copy under a name of its own."""
    source = case.source
    statement = source.statement(line)
    part = source.part(line, ast.Attribute, lambda one: one.attr == "data" and source.written(one.value) == name)
    if statement is None or part is None or not is_one(statement):
        return None
    fresh = next((one for one in ("z", "copied") if not source.has_name(one)), source.free_name(name))
    changed = source.edited(statement, source.replace(part, fresh))
    edit = source.replace(statement, f"{fresh} = {name}.detach().clone()\n{source.indent(line)}{changed}")
    return case.repair(f"Change a copy of `{name}`", edit)


RULES = (leaf_changed, row_changed, saved_changed, data_changed)
