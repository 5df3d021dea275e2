"""Why a gradient is not finite where the loss is."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.autograd.graph import Node as TorchNode

from components.why.finding import Case
from components.why.rules.nan_reasons import spot_at, too_large, worst_leaf
from components.why.rules.numbers import flows, function_word, has_nan, is_finite, number, value_of, word
from components.why.trace import Called, Passed


def backward_reason(case: Case, passed: Passed, node: TorchNode, call: Called) -> str:
    """What happened at the first node that turned a finite gradient into one that is not."""
    place, arrived, left = spoiled(passed, node)
    is_whole = case.trace.by_node.get(node) is call and call.results()[0].numel() > place
    point = point_of(case, passed, call, place) if is_whole else f"`{function_word(call.name)}` in line {call.line}"
    sent = sender(case, passed, node)
    if arrived == 0:
        said = f"{point}. {sent} sends 0 back to it, and 0 times {slope_words(passed, call, place)} is nan."
    elif math.isnan(left):
        said = f"{point}: what it passes on is nan."
    else:
        said = f"{point}{turned(case, passed, node)}."
    gradient = worst_leaf(case, passed)
    return f"{said} So {gradient}." if gradient else said


def spoiled(passed: Passed, node: TorchNode) -> tuple[int, float, float]:
    """The first entry that is not finite of what a node passed on, with what arrived there and what left."""
    kept = passed.backward
    assert kept is not None
    left = next(one for one in kept.passed.get(node) or kept.local[node] if not is_finite(one))
    assert left is not None
    bad = torch.isnan(left) if has_nan(left) else ~torch.isfinite(left)
    place = int(bad.flatten().nonzero()[0])
    arrived = next(one for one in kept.arrived[node] if one is not None)
    at = arrived.expand_as(left) if arrived.ndim <= left.ndim and arrived.numel() in (1, left.numel()) else arrived
    at = at.flatten()
    return place, float(at[min(place, at.numel() - 1)]), float(left.flatten()[place])


def point_of(case: Case, passed: Passed, call: Called, place: int) -> str:
    """A function at the entry where its slope is infinite, or its value."""
    spot = spot_at(case, passed, call, place)
    name = function_word(call.name)
    values = [one for one in spot.numbers if one is not None]
    if name in ("/", "**") and len(values) == 2:
        left, right = values[::-1] if call.name.startswith("__r") else values
        base = f"({number(left)})" if left < 0 else number(left)
        what = f"`{base} {name} {number(right)}`"
        if math.isfinite(spot.value) and left < 0 and name == "**":
            return f"{what} in line {call.line}: its slope by the exponent has the logarithm of {number(left)} in it"
        if math.isfinite(spot.value):
            return f"{what} in line {call.line} has an infinite slope"
        return f"{what} in line {call.line} is {number(spot.value)}{too_large(spot)}"
    at = number(values[0]) if values else ""
    if not math.isfinite(spot.value):
        return f"`{name}`{' of ' + at if at else ''} in line {call.line} is {number(spot.value)}{too_large(spot)}"
    if call.name == "atan2" and len(values) == 2:
        at = f"({at}, {number(values[1])})"
    return f"`{name}`{' at ' + at if at else ''} in line {call.line} has an infinite slope"


def slope_words(passed: Passed, call: Called, place: int) -> str:
    """What 0 is multiplied by: nan where the function has no value, infinity otherwise."""
    result = value_of(passed, call.results()[0]).flatten()
    return "nan" if place < result.numel() and bool(torch.isnan(result[place])) else "infinity"


def sender(case: Case, passed: Passed, node: TorchNode) -> str:
    """What handed a gradient over to a node."""
    senders = [flow.consumer for flow in flows(passed) if flow.source is node]
    if not senders:
        return "The pass"
    line = case.line_of(senders[0])
    return f"`{word(case, senders[0])}`" + (f" in line {line}" if line else "")


def turned(case: Case, passed: Passed, node: TorchNode) -> str:
    """Where an infinite gradient became nan: it met a slope of 0."""
    kept = passed.backward
    assert kept is not None
    for other in reversed(kept.order):
        came = [one for one in kept.arrived.get(other, ()) if one is not None]
        left: list[Tensor] = [one for one in kept.passed.get(other, ()) if one is not None]
        is_new = any(not is_finite(one) for one in came) and not any(map(has_nan, came))
        if other is not node and is_new and any(map(has_nan, left)):
            line = case.line_of(other)
            return f"; times the slope 0 of `{word(case, other)}`{f' in line {line}' if line else ''} that is nan"
    return ""
