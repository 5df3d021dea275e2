"""The loss does not require grad: where on its way the tracking was lost."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from torch import Tensor

from components.why.finding import Case, Finding, Repair, listed, named
from components.why.rules.cut_reasons import NUMBERS, copies_of, number_repair, reason, taken_by
from components.why.source import Edit, called_name, keyword
from components.why.trace import Bound, Called, Passed, Read, Wrote


def loss_without_grad(case: Case) -> Iterator[Finding]:
    """`element 0 of tensors does not require grad`: the call that lost it, or the leaf that was never asked."""
    passed = case.failed
    if passed is None or not case.raised("does not require grad and does not have a grad_fn"):
        return
    root = next((root for root in passed.roots if not root.requires_grad), None)
    if root is None:
        return
    lost = lost_at(case, root)
    if lost is None and not is_derivative(case, root):
        yield from never_asked(case, passed, root)
    elif lost is not None:
        yield cut_finding(case, lost, root)


def lost_at(case: Case, root: Tensor) -> Called | None:
    """The nearest call on the way to `root` whose operands were tracked and whose result is not."""
    for call in case.trace.sources(root):
        if call.lost:
            return call
        if call.name in ("tensor", "as_tensor", "from_numpy", "Tensor", "full"):
            escape = numbers_before(case, call)
            if escape is not None:
                return escape
    return None


def numbers_before(case: Case, made: Called) -> Called | None:
    """The last call before a tensor was made from numbers that took such numbers from a tracked tensor."""
    calls = [call for call in case.trace.calls() if call.at < made.at and call.name in NUMBERS]
    tracked = [call for call in calls if call.args[0].requires_grad]
    return tracked[-1] if tracked else None


def is_derivative(case: Case, root: Tensor) -> bool:
    """Whether a tensor is, or was made from, what an earlier pass gave."""
    given = {id(result) for passed in case.trace.passes() for result in passed.results if result is not None}
    given |= {id(read.grad) for read in case.trace.of_kind(Read) if read.grad is not None}
    every = [root, *(operand for call in case.trace.sources(root) for operand in call.operands())]
    return any(id(one) in given for one in every)


def cut_finding(case: Case, lost: Called, root: Tensor, kind: str = "cut") -> Finding:
    """What is said of a call that lost the tracking on the way to `root`."""
    operand = next((one for one in lost.operands() if one.requires_grad), None)
    of = case.name(operand, "a tracked tensor")
    result = lost.result if isinstance(lost.result, Tensor) else None
    text, offer = reason(case, lost, of, root)
    marks = tuple(one for one in (result, root) if one is not None)
    repair, line = offer or (None, lost.line)
    names = named(case.bare_name(operand), case.bare_name(result), case.bare_name(root))
    return Finding(kind, line, names, text, repair, marks=marks)


def never_asked(case: Case, passed: Passed, root: Tensor) -> Iterator[Finding]:
    """No tensor on the way to the loss was asked to require grad."""
    off = list(frozen(case, root))
    yield from off
    leaves = leaves_of(case, root)
    if not leaves or off:
        return
    wanted = [leaf for leaf in leaves if is_wanted(case, leaf, passed)] or leaves[:1]
    is_question = len(leaves) > 1 and not any(is_wanted(case, leaf, passed) for leaf in leaves)
    names = [case.bare_name(leaf) for leaf in wanted]
    line = line_of_leaf(case, wanted[0])
    every = listed(f"`{name}`" for name in names)
    text = f"No tensor that {case.name(root, 'the loss')} is made from requires grad, so torch has recorded nothing."
    ask = f" Is {every} meant to have a gradient?" if is_question else f" {every} needs `requires_grad=True`."
    edits = [edit for leaf in wanted for edit in asking(case, leaf)]
    where = f"line {line}" if len(edits) == 1 else "where they are made"
    repair = case.repair(f"Put `requires_grad=True` into {where}", *edits) if edits else None
    yield Finding("cut", line, named(*names), text + ask, repair, is_question, marks=tuple(wanted))


def frozen(case: Case, root: Tensor) -> Iterator[Finding]:
    """Parameters on the way to the loss that were switched off."""
    operands = {id(one) for call in case.trace.sources(root) for one in call.operands()}
    wrote = [e for e in case.trace.of_kind(Wrote) if e.attribute == "requires_grad" and not e.value]
    off = [(e.line, e.owner) for e in wrote if id(e.owner) in operands]
    asked = [c for c in case.trace.calls() if c.name == "requires_grad_" and c.args[1:] == (False,)]
    off += [(c.line, c.args[0]) for c in asked if id(c.args[0]) in operands]
    if off:
        names = [case.bare_name(owner) for _, owner in off]
        every = listed(f"`{name}`" for name in names if name)
        text = (
            f"Line {off[0][0]} switches `requires_grad` off for {every or 'all that could learn'}, and nothing "
            "else on the way to "
            f"{case.name(root, 'the loss')} requires grad: torch has recorded nothing."
        )
        yield Finding("cut", off[0][0], named(*names), text, None, marks=(off[0][1],))


def leaves_of(case: Case, root: Tensor) -> list[Tensor]:
    """The named floating point tensors that `root` was made from and that were made from none, the first made "
    "first."""
    made = [bound for bound in case.trace.of_kind(Bound) if isinstance(bound.value, Tensor)]
    operands = {id(one) for call in case.trace.sources(root) for one in call.operands()} | {id(root)}
    found: dict[int, Tensor] = {}
    for bound in made:
        maker = case.trace.maker(bound.value)
        is_leaf = maker is None or not maker.operands()
        if id(bound.value) in operands and is_leaf and bound.value.is_floating_point():
            found.setdefault(id(bound.value), bound.value)
    return list(found.values())


def is_wanted(case: Case, leaf: Tensor, passed: Passed) -> bool:
    """Whether the program asks for this tensor's gradient somewhere."""
    name = case.bare_name(leaf)
    reads = [n for n in case.source.nodes if isinstance(n, ast.Attribute) and n.attr == "grad"]
    is_read = any(isinstance(node.value, ast.Name) and node.value.id == name for node in reads)
    return is_read or any(one is leaf for one in passed.inputs)


def line_of_leaf(case: Case, leaf: Tensor) -> int:
    """The line that made a tensor, or gave it its name."""
    maker = case.trace.maker(leaf)
    bound = next((e for e in case.trace.of_kind(Bound) if e.value is leaf), None)
    return maker.line if maker is not None and maker.line else bound.line if bound is not None else 1


def asked_for(case: Case, leaf: Tensor) -> Repair | None:
    """A leaf that is asked to require grad where it is made."""
    edits = asking(case, leaf)
    title = f"Put `requires_grad=True` into line {line_of_leaf(case, leaf)}"
    return case.repair(title, *edits) if edits else None


def asking(case: Case, leaf: Tensor) -> list[Edit]:
    """`requires_grad=True` in the call that made a leaf."""
    source = case.source
    assigned = source.assigned(line_of_leaf(case, leaf))
    if assigned is None or not isinstance(assigned[1], ast.Call):
        return []
    call = assigned[1]
    flag = keyword(call, "requires_grad")
    if flag is not None:
        return [source.replace(flag.value, "True")]
    if called_name(call) in FACTORIES:
        return [source.with_argument(call, "requires_grad=True")]
    return [source.replace(call, f"{source.written(call)}.requires_grad_()")]


FACTORIES = frozenset(
    (
        *("tensor", "zeros", "ones", "rand", "randn", "full", "eye", "arange", "linspace"),
        *("zeros_like", "ones_like", "rand_like", "randn_like"),
    )
)


def number_without_backward(case: Case) -> Iterator[Finding]:
    """`'float' object has no attribute 'backward'`: the call that gave a number in the place of a tensor."""
    if not case.raised("object has no attribute 'backward'") or case.raised("'Tensor'"):
        return
    call = case.source.call(case.error_line, "backward")
    owner = call.func.value if call is not None and isinstance(call.func, ast.Attribute) else None
    name = owner.id if isinstance(owner, ast.Name) else ""
    bounds = [e for e in case.trace.of_kind(Bound) if e.name == name]
    lines = {bound.line for bound in bounds} | {case.error_line}
    every = [c for c in case.trace.calls() if c.name in NUMBERS and c.args[0].requires_grad]
    taken = [c for c in every if c.line in lines] or (every if len({c.line for c in every}) == 1 else [])
    if not taken:
        return
    lost = taken[-1]
    what = f"`{name}`" if name else "the loss"
    text = (
        f"`{taken_by(case, lost)}` in line {lost.line} gives a plain number, so {what} is no tensor: there "
        f"is no graph to go back through. Keep the tensor, and take the number only to print it."
    )
    yield Finding("cut", lost.line, named(name), text, number_repair(case, lost), marks=(lost.args[0],))


def flag_on_result(case: Case) -> Iterator[Finding]:
    """`you can only change requires_grad flags of leaf variables`."""
    if not case.raised("change requires_grad flags of leaf variables"):
        return
    statement = case.source.statement(case.error_line)
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    call = case.source.call(case.error_line, "requires_grad_")
    attribute = target if isinstance(target, ast.Attribute) else call.func if call is not None else None
    owner = attribute.value if isinstance(attribute, ast.Attribute) else None
    if statement is None or not isinstance(owner, ast.Name):
        return
    text = (
        f"`{owner.id}` is a result: whether it is tracked follows from what it was made of, and cannot be switched. "
        f"`{owner.id}.detach()` is the same value without a way back."
    )
    edit = case.source.replace(statement, f"{owner.id} = {owner.id}.detach()")
    repair = case.repair(f"Detach `{owner.id}`", edit)
    if repair is not None and not case.works(repair.code):
        repair = case.repair(f"Leave line {case.error_line} out", case.source.remove(statement))
    bound = case.trace.last_bound(owner.id)
    marks = (bound.value,) if bound is not None and isinstance(bound.value, Tensor) else ()
    yield Finding("cut", case.error_line, (owner.id,), text, repair, marks=marks)


def numpy_of_tracked(case: Case) -> Iterator[Finding]:
    """`Can't call numpy() on Tensor that requires grad`."""
    if not case.raised("Can't call numpy() on Tensor that requires grad"):
        return
    line = case.error_line
    part = case.source.part(line, ast.Attribute, lambda one: one.attr == "numpy")
    if part is None:
        return
    owner = part.value
    name = owner.id if isinstance(owner, ast.Name) else ""
    what = f"`{name}`" if name else "This tensor"
    text = (
        f"{what} is tracked, and NumPy records nothing: behind `.numpy()` there would be no way back. Stay with the "
        f"tensor for the loss; `.detach().numpy()` is for plots."
    )
    call = case.source.parents.get(part)
    if not isinstance(call, ast.Call):
        return
    edits = [case.source.replace(copy, case.source.written(copy.args[0])) for copy in copies_of(case, line)]
    repair = case.repair("Stay with the tensor", case.source.replace(call, case.source.written(owner)), *edits)
    yield Finding("cut", line, named(name), text, repair)


def whole_numbers(case: Case) -> Iterator[Finding]:
    """`Only Tensors of floating point and complex dtype can require gradients`."""
    if not case.raised("Only Tensors of floating point", "only Tensors of floating point"):
        return
    line = case.error_line
    call = case.source.part(line, ast.Call, lambda part: called_name(part) in FACTORIES)
    assigned = case.source.assigned(line)
    name = assigned[0] if assigned is not None else ""
    what = f"`{name}`" if name else "The tensor"
    text = f"{what} holds whole numbers, which change in steps: only floating point numbers have a gradient."
    edits = []
    if call is not None and keyword(call, "dtype") is None:
        edits = [case.source.with_argument(call, f"dtype={case.source.path('torch')}.float32")]
    repair = case.repair("Make them floating point", *edits) if edits else None
    yield Finding("cut", line, named(name), text, repair)


RULES = (loss_without_grad, number_without_backward, flag_on_result, numpy_of_tracked, whole_numbers)
