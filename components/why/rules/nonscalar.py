"""A backward pass that begins at more than one number."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from torch import Tensor

from components.why.finding import Case, Finding, Repair, named
from components.why.source import Edit, keyword


def result_of_many(case: Case) -> Iterator[Finding]:
    """`grad can be implicitly created only for scalar outputs`."""
    passed = case.failed
    if passed is None or not case.raised("grad can be implicitly created only for scalar outputs"):
        return
    root = next((one for one in passed.roots if one.numel() != 1), None)
    if root is None:
        return
    maker = case.trace.maker(root)
    unreduced = maker is not None and maker.kwargs.get("reduction") == "none"
    how = "mean" if unreduced else "sum"
    name = case.name(root, "The tensor in this line")
    text = (
        f"{name} has {root.numel()} numbers (shape {tuple(root.shape)}), and a backward pass begins at one: "
        "torch cannot know "
        f"how much each of them counts. `.{how}()` makes one number of them, in which each counts the same."
    )
    repair = reduced(case, passed.line, how)
    yield Finding("nonscalar", passed.line, named(case.bare_name(root)), text, repair, during=passed, marks=(root,))


def reduced(case: Case, line: int, how: str) -> Repair | None:
    """The pass from the sum, or the mean, of all entries."""
    source = case.source
    call = source.call(line, "backward")
    if call is not None and isinstance(call.func, ast.Attribute) and not call.args:
        owner = call.func.value
    else:
        call = source.call(line, "grad")
        if call is None or not call.args or isinstance(call.args[0], ast.List | ast.Tuple):
            return None
        owner = call.args[0]
    text = source.written(owner)
    is_plain = isinstance(owner, ast.Name | ast.Call | ast.Attribute | ast.Subscript)
    edit = source.replace(owner, f"{text if is_plain else f'({text})'}.{how}()")
    return case.repair(f"Begin at the {how}", edit)


def gradient_of_another_shape(case: Case) -> Iterator[Finding]:
    """`Mismatch in shape: grad_output[0] has a shape of ...`."""
    passed = case.failed
    if passed is None or not case.raised("Mismatch in shape: grad_output"):
        return
    given = passed.options.gradient
    gradient = given[0] if isinstance(given, list | tuple) and given else given
    if not isinstance(gradient, Tensor):
        return
    root = passed.roots[0]
    name = case.name(root, "the result")
    text = (
        f"The gradient that is handed over has the shape {tuple(gradient.shape)}, and {name} has "
        f"{tuple(root.shape)}: it needs "
        f"one weight for each number of {name}, where the pass begins."
    )
    names = named(case.bare_name(root), case.bare_name(gradient))
    yield Finding(
        "nonscalar", passed.line, names, text, ones_like(case, passed.line, root), during=passed, marks=(root,)
    )


def ones_like(case: Case, line: int, root: Tensor) -> Repair | None:
    """The pass with a weight of one for each number of the result."""
    source = case.source
    call = source.call(line, "backward", "grad")
    name = case.bare_name(root)
    if call is None or not name:
        return None
    flag = next(
        (keyword(call, word) for word in ("gradient", "grad_outputs", "grad_tensors") if keyword(call, word)), None
    )
    given = flag.value if flag is not None else call.args[0] if call.args else None
    if given is None:
        return None
    edit: Edit = source.replace(given, f"{source.path('torch')}.ones_like({name})")
    return case.repair(f"Give a weight for each number of `{name}`", edit)


RULES = (result_of_many, gradient_of_another_shape)
