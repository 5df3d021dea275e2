"""Trainings that learn next to nothing: units all the same, functions taken twice, steps that round to nothing."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator

import torch
from torch import Tensor

from components.graph.read import key_of
from components.graph.record import grad_node
from components.why.finding import Case, Finding, Repair, named
from components.why.rules.nan_diverged import Rate, rate_of
from components.why.rules.numbers import (
    function_word,
    in_one_scope,
    leaf_gradients,
    number,
    operand,
    site,
    value_of,
)
from components.why.rules.zero_repairs import random_start
from components.why.source import called_name, grouped
from components.why.trace import Called, Optimized, Passed

ACTIVATIONS = ("relu", "tanh", "sigmoid", "leaky_relu", "gelu", "elu", "silu", "softplus", "clamp")
TWICE = {"cross_entropy": "softmax", "binary_cross_entropy_with_logits": "sigmoid"}
"""Losses, with the function that they take themselves."""

MODULES = {"softmax": "Softmax", "sigmoid": "Sigmoid"}
SOME = 1e-3
"""The least entry of a gradient that a step is expected of."""

LARGEST = 64
"""Entries of a parameter whose value before a pass is kept."""

UPDATES = ("__isub__", "sub_", "add_", "__iadd__")


def equal_units(case: Case) -> Iterator[Finding]:
    """Two layers whose units begin the same, get the same gradient, and so stay the same."""
    passes = [one for one in case.trace.passes() if one.is_finished and one.backward is not None]
    pairs = [pair for pair in leaf_gradients(passes[-1]) if pair[0].ndim == 2] if passes else []
    if len(pairs) < 2:
        return
    alike = [(leaf, gradient) for leaf, gradient in pairs if is_alike(passes[0], leaf, gradient)]
    if len(alike) < 2 or not any(bool(gradient.any()) for _, gradient in alike):
        return
    if not any(call.name in ACTIVATIONS for call in case.trace.calls()):
        return
    first, second = alike[0][0], alike[1][0]
    shared = [size for size in first.shape if size in second.shape and size > 1]
    if not shared:
        return
    leaves = [leaf for leaf, _ in alike]
    names = [case.bare_name(leaf) for leaf in leaves]
    listing = " and ".join(f"`{name}`" for name in names[:2])
    text = (
        f"The entries of {listing} begin all the same, so the {shared[0]} units between them compute the same "
        "and get the "
        "same gradient: however long it is trained, it remains one unit."
    )
    offer = random_start(case, leaves)
    line = offer[1] if offer else passes[0].line
    marks = tuple(grad_node(leaf) for leaf in leaves)
    yield Finding("zero", line, named(*names), text, offer[0] if offer else None, during=passes[-1], marks=marks)


def is_alike(passed: Passed, leaf: Tensor, gradient: Tensor) -> bool:
    """Whether a matrix began with one number, and its gradient goes the same way for all units."""
    if leaf.numel() < 2:
        return False
    value = value_of(passed, leaf)
    if not bool((value == value.flatten()[0]).all()):
        return False
    scale = 1e-5 * float(gradient.abs().max())
    spreads = [float((gradient.amax(dim) - gradient.amin(dim)).max()) for dim in (0, 1) if leaf.shape[dim] > 1]
    return any(spread <= scale for spread in spreads)


def taken_twice(case: Case) -> Iterator[Finding]:
    """A loss that takes a softmax or a sigmoid itself, of what has been through one."""
    for call in case.trace.calls():
        inner = TWICE.get(call.name)
        given = call.operands()[0] if inner and call.operands() else None
        made = case.trace.maker(given) if given is not None and given.requires_grad else None
        if inner is None or made is None or made.name != inner or given is None:
            continue
        least = math.log(1 + (given.shape[-1] - 1) / math.e) if inner == "softmax" else math.log(1 + 1 / math.e)
        text = (
            f"`{call.name}` in line {call.line} takes the {inner} itself, and line {made.line} has taken it "
            "before. What comes "
            f"in lies between 0 and 1, so the loss of a sample cannot fall below {number(least)} and its "
            "slopes are small."
        )
        repair, line = once(case, call, made)
        marks = tuple(key for key in map(key_of, made.results()) if not isinstance(key, int))
        during = next(
            (one for one in case.trace.passes() if one.backward and set(marks) & set(one.backward.arrived)), None
        )
        yield Finding("zero", line, named(case.bare_name(given)), text, repair, during=during, marks=marks)
        return


def once(case: Case, call: Called, made: Called) -> tuple[Repair | None, int]:
    """The loss of the scores themselves, and the line that this changes."""
    source = case.source
    part = site(case, made)
    title = f"Give the scores to the loss, without the {made.name}"
    if part is None:
        layers = [n for n in ast.walk(source.tree) if isinstance(n, ast.Call) and called_name(n) == MODULES[made.name]]
        if len(layers) != 1:
            return None, call.line
        edit = source.replace(layers[0], f"{source.path('torch.nn')}.Identity()")
        return case.repair(title, edit), layers[0].lineno
    first = operand(case, part)
    if first is None:
        return None, call.line
    text = source.written(first)
    assigned = source.assigned(part.lineno)
    if assigned is None or assigned[1] is not part:
        return case.repair(title, source.replace(part, grouped(first, text))), part.lineno
    name = source.part(call.line, ast.Name, lambda one: one.id == assigned[0])
    if name is None or not in_one_scope(source, name, part):
        return None, call.line
    return case.repair(title, source.replace(name, text)), call.line


def rounded_away(case: Case) -> Iterator[Finding]:
    """Steps that are smaller than the distance to the next number that a parameter can be."""
    passes = [one for one in case.trace.passes() if one.is_finished and one.backward is not None]
    has_steps = bool(case.trace.of_kind(Optimized)) or any(call.name in UPDATES for call in case.trace.calls())
    for leaf, gradient in leaf_gradients(passes[0]) if passes and has_steps else []:
        before = value_of(passes[0], leaf)
        if leaf.numel() > LARGEST or not bool((gradient.abs() > SOME).all()):
            continue
        if not torch.equal(before, leaf.detach()) or not is_moved(case, leaf):
            continue
        rate = rate_of(case, leaf)
        if rate is None or not rate.value > 0 or not torch.equal(before - rate.value * gradient, before):
            continue
        yield too_small(case, passes[0], leaf, rate, rate.value * float(gradient.abs().flatten()[0]))
        return


def is_moved(case: Case, leaf: Tensor) -> bool:
    """Whether the program made a step with a parameter."""
    if any(one is leaf for call in case.trace.calls() if call.name in UPDATES for one in call.changed):
        return True
    steps = [
        one for one in case.trace.of_kind(Optimized) if one.call == "step" and isinstance(one.owner, torch.optim.SGD)
    ]
    return any(held is leaf for step in steps for held, has_gradient in step.parameters if has_gradient)


def too_small(case: Case, passed: Passed, leaf: Tensor, rate: Rate, step: float) -> Finding:
    """What is said of a step that a parameter's dtype cannot hold."""
    value = value_of(passed, leaf).flatten()[0]
    gap = float(torch.nextafter(value.abs(), value.new_tensor(math.inf)) - value.abs())
    name = case.bare_name(leaf)
    text = (
        f"`{name}` is {number(value)}, and the next {str(leaf.dtype).removeprefix('torch.')} number is "
        f"{number(gap)} away: a step "
        f"of {number(step)} (the learning rate {number(rate.value)} times the gradient) is rounded to nothing, and "
        f"`{name}` stays."
    )
    larger = f"{rate.value * 10 ** math.ceil(math.log10(100 * gap / step)):g}"
    repair = case.repair(f"Use a learning rate of {larger}", case.source.replace(rate.literal, larger))
    return Finding("zero", rate.literal.lineno, named(name), text, repair, during=passed, marks=(grad_node(leaf),))


def without_derivative(case: Case) -> Iterator[Finding]:
    """`derivative for aten::heaviside is not implemented`."""
    found = re.search(r"derivative for aten::(\w+) is not implemented", case.message)
    if found is None:
        return
    names = (found[1], f"__{found[1].replace('floor_divide', 'floordiv')}__")
    calls = [call for call in case.trace.calls() if call.name in names and call.result.requires_grad]
    if not calls:
        return
    call = calls[-1]
    text = (
        f"`{'//' if 'floor' in found[1] else function_word(call.name)}` in line {call.line} goes in steps: its "
        "slope is 0 between "
        "them and none at them, so torch has no derivative for it."
    )
    part = site(case, call)
    first = operand(case, part)
    repair = None
    if found[1] == "heaviside" and part is not None and first is not None:
        edit = case.source.replace(part, f"{case.source.path('torch')}.sigmoid({case.source.written(first)})")
        repair = case.repair("Put `sigmoid`, a smooth step, in its place", edit)
    marks = tuple(key for key in map(key_of, call.results()) if not isinstance(key, int))
    yield Finding("zero", call.line, named(case.bare_name(call.operands()[0])), text, repair, marks=marks)


def one_of_many(case: Case) -> Iterator[Finding]:
    """A loss that is the largest or the least entry of a leaf: all others get nothing."""
    passes = case.trace.passes()
    if len(passes) != 1 or not passes[0].is_finished or len(passes[0].roots) != 1:
        return
    call = case.trace.maker(passes[0].roots[0])
    if call is None or call.name not in ("max", "min") or len(call.args) != 1 or call.kwargs:
        return
    leaf = call.operands()[0]
    if not leaf.is_leaf or leaf.ndim != 1 or len(leaf) < 2:
        return
    name = case.bare_name(leaf)
    which = "largest" if call.name == "max" else "least"
    text = (
        f"`{call.name}` in line {call.line} is the {which} entry of `{name}` alone, {number(call.result)}: it "
        "gets all of the "
        f"gradient, and the other {len(leaf) - 1} get 0. Are they meant to learn too?"
    )
    part = site(case, call)
    sign = "-" if call.name == "min" else ""
    smooth = f"{sign}{case.source.path('torch')}.logsumexp({sign}{name}, dim=0)"
    edit = case.source.replace(part, smooth) if part is not None else None
    repair = case.repair("Use `logsumexp`, a smooth one", edit) if edit is not None else None
    marks = (passes[0].roots[0].grad_fn,) if passes[0].roots[0].grad_fn is not None else ()
    yield Finding("zero", call.line, named(name), text, repair, True, passes[0], marks)


RULES = (without_derivative, taken_twice, equal_units, rounded_away, one_of_many)
