"""Functions of the program's own, hooks and copies."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from torch import Tensor

from components.why.finding import Case, Finding, Repair, named
from components.why.rules.inplace import shares
from components.why.rules.untracked import is_read_behind
from components.why.source import Edit, called_name, grouped, keyword
from components.why.trace import Bound, Optimized


def result_copied(case: Case) -> Iterator[Finding]:
    """`Only Tensors created explicitly by the user ... support the deepcopy protocol`."""
    if not case.raised("support the deepcopy protocol"):
        return
    line = case.error_line
    call = case.source.call(line, "deepcopy")
    given = call.args[0] if call is not None and call.args else None
    name = given.id if isinstance(given, ast.Name) else ""
    what = f"`{name}`" if name else "What is copied here"
    text = f"{what} is a result with a graph behind it, and a graph is not copied. `.detach()` leaves the values alone."
    repair = None
    if given is not None:
        edit = case.source.replace(given, f"{grouped(given, case.source.written(given))}.detach()")
        repair = case.repair("Copy the values alone", edit)
    bound = case.trace.last_bound(name) if name else None
    marks = (bound.value,) if bound is not None and isinstance(bound.value, Tensor) else ()
    yield Finding("custom", line, named(name), text, repair, marks=marks)


def wrong_number_of_gradients(case: Case) -> Iterator[Finding]:
    """`function ...Backward returned an incorrect number of gradients (expected 2, got 1)`."""
    found = re.search(
        r"function (\w+)Backward returned an incorrect number of gradients \(expected (\d+), got (\d+)\)", case.message
    )
    if found is None:
        return
    name, wanted, got = found[1], int(found[2]), int(found[3])
    result = returned(case, name, "backward")
    line = result.lineno if result is not None else case.error_line
    text = (
        f"`{name}.backward` gives {got} gradient{'s' if got != 1 else ''}, and `forward` takes {wanted} argument"
        f"{'s' if wanted != 1 else ''} beside `ctx`: it has to give one for each, None for what has no gradient."
    )
    repair = None
    if result is not None and result.value is not None and wanted > got:
        end = case.source.span(result.value)[1]
        repair = case.repair("Give None for the others", Edit(end, end, ", None" * (wanted - got)))
    yield Finding("custom", line, (name,), text, repair, during=case.failed)


def returned(case: Case, name: str, method: str) -> ast.Return | None:
    """The last `return` of a method of a class."""
    for node in case.source.nodes:
        if isinstance(node, ast.ClassDef) and node.name == name:
            functions = [f for f in node.body if isinstance(f, ast.FunctionDef) and f.name == method]
            returns = [part for f in functions for part in ast.walk(f) if isinstance(part, ast.Return)]
            return returns[-1] if returns else None
    return None


def gradient_of_wrong_shape(case: Case) -> Iterator[Finding]:
    """`Function ...Backward returned an invalid gradient at index 0 - got [2] but expected shape compatible "
    "with [3]`."""
    found = re.search(
        r"Function (\w+)Backward returned an invalid gradient at index (\d+) - got (.+) but expected (.+)", case.message
    )
    if found is None or not any(isinstance(n, ast.ClassDef) and n.name == found[1] for n in case.source.nodes):
        return
    result = returned(case, found[1], "backward")
    line = result.lineno if result is not None else case.error_line
    wanted = found[4].removeprefix("shape compatible with ")
    text = (
        f"`{found[1]}.backward` gives a gradient of the shape {found[3]} for argument {int(found[2]) + 1} of "
        "`forward`, which "
        f"has {wanted}: a gradient has the shape of what it belongs to."
    )
    yield Finding("custom", line, (found[1],), text, None, during=case.failed)


def without_backward(case: Case) -> Iterator[Finding]:
    """`You must implement either the backward or vjp method`."""
    if not case.raised("must implement either the backward or vjp"):
        return
    for node in case.source.nodes:
        is_function = isinstance(node, ast.ClassDef) and any(
            case.source.written(b).endswith("Function") for b in node.bases
        )
        if isinstance(node, ast.ClassDef) and is_function:
            methods = {f.name for f in node.body if isinstance(f, ast.FunctionDef)}
            if "backward" not in methods:
                text = f"`{node.name}` has no `backward`, so the pass of line {case.error_line} cannot go through it."
                yield Finding("custom", node.lineno, (node.name,), text, None, during=case.failed)
                return


def checked_in_float32(case: Case) -> Iterator[Finding]:
    """gradcheck in single precision, where central differences are too coarse."""
    warned = any("not a double precision" in str(w["message"]) for w in case.warnings)
    if not warned or not case.raised("Jacobian mismatch"):
        return
    line = next(int(w["line"] or 0) for w in case.warnings if "not a double precision" in str(w["message"]))
    leaves = [e for e in case.trace.of_kind(Bound) if is_single(e.value) and e.value.is_leaf and e.value.requires_grad]
    used = {part.id for part in case.source.parts(line, ast.Name)}
    leaves = [leaf for leaf in leaves if leaf.name in used] or leaves
    if not leaves:
        return
    edits = [edit for leaf in leaves for edit in in_double(case, leaf)]
    names = [leaf.name for leaf in leaves]
    text = (
        f"`gradcheck` compares with differences of about 1e-6, which float32 cannot tell apart: `{names[0]}` "
        "has to be float64 for "
        f"the comparison to mean anything."
    )
    repair = case.repair("Check in float64", *edits) if edits else None
    yield Finding("custom", leaves[0].line, named(*names), text, repair)


def is_single(value: object) -> bool:
    """Whether this is a tensor in single precision."""
    return isinstance(value, Tensor) and str(value.dtype) == "torch.float32"


def in_double(case: Case, leaf: Bound) -> list[Edit]:
    """`dtype=torch.float64` in the call that made a leaf."""
    assigned = case.source.assigned(leaf.line)
    if assigned is None or not isinstance(assigned[1], ast.Call) or keyword(assigned[1], "dtype") is not None:
        return []
    return [case.source.with_argument(assigned[1], f"dtype={case.source.path('torch')}.float64")]


def hook_on_untracked(case: Case) -> Iterator[Finding]:
    """`cannot register a hook on a tensor that doesn't require gradient`."""
    if not case.raised("cannot register a hook on a tensor that doesn't require gradient"):
        return
    call = case.source.call(case.error_line, "register_hook")
    owner = call.func.value if call is not None and isinstance(call.func, ast.Attribute) else None
    name = owner.id if isinstance(owner, ast.Name) else ""
    what = f"`{name}`" if name else "This tensor"
    text = f"{what} does not require grad: no gradient ever arrives there that a hook could see."
    yield Finding("custom", case.error_line, named(name), text, None)


def alias_changed(case: Case) -> Iterator[Finding]:
    """A name that was to keep a value, and stands for the very tensor that changes."""
    changes = case.changes
    if not changes:
        return
    for bound in case.trace.of_kind(Bound):
        if not bound.name:
            continue
        kept = [one for one in held_by(bound.value) if one.is_leaf]
        later = [c for c in changes if c.at > bound.at and any(shares(one, o) for one in kept for o in c.changed)]
        if not later or not is_copy(case, bound) or not is_read_behind(case, bound.name, later[0].line):
            continue
        stepped = any(e.call == "step" and e.line == later[0].line for e in case.trace.of_kind(Optimized))
        how = "the optimiser's step" if stepped else "the change"
        text = (
            f"`{bound.name}` of line {bound.line} is no copy: it stands for the same tensor, and {how} in line "
            f"{later[0].line} "
            f"changes it too. Is it meant to keep the old values?"
        )
        yield Finding("custom", bound.line, (bound.name,), text, cloned(case, bound), True)
        return


def held_by(value: object) -> list[Tensor]:
    """The tensors that a name stands for, alone or in a dictionary such as a `state_dict`."""
    if isinstance(value, Tensor):
        return [value]
    return [one for one in value.values() if isinstance(one, Tensor)] if isinstance(value, dict) else []


def is_copy(case: Case, bound: Bound) -> bool:
    """Whether a line only gives a second name to what has one, or takes a module's dictionary of parameters."""
    assigned = case.source.assigned(bound.line)
    if assigned is None:
        return False
    value = assigned[1]
    if isinstance(value, ast.Call):
        return called_name(value) == "state_dict"
    return isinstance(value, ast.Name) and value.id != bound.name and isinstance(bound.value, Tensor)


def cloned(case: Case, bound: Bound) -> Repair | None:
    """The name given to a copy."""
    assigned = case.source.assigned(bound.line)
    if assigned is None:
        return None
    text = case.source.written(assigned[1])
    if isinstance(bound.value, dict):
        edit = case.source.replace(assigned[1], f"{{name: value.clone() for name, value in {text}.items()}}")
    else:
        edit = case.source.replace(assigned[1], f"{text}.detach().clone()")
    return case.repair("Keep a copy", edit)


RULES = (
    *(result_copied, wrong_number_of_gradients, gradient_of_wrong_shape, without_backward),
    *(checked_in_float32, hook_on_untracked, alias_changed),
)
