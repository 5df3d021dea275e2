"""The drawing of a graph: well-formed, complete, silent about numbers until it is painted."""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
import torch

from components.drawing import edge_svg, graph_numbers
from components.drawing import graph_svg as draw
from components.drawing.groups_svg import Group
from components.drawing.layout import Direction
from components.graph import fold, read
from components.graph.model import Graph, Structure
from components.graph.record import Recording
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from components.pages.vectors import model as vectors
from tests import large_graphs

DIRECTIONS: tuple[Direction, ...] = ("LR", "TB")
SVG = "{http://www.w3.org/2000/svg}"
NASTY = """<script>&"'"""


def drawn(graph: Graph, direction: Direction = "LR") -> Element:
    return ElementTree.fromstring(draw.svg(graph.structure, direction))


def program(name: str) -> Graph:
    """y = x·k with everything called `name`."""
    x, k = torch.tensor(3.0, requires_grad=True), torch.tensor(2.0)
    with Recording() as recording:
        y = x * k
    return read.snapshot(y, recording, {f"{name}1": x, f"{name}2": k, f"{name}3": y}).graph


def elements(root: Element, attribute: str) -> list[Element]:
    return [element for element in root.iter() if attribute in element.attrib]


def words(root: Element) -> str:
    return " ".join(text.strip() for text in root.itertext() if text.strip())


NEURON = neuron.run(Inputs()).graph


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_it_is_an_svg_with_room_around(direction: Direction) -> None:
    root = drawn(NEURON, direction)
    assert root.tag == f"{SVG}svg"
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    assert (left, top) == (-draw.MARGIN, -draw.MARGIN)
    assert width > 200
    assert height > 100
    assert (width > height) == (direction == "LR")


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_every_node_is_drawn_once_in_order(direction: Direction) -> None:
    nodes = elements(drawn(NEURON, direction), "data-node")
    assert [(node.attrib["data-node"], node.attrib["data-op"]) for node in nodes] == [n[:2] for n in NEURON.nodes]


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_every_edge_is_drawn_once_in_order(direction: Direction) -> None:
    edges = elements(drawn(NEURON, direction), "data-edge")
    said = [(e.attrib["data-edge"], e.attrib["data-from"], e.attrib["data-to"]) for e in edges]
    assert said == [edge[:3] for edge in NEURON.edges]


def test_every_node_is_a_button_that_can_be_reached() -> None:
    for node in elements(drawn(NEURON), "data-node"):
        assert (node.attrib["role"], node.attrib["tabindex"], node.attrib["aria-pressed"]) == ("button", "0", "false")
        assert node.attrib["data-spoken"]


@pytest.mark.parametrize("inputs", [Inputs(w=3.0), Inputs(x=-2.5, w=0.01, b=-10.0, y=1.0)])
def test_the_drawing_is_the_same_at_every_value(inputs: Inputs) -> None:
    assert draw.svg(neuron.run(inputs).graph.structure, "LR") == draw.svg(NEURON.structure, "LR")


def test_every_place_for_a_number_is_empty() -> None:
    root = drawn(NEURON)
    places = [e for e in root.iter(f"{SVG}text") if {"number", "flow"} & set(e.attrib["class"].split())]
    assert len(places) == 2 * len(NEURON.nodes) + len(NEURON.edges)
    assert [place.text for place in places if place.text] == []


def test_each_node_has_a_place_for_its_value_and_its_gradient() -> None:
    for node in elements(drawn(NEURON), "data-node"):
        classes = [text.attrib["class"] for text in node.iter(f"{SVG}text")]
        assert classes.count("number value") == classes.count("number grad") == 1


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_names_from_outside_are_text_and_nothing_else(direction: Direction) -> None:
    graph = program(NASTY)
    root = drawn(graph, direction)
    ids = [node.attrib["data-node"] for node in elements(root, "data-node")]
    assert ids == [f"{NASTY}{number}" for number in (1, 2, 3)]
    assert [element.tag for element in root.iter()] == [e.tag for e in drawn(program("a"), direction).iter()]
    assert f"{NASTY}1" in words(root)


def test_nothing_but_a_name_differs_when_a_name_is_nasty() -> None:
    plain, nasty = (drawn(program(name)) for name in ("a", NASTY))
    assert [sorted(e.attrib) for e in plain.iter()] == [sorted(e.attrib) for e in nasty.iter()]
    assert "<script" not in draw.svg(program(NASTY).structure, "LR")


@pytest.mark.parametrize(
    ("node_id", "shown"),
    [
        ("w", "w leaf AccumulateGrad value grad"),
        ("x", "x no grad"),
        ("z", "+ z AddBackward0 value grad"),
        ("log", "log ŷ LogBackward0 value grad"),
        ("loss", "− L NegBackward0 value grad"),
        ("1-y", "1 − y no grad"),
    ],
)
def test_what_a_card_says(node_id: str, shown: str) -> None:
    (node,) = (n for n in elements(drawn(NEURON), "data-node") if n.attrib["data-node"] == node_id)
    assert words(node) == shown


@pytest.mark.parametrize(
    ("node_id", "role"), [("w", "leaf"), ("x", "input"), ("z", "step"), ("loss", "result"), ("1-y", "input")]
)
def test_the_part_that_a_node_plays_is_its_class(node_id: str, role: str) -> None:
    (node,) = (n for n in elements(drawn(NEURON), "data-node") if n.attrib["data-node"] == node_id)
    assert node.attrib["class"].split() == ["node", role]


@pytest.mark.parametrize("node_id", ["w", "x", "z", "loss", "rsub"])
def test_what_is_said_begins_with_the_name_or_what_is_computed(node_id: str) -> None:
    node = NEURON.node(node_id)
    said = draw.spoken(node.op, node.name, node.expression)
    assert said.startswith(node.name or node.expression)
    assert node.op in ("input", "AccumulateGrad") or node.op in said


@pytest.mark.parametrize("graph", [NEURON, program("a"), neuron.run(Inputs(w=3.0)).graph])
def test_paint_has_a_row_for_each_place_in_the_drawing(graph: Graph) -> None:
    root, painted = drawn(graph), graph_numbers.paint(graph)
    assert len(painted["nodes"]) == len(elements(root, "data-node"))
    assert len(painted["edges"]) == len(elements(root, "data-edge"))
    assert {len(row) for row in painted["nodes"]} == {5}
    assert {len(row) for row in painted["edges"]} == {5}


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_lines_begin_and_end_inside_the_drawing(direction: Direction) -> None:
    root = drawn(NEURON, direction)
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    for path in (e for e in root.iter(f"{SVG}path") if e.attrib.get("class") == "line"):
        points = [tuple(map(float, pair)) for pair in re.findall(r"(-?[\d.]+),(-?[\d.]+)", path.attrib["d"])]
        assert len(points) >= 4
        assert all(left <= x <= left + width and top <= y <= top + height for x, y in points)


@pytest.mark.parametrize(("direction", "side"), [("LR", "x"), ("TB", "y")])
def test_a_value_leaves_its_card_and_its_arrow_has_room_before_the_next(direction: Direction, side: str) -> None:
    root = drawn(NEURON, direction)
    spans = {}
    for node in elements(root, "data-node"):
        card = next(part.attrib for part in node if part.get("class") == "card")
        start = float(card[side])
        spans[node.attrib["data-node"]] = (start, start + float(card["width" if side == "x" else "height"]))
    for edge in elements(root, "data-edge"):
        path = next(part.attrib["d"] for part in edge if part.get("class") == "forward-line")
        (x0, y0), *_, (x1, y1) = (map(float, pair) for pair in re.findall(r"(-?[\d.]+),(-?[\d.]+)", path))
        first, last = (x0, x1) if side == "x" else (y0, y1)
        assert first == pytest.approx(spans[edge.attrib["data-to"]][1], abs=1.5)
        assert last == pytest.approx(spans[edge.attrib["data-from"]][0] - edge_svg.ARROW, abs=1.5)


def test_every_arrow_that_a_line_may_end_in_is_defined_once() -> None:
    markers = [marker.attrib["id"] for marker in drawn(NEURON).iter(f"{SVG}marker")]
    assert markers == [f"arrow-{kind}" for kind in edge_svg.ARROWS]


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_wide_card_has_room_for_a_list(direction: Direction) -> None:
    svg = draw.svg(NEURON.structure, direction, wide=frozenset({"z"}))
    cards = {
        node.attrib["data-node"]: float(next(node.iter(f"{SVG}rect")).attrib["width"])
        for node in elements(ElementTree.fromstring(svg), "data-node")
    }
    assert cards["z"] > 1.5 * cards["w"]


def untracked() -> Graph:
    """x, its detached copy z and what comes of it, a y made in a region, and w that uses it."""
    recording = Recording()
    with recording:
        x = torch.tensor(2.0, requires_grad=True)
        z = x.detach()
        v = z**2
        with torch.no_grad():
            y = x**2
        w = x * y
    return read.program_snapshot(recording, {"x": x, "z": z, "v": v, "y": y, "w": w}).graph


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_where_history_ends_a_cut_is_drawn(direction: Direction) -> None:
    root = drawn(untracked(), direction)
    cut = {e.attrib["data-edge"] for e in elements(root, "data-edge") if "cut" in e.attrib["class"].split()}
    assert cut == {"z.0-x", "y.0-x"}
    marks = [element for element in root.iter() if element.get("class") == "scissors"]
    assert len(marks) == 2
    data = {e.attrib["data-edge"] for e in elements(root, "data-edge") if "data" in e.attrib["class"].split()}
    assert data == {"v.0-z"}


def test_a_region_holds_its_nodes_and_has_a_title() -> None:
    root = drawn(untracked())
    (region,) = [element for element in root.iter() if element.get("class") == "region"]
    assert words(region) == "torch.no_grad()"
    left, top = map(float, re.findall(r"-?[\d.]+", region.attrib["transform"]))
    rect = region.find(f"{SVG}rect")
    (y,) = [node for node in elements(root, "data-node") if node.attrib["data-node"] == "y"]
    card = y.find(f"{SVG}rect")
    assert rect is not None
    assert card is not None
    x_place, y_place = float(card.attrib["x"]), float(card.attrib["y"])
    assert left < x_place < left + float(rect.attrib["width"])
    assert top < y_place < top + float(rect.attrib["height"])


def test_an_untracked_result_says_how_it_was_made() -> None:
    root = drawn(untracked())
    by_id = {node.attrib["data-node"]: words(node) for node in elements(root, "data-node")}
    assert by_id["z"] == "z no grad x.detach()"
    assert by_id["y"] == "y no grad x²"


def test_the_neurons_drawing_has_neither_cut_nor_region() -> None:
    text = draw.svg(NEURON.structure, "LR")
    assert not any(word in text for word in ("scissors", "region", ">.grad<"))
    assert ">.grad<" in draw.svg(untracked().structure, "LR")


def test_a_groups_handle_is_a_control_beside_its_node_and_not_inside_it() -> None:
    snapshot = neuron.run(Inputs()).snapshot
    concept = frozenset(neuron.CONCEPT)
    folded = fold.assign_groups(snapshot.graph, concept)
    groups = tuple(Group(name, title, folded[name], False, 2) for name, title in neuron.GROUPS.items())
    root = ElementTree.fromstring(draw.svg(fold.fold(snapshot).structure, "LR", concept, groups))
    assert len(elements(root, "data-group")) == 2
    inside = [inner for node in elements(root, "data-node") for inner in list(node.iter())[1:]]
    assert not any(inner.get("role") for inner in inside)


def test_a_projected_concept_has_room_for_larger_texts() -> None:
    concept = frozenset(neuron.CONCEPT)
    structure = fold.fold(neuron.run(Inputs()).snapshot).structure
    usual, projected = draw.svg(structure, "LR", concept), draw.projected(structure, concept)
    assert 'class="concept projected"' in projected
    assert 'class="concept"' in usual
    assert re.findall('data-node="[^"]*"', usual) == re.findall('data-node="[^"]*"', projected)
    assert usual.count("<text") > projected.count("<text")


def test_projected_lists_stand_one_below_the_other_and_say_what_they_are() -> None:
    structure = vectors.run(vectors.Inputs()).snapshot.graph.structure
    drawn = draw.projected_lists(structure)
    assert 'class="concept upright projected"' in drawn
    assert re.findall('<text class="name"[^>]*>([^<]*)<', drawn) == ["x", "x²", "y = mean(x²)"]
    places = [tuple(map(float, place)) for place in re.findall('class="card" x="([^"]*)" y="([^"]*)"', drawn)]
    assert len({x for x, _ in places}) == 1
    assert [y for _, y in places] == sorted(y for _, y in places)


def test_on_a_projector_a_list_without_gradient_says_so() -> None:
    nodes = (("w", "AccumulateGrad", "w", ""), ("x", "input", "x", ""), ("y", "MulBackward0", "y", "w·x"))
    edges = (("y.0-w", "y", "w"), ("y.1-x", "y", "x"))
    drawn = draw.projected_lists(Structure(nodes, edges))
    [of_x] = re.findall('<g data-node="x".*?</g>', drawn)
    assert drawn.count("no grad<") == of_x.count("no grad<") == 1


def texts(root: Element, x: float = 0, y: float = 0) -> list[tuple[str | None, float, float, str | None]]:
    """Class, place and content of an element's texts, from a place."""
    found = [text.attrib for text in root.iter(f"{SVG}text")]
    contents = [text.text for text in root.iter(f"{SVG}text")]
    return [
        (one.get("class"), round(x + float(one["x"]), 1), round(y + float(one["y"]), 1), content)
        for one, content in zip(found, contents, strict=True)
    ]


def test_the_labels_of_a_bare_drawing_are_those_of_a_whole_one_around_places_of_their_own() -> None:
    structure = program(NASTY).structure
    bare, labels = draw.bare(structure)
    record, root = labels.record(), ElementTree.fromstring(bare)
    assert [*root.iter(f"{SVG}text")] == []
    markups = [ElementTree.fromstring(f'<g xmlns="{SVG[1:-1]}">{markup}</g>') for markup in record["markups"]]
    whole = ElementTree.fromstring(draw.svg(structure, "LR"))
    for node, number, expected in zip(
        elements(root, "data-node"), record["nodes"], elements(whole, "data-node"), strict=True
    ):
        card = next(part.attrib for part in node if part.get("class") == "card")
        assert texts(markups[number], float(card["x"]), float(card["y"])) == texts(expected)
    for (number, x, y), expected in zip(record["edges"], elements(whole, "data-edge"), strict=True):
        assert texts(markups[number], x, y) == texts(expected)


def test_the_same_labels_are_sent_once() -> None:
    structure = large_graphs.structure(large_graphs.chain(400))
    _, labels = draw.bare(structure)
    record = labels.record()
    assert (len(record["nodes"]), len(record["edges"])) == (400, 399)
    assert len(record["markups"]) < 20
