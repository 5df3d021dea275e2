"""What a browser is told: JSON and named arrays in one binary message."""

import json
import struct
from collections.abc import Mapping
from typing import Any

FLOAT32_BYTES = 4


def encode(message: Mapping[str, Any], arrays: Mapping[str, bytes] | None = None) -> bytes:
    """A message as it travels: [uint32 length][JSON, padded to a multiple of 4][float32 rows], little-endian.

    The rows' names and lengths stand in the JSON as `arrays`, in their order. ValueError where a number is nan or inf:
    those travel as texts, or in rows. Half a character (a lone surrogate of a program's) is a question mark.
    """
    rows = arrays or {}
    lengths = [(name, len(row) // FLOAT32_BYTES) for name, row in rows.items()]
    fields = {**message, "arrays": lengths} if lengths else message
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")
    text += b" " * (-len(text) % FLOAT32_BYTES)
    return b"".join((struct.pack("<I", len(text)), text, *rows.values()))
