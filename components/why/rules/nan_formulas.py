"""Formulas written by hand that torch has functions for, which are finite where the formula is not."""

from __future__ import annotations

import ast
from collections.abc import Callable

from torch import Tensor

from components.why.finding import Case, Repair
from components.why.rules.nan_reasons import probabilities
from components.why.rules.numbers import in_one_scope, operand, others, site
from components.why.source import Edit, called_name, grouped, keyword
from components.why.trace import Called


def formula(case: Case, call: Called, part: ast.expr) -> Repair | None:
    """The function of torch's that a call is written in the place of."""
    return next(
        (repair for find in FORMULAS.get(call.name, ()) if (repair := find(case, call, part)) is not None), None
    )


# logarithms


def cross_entropy(case: Case, call: Called, part: ast.expr) -> Repair | None:
    """`-(t * log(p) + (1 - t) * log(1 - p))` of a sigmoid as binary cross-entropy of its score."""
    made = probabilities(case, call)
    scores = score_text(case, made, part) if made is not None and made.name == "sigmoid" else None
    whole = whole_entropy(case, part)
    if scores is None or whole is None or made is None:
        return None
    outer, target, reduction = whole
    path = case.source.path("torch.nn.functional")
    target_text = case.source.written(target)
    if isinstance(target, ast.Constant):
        target_text = f"{case.source.path('torch')}.tensor({float(target.value)})"  # type: ignore[arg-type]
    more = "" if reduction == "mean" or not call.results()[0].ndim else f', reduction="{reduction}"'
    edit = case.source.replace(outer, f"{path}.binary_cross_entropy_with_logits({scores}, {target_text}{more})")
    return case.repair("Use the cross-entropy of the raw score", edit)


def whole_entropy(case: Case, part: ast.expr) -> tuple[ast.expr, ast.expr, str] | None:
    """Around a logarithm the whole of a binary cross-entropy, its target, and how it is reduced."""
    source = case.source
    total: ast.AST | None = part
    while isinstance(total, ast.expr) and not (
        isinstance(total, ast.BinOp) and isinstance(total.op, ast.Add | ast.Sub) and len(logs_in(total)) == 2
    ):
        total = source.parents.get(total)
    if not isinstance(total, ast.BinOp):
        return None
    targets = [target for log in logs_in(total) if (target := factor_of(source.parents.get(log), log)) is not None]
    plain = [one for one in targets if not isinstance(one, ast.BinOp)]
    is_rest = [one for one in targets if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Sub)]
    if len(plain) != 1 or len(is_rest) != 1 or ast.unparse(is_rest[0].right) != ast.unparse(plain[0]):
        return None
    outer: ast.expr = total
    reduction = "none"
    is_negative = isinstance(total.op, ast.Sub)
    while isinstance(parent := source.parents.get(outer), ast.expr):
        if isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.USub):
            outer, is_negative = parent, True
        elif isinstance(parent, ast.Attribute) and parent.attr in ("mean", "sum"):
            call = source.parents[parent]
            outer, reduction = call, parent.attr  # type: ignore[assignment]  # nothing but a call has it
        elif isinstance(parent, ast.Call) and called_name(parent) in ("mean", "sum") and parent.args == [outer]:
            outer, reduction = parent, called_name(parent)
        else:
            break
    return (outer, plain[0], reduction) if is_negative else None


def logs_in(part: ast.AST) -> list[ast.Call]:
    """The logarithms in an expression."""
    return [node for node in ast.walk(part) if isinstance(node, ast.Call) and called_name(node) == "log"]


def factor_of(parent: ast.AST | None, part: ast.expr) -> ast.expr | None:
    """What a part is multiplied by; a sign before it counts for nothing."""
    if not isinstance(parent, ast.BinOp) or not isinstance(parent.op, ast.Mult):
        return None
    other = parent.left if parent.right is part else parent.right
    return other.operand if isinstance(other, ast.UnaryOp) and isinstance(other.op, ast.USub) else other


def score_text(case: Case, made: Called, part: ast.expr) -> str | None:
    """The text of a probability's score, where it means the same beside `part`."""
    written = site(case, made)
    first = operand(case, written)
    if first is None or not in_one_scope(case.source, first, part):
        return None
    return case.source.written(first)


def log_of_probability(case: Case, call: Called, part: ast.expr) -> Repair | None:
    """`log(softmax(z))` as `log_softmax(z)`, `log(sigmoid(z))` as `logsigmoid(z)`."""
    made = probabilities(case, call)
    scores = score_text(case, made, part) if made is not None else None
    written = site(case, made) if made is not None else None
    first = operand(case, part)
    if made is None or scores is None or first is None or not isinstance(written, ast.Call):
        return None
    source, suffix = case.source, ""
    while isinstance(first, ast.Subscript):
        suffix = source.bytes[source.span(first.value)[1] : source.span(first)[1]].decode() + suffix
        first = first.value
    is_rest = isinstance(first, ast.BinOp) and isinstance(first.op, ast.Sub)
    inner = first.right if is_rest and isinstance(first, ast.BinOp) else first
    if not isinstance(inner, ast.Name) and inner is not written:
        return None
    text = log_text(case, made, written, scores, is_rest)
    edits = [source.replace(part, text + suffix)]
    if isinstance(inner, ast.Name):
        edits += dropped(case, inner.id)
    name = "log_softmax" if made.name == "softmax" else "logsigmoid"
    return case.repair(f"Use `{name}`, which never takes the logarithm of 0", *edits)


def log_text(case: Case, made: Called, written: ast.Call, scores: str, is_rest: bool) -> str:
    """The logarithm of a probability, or of what is left to 1, in one call."""
    if made.name == "softmax":
        return f"{case.source.path('torch')}.log_softmax({scores}{others(case, written)})"
    first = operand(case, written)
    negative = f"-{grouped(first, scores)}" if first is not None else scores
    return f"{case.source.path('torch.nn.functional')}.logsigmoid({negative if is_rest else scores})"


def dropped(case: Case, name: str) -> list[Edit]:
    """Takes the assignment to a name away that nothing else reads."""
    reads = [
        n
        for n in ast.walk(case.source.tree)
        if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)
    ]
    made = case.source.assignments(name)
    return [case.source.remove(made[0])] if len(reads) == 1 and len(made) == 1 and len(made[0].targets) == 1 else []


# roots


def vector_norm(case: Case, call: Called, part: ast.expr) -> Repair | None:
    """The root of a sum of squares as torch's norm, whose slope at 0 is 0."""
    del call
    inner, edits = resolved(case, operand(case, part))
    if not isinstance(inner, ast.Call) or called_name(inner) != "sum":
        return None
    squares, more = resolved(case, operand(case, inner))
    base = square_of(squares)
    if base is None:
        return None
    rest = others(case, inner)
    if rest and not any(word in rest for word in ("dim", "axis")):
        rest = rest.replace(", ", ", dim=", 1)
    text = f"{case.source.path('torch')}.linalg.vector_norm({case.source.written(base)}{rest})"
    return case.repair("Use `vector_norm`, whose slope at 0 is 0", case.source.replace(part, text), *edits, *more)


def resolved(case: Case, part: ast.expr | None) -> tuple[ast.expr | None, list[Edit]]:
    """What a name stands for that is given once, and the removal of it where nothing else reads it."""
    if isinstance(part, ast.Name):
        made = case.source.assignments(part.id)
        if len(made) == 1 and in_one_scope(case.source, made[0], part):
            return made[0].value, dropped(case, part.id)
    return part, []


def square_of(part: ast.expr | None) -> ast.expr | None:
    """`E` of `E ** 2`, `E.pow(2)`, `E * E` and `square(E)`."""
    if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Pow):
        return part.left if isinstance(part.right, ast.Constant) and part.right.value == 2 else None
    if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Mult):
        return part.left if ast.unparse(part.left) == ast.unparse(part.right) else None
    if isinstance(part, ast.Call) and called_name(part) in ("pow", "square"):
        given = [
            *(
                [part.func.value]
                if isinstance(part.func, ast.Attribute) and part.func.attr and not is_torch(part.func.value)
                else []
            ),
            *part.args,
        ]
        if called_name(part) == "square" or (
            len(given) == 2 and isinstance(given[1], ast.Constant) and given[1].value == 2
        ):
            return given[0] if given else None
    return None


def is_torch(part: ast.expr) -> bool:
    """Whether an expression is torch itself."""
    return isinstance(part, ast.Name) and part.id == "torch"


# exponentials


def softmax_by_hand(case: Case, call: Called, part: ast.expr) -> Repair | None:
    """`exp(x) / exp(x).sum()`: the largest entry is taken away before, which changes nothing else."""
    first = operand(case, part)
    ratios = [one for one in case.trace.calls() if one.name == "div" and is_share(case, one, call)]
    if first is None or not ratios:
        return None
    source, text = case.source, case.source.written(first)
    parent = source.parents.get(part)
    scores = call.operands()[0]
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Div) and parent.left is part and scores.ndim == 1:
        edit = source.replace(parent, f"{source.path('torch')}.softmax({text}, dim=0)")
        return case.repair("Use torch's own `softmax`", edit)
    if ratios[0].args[0] is not call.result:
        return None
    edit = source.replace(first, f"{text} - {grouped(first, text)}.max()")
    return case.repair("Take the largest entry away before `exp`: the shares stay the same", edit)


def is_share(case: Case, ratio: Called, call: Called) -> bool:
    """Whether a division is one of exponentials by their sum."""
    lower = ratio.args[1]
    maker = case.trace.maker(lower) if isinstance(lower, Tensor) else None
    if maker is None or maker.name != "sum" or not maker.operands():
        return False
    made = [case.trace.maker(one) for one in (ratio.args[0], maker.operands()[0]) if isinstance(one, Tensor)]
    return (
        len(made) == 2
        and all(one is not None and one.name == "exp" for one in made)
        and any(one is call for one in made)
    )


def sigmoid_by_hand(case: Case, call: Called, part: ast.expr) -> Repair | None:
    """`1 / (1 + exp(-x))` as `sigmoid(x)`, `log(1 + exp(x))` as `softplus(x)`."""
    del call
    source, first = case.source, operand(case, part)
    total = source.parents.get(part)
    if first is None or not (isinstance(total, ast.BinOp) and isinstance(total.op, ast.Add)):
        return None
    one = total.left if total.right is part else total.right
    outer = source.parents.get(total)
    if not isinstance(one, ast.Constant) or one.value != 1:
        return None
    text = source.written(first)
    if isinstance(outer, ast.BinOp) and isinstance(outer.op, ast.Div) and outer.right is total:
        inner = (
            source.written(first.operand)
            if isinstance(first, ast.UnaryOp) and isinstance(first.op, ast.USub)
            else f"-{grouped(first, text)}"
        )
        is_unit = isinstance(outer.left, ast.Constant) and outer.left.value == 1
        return (
            case.repair("Use torch's own `sigmoid`", source.replace(outer, f"{source.path('torch')}.sigmoid({inner})"))
            if is_unit
            else None
        )
    if isinstance(outer, ast.Attribute):
        outer = source.parents.get(outer)
    if isinstance(outer, ast.Call) and called_name(outer) == "log":
        edit = source.replace(outer, f"{source.path('torch.nn.functional')}.softplus({text})")
        return case.repair("Use torch's own `softplus`", edit)
    return None


def log_of_sum(case: Case, call: Called, part: ast.expr) -> Repair | None:
    """`log(exp(x).sum())` as `logsumexp(x)`."""
    source, first = case.source, operand(case, part)
    log: ast.AST | None = part
    while (
        log is not None and not (isinstance(log, ast.Call) and called_name(log) == "log") and isinstance(log, ast.expr)
    ):
        log = source.parents.get(log)
    if not isinstance(log, ast.Call) or first is None:
        return None
    total = operand(case, log)
    if not isinstance(total, ast.Call) or called_name(total) != "sum" or operand(case, total) is not part:
        return None
    dim = keyword(total, "dim")
    rest = others(case, total) if dim is not None else others(case, total).replace(", ", ", dim=", 1)
    if not rest and call.operands()[0].ndim != 1:
        return None
    edit = source.replace(log, f"{source.path('torch')}.logsumexp({source.written(first)}{rest or ', dim=0'})")
    return case.repair("Use torch's own `logsumexp`", edit)


def tanh_by_hand(case: Case, call: Called, part: ast.expr) -> Repair | None:
    """`(exp(x) - exp(-x)) / (exp(x) + exp(-x))` as `tanh(x)`."""
    del call
    source, first = case.source, operand(case, part)
    outer: ast.AST | None = source.parents.get(source.parents.get(part, part))
    if first is None or not (isinstance(outer, ast.BinOp) and isinstance(outer.op, ast.Div)):
        return None
    positive = first.operand if isinstance(first, ast.UnaryOp) else first
    name = ast.unparse(positive)
    exps = [ast.unparse(one.args[0]) for one in ast.walk(outer) if isinstance(one, ast.Call) and one.args]
    if sorted(exps) != sorted([name, f"-{name}"] * 2):
        return None
    return case.repair(
        "Use torch's own `tanh`", source.replace(outer, f"{source.path('torch')}.tanh({source.written(positive)})")
    )


FORMULAS: dict[str, tuple[Callable[[Case, Called, ast.expr], Repair | None], ...]] = {
    "log": (cross_entropy, log_of_probability),
    "sqrt": (vector_norm,),
    "exp": (softmax_by_hand, sigmoid_by_hand, log_of_sum, tanh_by_hand),
}
"""By the function's name, the formulas that it may be a part of."""
