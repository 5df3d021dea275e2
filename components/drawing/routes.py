"""Lines of a large graph: among the cards of a row of ranks, or round them between the ranks and between the rows."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, width and height in pixels."""

Edge = tuple[int, int]
"""The places of an edge's input and of its consumer in the list of nodes."""

ASIDE = 20
"""Pixels from a column of cards to the nearest line that runs along it: room for an arrow's head and a number."""

LANE, MOST_LANES = 5, 10
"""Pixels from one line to the next between two rows, and how many there are; lines of one node share theirs."""

BESIDE, MOST_BESIDE = 2, 4
"""The same between two ranks."""

ROUND = 10
"""Radius of a line's corners."""

MARGIN = -1
"""The place at the left of all rows, as a key of lanes."""

Lanes = dict[int, dict[int, int]]
"""Below each row (its number) and at the left (MARGIN): the lane of each node from which lines go round."""


Ports = Mapping[int, tuple[float, float]]
"""By node, how far below its middle lines reach and leave it; nothing where that is 0."""

NO_PORTS: Ports = MappingProxyType({})
MIDDLE = (0.0, 0.0)


class Gaps(NamedTuple):
    """Pixels between neighbours in one rank, and from rank to rank."""

    nodes: float
    ranks: float


def lanes(edges: Sequence[Edge], row_of: Sequence[int], are_around: Sequence[bool]) -> Lanes:
    """Where lines go round, by node's row."""
    found: Lanes = {}
    for (source, consumer), is_around in zip(edges, are_around, strict=True):
        if not is_around:
            continue
        for place in _places(row_of[source], row_of[consumer]):
            known = found.setdefault(place, {})
            known.setdefault(source, len(known) % MOST_LANES)
    return found


def _places(source_row: int, consumer_row: int) -> tuple[int, ...]:
    """Below the input's row; to a row further down, along the left and above it."""
    if consumer_row <= source_row + 1:
        return (source_row,)
    return source_row, MARGIN, consumer_row - 1


class Grid(NamedTuple):
    """The columns of ranks with their left ends and widths, the rows with what is added to a middle and the y below
    which lines go round, the size of all, and where lines do not reach nodes in their middle.
    """

    lefts: list[float]
    widths: list[float]
    row_of: list[int]
    shifts: list[float]
    below: list[float]
    lanes: Lanes
    width: float
    height: float
    ports: Ports = NO_PORTS

    def box(self, rank: int, middle: float, width: float, height: float) -> Box:
        """A card's place in its column."""
        left = self.lefts[rank] + (self.widths[rank] - width) / 2
        top = middle + self.shifts[self.row_of[rank]] - height / 2
        return round(left, 1), round(top, 1), width, height

    def among(
        self, edge: Edge, boxes: list[Box], rank: list[int], passed: tuple[int, ...], middles: list[float]
    ) -> tuple[Point, ...]:
        """A line through its places in the ranks between, level within each of them."""
        start, end = _ends(edge, boxes, self.ports)
        first = rank[edge[0]]
        shift = self.shifts[self.row_of[first]]
        points, x = [start], self.lefts[first] + self.widths[first]
        y = start[1]
        for at, item in enumerate(passed, first + 1):
            level, left = round(middles[item] + shift, 1), self.lefts[at]
            if abs(level - y) >= 1:
                points += _swing(points[-1], (x, y), (left, level))
                y = level
            x = left + self.widths[at]
        return (*points, *_swing(points[-1], (x, y), end))

    def around(self, edge: Edge, boxes: list[Box], rank: list[int]) -> tuple[Point, ...]:
        """A line between the ranks and rows, level or upright everywhere, with round corners."""
        start, end = _ends(edge, boxes, self.ports)
        first, last = rank[edge[0]], rank[edge[1]]
        rows = self.row_of[first], self.row_of[last]
        beside = ASIDE + self.lanes[rows[0]][edge[0]] % MOST_BESIDE * BESIDE
        x, into = self.lefts[first] + self.widths[first] + beside, self.lefts[last] - beside
        way = [start, (x, start[1])]
        for place in _places(*rows):
            lane = self.lanes[place][edge[0]] * LANE
            if place == MARGIN:
                x = self.lefts[0] - 2 * ASIDE - lane
                way.append((x, way[-1][1]))
            else:
                way.append((x, self.below[place] + lane))
        way += [(into, way[-1][1]), (into, end[1]), end]
        return tuple(rounded(way))


def grid(widths: list[float], row_of: list[int], extents: list[tuple[float, float]], found: Lanes, gaps: Gaps) -> Grid:
    """Rows of ranks one below the other, each as high as its items, with room for the lines that go round."""
    left = 2 * ASIDE + LANE * MOST_LANES if MARGIN in found else ASIDE + MOST_BESIDE * BESIDE if found else 0
    lefts, width, x = list[float](), 0.0, 0.0
    for at, column_width in enumerate(widths):
        x = left if at == 0 or row_of[at] != row_of[at - 1] else x + gaps.ranks
        lefts.append(x)
        x += column_width
        width = max(width, x)
    shifts, below, y = list[float](), list[float](), 0.0
    for row, (top, bottom) in enumerate(extents):
        shifts.append(y - top)
        y += bottom - top
        below.append(y + ASIDE)
        y += _room(len(found.get(row, ())), gaps) if row < len(extents) - 1 or row in found else 0
    return Grid(lefts, widths, row_of, shifts, below, found, width + (left and 2 * ASIDE), y)


def _room(count: int, gaps: Gaps) -> float:
    """The height between two rows with so many nodes whose lines go there."""
    return 2 * gaps.nodes + 2 * ASIDE + LANE * (min(count, MOST_LANES) - 1) if count else 4 * gaps.nodes


def _ends(edge: Edge, boxes: list[Box], ports: Ports) -> tuple[Point, Point]:
    """The middles of the input's right side and of the consumer's left one, or where lines leave and reach them."""
    (left, top, width, height), (to, to_top, _, to_height) = boxes[edge[0]], boxes[edge[1]]
    leaves, reaches = ports.get(edge[0], MIDDLE)[1], ports.get(edge[1], MIDDLE)[0]
    return (left + width, round(top + height / 2 + leaves, 1)), (to, round(to_top + to_height / 2 + reaches, 1))


def _swing(start: Point, level: Point, end: Point) -> tuple[Point, ...]:
    """Level as far as a point, then one swing."""
    middle = (level[0] + end[0]) / 2
    straight = (start, level, level) if level[0] > start[0] else ()
    return (*straight, (middle, level[1]), (middle, end[1]), end)


def rounded(way: list[Point]) -> Iterator[Point]:
    """A way of straight pieces as Bézier control points, its corners rounded off."""
    way = [point for point, following in itertools.zip_longest(way, way[1:]) if point != following]
    at = way[0]
    yield at
    for before, corner, after in zip(way, way[1:], way[2:], strict=False):
        near, far = _towards(corner, before), _towards(corner, after)
        yield from (at, near, near, corner, corner, far)
        at = far
    yield from (at, way[-1], way[-1])


def _towards(corner: Point, other: Point) -> Point:
    """The point of a straight piece at which its corner begins."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    part = min(0.5, ROUND / (abs(dx) + abs(dy)))
    return round(corner[0] + part * dx, 1), round(corner[1] + part * dy, 1)
