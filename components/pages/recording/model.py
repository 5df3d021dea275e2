"""What is open: a recording that an address holds, or a file that was sent, and one of its backward passes."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from components.address.packed import PackedError, unpack
from components.cache import Store
from components.recording.graph_file import read_file
from components.recording.read import Recorded, read
from components.recording.schema import RefusedError
from components.recording.snapshots import Opened, opened
from components.why.recorded.case import Found
from components.why.recorded.table import findings

EXAMPLES = Path(__file__).parents[2] / "recording" / "examples"

LONGEST_LINKED = 400_000
"""Bytes of a recording that an address can hold."""

MOST_KEPT = 20_000
"""Nodes of all recordings together that are in memory: four of the largest."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is set: a packed recording, the digest of a file or the name of an example ("": none), the backward pass
    shown (None: the last), and the figure that nodes are coloured by ("": none). `beside` is what stands beside it:
    `same` for the same recording, or the name of one of the first three, a colon, and what it holds; and of that the
    backward pass.
    """

    graph: str = ""
    file: str = ""
    example: str = ""
    moment: int | None = None
    colour: str = ""
    beside: str = ""
    beside_moment: int | None = None


class MissingError(LookupError):
    """A file that is not, or no longer, in memory: it has to be sent again."""


class Shown(NamedTuple):
    """A recording, of its backward passes the one at a place, and what was found wrong in all of them."""

    recorded: Recorded
    place: int
    opened: Opened
    found: tuple[Found, ...] = ()


def keep(data: bytes) -> str:
    """The digest under which a file stays in memory as long as there is room; RefusedError where it is no recording."""
    digest = hashlib.sha256(data).hexdigest()[:32]
    _RECORDED.put(digest, read_file(data))
    return digest


def name_of(inputs: Inputs) -> str:
    """What is open, in a word: a packed recording, a digest or an example's name; "" where nothing is."""
    return inputs.graph or inputs.file or inputs.example


def shown(inputs: Inputs) -> Shown | None:
    """What is open (None: nothing is); RefusedError where it is no recording, MissingError where it has gone."""
    name = name_of(inputs)
    if not name:
        return None
    recorded = _linked(name) if inputs.graph else _sent(name) if inputs.file else _example(name)
    last = len(recorded.moments) - 1
    place = last if inputs.moment is None else min(inputs.moment, last)
    key = name, place
    found = _OPENED.get(key)
    if found is None:
        found = opened(recorded.moments[place])
        _OPENED.put(key, found)
    return Shown(recorded, place, found, _findings(name, recorded))


def _findings(name: str, recorded: Recorded) -> tuple[Found, ...]:
    known = _FOUND.get(name)
    if known is None:
        known = findings(recorded)
        _FOUND.put(name, known)
    return known


def _linked(packed: str) -> Recorded:
    found = _RECORDED.get(packed)
    if found is None:
        try:
            found = read_file(unpack(packed, LONGEST_LINKED).encode())
        except PackedError as error:
            raise RefusedError(f"The recording in this link cannot be opened: {error}.") from None
        _RECORDED.put(packed, found)
    return found


def _sent(digest: str) -> Recorded:
    found = _RECORDED.get(digest)
    if found is None:
        raise MissingError(digest)
    return found


@lru_cache(maxsize=16)
def _example(name: str) -> Recorded:
    return read((EXAMPLES / f"{name}.json").read_bytes())


def _size(recorded: Recorded) -> int:
    return sum(len(moment.nodes) for moment in recorded.moments) + 10


_RECORDED: Store[Recorded] = Store(MOST_KEPT, _size)
_FOUND: Store[tuple[Found, ...]] = Store(MOST_KEPT, lambda found: 10 + sum(len(one.nodes) for one in found))
_OPENED: Store[Opened] = Store(MOST_KEPT, lambda kept: len(kept.nodes) + 10)
