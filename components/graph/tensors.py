"""Tensors as plain data."""

from typing import Any

import torch
from torch import Tensor

from components.graph.model import LARGEST_LISTED, Number


def plain(value: Any) -> Number:
    """A tensor as Python numbers: a float for one entry without dimensions, lists up to LARGEST_LISTED entries."""
    if not isinstance(value, Tensor):
        return value  # type: ignore[no-any-return]  # a number of the program, or None
    if value.ndim == 0:
        return float(value.item())
    return value.tolist() if value.numel() <= LARGEST_LISTED else None


def describe(value: Any) -> tuple[tuple[int, ...], str]:
    """Shape and dtype of a tensor or number, as a node says them."""
    if isinstance(value, Tensor):
        return tuple(value.shape) if value.ndim else (), _DTYPES.get(value.dtype) or str(value.dtype)
    return (), "" if value is None else type(value).__name__


def ones_like(tensor: Tensor) -> Tensor:
    """Ones of a tensor's shape and dtype."""
    return _ONES[tensor.dtype] if tensor.ndim == 0 and tensor.dtype in _ONES else torch.ones_like(tensor)


_DTYPES = {torch.float32: "float32", torch.float64: "float64"}
_ONES = {dtype: torch.ones((), dtype=dtype) for dtype in _DTYPES}
