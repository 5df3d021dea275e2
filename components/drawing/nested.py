"""Where nodes stand in clusters in clusters: each is laid out by itself, in rows as text, and is one large card in the
one around it. Lines come into it at its left end and leave it at its right one.
"""

from collections.abc import Sequence
from typing import NamedTuple

from components.drawing import layered, routes
from components.drawing.routes import Box, Edge, Gaps, Point

SIDE, TOP, BOTTOM = 22, 26, 18
"""Pixels from a cluster's frame to what is in it."""

JOG = 14
"""Pixels below a row, and beside what stands in it, at which a line goes round."""

HANDLE = 6
"""Pixels around all, for the handles at corners."""

ENTRY = -1
"""The place at the left end of a cluster where lines come in, among its items."""

OUTSIDE = -1
"""The cluster of what stands in none."""

Line = tuple[Point, ...]


class Placed(NamedTuple):
    """Width and height of all, the boxes of nodes, the lines of edges from input to consumer, the boxes of clusters."""

    width: float
    height: float
    boxes: list[Box]
    edges: list[Line]
    clusters: list[Box]


class Segment(NamedTuple):
    """The part of an edge that lies in one cluster, from an item to another; ENTRY, and None: the right end."""

    cluster: int
    source: int
    consumer: int | None


class _Level(NamedTuple):
    """A cluster laid out: its size, the boxes of its items, and the lines between them."""

    width: float
    height: float
    boxes: dict[int, Box]
    lines: dict[Segment, Line]


def place(
    sizes: Sequence[tuple[float, float]],
    edges: Sequence[Edge],
    inside: Sequence[int],
    within: Sequence[int],
    gaps: Gaps,
) -> Placed:
    """Nodes of these sizes, each after its inputs and each `inside` a cluster, clusters `within` others."""
    ways = _ways(edges, inside, within)
    nest = _Nest(sizes, inside, within, gaps, {segment for way in ways for segment in way})
    levels = nest.levels()
    origins, boxes = nest.absolute(levels)
    outer = levels[OUTSIDE]
    count = len(sizes)
    lines = [_joined([_moved(levels[one.cluster].lines[one], origins[one.cluster]) for one in way]) for way in ways]
    return Placed(
        outer.width,
        outer.height,
        [boxes[node] for node in range(count)],
        lines,
        [boxes[count + cluster] for cluster in range(len(within))],
    )


def _ways(edges: Sequence[Edge], inside: Sequence[int], within: Sequence[int]) -> list[list[Segment]]:
    """The segments of each edge, from the input out of its clusters and into those of the consumer."""
    paths: dict[int, tuple[int, ...]] = {OUTSIDE: (OUTSIDE,)}
    for cluster, around in enumerate(within):
        paths[cluster] = (*paths[around], cluster)
    count, ways = len(inside), []
    for source, consumer in edges:
        out, into = paths[inside[source]], paths[inside[consumer]]
        shared = sum(a == b for a, b in zip(out, into, strict=False))
        items = [source, *[count + cluster for cluster in out[:0:-1]]]
        targets = [*[count + cluster for cluster in into[1:]], consumer]
        way = [Segment(out[-1 - at], items[at], None) for at in range(len(out) - shared)]
        way.append(Segment(out[shared - 1], items[len(out) - shared], targets[shared - 1]))
        way += [Segment(into[at], ENTRY, targets[at]) for at in range(shared, len(into))]
        ways.append(way)
    return ways


class _Nest:
    """The clusters, with the segments of lines that lie in them."""

    def __init__(
        self,
        sizes: Sequence[tuple[float, float]],
        inside: Sequence[int],
        within: Sequence[int],
        gaps: Gaps,
        segments: set[Segment],
    ) -> None:
        self.count, self.within, self.gaps = len(sizes), within, gaps
        self.sizes = dict(enumerate(sizes))
        self.items: dict[int, list[int]] = {cluster: [] for cluster in range(-1, len(within))}
        self.segments: dict[int, list[Segment]] = {cluster: [] for cluster in self.items}
        self.ports: dict[int, tuple[float, float]] = {}
        last = [0] * len(within)
        for node, cluster in enumerate(inside):
            self.items[cluster].append(node)
            around = cluster
            while around != OUTSIDE:
                last[around], around = node, within[around]
        for cluster, around in enumerate(within):
            self.items[around].append(self.count + cluster)
        for items in self.items.values():
            items.sort(key=lambda item: (item, 0) if item < self.count else (last[item - self.count], 1))
        for segment in sorted(segments, key=str):
            self.segments[segment.cluster].append(segment)

    def levels(self) -> dict[int, _Level]:
        """All clusters laid out, the inner ones first, and what stands in none."""
        found = {}
        for cluster in reversed(range(-1, len(self.within))):
            level = self._level(cluster)
            found[cluster] = level
            if cluster != OUTSIDE:
                self.sizes[self.count + cluster] = level.width, level.height
                self.ports[self.count + cluster] = _ports(level)
        return found

    def absolute(self, levels: dict[int, _Level]) -> tuple[dict[int, Point], dict[int, Box]]:
        """Where each cluster begins, and the boxes of all nodes and clusters (behind the nodes)."""
        origins: dict[int, Point] = {OUTSIDE: (0, 0)}
        boxes: dict[int, Box] = {}
        for cluster in range(-1, len(self.within)):
            x, y = origins[cluster]
            for item, (left, top, width, height) in levels[cluster].boxes.items():
                boxes[item] = round(left + x, 1), round(top + y, 1), width, height
                if item >= self.count:
                    origins[item - self.count] = boxes[item][:2]
        return origins, boxes

    def _level(self, cluster: int) -> _Level:
        segments, items = self.segments[cluster], self.items[cluster]
        has_entry = any(segment.source == ENTRY for segment in segments)
        order = [ENTRY, *items] if has_entry else items
        places = {item: place for place, item in enumerate(order)}
        drawn = [segment for segment in segments if segment.consumer is not None]
        edges = [(places[one.source], places[one.consumer]) for one in drawn if one.consumer is not None]
        if has_entry:
            fed = {consumer for _, consumer in edges}
            edges += [(0, place) for place in range(1, len(order)) if place not in fed]
        sizes = [(0, 1) if item == ENTRY else self.sizes[item] for item in order]
        ports = {places[item]: self.ports[item] for item in items if item in self.ports}
        width, height, boxes, lines = layered.place(sizes, edges, self.gaps, ports)
        by_item = dict(zip(order, boxes, strict=True))
        is_framed = cluster != OUTSIDE
        shift = (SIDE, TOP) if is_framed else (HANDLE, HANDLE)
        moved = {item: (box[0] + shift[0], box[1] + shift[1], *box[2:]) for item, box in by_item.items()}
        width, height = width + 2 * shift[0], height + shift[1] + (BOTTOM if is_framed else HANDLE)
        found = {one: _moved(line, shift) for one, line in zip(drawn, lines, strict=False)}
        leaving = [(one, self.ports.get(one.source, routes.MIDDLE)[1]) for one in segments if one.consumer is None]
        found |= {one: _leaving(one.source, moved, below, width) for one, below in leaving}
        return _Level(width, height, {item: box for item, box in moved.items() if item != ENTRY}, found)


def _ports(level: _Level) -> tuple[float, float]:
    """How far below a cluster's middle lines come in and leave."""
    enters = [line[0][1] for segment, line in level.lines.items() if segment.source == ENTRY]
    leaves = [line[-1][1] for segment, line in level.lines.items() if segment.consumer is None]
    middle = level.height / 2
    return (enters[0] if enters else middle) - middle, (leaves[0] if leaves else middle) - middle


def _leaving(item: int, boxes: dict[int, Box], port: float, width: float) -> Line:
    """From an item to the right end of its cluster: below the row, where something stands beside it."""
    left, top, across, along = boxes[item]
    start = left + across, round(top + along / 2 + port, 1)
    beside = [box for other, box in boxes.items() if other != ENTRY and box[1] < top + along and top < box[1] + box[3]]
    if any(box[0] > left and box[1] < start[1] < box[1] + box[3] for box in beside):
        below = max(box[1] + box[3] for box in beside) + JOG / 2
        way = [start, (start[0] + JOG, start[1]), (start[0] + JOG, below), (width, below)]
        return tuple(routes.rounded(way))
    end = width, start[1]
    return start, start, end, end


def _joined(segments: list[Line]) -> Line:
    """One line of several, with a swing where one does not go on at the height of the last."""
    points = list(segments[0])
    for line in segments[1:]:
        (x, y), (to, level) = points[-1], line[0]
        if (x, y) != (to, level):
            middle = (x + to) / 2
            points += [(middle, y), (middle, level), (to, level)]
        points += line[1:]
    return tuple([(round(x, 1), round(y, 1)) for x, y in points])


def _moved(line: Line, by: Point) -> Line:
    return tuple([(x + by[0], y + by[1]) for x, y in line])
