"""What stands beside a recording: another one, or another of its passes; and which of their parts belong together."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from components.cache import Store
from components.pages.recording import model
from components.pages.recording.model import MOST_KEPT, Inputs, MissingError, Shown
from components.recording.difference import Pair, compare
from components.recording.schema import RefusedError
from components.recording.snapshots import Opened

SAME = "same"
"""How `beside` says the recording that is open."""

PREFIX = "beside:"
"""What stands before the id of a selected node or edge that only the second graph has."""

MISSING = "The recording beside it was a file, which a link does not hold: open the file again."
REFUSED = "Beside it: {}"


class Compared(NamedTuple):
    """The nodes of two graphs in pairs, and by their ids what belongs together ("": there is nothing); `name` names
    both recordings and their passes.
    """

    name: str
    pairs: tuple[Pair, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    partners: Mapping[str, str]
    owners: Mapping[str, str]


class Beside(NamedTuple):
    """What stands beside a recording, as if it were open alone, and what differs; or `state` and `text` say why."""

    state: str = "none"
    text: str = ""
    inputs: Inputs | None = None
    shown: Shown | None = None
    compared: Compared | None = None


def second(inputs: Inputs) -> Inputs | None:
    """What is to stand beside: as if it were open alone."""
    if not inputs.beside:
        return None
    if inputs.beside == SAME:
        return replace(inputs, moment=inputs.beside_moment, beside="", beside_moment=None)
    kind, _, name = inputs.beside.partition(":")
    return Inputs(**{kind: name}, moment=inputs.beside_moment)  # type: ignore[arg-type]  # `kind` is one of three fields that hold a text


def find(inputs: Inputs, first: Shown) -> Beside:
    """What stands beside `first`, compared with it."""
    asked = second(inputs)
    if asked is None:
        return Beside()
    try:
        other = model.shown(asked)
    except RefusedError as error:
        return Beside("refused", REFUSED.format(error))
    except MissingError:
        return Beside("missing", MISSING)
    return Beside("open", "", asked, other, _compared(inputs, first, asked, other)) if other else Beside()


def _compared(inputs: Inputs, first: Shown, asked: Inputs, other: Shown) -> Compared:
    key = tuple(
        replace(one, moment=shown.place, colour="", beside="", beside_moment=None)
        for one, shown in ((inputs, first), (asked, other))
    )
    found = _COMPARED.get(key)
    if found is None:
        found = compared(hashlib.sha256(repr(key).encode()).hexdigest(), first, other)
        _COMPARED.put(key, found)
    return found


def compared(name: str, first: Shown, other: Shown) -> Compared:
    """The nodes of both in pairs, under a name."""
    pairs = compare(first.recorded.moments[first.place], other.recorded.moments[other.place])
    here, there = tuple(first.opened.nodes), tuple(other.opened.nodes)
    partners = {here[one.first]: there[one.second] for one in pairs if one.first is not None and one.second is not None}
    owners = {there: here for here, there in partners.items()}
    return Compared(
        name,
        pairs,
        here,
        there,
        dict.fromkeys(here, "") | partners,
        dict.fromkeys(there, "") | owners,
    )


def selected(part: str, found: Compared, first: Opened, other: Opened) -> tuple[str, str]:
    """The node, block or edge of each graph that is selected, where an address names this part of either ("": none)."""
    partner = partner_of(part, found.partners, first, other)
    if partner is not None or not part.startswith(PREFIX):
        return part, partner or ""
    there = part.removeprefix(PREFIX)
    return partner_of(there, found.owners, other, first) or "", there


def partner_of(part: str, partners: Mapping[str, str], opened: Opened, other: Opened) -> str | None:
    """What belongs to a node, a block or an edge ("": nothing); None where the recording has no such part."""
    if part in partners:
        return partners[part]
    if part in opened.blocks.blocks:
        return part if part in other.blocks.blocks else ""
    edges = opened.moment.snapshot.graph.edges
    edge = next((one for one in edges if one.id == part), None)
    if edge is None:
        return None
    slot = edge.id[len(edge.consumer) : len(edge.id) - len(edge.input)]
    wanted = f"{partners[edge.consumer]}{slot}{partners[edge.input]}"
    return wanted if any(one.id == wanted for one in other.moment.snapshot.graph.edges) else ""


def alike(first: Opened, other: Opened) -> Opened:
    """The second recording, of which those blocks are usually open that are so in the first, where that has them."""
    known, usual = first.blocks.blocks, first.blocks.usual
    own = other.blocks
    opened = [key for key in own.blocks if key in (usual if key in known else own.usual)]
    return other._replace(blocks=own._replace(usual=frozenset(opened)))


_COMPARED: Store[Compared] = Store(MOST_KEPT, lambda kept: len(kept.pairs) + 10)
