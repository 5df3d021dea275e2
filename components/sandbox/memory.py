"""How large a result of torch's will be, before it is made."""

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from components.sandbox.budget import BYTES, MOST_ENTRIES, MOST_TENSOR_BYTES
from components.sandbox.errors import LimitError

UNSUSPICIOUS: float = 2**20
"""Product of all sizes and numbers in a call up to which its result cannot be large."""

LARGEST: float = MOST_TENSOR_BYTES / 4

BY_VALUE = frozenset(
    (
        "one_hot",
        "histc",
        "bincount",
        "combinations",
        "cartesian_prod",
        "repeat_interleave",
        "randperm",
        "vander",
        "tile",
    )
)
"""Functions whose result's size cannot be told without its values: the product of what they were given is a bound."""

BY_FRACTION = frozenset(("arange", "interpolate"))
"""Functions of which a result's size depends on fractions."""

FEW = 16
ENDLESS = 1e100


def check_size(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Raises LimitError where a call of torch's would make too large a tensor."""
    name = getattr(function, "__name__", "")
    kinds = (int, float) if name in BY_FRACTION else (int,)
    weight = _weight(args, kinds) * _weight(kwargs.values(), kinds)
    if weight <= UNSUSPICIOUS:
        return
    if name == "arange":
        _check_arange(args, kwargs)
    elif name in BY_VALUE or name == "interpolate":
        largest = _largest(args) if name == "one_hot" else 0
        if max(weight, largest) > LARGEST:
            raise LimitError(BYTES)
    elif name == "tolist":
        if args[0].numel() > MOST_ENTRIES:
            raise LimitError(BYTES)
    elif _planned_bytes(function, args, kwargs) > MOST_TENSOR_BYTES:
        raise LimitError(BYTES)


def check_result(result: Any) -> int:
    """Bytes of what a call has made; LimitError where one has too many entries, though they take no room as yet."""
    tensors = (
        [result]
        if isinstance(result, Tensor)
        else [t for t in result if isinstance(t, Tensor)]
        if isinstance(result, tuple | list)
        else []
    )
    for tensor in tensors:
        if tensor.numel() * tensor.element_size() > MOST_TENSOR_BYTES:
            raise LimitError(BYTES)
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors if tensor._base is None)


def _weight(values: Iterable[Any], kinds: tuple[type, ...]) -> float:
    """The product of all lengths and numbers of these kinds."""
    weight = 1.0
    for value in values:
        if isinstance(value, Tensor):
            weight *= max(1, value.numel())
        elif isinstance(value, tuple | list) and len(value) <= MOST_ENTRIES:
            weight *= _weight(value, kinds) if len(value) <= FEW else len(value)
        elif isinstance(value, kinds) and not isinstance(value, bool):
            weight *= _size(value)
        weight = min(weight, ENDLESS)
    return weight


def _size(number: Any) -> float:
    """How much a number may multiply: a fraction that is a step makes as much as its inverse."""
    size = float(min(abs(number), int(ENDLESS)))
    if math.isnan(size) or size == 0:
        return 1.0
    return size if size >= 1 else min(1 / size, ENDLESS)


def _largest(args: Iterable[Any]) -> float:
    return max((float(value.max()) for value in args if isinstance(value, Tensor) and value.numel()), default=0)


def _check_arange(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    values = [value for value in args if isinstance(value, int | float)]
    start, end, step = 0.0, float(kwargs.get("end", 0)), float(kwargs.get("step", 1))
    if len(values) == 1:
        end = float(values[0])
    elif values:
        start, end = float(values[0]), float(values[1])
        step = float(values[2]) if len(values) > 2 else step
    if step and (end - start) / step > LARGEST:
        raise LimitError(BYTES)


def _planned_bytes(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> int:
    """Bytes of what the same call makes of tensors without memory; 0 where torch cannot tell."""
    planned = kwargs if any(isinstance(v, Tensor) for v in (*args, *kwargs.values())) else {**kwargs, "device": "meta"}
    try:
        with torch.no_grad():
            result = function(*[_meta(a) for a in args], **{name: _meta(value) for name, value in planned.items()})
    except (
        RuntimeError,
        TypeError,
        ValueError,
        NotImplementedError,
        IndexError,
        AttributeError,
        OverflowError,
        ImportError,
    ):
        return 0  # the call itself will say what is wrong
    parts = result if isinstance(result, tuple | list) else (result,)
    return sum(part.numel() * part.element_size() for part in parts if isinstance(part, Tensor))


def _meta(value: Any) -> Any:
    if isinstance(value, Tensor):
        return torch.empty_strided(value.size(), value.stride(), dtype=value.dtype, device="meta")
    if isinstance(value, tuple | list) and len(value) <= 64:
        return type(value)([_meta(part) for part in value]) if type(value) in (tuple, list) else value
    return value
