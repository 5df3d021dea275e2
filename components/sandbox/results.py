"""What a run leaves behind, as JSON knows it."""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from components.graph.files import to_plain, to_record
from components.graph.model import LARGEST_LISTED, Snapshot
from components.graph.moments import Moment
from components.sandbox.printing import text_of, written_integer
from components.sandbox.values import Class, Function, TypeName

LONGEST_TEXT = 2_000
MOST_NAMES = 500
MOST_JSON_BITS = 1_024
DEEPEST = 8


def plain_number(value: Any) -> Any:
    """A number as JSON knows it: `nan`, `inf` and `-inf` as texts, a complex one by its two parts."""
    if isinstance(value, complex):
        return {"complex": [plain_number(value.real), plain_number(value.imag)]}
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    return value


def numbers_of(tensor: Tensor) -> Any:
    """A tensor's numbers; None for too many."""
    if tensor.numel() > LARGEST_LISTED or tensor.is_meta:
        return None
    return _nested(tensor.detach().tolist())


def _nested(value: Any) -> Any:
    return [_nested(entry) for entry in value] if isinstance(value, list) else plain_number(value)


def tensor_record(tensor: Tensor) -> dict[str, Any]:
    """All that is said of a tensor."""
    grad = tensor.grad if tensor.is_leaf or tensor.retains_grad else None
    return {
        "kind": "tensor",
        "value": numbers_of(tensor),
        "grad": None if grad is None else numbers_of(grad),
        "dtype": str(tensor.dtype),
        "shape": list(tensor.shape),
        "has_grad": grad is not None,
        "requires_grad": tensor.requires_grad,
        "is_leaf": tensor.is_leaf,
        "grad_fn": None if tensor.grad_fn is None else tensor.grad_fn.name().rpartition("::")[2],
    }


def value_record(value: Any) -> dict[str, Any]:
    """All that is said of a value that a name stands for."""
    if isinstance(value, Tensor):
        return tensor_record(value)
    if isinstance(value, Function | Class):
        return {"kind": "function" if isinstance(value, Function) else "class", "value": None}
    return {"kind": type(value).__name__, "value": _plain_value(value)}


def _plain_value(value: Any) -> Any:
    if isinstance(value, bool | int | float | complex) or value is None:
        return _integer(plain_number(value))
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if isinstance(value, list | tuple):
        return _entries(value, DEEPEST)
    is_written = isinstance(value, dict | set | nn.Module | torch.dtype | TypeName | np.ndarray | range)
    return _text(value) if is_written else None


def _integer(value: Any) -> Any:
    """An integer that JSON's readers may not hold is a text; Python writes none of more than 4,300 digits."""
    if type(value) is not int or value.bit_length() <= MOST_JSON_BITS:
        return value
    return written_integer(value)[:LONGEST_TEXT]


def _entries(value: Any, depth: int) -> Any:
    """The entries of a list, lists in it too; None where they are too many, a text for what is no number."""
    if len(value) > LARGEST_LISTED or depth == 0:
        return None
    found: list[Any] = []
    for entry in value:
        if isinstance(entry, list | tuple):
            found.append(_entries(entry, depth - 1))
        elif isinstance(entry, bool | int | float | complex | str) or entry is None:
            found.append(_integer(plain_number(entry)))
        else:
            found.append(numbers_of(entry) if isinstance(entry, Tensor) else _text(entry))
    return found


def _text(value: Any) -> str:
    try:
        return text_of(value, repr)[:LONGEST_TEXT]
    except Exception:  # a `__repr__` of the program's own may fail
        return type(value).__name__


def moment_record(moment: Moment, is_drawn: bool) -> dict[str, Any]:
    """A backward pass: torch's nodes with their lines, and the edges between them; to be drawn, the whole snapshot."""
    graph = moment.snapshot.graph
    seen = moment.snapshot.seen
    nodes = [node for node in graph.nodes if node.op != "input"]
    ids = {node.id for node in nodes}
    record: dict[str, Any] = {
        "line": moment.line,
        "call": moment.call,
        "nodes": [
            {
                "id": node.id,
                "op": node.op,
                "name": node.name,
                "line": moment.lines.get(node.id),
                "value": to_plain(node.value),
                "grad": to_plain(node.gradient) if seen is None or node.id in seen.gradients else None,
            }
            for node in nodes
        ],
        "edges": [
            {"from": e.consumer, "to": e.input, "local": to_plain(e.local), "grad": to_plain(e.gradient)}
            for e in graph.edges
            if e.input in ids
        ],
    }
    if is_drawn:
        record["snapshot"] = snapshot_record(moment.snapshot)
        record["lines"] = dict(moment.lines)
    return record


def snapshot_record(snapshot: Snapshot) -> dict[str, Any]:
    """A snapshot as JSON."""
    return to_record(snapshot)
