"""Distances in units in the last place, central differences, and verdicts on gradients beside a closed form."""

import ctypes
import math
import struct
from collections.abc import Callable, Sequence
from functools import lru_cache
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
_DIGITS = {"float32": 24, "float64": 53}


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


def _nearest(value: float, dtype: str) -> float:
    """The number of `dtype` that is nearest to a float64, as torch rounds it."""
    return value if dtype == "float64" else ctypes.c_float(value).value


def ulp_distances(answers: Sequence[float], truth: float, dtype: str) -> list[int | None]:
    """Distance of each answer from the truth in ulps of `dtype`, all rounded to it; None for one that is not finite."""
    return [ulp_distance(answer, truth, dtype) for answer in answers]


def ulp_distance(answer: float, truth: float, dtype: str) -> int | None:
    """Distance of one answer from the truth in ulps of `dtype`, both rounded to it; None if it is not finite."""
    return ulps(_nearest(answer, dtype), _nearest(truth, dtype), dtype) if math.isfinite(answer) else None


def is_lost(answer: float, truth: float, dtype: str) -> bool:
    """Whether half of the binary digits of `dtype` or more are gone, or either is not finite."""
    off = ulp_distance(answer, truth, dtype) if math.isfinite(truth) else None
    return off is None or off >= 2 ** (_DIGITS[dtype] // 2)


def classify(gradient: float, truth: float, dtype: str, is_cut: bool) -> Verdict:
    """The verdict on a gradient in `dtype` beside the closed form (float64), by the numbers alone.

    Not finite: undefined. The closed form's own nearest number: identical. 0 where the loss's clamp is flat
    (`is_cut`): clamped. Half of the dtype's binary digits or more gone: saturated. Otherwise: rounding.
    """
    if not math.isfinite(gradient):
        return "undefined"
    if gradient == _nearest(truth, dtype):
        return "identical"
    if is_cut and gradient == 0:
        return "clamped"
    return "saturated" if is_lost(gradient, truth, dtype) else "rounding"


def central_differences(
    function: Callable[..., Tensor], at: Sequence[float], steps: Sequence[float] = (STEP,)
) -> Tensor:
    """Central differences in float64 of a function that works entry by entry: a row by argument, a column by step."""
    moves, both_steps = _moves(len(at), tuple(steps))
    after, before = function(*(value + move for value, move in zip(at, moves, strict=True)))
    difference: Tensor = (after - before) / both_steps
    return difference


@lru_cache(maxsize=32)
def _moves(arguments: int, steps: tuple[float, ...]) -> tuple[tuple[Tensor, ...], Tensor]:
    """What is added to each argument (there and back; a row by argument, a column by step), and the steps twice."""
    h = torch.tensor(steps, dtype=torch.float64)
    there = torch.eye(arguments, dtype=torch.float64)[:, :, None] * h
    return tuple(torch.stack((move, -move)) for move in there), 2 * h
