"""A graph as it is looked at: what comes of what is asked for, and all that is said of it."""

import json
import re
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.address.fields import LONGEST_SHOWN
from components.address.view import CONCEPT, GraphView
from components.drawing import export, panel
from components.drawing.panel import Outline, Panel, ViewRequest
from components.graph import files, fold, walk
from components.graph.model import Structure
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from components.pages.vectors import model as vectors

USUAL = GraphView()
SNAPSHOT = neuron.run(Inputs()).snapshot
OUTLINE = Outline(frozenset(neuron.CONCEPT), neuron.GROUPS, usual=CONCEPT)
OWNERS = {m: owner for owner, members in fold.assign_groups(SNAPSHOT.graph, OUTLINE.concept).items() for m in members}
FULL, FOLDED = walk.steps(SNAPSHOT.graph), walk.steps(fold.fold(SNAPSHOT))


def arrange(view: GraphView = USUAL, linked: bool = False, walked: tuple[str, str] | None = None) -> Panel:
    return panel.resolve_view(SNAPSHOT, OUTLINE, ViewRequest(view, linked, walked))


def shown(arranged: Panel) -> set[str]:
    return {node.id for node in arranged.graph.nodes}


def opened(arranged: Panel) -> list[str]:
    return [group.result for group in arranged.groups if group.is_open]


@pytest.mark.parametrize(("view", "whole"), [("", False), ("full", True), ("concept", False)])
def test_the_view_is_the_one_asked_for_else_the_concept(view: str, whole: bool) -> None:
    arranged = arrange(GraphView(view))
    assert shown(arranged) == ({node.id for node in SNAPSHOT.graph.nodes} if whole else set(neuron.CONCEPT))
    assert arranged.large == (frozenset() if whole else OUTLINE.concept)
    assert arranged.groups == () if whole else [g.title for g in arranged.groups] == ["the neuron", "the loss"]
    assert (arranged.graph_view, arranged.notices, arranged.seen) == (GraphView(view), (), None)
    assert (arranged.graph is SNAPSHOT.graph) == whole


@pytest.mark.parametrize("names", [("z",), ("loss",), ("z", "loss"), ("loss", "z")])
def test_an_opened_groups_steps_are_shown_among_the_large_ones(names: tuple[str, ...]) -> None:
    arranged = arrange(GraphView("concept", opened=names))
    inside = {member for member, owner in OWNERS.items() if owner in names}
    assert shown(arranged) == OUTLINE.concept | inside
    assert opened(arranged) == [name for name in neuron.GROUPS if name in names]
    assert arranged.graph_view.opened == tuple(name for name in neuron.GROUPS if name in names)


def test_opened_groups_that_the_page_does_not_know_are_dropped() -> None:
    arranged = arrange(GraphView("concept", opened=("nowhere", "w", "z", "", "z")))
    assert (arranged.graph_view.opened, opened(arranged), arranged.notices) == (("z",), ["z"], ())


@pytest.mark.parametrize("node_id", OWNERS)
def test_a_linked_node_that_is_folded_away_opens_its_group(node_id: str) -> None:
    arranged = arrange(GraphView("concept", node=node_id), linked=True)
    assert opened(arranged) == [OWNERS[node_id]]
    assert (arranged.graph_view.node, arranged.graph_view.opened) == (node_id, (OWNERS[node_id],))


@pytest.mark.parametrize("node_id", OWNERS)
def test_a_node_that_a_visitor_folds_away_gives_way_to_its_owner(node_id: str) -> None:
    arranged = arrange(GraphView("concept", node=node_id))
    assert (opened(arranged), arranged.graph_view.node, arranged.notices) == ([], OWNERS[node_id], ())


@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize(("view", "part"), [("full", "mul.0-w"), ("full", "log"), ("", "z-w"), ("concept", "w")])
def test_a_part_that_is_shown_stays_selected(view: str, part: str, linked: bool) -> None:
    arranged = arrange(GraphView(view, node=part), linked=linked)
    assert (arranged.graph_view, arranged.notices) == (GraphView(view, node=part), ())


@pytest.mark.parametrize("part", ["nowhere", "x" * 10_000, "<b>", "a\nb", "\u202e", "mul.0-x"])
def test_a_part_that_is_not_there_is_let_go_with_a_sentence(part: str) -> None:
    arranged = arrange(GraphView(node=part), linked=True)
    assert arranged.graph_view.node == ""
    (notice,) = arranged.notices
    assert notice.startswith("node = “")
    assert notice.endswith("” is not in this graph; nothing is selected.")
    assert notice.isprintable()
    assert len(notice) < LONGEST_SHOWN + 60


@pytest.mark.parametrize("view", ["full", "concept"])
def test_a_step_beyond_the_end_is_the_last_one_with_a_sentence(view: str) -> None:
    last = len(FULL if view == "full" else FOLDED) - 1
    assert arrange(GraphView(view, step=last)).notices == ()
    for step in (last + 1, 99_999):
        arranged = arrange(GraphView(view, step=step))
        assert arranged.graph_view.step == last
        said = f"step = {step} is beyond the walk's end; it stands on its last step, {last}."
        assert arranged.notices == (said,)


def test_each_correction_has_its_own_sentence() -> None:
    assert [notice[:4] for notice in arrange(GraphView(node="nowhere", step=999)).notices] == ["step", "node"]


@pytest.mark.parametrize("step", range(len(FOLDED)))
def test_the_walk_keeps_its_place_there_and_back(step: int) -> None:
    place = FOLDED[step]
    there = arrange(GraphView("full", step=step), walked=place)
    assert there.graph_view.step is not None
    assert there.steps[there.graph_view.step] == place
    back = arrange(GraphView("concept", step=there.graph_view.step), walked=there.steps[there.graph_view.step])
    assert back.graph_view.step == step


@pytest.mark.parametrize("step", range(len(FULL)))
def test_the_walk_goes_on_at_the_owner_of_a_step_that_is_folded_away(step: int) -> None:
    phase, node_id = FULL[step]
    arranged = arrange(GraphView("concept", step=step), walked=FULL[step])
    assert arranged.graph_view.step is not None
    phase = "backward" if FULL[step] == ("add", "clamp") else phase
    assert arranged.steps[arranged.graph_view.step] == (phase, OWNERS.get(node_id, node_id))


def test_outside_the_walk_there_is_no_step_to_keep() -> None:
    assert arrange(walked=("forward", "z")).graph_view.step is None


@given(
    st.builds(
        GraphView,
        st.sampled_from(["", "full", "concept"]),
        st.lists(st.sampled_from(["z", "loss", "w", "nowhere", "a,b"]), max_size=4).map(tuple),
        st.sampled_from(["", "z", "mul", "log.0-clamp", "z-w", "nowhere"]),
        st.none() | st.integers(0, 99),
    ),
    st.booleans(),
)
def test_what_comes_of_a_look_is_a_look_that_stays(view: GraphView, linked: bool) -> None:
    arranged = arrange(view, linked)
    again = arrange(arranged.graph_view, linked)
    assert (again.graph_view, again.graph, again.notices) == (arranged.graph_view, arranged.graph, ())


@pytest.mark.parametrize("view", ["full", "concept"])
def test_a_message_has_every_number_and_the_look(view: str) -> None:
    arranged = arrange(GraphView(view))
    said = panel.dynamic(arranged)
    assert (len(said["nodes"]), len(said["edges"])) == (len(arranged.graph.nodes), len(arranged.graph.edges))
    assert said["view"] == asdict(GraphView(view))
    assert said["concept"] == (view == "concept")
    assert said.keys() == {"nodes", "edges", "view", "concept"}


def test_a_selected_parts_explanation_comes_along() -> None:
    said = panel.dynamic(arrange(GraphView("full", node="mul")))
    assert (said["inspector"]["id"], said["inspector"]["title"]) == ("mul", "w·x")
    assert "walk" not in said


@pytest.mark.parametrize(("view", "steps", "forward"), [("full", FULL, 11), ("concept", FOLDED, 3)])
def test_the_walk_says_where_it_is(view: str, steps: tuple[walk.Step, ...], forward: int) -> None:
    for at, step in enumerate(steps):
        said = panel.dynamic(arrange(GraphView(view, step=at)))
        assert "inspector" not in said
        assert said["walk"].keys() == {"of", "forward", "phase", "node", "words", "math"}
        assert (said["walk"]["of"], said["walk"]["forward"]) == (len(steps) - 1, forward)
        assert (said["walk"]["phase"], said["walk"]["node"]) == step


@pytest.mark.parametrize("kind", export.TEXTS)
def test_a_file_is_of_the_graph_that_is_shown_as_far_as_the_walk_has_come(kind: str) -> None:
    for view in (GraphView(), GraphView("concept"), GraphView(step=5)):
        arranged = arrange(view)
        text = export.TEXTS[kind](arranged.graph, arranged.seen)
        assert panel.dynamic(arranged, kind)["exported"] == {"kind": kind, "text": text}


@pytest.mark.parametrize("kind", ["", "png", "DOT", "json ", "__class__"])
def test_a_file_of_an_unknown_kind_is_not_made(kind: str) -> None:
    assert "exported" not in panel.dynamic(arrange(), kind)


@pytest.mark.parametrize("inputs", [Inputs(), Inputs(w=3.0), Inputs(w=3.0, y=1.0)], ids=str)
@pytest.mark.parametrize("view", [GraphView(node="w"), GraphView("concept", node="loss-y_pred", step=6)], ids=str)
def test_a_message_is_strict_json_where_numbers_break_down(inputs: Inputs, view: GraphView) -> None:
    said = panel.dynamic(panel.resolve_view(neuron.run(inputs).snapshot, OUTLINE, ViewRequest(view)), "json")
    assert said["inspector"]
    json.dumps(said, allow_nan=False)


def test_the_drawings_are_for_both_directions() -> None:
    arranged = arrange(GraphView("concept", opened=("z",)))
    drawings = panel.drawings(arranged.graph.structure, OUTLINE, arranged.large, arranged.groups)
    assert drawings.pop("usual") == CONCEPT
    assert drawings.pop("walks") is True
    assert drawings.keys() == {"LR", "TB", "projected"}
    assert all(drawing.startswith("<svg") for drawing in drawings.values())


def chain(length: int) -> Structure:
    """One operation after the other."""
    nodes = tuple((f"n{i}", "SinBackward0" if i else "AccumulateGrad", "", "") for i in range(length))
    return Structure(nodes, tuple((f"n{i + 1}.0-n{i}", f"n{i + 1}", f"n{i}") for i in range(length - 1)))


@pytest.mark.parametrize(
    ("nodes", "wide", "drawn"),
    [
        (panel.MOST_DRAWN_TWICE, frozenset(), {"LR", "TB"}),
        (panel.MOST_DRAWN_TWICE + 1, frozenset(), {"LR", "labels"}),
        (panel.MOST_DRAWN_TWICE + 1, frozenset({"n1"}), {"LR", "labels"}),
    ],
)
def test_a_graph_of_many_nodes_is_drawn_once(nodes: int, wide: frozenset[str], drawn: set[str]) -> None:
    drawings = panel.drawings(chain(nodes), panel.Outline(wide=True), wide=wide)
    assert drawings.keys() == {"usual", "walks", *drawn}


def test_a_long_chain_goes_on_in_rows_where_the_outline_says_so() -> None:
    def shape(length: int, *, rows: bool) -> tuple[str, float]:
        drawn = panel.drawings(chain(length), panel.Outline(wide=True, rows=rows))["LR"]
        width, height, classes = re.findall(r'viewBox="\S+ \S+ (\S+) (\S+)" .*? class="([^"]*)"', drawn)[0]
        return classes, float(width) / float(height)

    assert shape(40, rows=True)[0] == "whole rows"
    assert 1 < shape(40, rows=True)[1] < 4
    assert shape(40, rows=False)[1] > 40


def test_lists_are_drawn_for_a_projector_too() -> None:
    outline = panel.Outline(wide=True)
    arranged = panel.resolve_view(vectors.run(vectors.Inputs()).snapshot, outline, ViewRequest(GraphView()))
    assert "projected" in panel.drawings(arranged.graph.structure, outline, wide=arranged.wide)


def test_a_graph_without_a_first_look_is_always_whole() -> None:
    snapshot = neuron.run(Inputs()).snapshot
    shown = panel.resolve_view(snapshot, panel.Outline(), ViewRequest(GraphView("concept")))
    assert shown.graph == snapshot.graph
    assert panel.drawings(shown.graph.structure, panel.Outline())["usual"] == ""


@pytest.mark.parametrize("inputs", [Inputs(), Inputs(w=3.0, y=1.0)], ids=str)
@pytest.mark.parametrize("part", ["mul", "clamp.0-y_pred", "z", "loss-y_pred"])
@pytest.mark.parametrize("view", ["full", "concept"])
def test_a_snapshot_from_a_file_is_shown_like_the_one_it_was_made_from(view: str, part: str, inputs: Inputs) -> None:
    snapshot = neuron.run(inputs).snapshot
    request = ViewRequest(GraphView(view, node=part, step=7), linked=True)
    first, again = (
        panel.dynamic(panel.resolve_view(one, OUTLINE, request), "json")
        for one in (snapshot, files.from_json(files.to_json(snapshot)))
    )
    assert first == again
