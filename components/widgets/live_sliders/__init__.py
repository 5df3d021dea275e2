"""Sliders that update the page while the pointer moves; carries every update of the page to the browser."""

import json
import struct
from typing import Any

from components.widgets import mount

_component = mount.register("live_sliders")


def show(key: str, message: bytes) -> None:
    """Mount the sliders; `message` goes to every widget on the page. Events arrive in session state under `key`."""
    _component(key=key, data=message, on_event_change=lambda: None)


def encode(message: dict[str, Any], rows: bytes = b"") -> bytes:
    """A message as it travels: [uint32 length][JSON, padded to a multiple of 4][`rows`: float32 ...], little-endian."""
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + rows
