"""Tensors as plain data."""

from typing import Any

import torch
from torch import Tensor

from components.graph.model import LARGEST_LISTED, Number


def plain(value: Any) -> Number:
    """A tensor as Python numbers: a float for one entry without dimensions, lists up to LARGEST_LISTED entries."""
    if value is None or not isinstance(value, Tensor):
        return value  # type: ignore[no-any-return]  # a number of the program
    if value.ndim == 0:
        return float(value.item())
    return value.tolist() if value.numel() <= LARGEST_LISTED else None


def describe(value: Any) -> tuple[tuple[int, ...], str, Number]:
    """Shape, dtype and numbers of a tensor or number, as a node says them."""
    if value is None or not isinstance(value, Tensor):
        return (), "" if value is None else type(value).__name__, value
    shape = tuple(value.shape) if value.ndim else ()
    return shape, _DTYPES.get(value.dtype) or str(value.dtype), plain(value)


def ones_like(tensor: Tensor | None) -> Tensor | None:
    """Ones of a tensor's shape and dtype, if there is one."""
    if tensor is None:
        return None
    ones = None if tensor.ndim else _ONES.get(tensor.dtype)
    return torch.ones_like(tensor) if ones is None else ones


_DTYPES = {torch.float32: "float32", torch.float64: "float64"}
_ONES = {dtype: torch.ones((), dtype=dtype) for dtype in _DTYPES}
