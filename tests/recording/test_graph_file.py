"""Graphs that the app's pages have saved: opened again they have the same numbers, and what is none is refused."""

import json
from typing import Any

import pytest

from components.drawing import export
from components.graph import fold, walk
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from components.recording import limits
from components.recording.graph_file import read_file
from components.recording.schema import RefusedError
from components.recording.snapshots import opened
from tests.graph.test_read import STATES
from tests.recording.test_read import SMALL

SAVED: dict[str, Any] = json.loads(export.json_text(neuron.run(Inputs()).graph))
MARKUP = '<img src=x onerror="alert(1)">'


@pytest.mark.parametrize("inputs", STATES, ids=str)
@pytest.mark.parametrize("is_folded", [False, True])
def test_a_saved_graph_has_the_same_numbers_and_local_derivatives(inputs: Inputs, is_folded: bool) -> None:
    run = neuron.run(inputs)
    graph = fold.fold(run.snapshot) if is_folded else run.graph
    (moment,) = read_file(export.json_text(graph).encode()).moments
    found = opened(moment).moment.snapshot
    assert repr(found.graph.nodes) == repr(graph.nodes)
    assert [repr(edge[1:]) for edge in found.graph.edges] == [repr(edge[1:]) for edge in graph.edges]
    assert export.json_text(found.graph, found.seen) == export.json_text(graph)


def test_a_graph_saved_in_a_walk_says_no_more_than_was_seen() -> None:
    graph = neuron.run(Inputs()).graph
    seen = walk.seen(graph, walk.steps(graph), 5)
    text = export.json_text(graph, seen)
    found = opened(read_file(text.encode()).moments[0]).moment.snapshot
    assert found.seen is not None
    assert (found.seen.values, found.seen.gradients) == (seen.values, seen.gradients)
    assert export.json_text(found.graph, found.seen) == text


def test_a_recording_is_read_as_ever() -> None:
    assert read_file(SMALL).torch


def changed(**changes: Any) -> bytes:
    return json.dumps(SAVED | changes).encode()


def with_node(**changes: Any) -> bytes:
    return changed(nodes=[SAVED["nodes"][0] | changes, *SAVED["nodes"][1:]])


DEEP: Any = 1.0
for _ in range(limits.DEEPEST):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "data",
    [
        changed(nodes=[]),
        changed(nodes=SAVED["nodes"][:3]),
        changed(nodes=SAVED["nodes"][::-1]),
        changed(nodes=[SAVED["nodes"][0]] * 2),
        changed(edges=[SAVED["edges"][0] | {"to": "nobody"}]),
        changed(edges=[SAVED["edges"][0] | {"from": "x", "to": "x"}]),
        changed(format="other/1"),
        changed(more=1),
        with_node(more=1),
        with_node(id=3),
        with_node(name="x" * (limits.LONGEST_NAME + 1)),
        with_node(shape=[-1]),
        with_node(shape="big"),
        with_node(value="?"),
        with_node(value=True),
        with_node(value={}),
        with_node(value=[0.0] * (limits.MOST_LISTED + 1)),
        with_node(value=DEEP),
        changed().replace(b'"nodes"', b'"nodes": [], "nodes"'),
        changed()[:-20],
        with_node(value=7).replace(b'"value": 7,', b'"value": NaN,'),
        with_node(value=7).replace(b'"value": 7,', b'"value": 1e999,'),
    ],
    ids=str,
)
def test_what_is_no_graph_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        read_file(data)
    assert str(refused.value).endswith(".")


def test_markup_stays_text() -> None:
    (moment,) = read_file(with_node(name=MARKUP, dtype="a\x00b")).moments
    assert moment.nodes[0].name == MARKUP
    assert moment.nodes[0].dtype == "a\ufffdb"
