"""What stands beside a recording: another one, or another of its passes; and which of their parts belong together."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from components.cache import Store
from components.graph.model import Graph
from components.pages.recording import model
from components.pages.recording.model import MOST_KEPT, Inputs, MissingError, Shown
from components.recording.difference import Pair, compare
from components.recording.schema import RefusedError

SAME = "same"
"""How `beside` says the recording that is open."""

PREFIX = "beside:"
"""What stands before the id of a selected node or edge that only the second graph has."""

MISSING = "The recording beside it was a file, which a link does not hold: open the file again."
REFUSED = "Beside it: {}"

Draw = Callable[[Inputs, Shown], Mapping[str, Any] | None]


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
    """What stands beside a recording, its drawing and what differs; where nothing does, `state` and `text` say why."""

    state: str = "none"
    text: str = ""
    shown: Shown | None = None
    static: Mapping[str, Any] = {}
    compared: Compared | None = None


def second(inputs: Inputs) -> Inputs | None:
    """What is to stand beside: as if it were open alone."""
    if not inputs.beside:
        return None
    if inputs.beside == SAME:
        return replace(inputs, moment=inputs.beside_moment, beside="", beside_moment=None)
    kind, _, name = inputs.beside.partition(":")
    return Inputs(**{kind: name}, moment=inputs.beside_moment)  # type: ignore[arg-type]


def prepare(inputs: Inputs, first: Shown, draw: Draw) -> Beside:
    """What stands beside `first`; `draw` gives its drawing, or None where that has to wait."""
    asked = second(inputs)
    if asked is None:
        return Beside()
    try:
        other = model.shown(asked)
        if other is None:
            return Beside()
        drawn = draw(asked, other)
        if drawn is None:
            return Beside("pending")
        return Beside("open", "", other, drawn, _compared(inputs, first, asked, other))
    except RefusedError as error:
        return Beside("refused", REFUSED.format(error))
    except MissingError:
        return Beside("missing", MISSING)


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


def selected(part: str, found: Compared, first: Graph, other: Graph) -> tuple[str, str]:
    """The node or edge of each graph that is selected, where an address names this part of either ("": none)."""
    partner = _partner(part, found.partners, first, other)
    if partner is not None:
        return part, partner
    there = part.removeprefix(PREFIX)
    owner = _partner(there, found.owners, other, first) if there != part else None
    return (part, "") if owner is None else (owner, there)


def _partner(part: str, partners: Mapping[str, str], graph: Graph, other: Graph) -> str | None:
    """What belongs to a node or an edge ("": nothing); None where the graph has no such part."""
    if part in partners:
        return partners[part]
    edge = next((one for one in graph.edges if one.id == part), None)
    if edge is None:
        return None
    slot = edge.id[len(edge.consumer) : len(edge.id) - len(edge.input)]
    wanted = f"{partners[edge.consumer]}{slot}{partners[edge.input]}"
    return wanted if any(one.id == wanted for one in other.edges) else ""


_COMPARED: Store[Compared] = Store(MOST_KEPT, lambda kept: len(kept.pairs) + 10)
