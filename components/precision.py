"""Distances in units in the last place, central differences, and verdicts on gradients beside a closed form."""

import math
import struct
from collections.abc import Callable, Sequence
from typing import Literal

import torch
from torch import Tensor

Verdict = Literal["identical", "rounding", "clamped", "saturated", "undefined"]
VERDICTS: tuple[Verdict, ...] = ("identical", "rounding", "clamped", "saturated", "undefined")
"""From the one with least to say to the one with most."""

DTYPES = {"float32": torch.float32, "float64": torch.float64}

EPS = {name: torch.finfo(dtype).eps for name, dtype in DTYPES.items()}
"""The largest relative size of an ulp."""

TINY = {name: torch.finfo(dtype).tiny for name, dtype in DTYPES.items()}
"""The smallest number with all of its dtype's digits."""

STEP = 1e-5
"""The central difference's usual step: near the cube root of float64's rounding, where its two errors meet."""

_LAYOUTS = {"float32": ("<f", "<i", 31), "float64": ("<d", "<q", 63)}
_AS_INTEGERS = {torch.float32: torch.int32, torch.float64: torch.int64}
_DIGITS = {torch.float32: 24, torch.float64: 53}


def ulps(a: float, b: float, dtype: str = "float32") -> int | None:
    """Distance between two numbers of `dtype` in units in the last place; None where either is not a number."""
    if math.isnan(a) or math.isnan(b):
        return None
    return abs(_position(a, dtype) - _position(b, dtype))


def _position(value: float, dtype: str) -> int:
    """The place of `value` in the ordered list of all numbers of `dtype`, zero at 0."""
    as_float, as_int, sign_bit = _LAYOUTS[dtype]
    (bits,) = struct.unpack(as_int, struct.pack(as_float, value))
    return int(bits) if bits >= 0 else -(int(bits) + (1 << sign_bit))


def ulp_distances(answers: Sequence[float], truth: float, dtype: str) -> list[int | None]:
    """Distance of each answer from the truth in ulps of `dtype`, all rounded to it; None for one that is not finite."""
    nearest = torch.tensor([*answers, truth], dtype=torch.float64).to(DTYPES[dtype])
    *places, true_place = _places(nearest).tolist()
    pairs = zip(answers, places, strict=True)
    return [abs(place - true_place) if math.isfinite(answer) else None for answer, place in pairs]


def ulp_distance(answer: float, truth: float, dtype: str) -> int | None:
    """Distance of one answer from the truth in ulps of `dtype`, both rounded to it; None if it is not finite."""
    return ulp_distances((answer,), truth, dtype)[0]


def distance(a: Tensor, b: Tensor) -> Tensor:
    """Distance in ulps, entry by entry, of finite numbers of one dtype (int64)."""
    return (_places(a) - _places(b)).abs()


def _places(values: Tensor) -> Tensor:
    bits = values.view(_AS_INTEGERS[values.dtype]).long()
    return torch.where(bits < 0, torch.iinfo(_AS_INTEGERS[values.dtype]).min - bits, bits)


def is_lost(answer: float, truth: float, dtype: str) -> bool:
    """Whether half of the binary digits of `dtype` or more are gone, or either is not finite."""
    off = ulp_distance(answer, truth, dtype) if math.isfinite(truth) else None
    return off is None or off >= 2 ** (_DIGITS[DTYPES[dtype]] // 2)


def classify(gradient: Tensor, truth: Tensor, is_cut: Tensor) -> Tensor:
    """The place in VERDICTS of each gradient beside the closed form (float64), by the numbers alone.

    Not finite: undefined. The closed form's own nearest number: identical. 0 where the loss's clamp is flat
    (`is_cut`): clamped. Half of the dtype's binary digits or more gone: saturated. Otherwise: rounding.
    """
    nearest = truth.to(gradient.dtype)
    far = distance(gradient.nan_to_num(), nearest) >= 2 ** (_DIGITS[gradient.dtype] // 2)
    found = torch.where(far, 3, 1)
    found = torch.where(is_cut & (gradient == 0), 2, found)
    found = torch.where(gradient == nearest, 0, found)
    return torch.where(torch.isfinite(gradient), found, 4)


def central_differences(
    function: Callable[..., Tensor], at: Sequence[float], steps: Sequence[float] = (STEP,)
) -> Tensor:
    """Central differences in float64 of a function that works entry by entry: a row by argument, a column by step."""
    h = torch.tensor(steps, dtype=torch.float64)
    moves = torch.eye(len(at), dtype=torch.float64)[:, :, None] * h
    arguments = [value + torch.stack((move, -move)) for value, move in zip(at, moves, strict=True)]
    after, before = function(*arguments)
    difference: Tensor = (after - before) / (2 * h)
    return difference
