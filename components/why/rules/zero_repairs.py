"""What to write instead of a function that passes nothing of a gradient on: of the program's own tree."""

from __future__ import annotations

import ast

from torch import Tensor

from components.why.finding import Case, Repair
from components.why.rules.numbers import in_one_scope, operand, others, site
from components.why.source import Edit, called_name, grouped
from components.why.trace import Bound, Called, Passed

Offer = tuple[Repair | None, int]
"""A repair, and the line that it changes."""


def leaky(case: Case, call: Called) -> Offer | None:
    """`relu(x)` as `leaky_relu(x)`."""
    source = case.source
    part = site(case, call)
    first = operand(case, part)
    path = source.path("torch.nn.functional")
    if part is not None and first is not None:
        edit = source.replace(part, f"{path}.leaky_relu({source.written(first)})")
        return case.repair("Use `leaky_relu`, which keeps a little slope below 0", edit), part.lineno
    layers = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call) and called_name(node) == "ReLU"]
    edits = [source.replace(node, f"{source.path('torch.nn')}.LeakyReLU()") for node in layers]
    return (
        (case.repair("Use `LeakyReLU`, which keeps a little slope below 0", *edits), layers[0].lineno)
        if layers
        else None
    )


def straight_through(case: Case, call: Called) -> Offer | None:
    """`round(x)` as `x + (round(x) - x).detach()`, `sign(x)` as `tanh(x)`."""
    source = case.source
    part = site(case, call)
    first = operand(case, part)
    if part is None or first is None:
        return None
    text = source.written(first)
    if call.name in ("sign", "sgn"):
        edit = source.replace(part, f"{source.path('torch')}.tanh({text})")
        return case.repair("Put `tanh`, a smooth step, in its place", edit), part.lineno
    inner = grouped(first, text)
    whole = f"{text} + ({source.written(part)} - {inner}).detach()"
    is_bare = isinstance(source.parents.get(part), ast.Assign)
    edit = source.replace(part, whole if is_bare else f"({whole})")
    return case.repair(f"Let the gradient pass `{call.name}` as if it were not there", edit), part.lineno


def sigmoid_of(case: Case, call: Called) -> Offer | None:
    """A softmax over one entry as a sigmoid."""
    part = site(case, call)
    first = operand(case, part)
    if part is None or first is None:
        return None
    scores = call.operands()[0]
    longer = [dim for dim, length in enumerate(scores.shape) if length > 1]
    dims = [node for node in ast.walk(part) if isinstance(node, ast.keyword) and node.arg == "dim"]
    if longer and call.kwargs.get("dim") == 0 and dims:
        edit = case.source.replace(dims[0].value, str(longer[-1]))
        return case.repair(f"Go over the {scores.shape[longer[-1]]} entries of dim={longer[-1]}", edit), part.lineno
    edit = case.source.replace(part, f"{case.source.path('torch')}.sigmoid({case.source.written(first)})")
    return case.repair("Use `sigmoid` for a single score", edit), part.lineno


def smooth(case: Case, call: Called) -> Offer | None:
    """A saturated function's input made smaller by its own size."""
    part = site(case, call)
    first = operand(case, part)
    if part is None or first is None or call.name not in ("tanh", "softsign", "erf"):
        return None
    text = grouped(first, case.source.written(first))
    edit = case.source.replace(first, f"{text} / {text}.detach().abs().max()")
    return case.repair(f"Bring the input of `{call.name}` to the size of 1", edit), part.lineno


def one_row(case: Case, passed: Passed, call: Called) -> Offer | None:
    """The sum of a normalised tensor as that of its first entry."""
    results = {id(one) for one in call.results()}
    is_last = call.name != "batch_norm" and call.operands()[0].ndim > 1
    entry = "[..., 0]" if is_last else "[0]"
    for _ in range(4):
        after = next(
            (c for c in case.trace.calls() if c.at < passed.at and any(id(one) in results for one in c.operands())),
            None,
        )
        if after is None:
            return None
        if after.name in ("sum", "mean"):
            part = site(case, after)
            first = operand(case, part)
            if part is None or first is None or others(case, part):  # type: ignore[arg-type]  # no operator adds up
                return None
            edit = case.source.replace(first, f"{grouped(first, case.source.written(first))}{entry}")
            return case.repair("Let the loss depend on a part: the first entries", edit), part.lineno
        results = {id(one) for one in after.results()}
    return None


def initial(case: Case) -> list[ast.Call]:
    """The calls of `nn.init` that make parameters all the same."""
    calls = [node for node in ast.walk(case.source.tree) if isinstance(node, ast.Call) and node.args]
    return [call for call in calls if called_name(call) in ("zeros_", "ones_", "constant_")]


def random_start(case: Case, weights: list[Tensor]) -> Offer | None:
    """Zeros as random numbers."""
    edits: list[Edit] = []
    lines = []
    for leaf in weights:
        bound = next((e for e in case.trace.of_kind(Bound) if e.value is leaf), None)
        made = case.source.call(bound.line, "zeros", "ones", "full") if bound is not None else None
        if made is None or bound is None:
            continue
        start = case.source.written(made.func).removesuffix(called_name(made))
        edits.append(case.source.replace(made.func, f"{start}randn"))
        if called_name(made) == "full" and len(made.args) == 2:
            edits.append(Edit(case.source.span(made.args[0])[1], case.source.span(made.args[1])[1], ""))
        lines.append(bound.line)
    for call in initial(case) if not edits else []:
        start = case.source.written(call.func).removesuffix(called_name(call))
        edits.append(case.source.replace(call, f"{start}normal_({case.source.written(call.args[0])})"))
        lines.append(call.lineno)
    return (case.repair("Begin at random numbers", *edits), min(lines)) if edits else None


# squared error of a sigmoid


def entropy(case: Case, call: Called) -> Offer | None:
    """`(sigmoid(E) - t) ** 2`, and its like, as binary cross-entropy of E."""
    source = case.source
    part = site(case, call)
    first = operand(case, part)
    if part is None or first is None:
        return None
    found = squared(case, call) or compared(case, call)
    if found is None or not in_one_scope(source, found[0], part):
        return None
    outer, target, reduction = found
    text = source.written(target)
    scores = source.written(first)
    if isinstance(target, ast.Constant):
        torch_path = source.path("torch")
        like = f"{torch_path}.full_like({scores}, {float(target.value)})"  # type: ignore[arg-type]  # it was subtracted
        text = like if call.results()[0].ndim else f"{torch_path}.tensor({float(target.value)})"  # type: ignore[arg-type]
    more = f', reduction="{reduction}"' if reduction and call.results()[0].ndim else ""
    path = source.path("torch.nn.functional")
    edit = source.replace(outer, f"{path}.binary_cross_entropy_with_logits({scores}, {text}{more})")
    return case.repair("Use the cross-entropy of the raw score", edit), outer.lineno


def squared(case: Case, call: Called) -> tuple[ast.expr, ast.expr, str] | None:
    """The square of a sigmoid's error: all of it, its target, how it is reduced ("": by the mean)."""
    source = case.source
    names = ("sub", "__rsub__")
    errors = [c for c in case.trace.calls() if c.name in names and any(one is call.result for one in c.args[:2])]
    error = site(case, errors[0]) if errors else None
    if not isinstance(error, ast.BinOp):
        return None
    square = source.parents.get(error)
    if isinstance(square, ast.Attribute) and square.attr in ("pow", "square"):
        square = source.parents.get(square)
    is_call = isinstance(square, ast.Call) and called_name(square) in ("pow", "square")
    if not is_call and not (isinstance(square, ast.BinOp) and isinstance(square.op, ast.Pow)):
        return None
    assert isinstance(square, ast.expr)
    is_right = errors[0].name == "__rsub__" or errors[0].args[0] is not call.result
    target = error.left if is_right else error.right
    attribute = source.parents.get(square)
    whole = source.parents.get(attribute) if isinstance(attribute, ast.Attribute) else None
    if isinstance(attribute, ast.Attribute) and isinstance(whole, ast.Call) and attribute.attr in ("mean", "sum"):
        return whole, target, "sum" if attribute.attr == "sum" else ""
    if isinstance(attribute, ast.Call) and called_name(attribute) in ("mean", "sum"):
        return attribute, target, "sum" if called_name(attribute) == "sum" else ""
    return square, target, "none"


def compared(case: Case, call: Called) -> tuple[ast.expr, ast.expr, str] | None:
    """A function of torch's that compares a sigmoid with its target."""
    names = ("mse_loss", "l1_loss", "binary_cross_entropy")
    losses = [c for c in case.trace.calls() if c.name in names and c.args and c.args[0] is call.result]
    part = site(case, losses[0]) if losses else None
    return (part, part.args[1], "") if isinstance(part, ast.Call) and len(part.args) == 2 else None


# what is not needed


def unclamped(case: Case, call: Called) -> Offer | None:
    """The loss of what is not clamped."""
    source = case.source
    part = site(case, call)
    first = operand(case, part)
    if part is None or first is None:
        return None
    text = source.written(first)
    assigned = source.assigned(part.lineno)
    if assigned is None or assigned[1] is not part:
        edit = source.replace(part, grouped(first, text))
        return case.repair("Compute the loss of the value that is not clamped", edit), part.lineno
    name = assigned[0]
    reads = [
        n for n in ast.walk(source.tree) if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)
    ]
    used = {c.line for c in case.trace.calls() if any(one is call.result for one in c.operands())}
    changed = [node for node in reads if node.lineno in used]
    statement = source.statement(part.lineno)
    if not changed or statement is None or len(source.assignments(name)) != 1:
        return None
    edits = [source.replace(node, grouped(first, text)) for node in changed]
    if len(changed) == len(reads):
        edits.append(source.remove(statement))
    return case.repair("Compute the loss of the value that is not clamped", *edits), changed[0].lineno


def rectified(case: Case, calls: list[Called]) -> Repair | None:
    """Sigmoids as relus."""
    source = case.source
    edits: dict[int, Edit] = {}
    for call in calls:
        part = site(case, call)
        first = operand(case, part)
        if part is not None and first is not None and not others(case, part):  # type: ignore[arg-type]  # no operator
            edit = source.replace(part, f"{source.path('torch')}.relu({source.written(first)})")
            edits[edit.start] = edit
    layers = [n for n in ast.walk(source.tree) if isinstance(n, ast.Call) and called_name(n) in ("Sigmoid", "Tanh")]
    for node in layers if not edits else []:
        edits[source.span(node)[0]] = source.replace(node, f"{source.path('torch.nn')}.ReLU()")
    return case.repair("Use `relu`, whose slope is 1", *edits.values()) if edits else None
