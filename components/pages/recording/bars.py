"""The size of gradients by layer as bars on a logarithmic scale, and the parameters and named tensors as a table."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from components.cache import Store
from components.drawing import numbers
from components.pages.recording.figures import span, worst
from components.recording import layers, sizes
from components.recording.layers import LEAF, Layer
from components.recording.read import Numbers, RecordedMoment, RecordedNode
from components.recording.snapshots import Opened

Key = tuple[str, int]
"""What is open, and the place of its backward pass."""

MOST_BARS, MOST_NAMES = 200, 1_000
MOST_KEPT = 6_000
"""Bars and rows of all passes together that are in memory."""

MOST_TICKS = 5

ABSENT, ZERO, BROKEN, UNRECORDED = "None", "exactly 0", "nan or inf", "not recorded"
NOT_KEPT = "not a leaf"


def part(key: Key, opened: Opened, moment: RecordedMoment, *, with_names: bool) -> dict[str, Any]:
    """The bars of both kinds of gradients, and the table where it is wanted; nodes by the ids of the drawing."""
    found = _MADE.get(key)
    if found is None:
        found = together((opened, moment))[0]
        _MADE.put(key, found)
    return found if with_names else found | {"names": None}


def together(*passes: tuple[Opened, RecordedMoment]) -> list[dict[str, Any]]:
    """The same of several passes, with one scale for all."""
    found = [_unscaled(*one) for one in passes]
    for kind in ("kept", "arriving"):
        ends = _ends([bar["size"] for one in found for bar in one[kind] if bar["size"]])
        for one in found:
            one[kind] = _bars(one[kind], ends)
    return found


def _unscaled(opened: Opened, moment: RecordedMoment) -> dict[str, Any]:
    ids = {node.id: node_id for node_id, node in opened.nodes.items()}
    found = layers.layers(moment)
    cut = found[:MOST_BARS]
    named = [node for node in _ordered(found, moment) if node.name]
    return {
        "keeps": moment.call == "backward",
        "kept": [_bar(layer.name, layer.leaves, _kept(layer, moment), ids, _absent(layer)) for layer in cut],
        "arriving": [_bar(layer.name, layer.results, _arriving(layer), ids, UNRECORDED) for layer in cut],
        "more": len(found) - len(cut),
        "names": [_row(ids[node.id], node) for node in named[:MOST_NAMES]],
        "unlisted": max(0, len(named) - MOST_NAMES),
    }


def _ordered(found: Iterable[Layer], moment: RecordedMoment) -> list[RecordedNode]:
    """The parameters from the first layer on, then all other nodes in the order of the graph."""
    leaves = [leaf for layer in found for leaf in layer.leaves]
    return leaves + [node for node in moment.nodes if node.op != LEAF]


def _kept(layer: Layer, moment: RecordedMoment) -> list[Numbers]:
    """What the parameters hold in `.grad` afterwards; autograd.grad gives gradients and keeps none."""
    if moment.call != "backward":
        return [leaf.gradient for leaf in layer.leaves]
    return [leaf.after or leaf.gradient for leaf in layer.leaves]


def _absent(layer: Layer) -> str:
    """What is said where nothing is recorded in `.grad`: one that is sparse, or of complex numbers, never is."""
    is_sparse = any(node.op.startswith("Embedding") for node in layer.results)
    is_listed = not is_sparse and all(leaf.value.summary is not None for leaf in layer.leaves)
    return ABSENT if is_listed else UNRECORDED


def _arriving(layer: Layer) -> list[Numbers]:
    return [node.gradient for node in layer.results]


def _bar(
    name: str, nodes: Iterable[RecordedNode], found: list[Numbers], ids: Mapping[str, str], absent: str
) -> dict[str, Any]:
    """A bar of the largest entry of some tensors, which leads to the node that has it."""
    read = list(map(sizes.largest, found))
    size = worst(read)
    place = next((place for place, one in enumerate(read) if one is size), 0)
    node = [*nodes][place : place + 1]
    bar: dict[str, Any] = {"name": name, "node": ids[node[0].id] if node else "", "size": None, "exact": ""}
    if size is None:
        return bar | {"text": absent}
    if math.isnan(size) or size == 0:
        return bar | {"text": ZERO if size == 0 else BROKEN}
    return bar | {"size": size, "text": numbers.text(size), "exact": repr(size)}


def _ends(sizes_found: list[float]) -> tuple[int, int] | None:
    """The powers of ten between which these sizes lie; None where there is none."""
    known = [math.log10(size) for size in sizes_found]
    return (math.floor(min(known) - 0.1), math.ceil(max(known))) if known else None


def _bars(bars: list[dict[str, Any]], ends: tuple[int, int] | None) -> dict[str, Any]:
    """Bars with their length as a part of the whole, and the powers of ten that it has."""
    if ends is None:
        return {"bars": bars, "ticks": []}
    low, high = ends
    for bar in bars:
        if bar["size"]:
            bar["size"] = round((math.log10(bar["size"]) - low) / (high - low), 4)
    step = math.ceil((high - low) / (MOST_TICKS - 1))
    ticks = [[(at - low) / (high - low), _power(at)] for at in range(low, high + 1, step)]
    return {"bars": bars, "ticks": ticks}


def _power(exponent: int) -> str:
    return numbers.short(10.0**exponent).removeprefix("+")


def _row(node_id: str, node: RecordedNode) -> dict[str, Any]:
    shape = " × ".join(map(str, node.shape or ())) if node.shape is not None else ""
    after = node.after if node.op == LEAF else None
    size = sizes.largest(after) if after is not None else None
    return {
        "node": node_id,
        "name": node.name,
        "module": node.module,
        "shape": shape or ("scalar" if node.shape == () else ""),
        "value": span(node.value),
        "grad": NOT_KEPT if after is None else span(after) or ABSENT,
        "size": None if size is None else "nan" if math.isnan(size) else size,
        "count": sizes.count_of(node.shape),
    }


_MADE: Store[dict[str, Any]] = Store(MOST_KEPT, lambda made: 10 + 2 * len(made["kept"]["bars"]) + len(made["names"]))
