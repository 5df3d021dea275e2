"""Two recorded graphs as they are looked at together: what is selected in both, and what is said of the second."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any, NamedTuple

from components.address.view import CONCEPT, FULL
from components.cache import Store
from components.drawing.panel import Panel, ViewRequest
from components.pages.page import Content
from components.pages.recording import bars, beside, colours, differences, figures, inspector, view
from components.pages.recording.beside import PREFIX, Beside, Compared
from components.pages.recording.differences import Sides
from components.pages.recording.model import MOST_KEPT, Inputs, Shown
from components.pages.recording.view import View
from components.recording.snapshots import Opened

SAID = "A → B"
"""The head of what the inspector says of both."""

MOST_WHOLE = 80
"""Nodes of each graph up to which nothing is folded, so that all marks are seen, where no view is asked for."""

MOST_IN_ONE_ROW = 30
"""Nodes of each graph up to which, whole, they are in one row: what belongs together is at one place in both."""

Draw = Callable[[Inputs, Shown, View], Mapping[str, Any] | None]


class Second(NamedTuple):
    """What stands beside the first graph: its recording, how it is shown, what differs, and its drawing."""

    shown: Shown
    view: View
    compared: Compared
    static: Mapping[str, Any]


class Seen(NamedTuple):
    """Both graphs as they are looked at; without a second one `state` and `text` say why."""

    shown: Shown
    first: View
    state: str = "none"
    text: str = ""
    second: Second | None = None

    def seen_by(self, request: ViewRequest) -> "Seen":
        """The same for somebody from whom parts are hidden."""
        other = self.second and self.second._replace(view=self.second.view.seen_by(request))
        return self._replace(first=self.first.seen_by(request), second=other)

    @property
    def panel(self) -> Panel:
        """The first graph with what an address says of both."""
        panel, other = self.first.panel, self.second and self.second.view.panel
        if other is None:
            return panel
        here, there = panel.graph_view, other.graph_view
        node = here.node or (PREFIX + there.node if there.node else "")
        opened = tuple(dict.fromkeys((*here.opened, *there.opened)))
        looked_at = replace(here, node=node, opened=opened)
        return replace(panel, graph_view=looked_at, notices=(*panel.notices, *other.notices))

    @property
    def sides(self) -> Sides:
        """What both recordings say of their nodes."""
        assert self.second
        return Sides(self.shown.opened.nodes, self.second.shown.opened.nodes)


def look(shown: Shown, found: Beside, request: ViewRequest, draw: Draw) -> Seen:
    """Both graphs in the view that is asked for, each with its own part selected and the same blocks open; `draw` gives
    a drawing, or None where that has to wait.
    """
    if found.shown is None or found.compared is None or found.inputs is None:
        return Seen(shown, view.resolve(shown.opened, request), found.state, found.text)
    first, other = shown.opened, found.shown.opened
    here, there = beside.selected(request.graph_view.node, found.compared, first, other)
    usual = FULL if max(len(first.nodes), len(other.nodes)) <= MOST_WHOLE else CONCEPT
    looked_at = view.resolve(first, _selecting(request, here), usual)
    also = view.resolve(beside.alike(first, other), _selecting(request, there, looked_at), usual)
    if there and not here:
        looked_at = view.resolve(first, _selecting(request, here, also), usual)
    if max(len(first.nodes), len(other.nodes)) <= MOST_IN_ONE_ROW and not looked_at.panel.is_concept:
        looked_at, also = looked_at.in_one_row(), also.in_one_row()
    drawn = draw(found.inputs, found.shown, also)
    if drawn is None:
        return Seen(shown, looked_at, "pending")
    return Seen(shown, looked_at, found.state, found.text, Second(found.shown, also, found.compared, drawn))


def _selecting(request: ViewRequest, node: str, other: View | None = None) -> ViewRequest:
    """The same with this part selected, and what is open in the `other` view because of its own."""
    more = other.panel.graph_view.opened if other else ()
    opened = tuple(dict.fromkeys((*request.graph_view.opened, *more)))
    return replace(request, graph_view=replace(request.graph_view, node=node, opened=opened))


def shown_together(content: Content, seen: Seen, titles: tuple[str, str], colour: str) -> Content:
    """What the page shows of the first graph, and the second one, as far as it is not hidden."""
    hidden, second = seen.first.panel.hidden, seen.second
    if "beside" in hidden and "differences" in hidden:
        return content
    fields = {**content.fields, "beside": {"state": seen.state, "text": seen.text}}
    if second is None:
        return replace(content, fields=fields)
    graph = _with_partner(content.fields["graph"], seen, second)
    fields["graph"] = graph
    if "beside" not in hidden:
        said = _second(seen, second, titles)
        graph["colours"], said["graph"]["colours"] = _coloured(colour, seen, second)
        fields["beside"] |= said
    still = _still(content.static, seen, second)
    if "layers" in fields and "beside" not in hidden:
        first, other = still.layers
        fields["layers"] = {**first, "names": fields["layers"]["names"]}
        fields["beside"]["layers"] = {**other, "names": None}
    return replace(content, static=still.static, fields=fields, panel=seen.panel)


def _second(seen: Seen, second: Second, titles: tuple[str, str]) -> dict[str, Any]:
    """How the second graph is looked at, and what both are called; its numbers stand still."""
    passes = [{"line": one.line, "call": one.call, "nodes": len(one.nodes)} for one in second.shown.recorded.moments]
    panel = second.view.panel
    looked_at = {**asdict(panel.graph_view), "opened": seen.panel.graph_view.opened}
    return {
        "titles": [_title(title, shown) for title, shown in zip(titles, (seen.shown, second.shown), strict=True)],
        "moments": {"at": second.shown.place, "passes": passes, "made": len(passes)},
        "graph": {"view": looked_at, "concept": panel.is_concept},
    }


def _coloured(colour: str, seen: Seen, second: Second) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Both graphs' colours, on one scale."""
    sides = zip((seen.first, second.view), seen.sides, strict=True)
    groups = [[[nodes[one] for one in ids] for ids in side.cards.members()] for side, nodes in sides]
    found = colours.colours(colour, [*groups[0], *groups[1]], seen.first.panel.hidden)
    if found is None:
        return None, None
    count, levels = len(groups[0]), found["levels"]
    return {**found, "levels": levels[:count]}, {**found, "levels": levels[count:]}


def _title(name: str, shown: Shown) -> str:
    count = len(shown.recorded.moments)
    place = [f"pass {shown.place + 1} of {count}"] if count > 1 else []
    return " · ".join([*filter(None, [name]), *place, f"{len(shown.opened.nodes):,} nodes"])


def _with_partner(graph: Mapping[str, Any], seen: Seen, second: Second) -> dict[str, Any]:
    """The first graph's message, where what is selected is compared, or stands in the second graph alone."""
    hidden, node, there = seen.first.panel.hidden, seen.first.panel.graph_view.node, second.view.panel.graph_view.node
    message = {**graph, "view": asdict(seen.panel.graph_view)}
    if hidden & {"graph", "inspector"} or not (node or there):
        return message
    if not node:
        said = inspector.part(second.shown.opened, second.view.cards, there, hidden)
        message["inspector"] = _of_second(said, second, seen.shown.opened)
    elif "inspector" in graph and (lines := _lines(seen, second, node)):
        said = graph["inspector"]
        message["inspector"] = {**said, "sections": [{"head": SAID, "lines": lines}, *said["sections"]]}
    return message


def _lines(seen: Seen, second: Second, node: str) -> list[dict[str, str]]:
    if "differences" in seen.first.panel.hidden:
        return []
    members = seen.first.cards.members_of(node)
    return differences.lines(second.compared, seen.sides, members, seen.first.panel.hidden)


def _of_second(said: dict[str, Any], second: Second, first: Opened) -> dict[str, Any]:
    """What the inspector says of a part of the second graph alone; its ways lead to the first where that has them."""

    def way(part: str) -> str:
        return beside.partner_of(part, second.compared.owners, second.shown.opened, first) or PREFIX + part

    def line(found: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in found.items() if name not in ("go", "edges")}
        return kept | ({"go": way(found["go"])} if "go" in found else {})

    sections = [{**section, "lines": [line(one) for one in section["lines"]]} for section in said["sections"]]
    return {**said, "sections": [{"head": SAID, "lines": [{"label": "only in B", "math": ""}]}, *sections]}


class Still(NamedTuple):
    """What stands still while two graphs are looked at: the static part of the page, and the bars of both."""

    static: Mapping[str, Any]
    layers: tuple[dict[str, Any], ...]


def _still(first: Mapping[str, Any], seen: Seen, second: Second) -> Still:
    """Both drawings, the second graph's numbers, and what differs as far as it may be seen."""
    covered = seen.first.panel.hidden & {"numbers", "gradients", "beside", "differences"}
    name = f"{second.compared.name} {first['id']} {second.static['id']} {sorted(covered)}"
    found = _STILL.get(name)
    if found is None:
        alone = [
            [PREFIX + node[0], *node[1:]] for node in second.static["nodes"] if not second.compared.owners[node[0]]
        ]
        nodes = [*first["nodes"], *([] if "beside" in covered else alone)]
        said = _said(seen, second, covered)
        static = {**first, "nodes": nodes, **said, "id": hashlib.sha256(name.encode()).hexdigest()[:12]}
        passes = [(one.opened, one.recorded.moments[one.place]) for one in (seen.shown, second.shown)]
        found = Still(static, tuple(bars.together(*passes)))
        _STILL.put(name, found)
    return found


def _said(seen: Seen, second: Second, covered: frozenset[str]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if "differences" not in covered:
        views = seen.first.cards, second.view.cards
        said |= differences.static(second.compared, seen.sides, views, covered)
    if "beside" not in covered:
        numbers = figures.painted(second.view.panel, second.view.cards, second.shown.opened)
        kept = {name: value for name, value in numbers.items() if name not in ("view", "concept")}
        said |= {"beside": figures.covered(second.static)["graph"], "beside_numbers": kept}
    return said


_STILL: Store[Still] = Store(MOST_KEPT, lambda still: len(still.static["nodes"]))
