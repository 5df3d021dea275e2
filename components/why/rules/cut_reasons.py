"""Why a call lost the tracking, and what to write instead."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor

from components.why.finding import Case, Repair
from components.why.source import Edit, called_name, grouped
from components.why.trace import Bound, Called

NUMBERS = ("item", "tolist", "__float__", "__int__", "numpy", "__array__")
"""Functions that give plain numbers, which know nothing of a graph."""

POSITIONS = ("argmax", "argmin", "argsort", "searchsorted", "bucketize", "nonzero", "multinomial", "one_hot")
COMPARISONS = ("__gt__", "gt", "__lt__", "lt", "__ge__", "ge", "__le__", "le", "eq", "ne", "__eq__", "__ne__")
STEEPNESS = 20
"""Of the sigmoid that takes the place of a comparison."""

Offer = tuple[Repair, int]
"""A repair, and the line that it changes."""

Answer = tuple[str, Offer | None]


class Lost(NamedTuple):
    """A call that lost the tracking: in sentences, what it lost (`of`) and what is made of it (`loss`)."""

    call: Called
    of: str
    root: Tensor
    loss: str

    @property
    def line(self) -> int:
        """The line of the call."""
        return self.call.line

    @property
    def name(self) -> str:
        """What the call is named in a sentence."""
        return self.call.name.strip("_")


def reason(case: Case, call: Called, of: str, root: Tensor) -> Answer:
    """Why a call lost the tracking, and what to write instead."""
    lost = Lost(call, of, root, case.name(root, "the loss"))
    return next(answer(case, lost) for fits, answer in REASONS if fits(call))


def position(case: Case, lost: Lost) -> Answer:
    """A call that gives the place of an entry."""
    text = (
        f"`{lost.name}` in line {lost.line} gives a position, which does not change smoothly with {lost.of}: "
        "the graph "
        f"ends there. So {lost.loss} does not require grad."
    )
    return text, scores_repair(case, lost.call, lost.root)


def comparison(case: Case, lost: Lost) -> Answer:
    """A call that gives true or false."""
    text = (
        f"The comparison in line {lost.line} gives true or false, which does not change smoothly with {lost.of}: the "
        f"graph ends there, and {lost.loss} does not require grad."
    )
    return text, at(lost.line, comparison_repair(case, lost.call))


def detached(case: Case, lost: Lost) -> Answer:
    """A call that leaves the graph on purpose."""
    text = f"`.{lost.name}` in line {lost.line} takes {lost.of} out of the graph: {lost.loss} has no way back to it."
    return text, at(lost.line, attribute_repair(case, lost.line, lost.name))


def taken_by(case: Case, call: Called) -> str:
    """How a program writes what took numbers from a tensor: `.item`, `float` or `math.exp`."""
    if not call.name.startswith("__"):
        return f".{call.name}"
    function = math_function(case, call.line)
    return case.source.written(function) if function is not None else call.name.strip("_")


def math_function(case: Case, line: int) -> ast.Attribute | None:
    """The function of `math` in a line, which gives numbers and no tensors."""
    path = case.source.path("math")
    return case.source.part(line, ast.Attribute, lambda part: case.source.written(part.value) == path)


def plain_number(case: Case, lost: Lost) -> Answer:
    """A call that gives numbers of Python's or NumPy's."""
    text = (
        f"`{taken_by(case, lost.call)}` in line {lost.line} turns {lost.of} into plain numbers, which know "
        "nothing of the graph. "
        f"So {lost.loss} does not require grad."
    )
    return text, at(lost.line, number_repair(case, lost.call))


def copied(case: Case, lost: Lost) -> Answer:
    """A call that makes a new tensor of numbers."""
    text = (
        f"`torch.{lost.name}` in line {lost.line} copies the numbers of {lost.of} into a new tensor without a "
        "history. "
        f"So {lost.loss} does not require grad."
    )
    return text, at(lost.line, stack_repair(case, lost.call))


def converted(case: Case, lost: Lost) -> Answer:
    """A call that makes whole numbers or booleans."""
    dtype = str(lost.call.result.dtype).removeprefix("torch.")
    text = (
        f"`{lost.name}` in line {lost.line} makes {dtype} numbers of {lost.of}, and only floating point ones have a "
        f"gradient. So {lost.loss} does not require grad."
    )
    return text, at(lost.line, attribute_repair(case, lost.line, lost.name))


def without_derivative(case: Case, lost: Lost) -> Answer:
    """Any other call."""
    del case
    return f"`{lost.name}` in line {lost.line} has no derivative: the graph of {lost.of} ends there.", None


def at(line: int, repair: Repair | None) -> Offer | None:
    """A repair of a line."""
    return (repair, line) if repair is not None else None


def without_tracking(case: Case, lost: Lost) -> Answer:
    """A call where tracking was switched off."""
    loss = lost.loss
    source = case.source
    statement = source.statement(lost.line)
    block = source.around(statement, ast.With) if statement is not None else None
    while block is not None and mode_of(block) == "":
        block = source.around(block, ast.With)
    mode = mode_of(block) if block is not None else "torch.set_grad_enabled(False)"
    text = f"Line {lost.line} works on {lost.of} inside `{mode}`, where torch records nothing: {loss} has no way back."
    if block is None:
        return text, None
    first = source.starts[block.lineno - 1]
    body = block.body
    start, end = source.starts[body[0].lineno - 1], source.starts[(body[-1].end_lineno or body[-1].lineno)]
    inner = source.bytes[start : min(end, len(source.bytes))].decode()
    depth, deeper = source.indent(block.lineno), source.indent(body[0].lineno)
    lines = [depth + one.removeprefix(deeper) if one.strip() else one for one in inner.split("\n")]
    outside = "\n".join(lines[:-1] + ([lines[-1]] if lines[-1].strip() else [""]))
    edit = Edit(first, min(end, len(source.bytes)), outside)
    return text, at(block.lineno, case.repair(f"Take line {body[0].lineno} out of `{mode}`", edit))


def mode_of(block: ast.With) -> str:
    """The context of a `with` statement that switches gradients off; "" for another one."""
    for item in block.items:
        call = item.context_expr
        if isinstance(call, ast.Call) and called_name(call) in ("no_grad", "inference_mode", "set_grad_enabled"):
            return f"torch.{called_name(call)}({', '.join(ast.unparse(a) for a in call.args)})"
    return ""


def scores_repair(case: Case, lost: Called, root: Tensor) -> Offer | None:
    """`(argmax(scores) - class) ** 2` as the cross-entropy of the scores."""
    scores = next((one for one in lost.operands() if one.requires_grad), None)
    bound = next((e for e in case.trace.of_kind(Bound) if e.value is root), None)
    if scores is None or bound is None or lost.name != "argmax" or scores.ndim not in (1, 2):
        return None
    assigned = case.source.assigned(bound.line)
    name = case.bare_name(scores)
    if assigned is None or not name:
        return None
    wanted = [
        node.right for node in ast.walk(assigned[1]) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
    ]
    target = target_of(case, wanted[0], scores) if len(wanted) == 1 else None
    if target is None:
        return None
    path = case.source.path("torch.nn.functional")
    given = f"{name}.unsqueeze(0)" if scores.ndim == 1 else name
    edit = case.source.replace(assigned[1], f"{path}.cross_entropy({given}, {target})")
    return at(bound.line, case.repair("Compare the scores themselves with the class", edit))


def target_of(case: Case, wanted: ast.expr, scores: Tensor) -> str | None:
    """The class that was compared with, as cross-entropy takes it."""
    if isinstance(wanted, ast.Constant) and isinstance(wanted.value, int | float) and wanted.value == int(wanted.value):
        return f"{case.source.path('torch')}.tensor([{int(wanted.value)}])" if scores.ndim == 1 else None
    text = case.source.written(wanted)
    return f"{grouped(wanted, text)}.long().reshape(-1)" if isinstance(wanted, ast.Name) else None


def comparison_repair(case: Case, lost: Called) -> Repair | None:
    """`(a > b).float()` as a steep sigmoid of the difference."""
    source = case.source
    compare = source.part(lost.line, ast.Compare, lambda part: len(part.ops) == 1)
    if compare is None:
        return None
    left, right = compare.left, compare.comparators[0]
    if isinstance(compare.ops[0], ast.Lt | ast.LtE):
        left, right = right, left
    elif not isinstance(compare.ops[0], ast.Gt | ast.GtE):
        return None
    place: ast.AST = compare
    attribute = source.parents.get(place)
    call = source.parents.get(attribute) if attribute is not None else None
    if isinstance(attribute, ast.Attribute) and attribute.attr in ("float", "double") and isinstance(call, ast.Call):
        place = call
    difference = f"{source.written(left)} - {grouped(right, source.written(right))}"
    soft = source.replace(place, f"{source.path('torch')}.sigmoid({STEEPNESS} * ({difference}))")
    return case.repair("Put a steep sigmoid in the comparison's place", soft, *flags(case))


def flags(case: Case) -> list[Edit]:
    """Takes statements away that set `requires_grad` on a result: they begin a graph that leads nowhere."""
    found = []
    for node in case.source.nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
            target = node.targets[0]
            owner = target.value.id if isinstance(target.value, ast.Name) else ""
            bound = case.trace.last_bound(owner)
            is_result = bound is not None and isinstance(bound.value, Tensor) and case.trace.maker(bound.value)
            if target.attr == "requires_grad" and is_result and case.trace.maker(bound.value).operands():  # type: ignore[union-attr]
                found.append(case.source.remove(node))
    return found


def attribute_repair(case: Case, line: int, name: str) -> Repair | None:
    """The line without `.name` or `.name()`."""
    source = case.source
    part = source.part(line, ast.Attribute, lambda one: one.attr == name)
    if part is None:
        return None
    call = source.parents.get(part)
    whole = call if isinstance(call, ast.Call) and call.func is part else part
    return case.repair(f"Take `.{name}` out of line {line}", source.replace(whole, source.written(part.value)))


def number_repair(case: Case, lost: Called) -> Repair | None:
    """The line without the call that made numbers, and without the tensors made of them."""
    source = case.source
    name = lost.name.strip("_")
    part = source.part(lost.line, ast.Attribute, lambda one: one.attr == name)
    function = math_function(case, lost.line)
    if part is None and function is not None:
        edit = source.replace(function.value, source.path("torch"))
        return case.repair(f"Use `torch.{function.attr}`", edit)
    if part is None:
        call = source.call(lost.line, name)
        if call is None or len(call.args) != 1:
            return None
        taken = source.replace(call, source.written(call.args[0]))
    else:
        call = source.parents.get(part)  # type: ignore[assignment]
        if not isinstance(call, ast.Call):
            return None
        taken = source.replace(call, source.written(part.value))
    copies = copies_of(case, lost.line)
    inside = [copy for copy in copies if copy.lineno == lost.line]
    if inside:
        inner = source.edited(inside[0].args[0], taken)
        return case.repair(f"Keep the tensor in line {lost.line}", source.replace(inside[0], inner))
    edits = [without_copy(case, copy) for copy in copies]
    return case.repair(f"Keep the tensor in line {lost.line}", taken, *edits)


def without_copy(case: Case, copy: ast.Call) -> Edit:
    """What `torch.tensor(...)` was made of; a list of tensors is put together."""
    source = case.source
    inner = source.written(copy.args[0])
    given = case.trace.last_bound(inner) if isinstance(copy.args[0], ast.Name) else None
    is_list = isinstance(copy.args[0], ast.List) or (given is not None and isinstance(given.value, list))
    return source.replace(copy, f"{source.path('torch')}.stack({inner})" if is_list else inner)


def copies_of(case: Case, line: int) -> list[ast.Call]:
    """Calls of `torch.tensor(...)` around what the line gives a name, or in the line itself."""
    source = case.source
    assigned = source.assigned(line)
    append = source.call(line, "append")
    owner = append.func.value if append is not None and isinstance(append.func, ast.Attribute) else None
    taken = {assigned[0]} if assigned is not None else {owner.id} if isinstance(owner, ast.Name) else set()
    found = []
    for node in source.nodes:
        if isinstance(node, ast.Call) and called_name(node) in ("tensor", "as_tensor", "from_numpy") and node.args:
            names = {part.id for part in ast.walk(node.args[0]) if isinstance(part, ast.Name)}
            if node.lineno == line or names & taken:
                found.append(node)
    return found


def stack_repair(case: Case, lost: Called) -> Repair | None:
    """`torch.tensor([a, b])` as `torch.stack([a, b])`, `torch.tensor(a)` as `a`."""
    source = case.source
    call = source.call(lost.line, lost.name)
    if call is None or not call.args:
        return None
    inner = source.written(call.args[0])
    if isinstance(lost.args[0], Tensor):
        return case.repair(f"Use {case.name(lost.args[0], 'the tensor')} itself", source.replace(call, inner))
    if not isinstance(lost.args[0], list | tuple) or not all(isinstance(one, Tensor) for one in lost.args[0]):
        return None
    edit = source.replace(call, f"{source.path('torch')}.stack({inner})")
    return case.repair("Put the tensors together with `torch.stack`", edit)


def is_update(call: Called) -> bool:
    """Whether this is the step of an update that makes a new tensor inside `torch.no_grad()`."""
    return not call.is_tracking and call.name in ("__sub__", "sub", "__add__", "add", "__rsub__")


def updated(case: Case, lost: Lost) -> Answer:
    """`w = w - step` where torch records nothing: the new `w` is no leaf that requires grad."""
    source, line = case.source, lost.line
    assigned = source.assigned(line)
    value = assigned[1] if assigned is not None else None
    name = assigned[0] if assigned is not None else ""
    left = value.left if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub | ast.Add) else None
    if not isinstance(value, ast.BinOp) or not isinstance(left, ast.Name) or left.id != name or lost.of != f"`{name}`":
        return without_tracking(case, lost)
    text = (
        f"Line {line} gives `{name}` a new tensor, made inside `torch.no_grad()`: it does not require grad, "
        "and nothing behind "
        f"it does. A change of `{name}` in place keeps the leaf."
    )
    sign = "-" if isinstance(value.op, ast.Sub) else "+"
    statement = source.statement(line)
    edit = source.replace(statement or value, f"{name} {sign}= {source.written(value.right)}")
    return text, at(line, case.repair(f"Change `{name}` itself", edit))


REASONS: tuple[tuple[Callable[[Called], bool], Callable[[Case, Lost], Answer]], ...] = (
    (is_update, updated),
    (lambda call: not call.is_tracking or call.is_inference, without_tracking),
    (lambda call: call.name in POSITIONS, position),
    (lambda call: call.name in COMPARISONS, comparison),
    (lambda call: call.name in ("detach", "data", "detach_"), detached),
    (lambda call: call.name in NUMBERS, plain_number),
    (lambda call: call.name in ("tensor", "as_tensor", "Tensor"), copied),
    (lambda call: isinstance(call.result, Tensor) and not call.result.is_floating_point(), converted),
    (lambda _: True, without_derivative),
)
"""The first that fits is the reason."""
