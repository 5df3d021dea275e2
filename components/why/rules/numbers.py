"""Numbers of a run as findings read and say them, and where the program's text has the call that made them."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.graph import Node as TorchNode

from components.graph.read import key_of
from components.graph.record import grad_node
from components.why.finding import Case, op_name
from components.why.source import Source, called_name
from components.why.trace import Called, Passed

LONGEST_LIST = 4
"""Entries of a tensor that are all said in a sentence."""

OPERATORS: dict[str, type[ast.operator]] = {
    "div": ast.Div,
    "__rdiv__": ast.Div,
    "__rtruediv__": ast.Div,
    "pow": ast.Pow,
    "__rpow__": ast.Pow,
    "sub": ast.Sub,
    "__rsub__": ast.Sub,
    "add": ast.Add,
    "mul": ast.Mult,
    "matmul": ast.MatMult,
}
"""What a program writes for a call."""


class Flow(NamedTuple):
    """A gradient between two nodes of a pass: what `consumer` hands over to `source`."""

    consumer: TorchNode
    source: TorchNode
    gradient: Tensor | None


# numbers


def is_finite(value: Any) -> bool:
    """Whether no entry is nan or infinite; what is no floating point tensor is taken to be."""
    if not isinstance(value, Tensor) or not value.is_floating_point() or value.is_meta:
        return True
    # A sum is quick, and finite only where every entry is.
    return math.isfinite(value.detach().sum().item()) or bool(torch.isfinite(value).all())


def has_nan(value: Tensor) -> bool:
    """Whether an entry is nan."""
    return value.is_floating_point() and bool(torch.isnan(value).any())


def number(value: float | Tensor) -> str:
    """A number in a sentence."""
    plain = float(value.detach() if isinstance(value, Tensor) else value)
    return (
        repr(plain) if not math.isfinite(plain) else f"{plain:.4g}".replace("-0", "0") if plain == 0 else f"{plain:.4g}"
    )


def numbers(value: Tensor) -> str:
    """A short tensor in a sentence."""
    entries = [number(entry) for entry in value.detach().flatten()]
    return entries[0] if not value.ndim else f"[{', '.join(entries)}]"


def size(shape: Iterable[int]) -> str:
    """A shape in a sentence."""
    return str(tuple(int(length) for length in shape))


def value_of(passed: Passed, tensor: Tensor) -> Tensor:
    """What a tensor was when a pass began: a leaf, and what a line changes in place, is another one later."""
    if passed.backward is None:
        return tensor.detach()
    reader = passed.backward.reader
    key = grad_node(tensor) if tensor.requires_grad and tensor.is_leaf else key_of(tensor)
    before = reader.before.get(key)
    if isinstance(before, Tensor) and before.shape == tensor.shape:
        return before
    copied = reader.copies.get(key)
    return copied if copied is not None and copied.shape == tensor.shape else tensor.detach()


# nodes


def flows(passed: Passed) -> list[Flow]:
    """What was handed over in a pass, in the order in which it went."""
    if passed.backward is None:
        return []
    return [
        Flow(node, source, gradient)
        for node in reversed(passed.backward.order)
        for (source, _), gradient in zip(node.next_functions, passed.backward.passed.get(node, ()), strict=False)
        if source is not None
    ]


def call_of(case: Case, passed: Passed, node: TorchNode) -> Called | None:
    """The call that made a node; of one inside a larger function, that function."""
    if node in case.trace.by_node:
        return case.trace.by_node[node]
    handed = flows(passed)
    waiting, seen = [node], {node}
    while waiting:
        one = waiting.pop(0)
        if one in case.trace.by_node:
            return case.trace.by_node[one]
        for flow in handed:
            if flow.source is one and flow.consumer not in seen:
                seen.add(flow.consumer)
                waiting.append(flow.consumer)
    return None


def leaf_of(node: TorchNode) -> Tensor | None:
    """The leaf that a node keeps a gradient for."""
    leaf = getattr(node, "variable", None)
    return leaf if isinstance(leaf, Tensor) else None


def leaf_gradients(passed: Passed) -> list[tuple[Tensor, Tensor]]:
    """The leaves that a pass reached, each with what arrived there."""
    arrived = passed.backward.arrived if passed.backward is not None else {}
    pairs = [(leaf_of(node), gradients[0]) for node, gradients in arrived.items()]
    return [(leaf, gradient) for leaf, gradient in pairs if leaf is not None and gradient is not None]


def word(case: Case, node: TorchNode) -> str:
    """What a program calls what a node does."""
    call = case.trace.by_node.get(node)
    return (
        function_word(call.name)
        if call is not None
        else op_name(node).rstrip("0123456789").removesuffix("Backward").lower()
    )


def function_word(name: str) -> str:
    """What a program calls a function: `/` for `div`."""
    return WORDS.get(name, name.strip("_"))


WORDS = {
    "__rdiv__": "/",
    "__rtruediv__": "/",
    "div": "/",
    "__rsub__": "-",
    "sub": "-",
    "mul": "*",
    "add": "+",
    "pow": "**",
    "__rpow__": "**",
    "matmul": "@",
    "__getitem__": "[...]",
}


# the text


def site(case: Case, call: Called) -> ast.expr | None:
    """The part of the program's text that a call stands in; the right one of several in a line."""
    source = case.source
    kind = OPERATORS.get(call.name)
    found: list[ast.expr] = [part for part in source.parts(call.line, ast.Call) if called_name(part) == call.name]
    if kind is not None:
        found += [part for part in source.parts(call.line, ast.BinOp) if isinstance(part.op, kind)]
    found.sort(key=lambda part: (part.end_lineno or 0, part.end_col_offset or 0))
    if len(found) < 2:
        return next(iter(found), None)
    before = [one for one in case.trace.calls() if one.line == call.line and one.name == call.name and one.at < call.at]
    return found[len(before) % len(found)]


def operand(case: Case, part: ast.expr | None) -> ast.expr | None:
    """The expression of the first operand of a call or an operator."""
    if isinstance(part, ast.BinOp):
        return part.left
    if not isinstance(part, ast.Call):
        return None
    if isinstance(part.func, ast.Attribute) and not is_module(case.source, part.func.value):
        return part.func.value
    named = [one.value for one in part.keywords if one.arg == "input"]
    return next(iter([*part.args[:1], *named]), None)


def is_module(source: Source, part: ast.expr) -> bool:
    """Whether an expression is a module that the program imports, or one inside it."""
    while isinstance(part, ast.Attribute):
        part = part.value
    if not isinstance(part, ast.Name):
        return False
    imports = [node for node in ast.walk(source.tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {(alias.asname or alias.name).partition(".")[0] for node in imports for alias in node.names}
    return part.id in names


def is_method(case: Case, part: ast.Call) -> bool:
    """Whether a call is written behind its first operand."""
    return isinstance(part.func, ast.Attribute) and part.func.value is operand(case, part)


def others(case: Case, part: ast.Call) -> str:
    """The text of a call's arguments beside the first operand, with a comma before it; "" where there are none."""
    first = operand(case, part)
    texts = [case.source.written(arg) for arg in part.args if arg is not first]
    texts += [f"{one.arg}={case.source.written(one.value)}" for one in part.keywords if one.value is not first]
    return "".join(f", {text}" for text in texts)


def in_one_scope(source: Source, first: ast.AST, second: ast.AST) -> bool:
    """Whether two parts stand in the same function."""
    kinds = (ast.FunctionDef, ast.Lambda)
    return source.around(first, kinds) is source.around(second, kinds)
