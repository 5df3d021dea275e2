"""Where the nodes of a large graph stand, in a time that grows with its size alone.

Every node has a rank beyond those of its inputs; ranks stand side by side, and a long row of them goes on below, as
text does. A line that goes far runs between the ranks and between the rows, never across a card.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from components.drawing import ranks, routes
from components.drawing.routes import NO_PORTS, Box, Edge, Gaps, Point, Ports

BEND = 6
"""Pixels between a line and its neighbours in a rank, beside the gap."""

CARD_WEIGHT = 2
"""How much more it counts that a card stands where it is wanted than that a line passes there."""

AROUND = 10
"""Columns on either side with which a column's middle is levelled out, so that a row neither climbs nor falls."""

SWEEPS = 6
"""Times that nodes are ordered and moved by their neighbours' places, there and back."""


class Placed(NamedTuple):
    """Width and height of all, each card's box, and each edge's control points, from input to consumer."""

    width: float
    height: float
    boxes: list[Box]
    edges: list[tuple[Point, ...]]


class Item(NamedTuple):
    """A card in its rank, or the place where a line passes: its height, and its neighbours in the ranks beside it."""

    height: float
    before: list[int]
    after: list[int]


def place(sizes: Sequence[tuple[float, float]], edges: Sequence[Edge], gaps: Gaps, ports: Ports = NO_PORTS) -> Placed:
    """Cards of these widths and heights, each after its inputs, from left to right."""
    rank = ranks.ranks(len(sizes), edges)
    column = ranks.columns(rank, sizes, gaps)
    is_passing, lines = ranks.passing(rank, column, edges)
    widths, heights = [0.0] * len(lines), [(BEND + gaps.nodes) * count - gaps.nodes for count in lines]
    for at, (width, height) in zip(column, sizes, strict=True):
        widths[at] = max(widths[at], width)
        heights[at] += height + gaps.nodes
    row_of = ranks.rows(widths, heights, ranks.crossings(column, edges), gaps)
    items, columns, bends = _items(column, row_of, [Item(height, [], []) for _, height in sizes], edges, is_passing)
    _order(items, columns)
    middles = _middles(items, columns, gaps.nodes)
    _level(row_of, columns, middles)
    lanes = routes.lanes(edges, [row_of[at] for at in column], [passed is None for passed in bends])
    grid = routes.grid(widths, row_of, list(_extents(row_of, columns, items, middles)), lanes, gaps)._replace(
        ports=ports or {}
    )
    boxes = [grid.box(at, middle, *size) for at, middle, size in zip(column, middles, sizes, strict=False)]
    drawn = [
        grid.around(edge, boxes, column) if passed is None else grid.among(edge, boxes, column, passed, middles)
        for edge, passed in zip(edges, bends, strict=True)
    ]
    return Placed(grid.width, grid.height, boxes, drawn)


def _items(
    column: list[int], row_of: list[int], items: list[Item], edges: Sequence[Edge], is_passing: list[bool]
) -> tuple[list[Item], list[list[int]], list[tuple[int, ...] | None]]:
    """Cards and places of lines with their neighbours, each column's items, and by edge the places that it goes through
    (None: it goes round).
    """
    columns: list[list[int]] = [[] for _ in row_of]
    for node, at in enumerate(column):
        columns[at].append(node)
    bends: list[tuple[int, ...] | None] = []
    for (source, consumer), is_among in zip(edges, is_passing, strict=True):
        if not is_among or row_of[column[consumer]] != row_of[column[source]]:
            bends.append(None)
            continue
        passed = tuple(range(len(items), len(items) + column[consumer] - column[source] - 1))
        for at, item in enumerate(passed, column[source] + 1):
            items.append(Item(BEND, [], []))
            columns[at].append(item)
        for one, other in itertools.pairwise((source, *passed, consumer)):
            items[one].after.append(other)
            items[other].before.append(one)
        bends.append(passed)
    return items, columns, bends


def _order(items: list[Item], columns: list[list[int]]) -> None:
    """Each item in its rank near the middle of its neighbours, so that few lines cross."""
    place_of = [0.0] * len(items)
    for column in columns:
        _number(column, place_of)
    for sweep in range(SWEEPS):
        is_back = sweep % 2
        for column in reversed(columns) if is_back else columns:
            for item in column:
                beside = items[item].after if is_back else items[item].before
                if beside:
                    place_of[item] = sum([place_of[other] for other in beside]) / len(beside)
            column.sort(key=place_of.__getitem__)
            _number(column, place_of)


def _number(column: list[int], place_of: list[float]) -> None:
    """Says of each item where it stands in its column, from -1/2 at its upper end to 1/2."""
    for place_in_column, item in enumerate(column):
        place_of[item] = place_in_column - (len(column) - 1) / 2


def _middles(items: list[Item], columns: list[list[int]], gap: float) -> list[float]:
    """The middle of each item: near those of its neighbours, and apart from the others in its rank."""
    middles = [0.0] * len(items)
    for sweep in range(SWEEPS + 1):
        is_before, is_after = sweep == SWEEPS or not sweep % 2, sweep == SWEEPS or bool(sweep % 2)
        usual = 0.0  # the middle of the column before
        for column in reversed(columns) if sweep % 2 else columns:
            beside = [items[item].before * is_before + items[item].after * is_after for item in column]
            wanted = [
                _wanted(items[item], [middles[other] for other in others], middles[item], usual)
                for item, others in zip(column, beside, strict=True)
            ]
            heights = [items[item].height for item in column]
            for item, middle in zip(column, _apart(heights, wanted, gap), strict=True):
                middles[item] = middle
            usual = sum([middles[item] for item in column]) / len(column)
    return middles


def _wanted(item: Item, beside: list[float], middle: float, usual: float) -> tuple[float, float]:
    """Where an item is wanted for the middles of its neighbours, and how much that counts."""
    if not beside:
        return middle if item.before or item.after else usual, 0.1
    return sum(beside) / len(beside), len(beside) * (1 if item.height == BEND else CARD_WEIGHT)


def _level(row_of: list[int], columns: list[list[int]], middles: list[float]) -> None:
    """Moves each column by what it and those around it in its row are off the row's middle."""
    off = [(min(places) + max(places)) / 2 for places in ([middles[item] for item in column] for column in columns)]
    for _, numbers in itertools.groupby(range(len(columns)), key=row_of.__getitem__):
        row = list(numbers)
        sums = list(itertools.accumulate((off[at] for at in row), initial=0.0))
        for number, at in enumerate(row):
            around = min(AROUND, number, len(row) - 1 - number)
            usual = (sums[number + around + 1] - sums[number - around]) / (2 * around + 1)
            for item in columns[at]:
                middles[item] -= usual


def _apart(heights: list[float], wanted: list[tuple[float, float]], gap: float) -> Iterator[float]:
    """Middles as near to where they are wanted as their order and sizes let them: least squares, by blocks."""
    distances = [(one + other) / 2 + gap for one, other in itertools.pairwise(heights)]
    offsets = list(itertools.accumulate(distances, initial=0.0))
    blocks = list[tuple[float, float, int]]()  # where it begins, how much that counts, how many items it has
    for offset, (middle, item_weight) in zip(offsets, wanted, strict=True):
        start, weight, count = middle - offset, item_weight, 1
        while blocks and blocks[-1][0] >= start:
            other, other_weight, other_count = blocks.pop()
            start = (other * other_weight + start * weight) / (other_weight + weight)
            weight, count = weight + other_weight, count + other_count
        blocks.append((start, weight, count))
    starts = itertools.chain.from_iterable([start] * count for start, _, count in blocks)
    return (start + offset for start, offset in zip(starts, offsets, strict=True))


def _extents(
    row_of: list[int], columns: list[list[int]], items: list[Item], middles: list[float]
) -> Iterator[tuple[float, float]]:
    """The upper and the lower end of all items of each row."""
    for _, members in itertools.groupby(zip(row_of, columns, strict=True), key=lambda pair: pair[0]):
        of_row = [item for _, column in members for item in column]
        yield (
            min(middles[item] - items[item].height / 2 for item in of_row),
            max(middles[item] + items[item].height / 2 for item in of_row),
        )
