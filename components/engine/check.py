"""How far two answers are apart, and where the numbers of a run break down."""

import math
import struct
from typing import Literal

from components.engine.neuron import Run

Breakdown = Literal["", "infinite", "undefined", "cut"]
"""Nothing; a loss that is inf; a loss that is nan; a gradient that the clamp has set to zero."""

_LAYOUTS = {"float32": ("<f", "<i", 31), "float64": ("<d", "<q", 63)}


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


def breakdown(run: Run) -> Breakdown:
    """Whether the notebook's loss still says what it should at this state, judged by the numbers alone."""
    if math.isnan(run.loss):
        return "undefined"
    if math.isinf(run.loss):
        return "infinite"
    clamped = next(edge for edge in run.graph.edges if edge.consumer == "clamp")
    return "cut" if clamped.local == 0 else ""
