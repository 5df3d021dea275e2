"""Clusters in clusters: what stands in one is within its frame, nothing overlaps, and lines go from card to card."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from components.drawing import nested
from components.drawing.nested import OUTSIDE, Placed
from components.drawing.routes import Box, Gaps

GAPS = Gaps(14, 60)
SIZE = (100, 80)

Graph = tuple[list[int], list[int], list[tuple[int, int]]]


@st.composite
def nests(draw: st.DrawFn) -> Graph:
    """By node its cluster, by cluster the one around it, and edges: clusters are stretches of nodes, as modules are."""
    count = draw(st.integers(1, 18))
    stretches = [(0, count, OUTSIDE)]
    within: list[int] = []
    inside = [OUTSIDE] * count
    for _ in range(draw(st.integers(0, 5))):
        begin, end, around = draw(st.sampled_from(stretches))
        first = draw(st.integers(begin, end - 1))
        last = draw(st.integers(first + 1, end))
        if all(inside[node] == around for node in range(first, last)):
            inside[first:last] = [len(within)] * (last - first)
            stretches.append((first, last, len(within)))
            within.append(around)
    edges = [
        (draw(st.integers(0, consumer - 1)), consumer)
        for consumer in range(1, count)
        for _ in range(draw(st.integers(0, 2)))
    ]
    return inside, within, edges


def placed(graph: Graph) -> Placed:
    inside, within, edges = graph
    return nested.place([SIZE] * len(inside), edges, inside, within, GAPS)


def overlap(one: Box, other: Box) -> bool:
    return all(one[side] < other[side] + other[side + 2] and other[side] < one[side] + one[side + 2] for side in (0, 1))


def holds(around: Box, box: Box) -> bool:
    return all(
        around[side] < box[side] and box[side] + box[side + 2] < around[side] + around[side + 2] for side in (0, 1)
    )


@settings(max_examples=150, deadline=None)
@given(nests())
def test_everything_stands_within_its_cluster_and_apart_from_what_is_beside_it(graph: Graph) -> None:
    inside, within, _ = graph
    found = placed(graph)
    page = (0.0, 0.0, found.width, found.height)
    boxes = [*found.boxes, *found.clusters]
    around = [*inside, *within]
    for box, cluster in zip(boxes, around, strict=True):
        assert holds(page if cluster == OUTSIDE else found.clusters[cluster], box)
    for (one, a), (other, b) in itertools.combinations(zip(boxes, around, strict=True), 2):
        assert a != b or not overlap(one, other)


@settings(max_examples=150, deadline=None)
@given(nests())
def test_lines_are_whole_and_go_from_the_right_of_a_card_to_the_left_of_another(graph: Graph) -> None:
    _, _, edges = graph
    found = placed(graph)
    for (source, consumer), line in zip(edges, found.edges, strict=True):
        left, top, width, height = found.boxes[source]
        assert line[0] == (left + width, round(top + height / 2, 1))
        to, to_top, _, to_height = found.boxes[consumer]
        assert line[-1] == (to, round(to_top + to_height / 2, 1))
        assert len(line) % 3 == 1
        assert all(-1 <= x <= found.width + 1 and -1 <= y <= found.height + 1 for x, y in line)


def test_a_long_row_goes_on_below() -> None:
    count = 16
    found = nested.place([SIZE] * count, [(at, at + 1) for at in range(count - 1)], [0] * count, [OUTSIDE], GAPS)
    assert 1.5 < found.width / found.height < 4
    assert len({top for _, top, _, _ in found.boxes}) > 1
