"""What of a recorded graph is folded: the view that came of the one asked for, and the graph as it is drawn."""

from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

from components.address.fields import shown as cut
from components.address.view import CONCEPT, MOST_OPENED
from components.drawing import panel
from components.drawing.groups_svg import Group
from components.drawing.panel import Panel, ViewRequest
from components.graph.model import Graph
from components.recording import cards
from components.recording.cards import Cards
from components.recording.modules import Block, Blocks
from components.recording.snapshots import Opened

OUTLINE = panel.Outline(wide=True, walks=False, projects=False, rows=True)
FOLDED = replace(OUTLINE, usual=CONCEPT, titles={CONCEPT: ("Folded", "Modules and what is repeated are one card each")})

CLOSED = "-"
"""Stands before the key of a block that is folded although it is usually open."""


class View(NamedTuple):
    """A recorded graph as a panel of the app's, and what its cards are made of."""

    panel: Panel
    cards: Cards
    outline: panel.Outline

    def seen_by(self, request: ViewRequest) -> "View":
        """The same for somebody from whom parts are hidden."""
        return self._replace(panel=replace(self.panel, hidden=request.hidden, answered=request.answered))

    def in_one_row(self) -> "View":
        """The same, of which no row of ranks goes on below."""
        return self._replace(outline=replace(self.outline, rows=False))


def resolve(opened: Opened, request: ViewRequest, usual: str = CONCEPT) -> View:
    """Folds what is not open, but for what hides the selected node where no handle was pressed; `usual` is the view
    where none is asked for.
    """
    outline = replace(FOLDED, usual=usual) if opened.blocks.blocks else OUTLINE
    is_folded = panel.shows_concept(outline, request)
    keys, forgotten = _keys(opened, request) if is_folded else ((), ())
    shown = cards.fold(opened, _open(opened.blocks, keys)) if is_folded else cards.whole(opened)
    node, notices = _selected(opened, shown, request)
    graph_view = replace(request.graph_view, opened=_standing(keys, shown), node=node, step=None)
    return View(
        Panel(
            snapshot=opened.moment.snapshot,
            graph=shown.graph,
            groups=_groups(opened.blocks, shown) if is_folded else (),
            large=frozenset(),
            graph_view=graph_view,
            steps=(),
            seen=cards.seen(opened, shown),
            owners=shown.shown,
            hidden=request.hidden,
            notices=(*notices, *_forgotten(opened.blocks, forgotten)),
            wide=frozenset(node.id for node in shown.graph.nodes if node.shape or node.id in shown.folded),
            answered=request.answered,
            is_concept=is_folded,
        ),
        shown,
        outline,
    )


def _keys(opened: Opened, request: ViewRequest) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of blocks that are not as they usually are, of which an address holds so many; and the oldest, which
    were too many.
    """
    blocks, usual = opened.blocks.blocks, opened.blocks.usual
    asked = dict.fromkeys([key for key in request.graph_view.opened if _is_key(key, opened.blocks)])
    for key in () if request.folding else _around(opened, request.graph_view.node):
        if key in usual:
            asked.pop(CLOSED + key, None)
        elif key in blocks:
            asked[key] = None
    return tuple(asked)[-MOST_OPENED:], tuple(asked)[:-MOST_OPENED]


def _forgotten(blocks: Blocks, keys: tuple[str, ...]) -> tuple[str, ...]:
    """What is said of blocks that are as usual again, because there are too many others."""
    said = [
        f"“{cut(blocks.blocks[key.removeprefix(CLOSED)].title)}” is {'open' if key.startswith(CLOSED) else 'folded'}"
        for key in keys
    ]
    text = f"opened and folded blocks: a link holds the {MOST_OPENED} newest; {', '.join(said)} again."
    return (text,) if said else ()


def _is_key(key: str, blocks: Blocks) -> bool:
    return key.removeprefix(CLOSED) in blocks.usual if key.startswith(CLOSED) else key in blocks.blocks


def _around(opened: Opened, part: str) -> list[str]:
    """The blocks in which a node, a block or the ends of an edge stand, the outermost first."""
    blocks = opened.blocks
    if part in blocks.blocks or part in blocks.holders or not part:
        return blocks.around(part)[::-1]
    ends = next((edge[1:3] for edge in opened.moment.snapshot.graph.edges if edge.id == part), ())
    return [key for end in ends for key in blocks.around(end)[::-1]]


def _open(blocks: Blocks, keys: Collection[str]) -> set[str]:
    return {key for key in blocks.usual if CLOSED + key not in keys} | set(keys)


def _standing(keys: tuple[str, ...], shown: Cards) -> tuple[str, ...]:
    """Without those that stand in a folded block, where they say nothing."""
    there = {block.key for block in shown.opened} | {CLOSED + key for key in shown.folded}
    return tuple([key for key in keys if key in there])


def _selected(opened: Opened, shown: Cards, request: ViewRequest) -> tuple[str, tuple[str, ...]]:
    """The selected part, or what shows it; and what is said where there is none."""
    part, blocks = request.graph_view.node, opened.blocks.blocks
    if not part or _is_part(part, shown.graph):
        return part, ()
    node = blocks[part].exit if part in blocks else part
    if node not in opened.nodes:
        node = next((edge.consumer for edge in opened.moment.snapshot.graph.edges if edge.id == node), "")
    if node or request.folding:
        return shown.shown.get(node, node), ()
    return "", (f"node = “{cut(part)}” is not in this graph; nothing is selected.",)


def _is_part(part: str, graph: Graph) -> bool:
    return any(node.id == part for node in graph.nodes) or any(edge.id == part for edge in graph.edges)


def _groups(blocks: Blocks, shown: Cards) -> tuple[Group, ...]:
    """The blocks that can be folded or opened; those that are open, with what stands directly in them."""
    inside: dict[str, list[str]] = {block.key: [] for block in shown.opened}
    for node in shown.graph.nodes:
        holder = blocks.blocks[node.id].parent if node.id in shown.folded else blocks.holders[node.id]
        if holder:
            inside[holder].append(node.id)
    return (
        *[_group(block, blocks.usual, tuple(inside[block.key]), is_open=True) for block in shown.opened],
        *[_group(block, blocks.usual, (), is_open=False) for block in shown.folded.values()],
    )


def _group(block: Block, usual: Collection[str], inside: tuple[str, ...], *, is_open: bool) -> Group:
    key, parent = [CLOSED + name if name in usual else name for name in (block.key, block.parent)]
    result = "" if is_open else block.key
    return Group(result, block.title, inside, is_open, block.steps, key, parent, block.times)
