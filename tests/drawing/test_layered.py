"""Large graphs laid out without Graphviz: no overlaps, every line joins its cards, and the whole is no hairline."""

import itertools

import pytest

from components.drawing import layered, layout
from components.drawing.layout import CARD, Direction, Layout, Plan
from components.drawing.ranks import ranks
from components.drawing.routes import Box, Gaps, Point
from components.graph.model import Structure
from tests import large_graphs
from tests.drawing.test_layout import ends, entering, leaving

COUNT = 1_200
STRUCTURES = {name: large_graphs.structure(shape(COUNT)) for name, shape in large_graphs.SHAPES.items()}
STRUCTURES["leaves"] = large_graphs.structure([large_graphs.Made("AccumulateGrad", f"p{i}", ()) for i in range(COUNT)])
GAPS = Gaps(14, 40)
SHAPES = (0.3, 8)
"""Width by height that a whole drawing may have."""


def placed(structure: Structure, direction: Direction = "LR") -> Layout:
    assert layout.is_large(structure)
    return layout.place(Plan(structure, direction))


def small(*edges: tuple[int, int], count: int = 1) -> layered.Placed:
    return layered.place([CARD] * count, edges, GAPS)


def first_overlap(found: Layout) -> tuple[int, int] | None:
    """Two cards that share a point inside both, by sweeping from left to right."""
    by_left = sorted(range(len(found.nodes)), key=lambda node: found.nodes[node][0])
    near = list[int]()
    for node in by_left:
        left, top, _, height = found.nodes[node]
        near = [other for other in near if found.nodes[other][0] + found.nodes[other][2] > left]
        for other in near:
            if found.nodes[other][1] < top + height and top < found.nodes[other][1] + found.nodes[other][3]:
                return other, node
        near.append(node)
    return None


@pytest.mark.parametrize("name", STRUCTURES)
def test_no_two_cards_overlap_and_all_are_on_the_page(name: str) -> None:
    found = placed(STRUCTURES[name])
    assert len(found.nodes) == len(STRUCTURES[name].nodes)
    assert first_overlap(found) is None
    for left, top, width, height in found.nodes:
        assert min(left, top) >= 0
        assert left + width <= found.width + 0.1
        assert top + height <= found.height + 0.1


def test_the_comparison_sees_an_overlap() -> None:
    boxes = ((0.0, 0.0, 10.0, 10.0), (20.0, 0.0, 5.0, 5.0), (9.0, 9.0, 10.0, 10.0))
    assert first_overlap(Layout(25, 20, boxes, ())) == (0, 2)


@pytest.mark.parametrize(("name", "direction"), list(itertools.product(STRUCTURES, layout.GAPS)))
def test_every_line_joins_its_cards(name: str, direction: Direction) -> None:
    structure = STRUCTURES[name]
    found = placed(structure, direction)
    assert len(found.edges) == len(structure.edges)
    for points, (source, consumer) in zip(found.edges, ends(structure, found), strict=True):
        assert len(points) % 3 == 1
        assert points[0] == pytest.approx(leaving(source, direction), abs=0.2)
        assert points[-1] == pytest.approx(entering(consumer, direction), abs=0.2)
        assert all(0 <= x <= found.width and 0 <= y <= found.height for x, y in points)


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_line_crosses_no_card(name: str) -> None:
    """Level pieces are the only ones that reach across a column of cards."""
    found = placed(STRUCTURES[name])
    by_height = sorted(found.nodes, key=lambda box: box[1])
    tops = [box[1] for box in by_height]
    for start, end in itertools.chain.from_iterable(map(level_pieces, found.edges)):
        for left, top, width, height in cards_near(by_height, tops, start[1]):
            assert not (top < start[1] < top + height and start[0] < left + width and left < end[0])


def level_pieces(points: tuple[Point, ...]) -> list[tuple[Point, Point]]:
    """The straight pieces of a line, each from left to right."""
    pieces = [points[at : at + 4] for at in range(0, len(points) - 1, 3)]
    return [(min(piece[0], piece[3]), max(piece[0], piece[3])) for piece in pieces if len({y for _, y in piece}) == 1]


def cards_near(by_height: list[Box], tops: list[float], y: float) -> list[Box]:
    low, high = (next((i for i, top in enumerate(tops) if top > edge), len(tops)) for edge in (y - 120, y))
    return by_height[low:high]


@pytest.mark.parametrize("name", STRUCTURES)
def test_ranks_go_forward(name: str) -> None:
    structure = STRUCTURES[name]
    places = {node[0]: place for place, node in enumerate(structure.nodes)}
    edges = [(places[source], places[consumer]) for _, consumer, source in structure.edges]
    rank = ranks(len(places), edges)
    assert min(rank) == 0
    assert all(rank[source] < rank[consumer] for source, consumer in edges)


def test_what_hangs_on_leaves_alone_stands_next_to_its_consumer() -> None:
    edges = [(0, 1), (1, 2), (2, 3), (4, 5), (5, 3)]  # a chain from 0 to 3; a leaf, 4, with a step of its own
    assert ranks(6, edges) == [0, 1, 2, 3, 1, 2]


@pytest.mark.parametrize("name", STRUCTURES)
def test_the_whole_is_no_hairline(name: str) -> None:
    found = placed(STRUCTURES[name])
    assert SHAPES[0] < found.width / found.height < SHAPES[1]


@pytest.mark.parametrize("name", ["residual", "recurrent"])
def test_a_row_neither_climbs_nor_falls(name: str) -> None:
    """Each of its columns has three or four cards at most, beside lines: rows that climb are many times as high."""
    found = placed(STRUCTURES[name])
    assert found.width / found.height > 1.5


def test_a_long_chain_is_read_row_by_row() -> None:
    found = placed(STRUCTURES["chain"])
    tops = [box[1] for box in found.nodes]
    assert tops == sorted(tops)
    for (left, top, *_), (next_left, next_top, *_) in itertools.pairwise(found.nodes):
        assert next_left > left if next_top == top else next_left < left
    assert len(set(tops)) > 10


@pytest.mark.parametrize("name", ["tangle", "recurrent"])
def test_the_same_graph_has_the_same_layout(name: str) -> None:
    again = large_graphs.structure(large_graphs.SHAPES[name](COUNT))
    assert layout._layered(Plan(again, "LR")) == placed(STRUCTURES[name])


def test_one_node_and_two_that_nothing_joins() -> None:
    assert small(count=1).boxes == [(0, 0, *CARD)]
    assert small(count=1).edges == []
    (_, top, *_), (_, below, *_) = small(count=2).boxes
    assert abs(below - top) >= CARD[1]


def test_an_edge_that_stands_twice_is_drawn_twice() -> None:
    found = small((0, 1), (0, 1), count=2)
    assert len(found.edges) == 2
    assert found.edges[0] == found.edges[1]


def test_lines_among_the_cards_keep_off_them() -> None:
    found = small((0, 1), (1, 2), (0, 2), count=3)
    _, top, _, height = found.boxes[1]
    (_, passing), *_ = [start for start, _ in level_pieces(found.edges[2])]
    assert not top <= passing <= top + height


def test_many_edges_between_few_nodes_do_not_go_to_graphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "_run", None)
    nodes = [large_graphs.Made("AccumulateGrad", "", ()) for _ in range(40)]
    nodes += [large_graphs.Made("MulBackward0", "", tuple(range(40))) for _ in range(40)]
    assert first_overlap(placed(large_graphs.structure(nodes))) is None


def test_what_stands_together_has_a_box_around_it() -> None:
    structure = STRUCTURES["residual"]
    members = tuple(node[0] for node in structure.nodes[10:20])
    found = layout.place(Plan(structure, "LR", clusters=(members,)))
    ((left, top, width, height),) = found.clusters
    for node_left, node_top, node_width, node_height in found.nodes[10:20]:
        assert left <= node_left <= node_left + node_width <= left + width
        assert top <= node_top <= node_top + node_height <= top + height
