"""A graph as SVG: drawn once per structure without a number in it, then painted with numbers, which move nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from xml.sax.saxutils import escape, quoteattr

from components.drawing import edge_svg, layout
from components.drawing.labels import Labels
from components.drawing.layout import Direction, Plan
from components.drawing.routes import Box
from components.graph import operations
from components.graph.model import Region, Structure

MARGIN = 8
HANDLE = 14
"""Where a card's first text begins if a handle stands at its corner."""

FINGER = 80
"""Units of a drawing that take 44 pixels on a phone's screen."""

NONE: frozenset[str] = frozenset()
LONGEST_SMALL, LONGEST_TORCH, LONGEST_MADE, LONGEST_LARGE_MADE, LONGEST_TITLE = 13, 18, 14, 9, 5
CAPTION_ROOM, SYMBOL_PX, CAPTION_PX = 78, 10.5, 6.2
"""Pixels for a node's symbol and its caption together, and what one character of each takes."""

LEAF_PX, LEAST_NAME = 42, 12
"""Pixels beside a leaf's name, and how many of its characters are always there."""


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes that can be shown or folded away: their result's id, a title, all their ids, whether they are shown,
    and how many steps they and the result are.
    """

    result: str
    title: str
    members: tuple[str, ...]
    is_open: bool
    steps: int


@dataclass(frozen=True, slots=True)
class _Card:
    """A card's place. What stands on it has the drawing's own coordinates: groups that are moved each cost a frame."""

    left: float
    top: float
    width: float

    def text(self, classes: str, x: float, y: float, content: str) -> str:
        return _text(classes, self.left + x, self.top + y, content)

    def rule(self, y: float) -> str:
        return f'<path class="rule" d="M{self.left:g} {self.top + y:g}h{self.width:g}"/>'


def svg(
    structure: Structure,
    direction: Direction,
    large: frozenset[str] = NONE,
    groups: tuple[Group, ...] = (),
    wide: frozenset[str] = NONE,
) -> str:
    """The whole drawing, `svg` element and all; every place for a number is empty and has a class to find it by.

    Nodes in `large` have larger cards, those in `wide` have room for a list; an open group stands in its own cluster.
    """
    together = (*_clusters(groups), *(members for _, members in structure.regions))
    return _svg(Plan(structure, direction, large, together, wide), groups)


def bare(
    structure: Structure, large: frozenset[str] = NONE, groups: tuple[Group, ...] = (), wide: frozenset[str] = NONE
) -> tuple[str, Labels]:
    """The drawing of a large graph, lying down: cards and lines without a word on them, and what is to stand there."""
    together, labels = (*_clusters(groups), *(members for _, members in structure.regions)), Labels()
    return _svg(Plan(structure, "LR", large, together, wide), groups, labels), labels


def projected(structure: Structure, large: frozenset[str], groups: tuple[Group, ...] = ()) -> str:
    """The same drawing for a projector: nodes in `large` have cards that are read from the back row."""
    return _svg(Plan(structure, "LR", large, _clusters(groups), projected=True), groups)


def projected_lists(structure: Structure, groups: tuple[Group, ...] = ()) -> str:
    """The drawing of a few nodes that hold lists, for a projector: one below the other, with room for the lists."""
    nodes = frozenset(node[0] for node in structure.nodes)
    return _svg(Plan(structure, "TB", nodes, _clusters(groups), nodes, projected=True), groups)


def _clusters(groups: tuple[Group, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple((*group.members, group.result) for group in groups if group.is_open)


def _svg(plan: Plan, groups: tuple[Group, ...], labels: Labels | None = None) -> str:
    structure, direction = plan.structure, plan.direction
    placed = layout.place(plan)
    opened = [group for group in groups if group.is_open]
    closed = {group.result: group for group in groups if not group.is_open}
    inputs = {node[0] for node in structure.nodes if node[1] == "input"}
    edges = [
        edge_svg.edge(edge, points, direction, edge_svg.way_of(edge, inputs), labels)
        for edge, points in zip(structure.edges, placed.edges, strict=True)
    ]
    draw = partial(_node, plan=plan, closed=closed, labels=labels)
    nodes = [draw(node, box) for node, box in zip(structure.nodes, placed.nodes, strict=True)]
    clusters = [_cluster(*cluster, direction == "TB") for cluster in zip(opened, placed.clusters, strict=False)]
    regions = map(_region, structure.regions, placed.clusters[len(opened) :])
    box = f"{-MARGIN} {-MARGIN} {placed.width + 2 * MARGIN:g} {placed.height + 2 * MARGIN:g}"
    classes = (
        "concept" if plan.large else "whole",
        *(["upright"] if direction == "TB" else []),
        *(["projected"] if plan.projected else []),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="group" aria-label="Backward graph"'
        f' class="{" ".join(classes)}">'
        f"<defs>{''.join(edge_svg.arrow(kind) for kind in edge_svg.ARROWS)}</defs>"
        f'<g class="clusters">{"".join((*clusters, *regions))}</g>'
        f'<g class="edges">{"".join(edges)}</g><g class="nodes">{"".join(nodes)}</g></svg>'
    )


def _node(
    static: tuple[str, str, str, str], box: Box, plan: Plan, closed: dict[str, Group], labels: Labels | None
) -> str:
    node_id, op, name, expression = static
    left, top, card_width, card_height = box
    is_result = node_id == plan.structure.nodes[-1][0]
    role = {"input": "input", "AccumulateGrad": "leaf"}.get(op, "result" if is_result else "step")
    card = _Card(left, top, card_width) if labels is None else _Card(0, 0, card_width)
    group = closed.get(node_id)
    if node_id in plan.large:
        role = f"{role} large"
        texts = _projected_texts(card, static, plan) if plan.projected else _large_texts(card, *static[1:], group)
    elif op == "input":
        texts = _input_texts(card, name, expression, group)
    else:
        texts = _step_texts(card, static, plan.structure.keeps, group)
    written = "".join(texts)
    if labels is not None:
        labels.add_node(written)
        written = ""
    is_phone = plan.direction == "TB"
    finger = _finger(left, top + card_height / 2 - FINGER / 2, card_width) if is_phone else ""
    handle = _toggle(group, is_phone, left, top) if group else ""
    return (
        f'<g data-node={quoteattr(node_id)} data-op={quoteattr(op)} class="node {role}" role="button" tabindex="0"'
        f' aria-pressed="false" data-called={quoteattr(called(op, name, expression))}'
        f" data-spoken={quoteattr(spoken(op, name, expression))}>"
        f'{finger}<rect class="card" x="{left:g}" y="{top:g}" width="{card_width:g}" height="{card_height:g}" rx="9"/>'
        f"{written}</g>{handle}"
    )


def spoken(op: str, name: str, expression: str) -> str:
    """The part of a node's sentence that never changes: what it is, before its numbers are said."""
    kind_of_node = operations.find(op).word + ("" if op in ("input", "AccumulateGrad") else f", {op}")
    return f"{called(op, name, expression)}, {kind_of_node}"


def called(op: str, name: str, expression: str) -> str:
    """What a sentence calls a node: its name and what it is made of."""
    if op in ("input", "AccumulateGrad"):
        return name or expression or "constant"
    return f"{f'{name} = ' if name else ''}{expression or operations.find(op).word}"


def _step_texts(card: _Card, static: tuple[str, str, str, str], keeps: bool, group: Group | None) -> Iterator[str]:
    """Where steps are folded into a node, it says its name and how many they are, not what torch calls the last one."""
    _, op, name, expression = static
    is_named, right = bool(group and name), card.width - 9
    symbol = "" if is_named else operations.find(op).symbol
    torch = f"{group.steps} steps" if group else op
    caption = _caption(name, "", expression) if is_named else _caption(symbol, name, expression) if symbol else "leaf"
    title = symbol or _ending(name, card.width - LEAF_PX)
    yield card.text("symbol" if symbol else "symbol variable", HANDLE if group else 10, 26, title)
    yield card.text("caption", right, 24, caption)
    yield card.text("torch", 10, 41, torch if len(torch) <= LONGEST_TORCH else f"{torch[: LONGEST_TORCH - 1]}…")
    yield card.rule(48)
    yield card.text("key", 10, 63, "value") + card.text("number value", right, 63, "")
    yield card.text("key", 10, 78, ".grad" if keeps else "grad") + card.text("number grad", right, 78, "")


def _ending(name: str, room: float) -> str:
    """The end of a long name, such as a parameter's path, that fits."""
    longest = max(LEAST_NAME, int(room / SYMBOL_PX))
    return name if len(name) <= longest else f"…{name[1 - longest :]}"


def _caption(symbol: str, name: str, expression: str) -> str:
    """What the result is called, else what it is made of (for `log(ŷ)` under the symbol `log`: `ŷ`), if it fits."""
    caption = name or expression
    if caption.startswith(f"{symbol}(") and caption.endswith(")"):
        caption = caption[len(symbol) + 1 : -1]
    fits = SYMBOL_PX * len(symbol) + CAPTION_PX * len(caption) <= CAPTION_ROOM
    return caption if fits else ""


def _input_texts(card: _Card, name: str, expression: str, group: Group | None) -> Iterator[str]:
    made, right = _with_squares(expression), card.width - 9
    title = name or ("" if made else "constant")
    size = "symbol variable small" if len(title) > LONGEST_TITLE else "symbol variable"
    yield card.text(size, HANDLE if group else 9, 20, title)
    yield card.text("torch", right, 18, "no grad")
    if made:
        cut = made if len(made) <= LONGEST_MADE else "" if name else f"{made[: LONGEST_MADE - 1]}…"
        yield card.text("made" if len(cut) <= LONGEST_LARGE_MADE else "made long", 9, 39, cut)
    yield card.text("number value", right, 56 if made else 38, "") + card.text("number grad", right, 78, "")


def _with_squares(expression: str) -> str:
    return expression.replace("^2", "²").replace("^3", "³")


def _large_texts(card: _Card, op: str, name: str, expression: str, group: Group | None) -> Iterator[str]:
    small = {"input": "no gradient", "AccumulateGrad": "leaf"}.get(op, expression)
    steps = f"{group.steps} steps" if group else operations.find(op).word
    right = card.width - 12
    yield card.text("name", 12, 31, name)
    yield card.text("made", right, 30, next((text for text in (small, steps) if len(text) <= LONGEST_SMALL), ""))
    yield card.text("number value", right, 64, "") + card.text("number grad", right, 94, "")


def _projected_texts(card: _Card, static: tuple[str, str, str, str], plan: Plan) -> Iterator[str]:
    """A wide card says what its node is made of too, and its value beside that."""
    node_id, op, name, expression = static
    is_wide, right = node_id in plan.wide, card.width - 12
    first = 38 if is_wide else 73
    if is_wide and op == "input":
        yield card.text("untracked", right, first + 32, "no grad")
    yield card.text("name", 14, 37, _with_squares(called(op, name, expression)) if is_wide else name)
    yield card.text("number value", right, first, "") + card.text("number grad", right, first + 35, "")


def _finger(left: float, top: float, width: float = FINGER) -> str:
    """What a finger may touch on a phone's screen, where a card itself is less than 44 pixels high."""
    return f'<rect class="finger" x="{left:g}" y="{top:g}" width="{width:g}" height="{FINGER}" fill="none"/>'


def _toggle(group: Group, is_phone: bool, left: float = 0, top: float = 0) -> str:
    """The handle that opens a closed group, at its card's corner, or closes an open one, at its cluster's.

    A finger reaches it from outside, where it is in no other card's way.
    """
    sign, verb = ("−", "Close") if group.is_open else ("+", "Open")
    said = f"{verb} {group.title}: {group.steps} steps"
    return (
        f'<g class="toggle" data-group={quoteattr(group.result)} role="button" tabindex="0"'
        f' aria-expanded="{str(group.is_open).lower()}" aria-label={quoteattr(said)}>'
        f"{_finger(left - FINGER + 16, top - FINGER / 2) if is_phone else ''}"
        f'<circle cx="{left:g}" cy="{top:g}" r="11"/><text x="{left:g}" y="{top + 5.5:g}">{sign}</text></g>'
    )


def _cluster(group: Group, box: Box, is_phone: bool) -> str:
    left, top, hull_width, hull_height = box
    return (
        f'<g class="cluster" transform="translate({left:g} {top:g})">'
        f'<rect width="{hull_width:g}" height="{hull_height:g}" rx="14"/>{_text("title", 18, 4, group.title)}'
        f"{_toggle(group, is_phone)}</g>"
    )


def _region(region: Region, box: Box) -> str:
    """What a part of the program stands in: a tinted field with its name."""
    left, top, width, height = box
    return (
        f'<g class="region" transform="translate({left:g} {top:g})">'
        f'<rect width="{width:g}" height="{height:g}" rx="14"/>{_text("title", 9, 4, region[0])}</g>'
    )


def _text(classes: str, x: float, y: float, content: str) -> str:
    return f'<text class="{classes}" x="{x:g}" y="{y:g}">{escape(content)}</text>'
