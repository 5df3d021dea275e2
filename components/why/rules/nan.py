"""A value or a gradient that is not finite: where it first was, forward or backward."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor
from torch.autograd.graph import Node as TorchNode

from components.graph.read import key_of
from components.graph.record import grad_node
from components.why.finding import Case, Finding, named
from components.why.rules.nan_diverged import diverged
from components.why.rules.nan_reasons import forward_reason, outcome
from components.why.rules.nan_repairs import offer
from components.why.rules.nan_slopes import backward_reason
from components.why.rules.numbers import call_of, has_nan, is_finite, leaf_gradients, number, value_of
from components.why.trace import Bound, Called, Passed, tensors_in

WRITES = ("masked_fill", "masked_fill_", "where", "full", "full_like", "fill_", "tensor", "__setitem__", "new_full")
"""Functions that put a number in that the program gives."""


def first_nan(case: Case) -> Iterator[Finding]:
    """The first pass that a leaf's gradient, or the loss, is not finite in: the call that began it."""
    passed = next((passed for passed in case.trace.passes() if is_bad(case, passed)), None)
    if passed is None or not all(map(is_finite, tensors_in((passed.options.gradient,)))):
        return
    root = next((root for root in passed.roots if not is_finite(value_of(passed, root))), None)
    if root is not None:
        yield from forward(case, passed, root)
    else:
        yield from backward(case, passed)


def is_bad(case: Case, passed: Passed) -> bool:
    """Whether a root of a pass, or what it brought to a leaf, is not finite."""
    if not all(is_finite(root) for root in passed.roots) or not all(map(is_finite, passed.results)):
        return True
    if passed is case.failed:
        return case.raised("returned nan values")
    return not all(is_finite(gradient) for _, gradient in leaf_gradients(passed))


# forward


class Origin(NamedTuple):
    """Where a value that is not finite came from: a call, or a tensor that the program gave."""

    call: Called | None
    tensor: Tensor

    @property
    def is_written(self) -> bool:
        """Whether the program put it in itself."""
        return self.call is None or is_writing(self.call)


def is_writing(call: Called) -> bool:
    """Whether a call puts a number in that the program gives, or takes the logarithm of a mask."""
    if call.name in WRITES or not call.operands():
        return True
    first = call.operands()[0]
    return call.name == "log" and not first.requires_grad and bool(((first == 0) | (first == 1)).all())


def origin(case: Case, passed: Passed, tensor: Tensor) -> Origin:
    """Where a value that is not finite came from: a call whose operands are finite, or that made nan of infinities."""
    seen: set[int] = set()
    while id(tensor) not in seen:
        seen.add(id(tensor))
        maker = case.trace.maker(tensor)
        if maker is None or not maker.operands():
            return Origin(None, tensor)
        bad = [one for one in maker.operands() if not is_finite(value_of(passed, one)) and one is not tensor]
        if not bad:
            return Origin(maker, tensor)
        spoiled = [one for one in bad if has_nan(value_of(passed, one))]
        if has_nan(value_of(passed, tensor)) and not spoiled:
            spoiled = [one for one in bad if not origin(case, passed, one).is_written]
            if not spoiled:
                return Origin(maker, tensor)
        tensor = (spoiled or bad)[0]
    return Origin(None, tensor)


def forward(case: Case, passed: Passed, root: Tensor) -> Iterator[Finding]:
    """The first call whose result is not finite, on the way to the loss."""
    found = origin(case, passed, root)
    grown = diverged(case, passed)
    if grown is not None:
        yield grown
    elif found.call is None:
        yield from given(case, passed, found.tensor, root)
    else:
        yield of_call(case, passed, found.call, root)


def of_call(case: Case, passed: Passed, call: Called, root: Tensor) -> Finding:
    """What is said of a call whose result is not finite."""
    names = named(*map(case.bare_name, (*call.operands(), *call.results(), root)))
    marks = tuple(key for key in map(key_of, call.results()) if not isinstance(key, int)) or (root,)
    text = forward_reason(case, passed, call, root)
    fixed, line = offer(case, passed, call) or (None, call.line)
    return Finding("nan", line, names, text, fixed, during=passed, marks=marks)


def given(case: Case, passed: Passed, tensor: Tensor, root: Tensor) -> Iterator[Finding]:
    """A tensor that the program gave numbers that are not finite."""
    name = case.bare_name(tensor)
    bound = next((e for e in case.trace.of_kind(Bound) if e.value is tensor), None)
    if not name or bound is None:
        return
    value = value_of(passed, tensor)
    what = number(value[~torch.isfinite(value)].flatten()[0])
    text = f"`{name}` has {what} in it when line {passed.line} is reached, and everything made of it takes that over: "
    text += outcome(case, passed, root)
    marks = (grad_node(tensor),) if tensor.requires_grad else (tensor,)
    yield Finding("nan", bound.line, named(name, case.bare_name(root)), text, during=passed, marks=marks)


# backward


def backward(case: Case, passed: Passed) -> Iterator[Finding]:
    """The first node that turned a finite gradient into one that is not."""
    node = first_node(passed)
    call = call_of(case, passed, node) if node is not None else None
    if node is None or call is None:
        return
    grown = diverged(case, passed)
    if grown is not None:
        yield grown
        return
    spoiled = [origin(case, passed, one) for one in call.operands() if not is_finite(value_of(passed, one))]
    by_fault = next((one.call for one in spoiled if one.call is not None and not one.is_written), None)
    if by_fault is not None:
        yield of_call(case, passed, by_fault, passed.roots[0])
        return
    text = backward_reason(case, passed, node, call)
    fixed, line = offer(case, passed, call) or (None, call.line)
    bad = [leaf for leaf, gradient in leaf_gradients(passed) if not is_finite(gradient)]
    names = named(*map(case.bare_name, (*call.operands(), *bad)))
    yield Finding("nan", line, names, text, fixed, during=passed, marks=(node,))


def first_node(passed: Passed) -> TorchNode | None:
    """The first node where a finite gradient came and another one left."""
    kept = passed.backward
    for node in reversed(kept.order) if kept is not None else ():
        arrived = kept.arrived.get(node, ())  # type: ignore[union-attr]
        if any(one is not None for one in arrived) and all(map(is_finite, arrived)):
            # What a pass stopped at has not been handed over: then the local derivative tells.
            left = kept.passed.get(node) or kept.local[node]  # type: ignore[union-attr]
            if not all(map(is_finite, left)):
                return node
    return None


RULES = (first_nan,)
