"""What stands on the cards and arrows of a recorded graph where only a tensor's range is recorded, not its numbers."""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from components.drawing import graph_numbers, numbers, panel
from components.graph.model import Graph, Number
from components.recording.cards import Cards, Flow
from components.recording.read import Numbers, RecordedNode
from components.recording.snapshots import Opened

UNKNOWN = "None"
"""What the painter says of a number that it has not."""

SEVERAL = "the gradients of several results"

Rows = list[list[Any]]


def span(recorded: Numbers) -> str:
    """From the smallest number to the largest, and how many are neither; "" where nothing is recorded."""
    summary = recorded.summary
    if summary is None:
        return ""
    ends = [numbers.short(end).removeprefix("+") for end in (summary.min, summary.max) if end is not None]
    texts = [" … ".join(dict.fromkeys(ends))] if ends else []
    return ", ".join(texts + ([f"{summary.nonfinite}× nan or inf"] if summary.nonfinite else []))


def worst(readings: Iterable[float | None]) -> float | None:
    """The figure of many: nan where one is, else the largest; None where none is recorded."""
    known = [one for one in readings if one is not None]
    return max(known, key=lambda one: (math.isnan(one), one), default=None)


def known(view: panel.Panel, export: str = "") -> dict[str, Any]:
    """What is said of a graph beside its numbers, where the browser has these with the drawing."""
    return panel.dynamic(replace(view, hidden=view.hidden | {"inspector"}), export, rows={})


def rows(view: panel.Panel, cards: Cards, opened: Opened) -> dict[str, Any]:
    """The numbers alone, of which nothing is hidden."""
    message = painted(replace(view, hidden=frozenset()), cards, opened)
    return {name: message[name] for name in ("nodes", "edges", "lines", "faulty")}


def covered(still: Mapping[str, Any]) -> Mapping[str, Any]:
    """What stands still, without the numbers of a large drawing, for somebody from whom some are hidden."""
    graph = still["graph"]
    if "numbers" not in graph:
        return still
    name = hashlib.sha256(f"{still['id']} covered".encode()).hexdigest()[:12]
    return {**still, "graph": {part: graph[part] for part in graph if part != "numbers"}, "id": name}


def painted(view: panel.Panel, cards: Cards, opened: Opened, export: str = "") -> dict[str, Any]:
    """Every number of a recorded graph, with ranges where not all of a tensor's are recorded."""
    message = panel.dynamic(replace(view, hidden=view.hidden | {"inspector"}), export)
    if "graph" in view.hidden:
        return message
    message["nodes"] = nodes(message["nodes"], view.graph, cards, opened.nodes)
    message["edges"] = edges(message["edges"], view.graph, cards, opened.nodes)
    message["lines"] = opened.moment.lines
    message["faulty"] = broken(cards, opened.nodes, view.hidden)
    return message


def nodes(rows: Rows, graph: Graph, cards: Cards, recorded: Mapping[str, RecordedNode]) -> Rows:
    """The painted nodes, with a range in the place of numbers that are not all recorded."""
    return [_node(row, recorded[cards.recorded_as(node.id)]) for row, node in zip(rows, graph.nodes, strict=True)]


def broken(cards: Cards, recorded: Mapping[str, RecordedNode], hidden: frozenset[str]) -> list[str]:
    """The folded blocks in which something goes wrong though it is not on their card: a gradient that is nan or
    infinite, or a nan. A value that is infinite may be meant so, as in a mask of attention.
    """
    found = {
        card
        for node_id, card in cards.shown.items()
        if ("numbers" not in hidden and _has_nan(recorded[node_id].value))
        or (not hidden & {"numbers", "gradients"} and _unbounded(recorded[node_id].gradient))
    }
    return sorted(found)


def not_finite(node: RecordedNode, hidden: frozenset[str]) -> str:
    """How many of a node's numbers that may be seen are nan or infinite; "" where none is."""
    kinds = [("value", node.value, {"numbers"}), ("gradient", node.gradient, {"numbers", "gradients"})]
    found = [(name, _unbounded(one)) for name, one, covered in kinds if not hidden & covered]
    return ", ".join([f"{name} {count}×" for name, count in found if count])


def _has_nan(one: Numbers) -> bool:
    return _unbounded(one) > 0 and any(map(math.isnan, one.value or ()))


def _unbounded(one: Numbers) -> int:
    return one.summary.nonfinite if one.summary else 0


def _node(row: list[Any], node: RecordedNode) -> list[Any]:
    value, value_text, grad, grad_text, short = row
    if value == UNKNOWN and (said := span(node.value)):
        value = value_text = said
        short = ""
    if grad == UNKNOWN and (said := span(node.gradient)):
        grad = grad_text = said
    return [value, value_text, grad, grad_text, short]


def edges(rows: Rows, graph: Graph, cards: Cards, recorded: Mapping[str, RecordedNode]) -> Rows:
    """The painted edges: where one alone leads to its input, what arrives there; else a part of that."""
    flows = [cards.flows[edge.id] for edge in graph.edges]
    return [_flow(row, flow, recorded) for row, flow in zip(rows, flows, strict=True)]


def _flow(row: list[Any], flow: Flow, recorded: Mapping[str, RecordedNode]) -> list[Any]:
    if not flow.source:
        return row if row[1] != UNKNOWN else [UNKNOWN, SEVERAL, "?", "plus", 1.5]
    return _edge(row, recorded[flow.source].gradient, flow.is_all)


def _edge(row: list[Any], arriving: Numbers, is_only: bool) -> list[Any]:
    said = span(arriving)
    if row[1] != UNKNOWN or arriving.summary is None or not said:
        return row
    if not is_only:
        return [UNKNOWN, f"a part of {said}", "?", "plus", 1.5]
    ends: Number = [end for end in (arriving.summary.min, arriving.summary.max) if end is not None]
    kind = "undefined" if arriving.summary.nonfinite else graph_numbers.kind(ends)
    return [UNKNOWN, said, said, kind, graph_numbers.width(ends)]
