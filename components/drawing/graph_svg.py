"""A graph as SVG: drawn once per structure without a number in it, then painted with numbers, which move nothing."""

from collections.abc import Iterator
from functools import partial

from components.drawing import edge_svg, groups_svg, layout
from components.drawing.card_svg import (
    FINGER,
    HANDLE,
    LEAF_PX,
    SMALL_PX,
    SYMBOL_PX,
    Card,
    cut,
    ending,
    finger,
    quoted,
    text,
)
from components.drawing.groups_svg import Group
from components.drawing.labels import Labels
from components.drawing.layout import CARD, Direction, Plan
from components.drawing.routes import Box
from components.graph import operations
from components.graph.model import Region, Structure

MARGIN = 8
NONE: frozenset[str] = frozenset()
LONGEST_SMALL, LONGEST_TORCH, LONGEST_WIDE, LONGEST_MADE, LONGEST_LARGE_MADE, LONGEST_TITLE = 13, 18, 34, 14, 9, 5
CAPTION_ROOM, CAPTION_PX = 78, 6.2
"""Pixels for a node's symbol and its caption together, and what one character of a caption takes."""


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
    together = (*groups_svg.clusters(groups), *(members for _, members in structure.regions))
    return _svg(Plan(structure, direction, large, together, wide, within=groups_svg.within(groups)), groups)


def in_rows(structure: Structure, groups: tuple[Group, ...] = (), wide: frozenset[str] = NONE) -> str:
    """The same lying down, without regions: a long row of ranks goes on below."""
    clusters, within = groups_svg.clusters(groups), groups_svg.within(groups)
    return _svg(Plan(structure, "LR", NONE, clusters, wide, within=within, in_rows=True), groups)


def bare(
    structure: Structure, large: frozenset[str] = NONE, groups: tuple[Group, ...] = (), wide: frozenset[str] = NONE
) -> tuple[str, Labels]:
    """The drawing of a large graph, lying down: cards and lines without a word on them, and what is to stand there."""
    together, labels = (*groups_svg.clusters(groups), *(members for _, members in structure.regions)), Labels()
    has_blocks = not structure.regions and any(group.key for group in groups)
    plan = Plan(structure, "LR", large, together, wide, within=groups_svg.within(groups), in_rows=has_blocks)
    return _svg(plan, groups, labels), labels


def projected(structure: Structure, large: frozenset[str], groups: tuple[Group, ...] = ()) -> str:
    """The same drawing for a projector: nodes in `large` have cards that are read from the back row."""
    return _svg(Plan(structure, "LR", large, groups_svg.clusters(groups), projected=True), groups)


def projected_lists(structure: Structure, groups: tuple[Group, ...] = ()) -> str:
    """The drawing of a few nodes that hold lists, for a projector: one below the other, with room for the lists."""
    nodes = frozenset(node[0] for node in structure.nodes)
    return _svg(Plan(structure, "TB", nodes, groups_svg.clusters(groups), nodes, projected=True), groups)


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
    clusters = [
        groups_svg.cluster(*cluster, direction == "TB") for cluster in zip(opened, placed.clusters, strict=False)
    ]
    regions = map(_region, structure.regions, placed.clusters[len(opened) :])
    box = f"{-MARGIN} {-MARGIN} {placed.width + 2 * MARGIN:g} {placed.height + 2 * MARGIN:g}"
    classes = (
        "concept" if plan.large else "whole",
        *(["upright"] if direction == "TB" else []),
        *(["projected"] if plan.projected else []),
        *(["rows"] if plan.in_rows else []),
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
    card = Card(left, top, card_width) if labels is None else Card(0, 0, card_width)
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
    called_so, said, behind = called(op, name, expression), spoken(op, name, expression), ""
    if group and group.key:
        role, called_so, said = f"{role} block", group.title, groups_svg.spoken_block(group, op)
        behind = groups_svg.stack(box) if group.times > 1 else ""
    is_phone = plan.direction == "TB"
    reach = finger(left, top + card_height / 2 - FINGER / 2, card_width) if is_phone else ""
    handle = groups_svg.toggle(group, is_phone, left, top) if group else ""
    return (
        f'<g data-node={quoted(node_id)} data-op={quoted(op)} class="node {role}" role="button" tabindex="0"'
        f' aria-pressed="false" data-called={quoted(called_so)} data-spoken={quoted(said)}>'
        f'{reach}{behind}<rect class="card" x="{left:g}" y="{top:g}" width="{card_width:g}" height="{card_height:g}"'
        f' rx="9"/>{written}</g>{handle}'
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


def _step_texts(card: Card, static: tuple[str, str, str, str], keeps: bool, group: Group | None) -> Iterator[str]:
    """Where steps are folded into a node, it says its name and how many they are, not what torch calls the last one."""
    _, op, name, expression = static
    if group and group.key:
        yield from groups_svg.block_texts(card, op, group, keeps)
        return
    is_named, right = bool(group and name), card.width - 9
    symbol = "" if is_named else operations.find(op).symbol
    torch = cut(f"{group.steps} steps" if group else op, LONGEST_WIDE if card.width > CARD[0] else LONGEST_TORCH)
    caption = _caption(name, "", expression) if is_named else _caption(symbol, name, expression) if symbol else "leaf"
    size = "symbol small" if len(symbol) * SYMBOL_PX > card.width - HANDLE else "symbol"
    title = cut(symbol, int((card.width - HANDLE) / SMALL_PX)) or ending(name, card.width - LEAF_PX)
    yield card.text(size if symbol else "symbol variable", HANDLE if group else 10, 26, title)
    yield card.text("caption", right, 24, caption)
    yield card.text("torch", 10, 41, torch)
    yield card.rule(48)
    yield card.text("key", 10, 63, "value") + card.text("number value", right, 63, "")
    yield card.text("key", 10, 78, ".grad" if keeps else "grad") + card.text("number grad", right, 78, "")


def _caption(symbol: str, name: str, expression: str) -> str:
    """What the result is called, else what it is made of (for `log(ŷ)` under the symbol `log`: `ŷ`), if it fits."""
    caption = name or expression
    if caption.startswith(f"{symbol}(") and caption.endswith(")"):
        caption = caption[len(symbol) + 1 : -1]
    fits = SYMBOL_PX * len(symbol) + CAPTION_PX * len(caption) <= CAPTION_ROOM
    return caption if fits else ""


def _input_texts(card: Card, name: str, expression: str, group: Group | None) -> Iterator[str]:
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


def _large_texts(card: Card, op: str, name: str, expression: str, group: Group | None) -> Iterator[str]:
    small = {"input": "no gradient", "AccumulateGrad": "leaf"}.get(op, expression)
    steps = f"{group.steps} steps" if group else operations.find(op).word
    right = card.width - 12
    yield card.text("name", 12, 31, name)
    yield card.text("made", right, 30, next((text for text in (small, steps) if len(text) <= LONGEST_SMALL), ""))
    yield card.text("number value", right, 64, "") + card.text("number grad", right, 94, "")


def _projected_texts(card: Card, static: tuple[str, str, str, str], plan: Plan) -> Iterator[str]:
    """A wide card says what its node is made of too, and its value beside that."""
    node_id, op, name, expression = static
    is_wide, right = node_id in plan.wide, card.width - 12
    first = 38 if is_wide else 73
    if is_wide and op == "input":
        yield card.text("untracked", right, first + 32, "no grad")
    yield card.text("name", 14, 37, _with_squares(called(op, name, expression)) if is_wide else name)
    yield card.text("number value", right, first, "") + card.text("number grad", right, first + 35, "")


def _region(region: Region, box: Box) -> str:
    """What a part of the program stands in: a tinted field with its name."""
    left, top, width, height = box
    return (
        f'<g class="region" transform="translate({left:g} {top:g})">'
        f'<rect width="{width:g}" height="{height:g}" rx="14"/>{text("title", 9, 4, region[0])}</g>'
    )
