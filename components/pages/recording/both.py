"""Two recorded graphs as they are looked at together: what is selected in both, and what is said of the second."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from components.address.view import GraphView
from components.cache import Store
from components.drawing import panel
from components.drawing.panel import Outline, Panel, ViewRequest
from components.pages.page import Content
from components.pages.recording import colours, differences, figures, inspector
from components.pages.recording.beside import PREFIX, Beside, selected
from components.pages.recording.differences import Sides
from components.pages.recording.model import MOST_KEPT, Shown
from components.pages.recording.view import View
from components.recording import cards

SAID = "A → B"
"""The head of what the inspector says of both."""


class Seen(NamedTuple):
    """Both graphs as they are looked at, and what stands beside the first; there may be no second one."""

    shown: Shown
    beside: Beside
    first: Panel
    second: Panel | None = None


def look(shown: Shown, view: View, beside: Beside, outline: Outline, request: ViewRequest) -> Seen:
    """Both graphs in the view that is asked for, each with its own node or edge selected."""
    snapshot = shown.opened.moment.snapshot
    if beside.shown is None or beside.compared is None:
        return Seen(shown, beside, view.seen_by(request).panel)
    other = beside.shown.opened.moment.snapshot
    first, second = selected(request.graph_view.node, beside.compared, snapshot.graph, other.graph)
    return Seen(
        shown,
        beside,
        panel.resolve_view(snapshot, outline, _selecting(request, first)),
        panel.resolve_view(other, outline, _selecting(request, second)),
    )


def _selecting(request: ViewRequest, node: str) -> ViewRequest:
    return replace(request, graph_view=replace(request.graph_view, node=node))


def shown_together(content: Content, seen: Seen, titles: tuple[str, str], colour: str) -> Content:
    """What the page shows of the first graph, and the second one, as far as it is not hidden."""
    hidden, beside = seen.first.hidden, seen.beside
    if "beside" in hidden and "differences" in hidden:
        return content
    fields = {**content.fields, "beside": {"state": beside.state, "text": beside.text}}
    if beside.shown is None or seen.second is None:
        return replace(content, fields=fields)
    graph = _with_partner(content.fields["graph"], seen)
    fields["graph"] = graph
    if "beside" not in hidden:
        second = _second(seen, titles)
        graph["colours"], second["graph"]["colours"] = _coloured(colour, seen)
        fields["beside"] |= second
    return replace(content, static=_static(content.static, seen), fields=fields, panel=_addressed(seen))


def _second(seen: Seen, titles: tuple[str, str]) -> dict[str, Any]:
    """The second graph with its numbers, and what both are called."""
    assert seen.beside.shown
    assert seen.second
    passes = [
        {"line": one.line, "call": one.call, "nodes": len(one.nodes)} for one in seen.beside.shown.recorded.moments
    ]
    return {
        "titles": [_title(title, shown) for title, shown in zip(titles, (seen.shown, seen.beside.shown), strict=True)],
        "moments": {"at": seen.beside.shown.place, "passes": passes, "made": len(passes)},
        "graph": figures.painted(seen.second, cards.whole(seen.beside.shown.opened), seen.beside.shown.opened),
    }


def _coloured(colour: str, seen: Seen) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Both graphs' colours, on one scale."""
    assert seen.second
    sides = zip((seen.first, seen.second), _sides(seen), strict=True)
    groups = [[nodes[node.id]] for view, nodes in sides for node in view.graph.nodes]
    found = colours.colours(colour, groups, seen.first.hidden)
    if found is None:
        return None, None
    count = len(seen.first.graph.nodes)
    levels = found["levels"]
    return {**found, "levels": levels[:count]}, {**found, "levels": levels[count:]}


def _title(name: str, shown: Shown) -> str:
    count = len(shown.recorded.moments)
    place = [f"pass {shown.place + 1} of {count}"] if count > 1 else []
    return " · ".join([*filter(None, [name]), *place, f"{len(shown.opened.nodes):,} nodes"])


def _with_partner(graph: Mapping[str, Any], seen: Seen) -> dict[str, Any]:
    """The first graph's message, where what is selected is compared, or stands in the second graph alone."""
    assert seen.beside.shown
    assert seen.second
    hidden, node, there = seen.first.hidden, seen.first.graph_view.node, seen.second.graph_view.node
    message = {**graph, "view": {**graph["view"], "node": _addressed(seen).graph_view.node}}
    if hidden & {"graph", "inspector"} or not (node or there):
        return message
    if not node:
        second = seen.beside.shown.opened
        message["inspector"] = _of_second(inspector.part(second, cards.whole(second), there, hidden), seen)
    elif "inspector" in graph and (lines := _lines(seen, node)):
        said = graph["inspector"]
        message["inspector"] = {**said, "sections": [{"head": SAID, "lines": lines}, *said["sections"]]}
    return message


def _lines(seen: Seen, node: str) -> list[dict[str, str]]:
    found = seen.beside.compared
    if found is None or node not in found.partners or "differences" in seen.first.hidden:
        return []
    return differences.lines(found, _sides(seen), node, seen.first.hidden)


def _of_second(said: dict[str, Any], seen: Seen) -> dict[str, Any]:
    """What the inspector says of a part of the second graph alone; its ways lead to the first where that has them."""
    assert seen.beside.compared
    owners = seen.beside.compared.owners

    def line(found: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in found.items() if name not in ("go", "edges")}
        return kept | ({"go": owners[found["go"]] or f"{PREFIX}{found['go']}"} if "go" in found else {})

    sections = [{**section, "lines": [line(one) for one in section["lines"]]} for section in said["sections"]]
    return {**said, "sections": [{"head": SAID, "lines": [{"label": "only in B", "math": ""}]}, *sections]}


def _addressed(seen: Seen) -> Panel:
    """The first graph with what an address says of the selection."""
    view: GraphView = seen.first.graph_view
    there = seen.second.graph_view.node if seen.second else ""
    return seen.first if view.node or not there else replace(seen.first, graph_view=replace(view, node=PREFIX + there))


def _sides(seen: Seen) -> Sides:
    assert seen.beside.shown
    return Sides(seen.shown.opened.nodes, seen.beside.shown.opened.nodes)


def _static(first: Mapping[str, Any], seen: Seen) -> dict[str, Any]:
    """Both drawings, and what differs as far as it may be seen."""
    assert seen.beside.compared
    covered = seen.first.hidden & {"numbers", "gradients", "beside", "differences"}
    name = f"{seen.beside.compared.name} {first['id']} {seen.beside.static['id']} {sorted(covered)}"
    said = _SAID.get(name)
    if said is None:
        said = differences.static(seen.beside.compared, _sides(seen), covered) if "differences" not in covered else {}
        _SAID.put(name, said)
    drawn = {"beside": seen.beside.static["graph"]} if "beside" not in covered else {}
    return {**first, **drawn, **said, "id": hashlib.sha256(name.encode()).hexdigest()[:12]}


_SAID: Store[dict[str, Any]] = Store(MOST_KEPT, lambda said: len(said.get("marks", ())) + 10)
