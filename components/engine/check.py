"""How far two answers are apart."""

import math
import struct

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
