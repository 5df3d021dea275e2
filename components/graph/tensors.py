"""Tensors as plain data."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from components.graph.model import LARGEST_LISTED, Number


def plain(value: Any) -> Number:
    """A tensor as Python numbers: a float for one entry without dimensions, lists up to LARGEST_LISTED entries.

    None for a longer one, and for one that holds no real numbers.
    """
    if value is None or not isinstance(value, Tensor):
        return value  # a number of the program
    if value.is_complex() or value.is_meta:
        return None
    if value.ndim == 0:
        return float(value.item())
    return value.tolist() if value.numel() <= LARGEST_LISTED else None


def plain_all(values: Iterable[Any]) -> list[Number]:
    """`plain` of each: in place for single numbers, of which a graph has many."""
    return [v.item() if type(v) is Tensor and v.ndim == 0 and v.dtype in _DTYPES else plain(v) for v in values]


def describe(value: Any) -> tuple[tuple[int, ...], str]:
    """Shape and dtype of a tensor or number, as a node says them."""
    if value is None or not isinstance(value, Tensor):
        return (), "" if value is None else type(value).__name__
    return tuple(value.shape) if value.ndim else (), _DTYPES.get(value.dtype) or str(value.dtype)


def ones_like(tensor: Tensor) -> Tensor:
    """Ones of a tensor's shape and dtype."""
    ones = None if tensor.ndim else _ONES.get(tensor.dtype)
    return torch.ones_like(tensor) if ones is None else ones


_DTYPES = {torch.float32: "float32", torch.float64: "float64"}
_ONES = {dtype: torch.ones((), dtype=dtype) for dtype in _DTYPES}
