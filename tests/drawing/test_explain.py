"""What the inspector and the walk say, read back: every number against the graph's, and nothing before its time."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import torch

from components.drawing import numbers
from components.drawing.explain import Explainer
from components.graph import fold, read, walk
from components.graph.model import Graph, Seen, Snapshot
from components.graph.read import Annotations
from components.graph.record import Recording
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.graph.test_read import STATES, leaf

CONCEPT = frozenset(neuron.CONCEPT)
NOTEBOOK = Inputs()
DISTINCT = Inputs(x=2.3, w=0.41, b=-0.17, y=0.37)
"""Where hardly any two numbers are the same."""

VIEWS = pytest.mark.parametrize("kept", [None, CONCEPT], ids=["full", "concept"])


def shown(snapshot: Snapshot, kept: frozenset[str] | None) -> Graph:
    return snapshot.graph if kept is None else fold.fold(snapshot)


def explainer(inputs: Inputs = NOTEBOOK, kept: frozenset[str] | None = None) -> Explainer:
    snapshot = neuron.run(inputs).snapshot
    return Explainer(snapshot, shown(snapshot, kept))


def part(part_id: str, inputs: Inputs = NOTEBOOK, kept: frozenset[str] | None = None) -> dict[str, Any]:
    said = explainer(inputs, kept).part(part_id)
    assert said is not None
    return said


def lines(said: dict[str, Any], head: str) -> list[dict[str, Any]]:
    return [line for section in said["sections"] if section["head"] == head for line in section["lines"]]


def maths(said: dict[str, Any]) -> list[str]:
    """All the mathematics of a part or a step, its factors too."""
    if "math" in said:
        return list(said["math"])
    every = [line for section in said["sections"] for line in section["lines"]]
    return [text for line in every for text in (line["math"], *line.get("factors", ()))]


def ids(graph: Graph) -> list[str]:
    """Everything that a visitor can select."""
    return [*(node.id for node in graph.nodes), *(e.id for e in graph.edges)]


def marked(texts: list[str], mark: str) -> set[str]:
    """Numbers inside ‹…› or «…», one by one where they are lists."""
    return {found for text in texts for found in re.findall(f"{mark[0]}([^{mark}]*){mark[1]}", text)}


def strays(said: dict[str, Any], whole: Graph, graph: Graph, seen: Seen) -> set[str]:
    """Numbers that are said though they are neither seen nor saved limits of the clamp."""
    texts = maths(said)
    values = {numbers.text(node.value) for node in whole.nodes if node.id in seen.values}
    gradients = {numbers.signed(node.gradient) for node in graph.nodes if node.id in seen.gradients}
    gradients |= {
        write(e.gradient) for e in graph.edges if e.id in seen.edges for write in (numbers.signed, numbers.text)
    }
    limits = {numbers.text(1e-8), numbers.text(1 - 1e-8)} if "clamp" in seen.values else set()
    known = {numbers.factor(e.local) for e in graph.edges if e.consumer in seen.values}
    unknown = {numbers.factor(e.local) for e in graph.edges if e.consumer not in seen.values} - known - {"—", "1"}
    bare = {word for text in texts for word in re.sub(r"[‹«][^‹«]*[›»]", "", text).replace("(", " ").split()}
    local = {word for word in bare if word.rstrip(")") in unknown}
    return (marked(texts, "‹›") - values - limits) | (marked(texts, "«»") - gradients) | local


def test_the_products_inspector_at_the_notebooks_state() -> None:
    said = part("mul")
    assert (said["title"], said["symbol"], said["word"]) == ("w·x", "×", "multiplication")
    assert (said["torch"], said["kind"]) == ("MulBackward0", "scalar, float32")
    assert lines(said, "computes") == [{"math": "w·x = ‹1.0000›·‹6.7000› = ‹6.7000›"}]
    assert lines(said, "local derivative × upstream gradient") == [
        {"label": "to w", "math": "∂(w·x)/∂w = x = 6.7000", "go": "w"},
        {"math": "6.7000 × «+0.9988» = «+6.6918»", "product": True},
        {"label": "to x", "math": '"takes no gradient"', "go": "x"},
    ]
    assert lines(said, "saved for backward")[0] == {"label": "other", "math": "‹6.7000›"}


def test_the_predictions_derivative_is_written_with_the_prediction() -> None:
    first, second = lines(part("y_pred"), "local derivative × upstream gradient")
    assert first["math"] == "∂ŷ/∂z = ŷ·(1 − ŷ) = ‹0.9988›·(1 − ‹0.9988›) = 0.00123"
    assert second["math"] == "0.00123 × «+813.36» = «+0.9988»"


def test_two_gradients_arrive_at_the_clamp_and_their_sum_is_said() -> None:
    assert [(line["label"], line["math"]) for line in lines(part("clamp", DISTINCT), "gradient arriving")] == [
        ("from log(ŷ)", numbers_of("log.0-clamp")),
        ("from 1 − ŷ", numbers_of("rsub.0-clamp")),
        ("sum", f"«{numbers.signed(neuron.run(DISTINCT).graph.node('clamp').gradient)}»"),
    ]


def numbers_of(edge_id: str) -> str:
    (found,) = (e for e in neuron.run(DISTINCT).graph.edges if e.id == edge_id)
    return f"«{numbers.signed(found.gradient)}»"


@pytest.mark.parametrize(
    ("y", "off", "on"), [(0.0, "through log(ŷ)", "through 1 − ŷ"), (1.0, "through 1 − ŷ", "through log(ŷ)")]
)
def test_a_leafs_paths_are_named_and_the_dead_one_is_said_to_be(y: float, off: str, on: str) -> None:
    said = part("w", Inputs(y=y))
    *ways, total = lines(said, "paths")
    by_label = {line["label"]: line for line in ways}
    assert by_label.keys() == {f"{off}: switched off by a factor 0", on}
    assert by_label[f"{off}: switched off by a factor 0"]["math"] == "«0»"
    assert "0" in by_label[f"{off}: switched off by a factor 0"]["factors"]
    assert all(len(line["factors"]) == len(line["edges"]) for line in ways)
    assert total["math"] == by_label[on]["math"] == f"«{numbers.signed(neuron.run(Inputs(y=y)).dw)}»"
    assert re.fullmatch(r"sum, (exactly|1 ulp from|\d+ ulps from) w\.grad", total["label"])


def test_a_leaf_says_where_its_gradient_is_kept() -> None:
    assert lines(part("w"), "gradient arriving")[-1] == {"label": "kept in", "math": 'w ".grad" = «+6.6918»'}


def test_an_edge_says_what_is_multiplied_and_where_it_leads() -> None:
    said = part("mul.0-w")
    assert (said["title"], said["word"]) == ('w·x "→" w', "the way back of a gradient")
    assert [line["math"] for line in lines(said, "local derivative")] == ["∂(w·x)/∂w = x = 6.7000"]
    assert [line["math"] for line in lines(said, "× upstream gradient")] == ["6.7000 × «+0.9988» = «+6.6918»"]
    assert [(line["label"], line["go"]) for line in lines(said, "from, to")] == [
        ("passed on by w·x", "mul"),
        ("to w", "w"),
    ]


def test_an_edge_that_takes_no_gradient_says_so() -> None:
    said = part("mul.1-x")
    assert said["word"] == "no gradient goes this way"
    assert [line["math"] for line in lines(said, "local derivative")] == ['"takes no gradient"']
    assert lines(said, "× upstream gradient") == []


def test_an_input_and_the_result_say_that_nothing_arrives_there() -> None:
    assert [line["label"] for line in lines(part("x"), "gradient arriving")] == ["none: it takes no gradient"]
    assert [line["label"] for line in lines(part("loss"), "gradient arriving")] == ["backward() begins here"]


@pytest.mark.parametrize("nowhere", ["", "nowhere", "w.grad", "mul.0-x", "__class__"])
def test_of_what_is_not_there_nothing_is_said(nowhere: str) -> None:
    assert explainer().part(nowhere) is None


def test_what_is_folded_away_is_not_there() -> None:
    assert explainer(kept=CONCEPT).part("mul") is None
    assert explainer(kept=CONCEPT).part("mul.0-w") is None


def test_a_folded_node_says_several_steps_in_one() -> None:
    assert {node_id: part(node_id, kept=CONCEPT)["word"] for node_id in ("z", "y_pred", "loss")} == {
        "z": "several steps in one",
        "y_pred": "sigmoid",
        "loss": "several steps in one",
    }
    assert lines(part("z", kept=CONCEPT), "local derivative × upstream gradient")[0]["math"] == "∂z/∂w = 6.7000"
    assert lines(part("w", kept=CONCEPT), "paths")[0]["factors"] == ["813.36", "0.00123", "6.7000"]
    assert lines(part("w", kept=CONCEPT), "paths")[0]["named"] == "∂L/∂ŷ · σ′(z) · ∂z/∂w"


def test_each_factor_of_a_path_has_a_name() -> None:
    _, way, _ = lines(part("w"), "paths")
    assert way["named"] == "(−1) · 1 · (1 − y) · log′(1 − ŷ) · (−1) · clamp′(ŷ) · σ′(z) · 1 · x"
    assert way["named"].count(" · ") + 1 == len(way["factors"])


def test_where_gradients_meet_a_step_of_its_own_adds_them() -> None:
    snapshot = neuron.run(Inputs()).snapshot
    explains = Explainer(snapshot, snapshot.graph)
    said = explains.step(walk.Step("add", "clamp"))
    assert said["words"] == "Gradients meet in clamp(ŷ), from 1 − ŷ and log(ŷ): they are added."
    assert said["math"] == ["∂L/∂clamp(ŷ) = «813.36» + «0» = «+813.36»"]
    arrives = explains.step(walk.Step("backward", "rsub"))["math"]
    assert arrives == ['(−1) · ∂L/∂(1 − ŷ) = (−1) × «−813.36» = «+813.36» "to" clamp(ŷ)']


@VIEWS
def test_each_step_of_the_walk_says_what_it_does(kept: frozenset[str] | None) -> None:
    snapshot = neuron.run(Inputs()).snapshot
    graph = shown(snapshot, kept)
    said = {step: Explainer(snapshot, graph).step(step) for step in walk.steps(graph)}
    assert said[walk.Step("start", "loss")]["math"] == []
    assert said[walk.Step("forward", "y_pred")]["math"] == ["ŷ = σ(z) = σ(‹6.7000›) = ‹0.9988›"]
    assert said[walk.Step("backward", "y_pred")]["math"] == [
        "σ′(z) = ŷ·(1 − ŷ) = 0.00123",
        "∂L/∂z = σ′(z) · ∂L/∂ŷ = 0.00123 × «+813.36» = «+0.9988»",
    ]
    assert said[walk.Step("backward", "w")]["math"] == ['w ".grad" = «+6.6918»']
    assert "begins with 1 at L" in said[walk.Step("backward", "loss")]["words"]


@VIEWS
def test_during_the_walk_nothing_is_said_before_its_time(kept: frozenset[str] | None) -> None:
    snapshot = neuron.run(DISTINCT).snapshot
    graph = shown(snapshot, kept)
    steps = walk.steps(graph)
    for at in range(len(steps)):
        seen = walk.seen(graph, steps, at)
        now = Explainer(snapshot, graph, seen)
        for part_id in ids(graph):
            said = now.part(part_id)
            assert said is not None
            assert strays(said, snapshot.graph, graph, seen) == set(), (steps[at], part_id)
            assert lines(said, "paths") == []
        assert strays(now.step(steps[at]), snapshot.graph, graph, seen) == set(), steps[at]


@VIEWS
def test_a_number_said_too_early_would_be_noticed(kept: frozenset[str] | None) -> None:
    snapshot = neuron.run(DISTINCT).snapshot
    graph = shown(snapshot, kept)
    at_first, all_known = walk.seen(graph, walk.steps(graph), 0), Explainer(snapshot, graph)
    for node in graph.nodes:
        said = all_known.part(node.id)
        assert said is not None
        assert (strays(said, snapshot.graph, graph, at_first) == set()) == (node.op == "input"), node.id


def test_what_is_not_known_yet_is_said_to_be() -> None:
    snapshot = neuron.run(Inputs()).snapshot
    said = Explainer(snapshot, snapshot.graph, walk.seen(snapshot.graph, walk.steps(snapshot.graph), 0)).part("z")
    assert said is not None
    assert [(section["head"], section["lines"]) for section in said["sections"]] == [
        ("computes", [{"label": "not computed yet", "math": ""}]),
        ("gradient arriving", [{"label": "not arrived yet", "math": ""}]),
    ]


def snapshots() -> Iterator[Snapshot]:
    yield from (neuron.run(inputs).snapshot for inputs in STATES)
    v = leaf(1.0, -2.0, 3.0)
    with Recording() as recording:
        p, q, _ = torch.unbind(torch.sin(v) ** 2)
        r = torch.exp(p * q) / p + torch.relu(v).sum()
    yield read.snapshot(r, recording, {"v": v, "r": r}, annotations=Annotations(kept="vr"))
    yield read.snapshot(v * 2, names={"v": v}, annotations=Annotations(kept="v"))
    yield read.snapshot(torch.tensor(3.0))


@pytest.mark.parametrize("snapshot", list(snapshots()))
@VIEWS
def test_everything_can_be_explained_in_strict_json(snapshot: Snapshot, kept: frozenset[str] | None) -> None:
    graph = shown(snapshot, kept)
    steps = walk.steps(graph)
    for seen in (None, *(walk.seen(graph, steps, at) for at in range(len(steps)))):
        now = Explainer(snapshot, graph, seen)
        said = [now.part(part_id) for part_id in ids(graph)] + [now.step(step) for step in steps]
        assert all(said)
        assert json.loads(json.dumps(said, allow_nan=False)) == said


def test_a_negative_number_stands_in_brackets_only_where_it_must() -> None:
    run = neuron.run(Inputs(w=-1.0))
    said = Explainer(run.snapshot, run.graph).part("y_pred")
    assert said is not None
    assert "σ(‹−6.7000›)" in said["sections"][0]["lines"][0]["math"]


def test_a_scaled_addition_is_not_given_the_plain_ones_formula() -> None:
    x = torch.tensor(3.0, requires_grad=True)
    with Recording() as recording:
        y = torch.add(x, x, alpha=2)
    snapshot = read.snapshot(y, recording, {"x": x, "y": y})
    said = Explainer(snapshot, snapshot.graph).part("y.1-x")
    assert said is not None
    assert said["sections"][0]["lines"][0]["math"] == "∂y/∂x = 2"


@pytest.mark.parametrize("part_id", ids(neuron.run(NOTEBOOK).snapshot.graph))
def test_with_gradients_hidden_no_gradient_is_said(part_id: str) -> None:
    snapshot = neuron.run(NOTEBOOK).snapshot
    graph = snapshot.graph
    seen = walk.covered(graph, None, values=False, gradients=True)
    said = Explainer(snapshot, graph, seen, frozenset({"gradients"})).part(part_id)
    assert said is not None
    assert {section["head"] for section in said["sections"]} <= {"value", "computes", "saved for backward", "from, to"}
    assert "«" not in str(said)


def test_with_gradients_hidden_the_walk_says_words_alone_on_its_way_back() -> None:
    snapshot = neuron.run(NOTEBOOK).snapshot
    graph = snapshot.graph
    seen = walk.covered(graph, None, values=False, gradients=True)
    for step in walk.steps(graph):
        said = Explainer(snapshot, graph, seen, frozenset({"gradients"})).step(step)
        assert said["words"]
        assert bool(said["math"]) == (step.phase == "forward")
