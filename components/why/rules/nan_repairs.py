"""What to write instead of a call whose value or slope is not finite: of the program's own tree."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable

import torch
from torch import Tensor

from components.why.finding import Case, Repair
from components.why.rules.nan_formulas import formula
from components.why.rules.numbers import is_finite, is_method, operand, others, site, value_of
from components.why.source import called_name, grouped
from components.why.trace import Called, Passed, tensors_in

MARGIN = "1e-6"
"""Kept from the ends of a range where a slope is infinite."""

LITTLE = "1e-8"
"""Added to, or the least of, what must not be 0."""

DEEP = "-1e9"
"""A score that is as good as -inf, and finite."""

Offer = tuple[Repair | None, int]
"""A repair, and the line that it changes."""


def offer(case: Case, passed: Passed, call: Called) -> Offer | None:
    """What to write instead of a call, and the line of it."""
    part = site(case, call)
    if part is None:
        return None
    if call.name in ("softmax", "log_softmax"):
        return finite_mask(case, call)
    repair = formula(case, call, part) or safe_branch(case, call, part) or clamped_before(case, call, part)
    if repair is None and call.name in KEPT:
        repair = KEPT[call.name](case, passed, call, part)
    return (repair, part.lineno) if repair is not None else None


def finite_mask(case: Case, call: Called) -> Offer | None:
    """A mask's -inf as a large negative number."""
    lines = [one.line for one in case.trace.sources(call.operands()[0])]
    for line in dict.fromkeys(lines):
        for part in case.source.parts(line, ast.expr):
            inner = part.operand if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.USub) else part
            if is_infinity(inner):
                return case.repair(f"Mask with {DEEP}, which is finite", case.source.replace(part, DEEP)), part.lineno
        log = case.source.call(line, "log")
        if log is not None:
            edit = case.source.replace(log, f"{case.source.written(log)}.clamp(min={DEEP})")
            return case.repair(f"Mask with {DEEP}, which is finite", edit), log.lineno
    return None


def is_infinity(part: ast.expr) -> bool:
    """`float("inf")`, `float("-inf")`, `math.inf`, `torch.inf`."""
    if isinstance(part, ast.Call) and called_name(part) == "float" and part.args:
        given = part.args[0]
        return isinstance(given, ast.Constant) and str(given.value).strip("+-").lower() in ("inf", "infinity")
    return isinstance(part, ast.Attribute) and part.attr == "inf"


def safe_branch(case: Case, call: Called, part: ast.expr) -> Repair | None:
    """A call in a branch of `where` whose input is safe where the branch is not taken."""
    source = case.source
    chosen = next((one for one in case.trace.calls() if one.name == "where" and is_fed(case, one, call)), None)
    where = source.call(chosen.line, "where") if chosen is not None else None
    if chosen is None or where is None or len(where.args) != (2 if is_method(case, where) else 3):
        return None
    is_first = feeds(
        case, chosen.args[0 if isinstance(where.func, ast.Attribute) and is_method(case, where) else 1], call
    )
    unsafe = part.right if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div) else operand(case, part)
    names = {node.id for node in ast.walk(where.args[0]) if isinstance(node, ast.Name)}
    if unsafe is None or any(
        one.lineno >= part.lineno and part.lineno != where.lineno for n in names for one in source.assignments(n)
    ):
        return None
    torch_path, text = source.path("torch"), source.written(unsafe)
    condition, ones = source.written(where.args[0]), f"{torch_path}.ones_like({text})"
    inner = f"{condition}, {text}, {ones}" if is_first else f"{condition}, {ones}, {text}"
    edit = source.replace(unsafe, f"{torch_path}.where({inner})")
    return case.repair(f"Make the input of `{spoken(part)}` safe with a second `where`", edit)


def spoken(part: ast.expr) -> str:
    """What a part of a program calls."""
    return (
        called_name(part)
        if isinstance(part, ast.Call)
        else "/"
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div)
        else "**"
    )


def is_fed(case: Case, where: Called, call: Called) -> bool:
    """Whether `where` chooses, beside another value, what a call made."""
    return len(where.args) == 3 and any(feeds(case, one, call) for one in where.args)


def feeds(case: Case, value: object, call: Called) -> bool:
    """Whether a value was made of a call's result."""
    results = {id(one) for one in call.results()}
    if not isinstance(value, Tensor):
        return False
    return id(value) in results or any(id(one) in results for c in case.trace.sources(value) for one in c.operands())


def clamped_before(case: Case, call: Called, part: ast.expr) -> Repair | None:
    """`exp(x).clamp(max=c)` as `exp(x.clamp(max=log c))`."""
    clamp = next(
        (one for one in case.trace.calls() if one.name in ("clamp", "clamp_max") and one.args[0] is call.result), None
    )
    inner = operand(case, part)
    around = case.source.call(clamp.line, clamp.name) if clamp is not None else None
    if call.name != "exp" or clamp is None or around is None or inner is None:
        return None
    limits = dict(zip(("max",) if clamp.name == "clamp_max" else ("min", "max"), clamp.args[1:], strict=False)) | dict(
        clamp.kwargs
    )
    least, most = limits.get("min"), limits.get("max")
    first = operand(case, around)
    if not isinstance(most, int | float) or most <= 0 or first is None:
        return None
    if isinstance(least, int | float) and least > 0:
        return None
    kept = grouped(inner, case.source.written(inner))
    edits = [
        case.source.replace(
            inner,
            f"{kept}.clamp(max={math.log(most):.7g})" if math.log(most) % 1 else f"{kept}.clamp(max={math.log(most)})",
        )
    ]
    if first is part and edits:
        start, end = case.source.span(part)
        text = (
            case.source.bytes[start : edits[0].start].decode()
            + edits[0].text
            + case.source.bytes[edits[0].end : end].decode()
        )
        edits = [case.source.replace(around, text)]
    elif around.lineno != part.lineno:
        edits.append(case.source.replace(around, case.source.written(first)))
    return case.repair(f"Clamp the input of `{call.name}` instead", *edits)


# one function's own


def inside(case: Case, passed: Passed, call: Called, part: ast.expr) -> Repair | None:
    """An input clamped a little inside the ends of -1 to 1."""
    del passed
    return with_input(
        case, part, f"clamp(-1 + {MARGIN}, 1 - {MARGIN})", f"Keep the input of `{call.name}` inside -1 and 1"
    )


def positive(case: Case, passed: Passed, call: Called, part: ast.expr) -> Repair | None:
    """An input clamped to positive numbers."""
    del passed
    return with_input(case, part, f"clamp(min={LITTLE})", f"Keep the input of `{call.name}` above 0")


def with_input(case: Case, part: ast.expr, method: str, title: str) -> Repair | None:
    """A call with a method of its input's instead of the input."""
    first = operand(case, part)
    if first is None:
        return None
    return case.repair(title, case.source.replace(first, f"{grouped(first, case.source.written(first))}.{method}"))


def added(case: Case, passed: Passed, call: Called, part: ast.expr) -> Repair | None:
    """A little added to an input that is 0; one that is negative is clamped."""
    if bool((value_of(passed, call.operands()[0]) < 0).any()):
        return positive(case, passed, call, part)
    first = operand(case, part)
    if first is None:
        return None
    text = f"{summand(case, first)} + {LITTLE}"
    text = f"({text})" if isinstance(part, ast.Call) and is_method(case, part) else text
    return case.repair(f"Add {LITTLE} to the input of `{call.name}`", case.source.replace(first, text))


def summand(case: Case, part: ast.expr) -> str:
    """The text of an expression in a sum: one in brackets has its own no more."""
    text = case.source.written(part)
    return f"({text})" if isinstance(part, ast.IfExp | ast.Lambda | ast.Compare) else text


def smaller(case: Case, passed: Passed, call: Called, part: ast.expr) -> Repair | None:
    """The exponent of an exponential kept where the result is finite."""
    del passed
    result = call.results()[0]
    most = math.floor(math.log(torch.finfo(result.dtype).max)) - 8
    source, first = case.source, operand(case, part)
    if first is None:
        return None
    text = ast.unparse(first)
    same = [operand(case, one) for one in source.parts(part.lineno, ast.Call) if called_name(one) == spoken(part)]
    every = [one for one in same if one is not None and ast.unparse(one) == text]
    edits = [source.replace(one, f"{grouped(one, source.written(one))}.clamp(max={float(most)})") for one in every]
    return case.repair(f"Clamp the input of `{call.name}`", *edits)


def divided(case: Case, passed: Passed, call: Called, part: ast.expr) -> Repair | None:
    """A denominator that is not 0."""
    if not isinstance(part, ast.BinOp):
        return None
    lower = call.args[0] if call.name.startswith("__r") else call.args[1]
    if not isinstance(lower, Tensor) or bool((value_of(passed, lower) != 0).all()):
        return None
    maker = case.trace.maker(lower)
    text = grouped(part.right, case.source.written(part.right))
    root = site(case, maker) if maker is not None and maker.name == "sqrt" else None
    if maker is not None and root is not None:
        return added(case, passed, maker, root)
    if maker is not None and maker.name in ("norm", "vector_norm", "linalg_vector_norm", "abs"):
        return case.repair("Keep the denominator above 0", case.source.replace(part.right, f"{text}.clamp(min=1e-12)"))
    written = case.source.written(part.right)
    inner = written[1:-1] if written.startswith("(") and written.endswith(")") else written
    start, end = case.source.span(part.right)
    is_bracketed = case.source.bytes[start - 1 : start] == b"(" and case.source.bytes[end : end + 1] == b")"
    edit = case.source.replace(part.right, f"{inner} + {LITTLE}" if is_bracketed else f"({inner} + {LITTLE})")
    return case.repair(f"Add {LITTLE} to the denominator", edit)


def whole_spread(case: Case, passed: Passed, call: Called, part: ast.expr) -> Repair | None:
    """A spread that divides by the number of entries itself."""
    del passed
    if not isinstance(part, ast.Call) or any(one.arg in ("unbiased", "correction") for one in part.keywords):
        return None
    end = case.source.span(part)[1]
    more = ", " if part.args or part.keywords else ""
    edit = case.source.replace(
        part, case.source.bytes[case.source.span(part)[0] : end - 1].decode() + f"{more}correction=0)"
    )
    return case.repair(f"Divide by the number of entries in `{call.name}`", edit)


def root_of_size(case: Case, passed: Passed, call: Called, part: ast.expr) -> Repair | None:
    """A power of what may be negative or 0."""
    base = next(tensors_in(call.args[:1]), None)
    if base is None or bool((value_of(passed, base) > 0).all()):
        return None
    if not isinstance(part, ast.BinOp):
        return positive(case, passed, call, part)
    if (
        base is None
        or call.name.startswith("__r")
        or (is_finite(call.results()[0]) and bool((value_of(passed, base) < 0).any()))
    ):
        return None
    text = case.source.written(part.left)
    if bool((value_of(passed, base) < 0).any()):
        size = f"{grouped(part.left, text)}.abs() ** {grouped(part.right, case.source.written(part.right))}"
        signed = f"{case.source.path('torch')}.sign({text}) * {size}"
        is_bare = isinstance(case.source.parents.get(part), ast.Assign | ast.Call)
        edit = case.source.replace(part, signed if is_bare else f"({signed})")
        return case.repair("Take the power of the size, and give it the sign back", edit)
    edit = case.source.replace(part.left, f"{grouped(part.left, text)}.clamp(min={LITTLE})")
    return case.repair("Keep the base above 0", edit)


def with_eps(case: Case, passed: Passed, call: Called, part: ast.expr) -> Repair | None:
    """A logit of what is kept inside 0 and 1."""
    del passed
    if not isinstance(part, ast.Call) or others(case, part):
        return None
    first = operand(case, part)
    if first is None:
        return None
    text = f"{case.source.path('torch')}.logit({case.source.written(first)}, eps={MARGIN})"
    return case.repair(f"Keep the input of `{call.name}` inside 0 and 1", case.source.replace(part, text))


KEPT: dict[str, Callable[[Case, Passed, Called, ast.expr], Repair | None]] = {
    "acos": inside,
    "arccos": inside,
    "asin": inside,
    "arcsin": inside,
    "atanh": inside,
    "erfinv": inside,
    "log": positive,
    "log2": positive,
    "log10": positive,
    "sqrt": added,
    "rsqrt": added,
    "reciprocal": added,
    "exp": smaller,
    "div": divided,
    "__rdiv__": divided,
    "std": whole_spread,
    "var": whole_spread,
    "pow": root_of_size,
    "logit": with_eps,
}
"""By the function's name, what to write instead where no better formula fits."""
