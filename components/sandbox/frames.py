"""Messages between processes: JSON behind its length and a number, on file descriptors."""

import json
import math
import os
import struct
from typing import Any, Final, NamedTuple, NoReturn

HEADER: Final = struct.Struct("<IQ")
CHUNK: Final = 1 << 16


class Frame(NamedTuple):
    """A message: the number of the request that it is or answers, and its bytes."""

    number: int
    body: bytes


class TooLargeError(Exception):
    """A message longer than may be read."""


def send(sink: int, frame: Frame) -> None:
    """Write a whole message."""
    rest = memoryview(HEADER.pack(len(frame.body), frame.number) + frame.body)
    while rest:
        rest = rest[os.write(sink, rest) :]


def receive(source: int, most: int) -> Frame | None:
    """The next message of at most `most` bytes; None where the other side has ended."""
    head = _read(source, HEADER.size)
    if head is None:
        return None
    size, number = HEADER.unpack(head)
    if size > most:
        raise TooLargeError
    body = _read(source, size)
    return None if body is None else Frame(number, body)


def _read(source: int, size: int) -> bytes | None:
    parts, missing = [], size
    while missing:
        part = os.read(source, min(missing, CHUNK))
        if not part:
            return None
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def parse_object(text: bytes) -> dict[str, Any] | None:
    """The JSON object that a text is, by the standard: without NaN and infinity. None for everything else."""
    try:
        said = json.loads(text.decode("utf-8"), parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)


def _finite(text: str) -> float:
    return number if math.isfinite(number := float(text)) else _refuse(text)
