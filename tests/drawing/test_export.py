"""A graph as a file: read back by the programs it is for."""

import json
import re
import subprocess
from typing import Any, NoReturn

import pytest
import torch

from components.drawing import export, layout, numbers
from components.graph import fold, read, walk
from components.graph.model import Graph
from components.graph.record import Recording
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.graph.test_read import STATES, leaf

CONCEPT = frozenset(neuron.CONCEPT)
HOSTILE = [
    '"', "\\", "\\N", "\\n", "\\l", 'a"b\\', "end\\", '\\"', "<b>", "<b>x</b>", "<<b>>", "&amp;", "a\nb", "\n",
    '"]; evil [label="', "node", "graph", "}", "{a|b}", "// a", "/* a", "-> b", "5", "-.5", "%s", "{0}", "ŷ·σ", "[1]",
]  # fmt: skip


def program(name: str) -> Graph:
    """y = x·k, with x called `name`."""
    x, k = leaf(3.0), torch.tensor(2.0)
    with Recording() as recording:
        y = x * k
    return read.snapshot(y, recording, {name: x, "k": k, "y": y}).graph


def laid_out(text: str) -> dict[str, Any]:
    """What the layout program makes of a DOT file."""
    done = subprocess.run(
        [layout.program(), "-Tjson"], input=text.encode(), capture_output=True, timeout=60, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], text)


def refuse(constant: str) -> NoReturn:
    raise AssertionError(constant)


def strictly(text: str) -> dict[str, Any]:
    graph: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return graph


@pytest.mark.parametrize("inputs", [Inputs(), Inputs(w=3.0, y=1.0)], ids=str)
@pytest.mark.parametrize("kept", [None, CONCEPT], ids=["full", "concept"])
def test_dot_is_read_by_the_layout_program(inputs: Inputs, kept: frozenset[str] | None) -> None:
    run = neuron.run(inputs)
    graph = run.graph if kept is None else fold.fold(run.snapshot)
    answer = laid_out(export.dot(graph))
    assert [thing["id"] for thing in answer["objects"]] == [node.id for node in graph.nodes]
    names = {thing["_gvid"]: thing["id"] for thing in answer["objects"]}
    edges = [(names[e["head"]], names[e["tail"]], e["label"]) for e in answer["edges"]]
    passed = ["" if e.gradient is None else numbers.signed(e.gradient) for e in graph.edges]
    assert sorted(edges) == sorted((e.consumer, e.input, p) for e, p in zip(graph.edges, passed, strict=True))


def test_a_dot_node_says_what_the_card_says() -> None:
    labels = {thing["id"]: unescaped(thing["label"]) for thing in laid_out(export.dot(program("x")))["objects"]}
    assert labels == {
        "x": "x\nAccumulateGrad\nvalue 3.0000\ngrad +2.0000",
        "k": "k\ntakes no gradient\nvalue 2.0000",
        "y": "y = x·k\nMulBackward0\nvalue 6.0000\ngrad +1.0000",
    }


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_hostile_name_stays_data_in_dot(name: str) -> None:
    graph = program(name)
    answer = laid_out(export.dot(graph))
    assert len(answer["objects"]) == 3
    first, second, third = (unescaped(thing["label"]) for thing in answer["objects"])
    assert first == f"{name}\nAccumulateGrad\nvalue 3.0000\ngrad +2.0000"
    assert second == "k\ntakes no gradient\nvalue 2.0000"
    assert third == f"y = {graph.node('y').expression}\nMulBackward0\nvalue 6.0000\ngrad +1.0000"
    assert [(e["tail"], e["head"]) for e in answer["edges"]] == [(0, 2), (1, 2)]


@pytest.mark.parametrize("name", [*HOSTILE, "a:b", "\x00", "\ud800"], ids=ascii)
def test_a_hostile_name_stays_data_in_json(name: str) -> None:
    graph = strictly(export.json_text(program(name)))
    assert graph["nodes"][0]["name"] == name
    assert {e["to"] for e in graph["edges"]} == {graph["nodes"][0]["id"], "k"}


def test_json_has_every_record_with_all_digits() -> None:
    run = neuron.run(Inputs())
    graph = strictly(export.json_text(run.graph))
    for record, node in zip(graph["nodes"], run.graph.nodes, strict=True):
        assert [*record.values()] == [*node[:4], [], "float32", node.value, node.gradient]
    for record, e in zip(graph["edges"], run.graph.edges, strict=True):
        assert [*record.values()] == [e.consumer, e.input, e.local, e.gradient]
    assert graph["nodes"][-1]["value"] == 6.701176166534424
    assert graph["nodes"][0]["grad"] == 6.6917619705200195


@pytest.mark.parametrize("inputs", STATES, ids=str)
@pytest.mark.parametrize("kept", [None, CONCEPT], ids=["full", "concept"])
def test_json_is_strict_and_says_inf_and_nan_as_text(inputs: Inputs, kept: frozenset[str] | None) -> None:
    run = neuron.run(inputs)
    graph = run.graph if kept is None else fold.fold(run.snapshot)
    records = strictly(export.json_text(graph))
    ours = [(node.value, node.gradient) for node in graph.nodes] + [(e.local, e.gradient) for e in graph.edges]
    said = [(n["value"], n["grad"]) for n in records["nodes"]] + [(e["local"], e["grad"]) for e in records["edges"]]
    assert [repr(s if s is None else float(s)) for pair in said for s in pair] == [
        repr(o) for pair in ours for o in pair
    ]


def test_what_is_infinite_or_undefined_is_text() -> None:
    infinite = strictly(export.json_text(neuron.run(Inputs(w=3.0)).graph))["nodes"]
    assert {n["id"]: n["value"] for n in infinite}["loss"] == "inf"
    assert {n["id"]: n["value"] for n in infinite}["log_2"] == "-inf"
    assert {n["id"]: n["grad"] for n in infinite}["w"] == "nan"


def test_vectors_are_lists_in_json_with_inf_as_text_inside() -> None:
    v = leaf(0.0, 1.0)
    with Recording() as recording:
        r = torch.log(v).sum()
    nodes = strictly(export.json_text(read.snapshot(r, recording, {"v": v}).graph))["nodes"]
    assert (nodes[0]["shape"], nodes[0]["value"], nodes[0]["grad"]) == ([2], [0.0, 1.0], ["inf", 1.0])
    assert nodes[1]["value"] == ["-inf", 0.0]


@pytest.mark.parametrize("kept", [None, CONCEPT], ids=["full", "concept"])
def test_in_a_walk_a_file_says_nothing_that_is_not_seen(kept: frozenset[str] | None) -> None:
    run = neuron.run(Inputs(x=2.3, w=0.41, b=-0.17, y=0.37))
    graph = run.graph if kept is None else fold.fold(run.snapshot)
    steps = walk.steps(graph)
    for at in range(len(steps)):
        seen = walk.seen(graph, steps, at)
        records = strictly(export.json_text(graph, seen))
        assert {n["id"] for n in records["nodes"] if n["value"] is not None} == seen.values
        tracked = {node.id for node in graph.nodes if node.gradient is not None}
        assert {n["id"] for n in records["nodes"] if n["grad"] is not None} == seen.gradients & tracked
        passed = [e for e in graph.edges if e.id in seen.edges]
        assert sum(e["grad"] is not None for e in records["edges"]) == sum(e.gradient is not None for e in passed)
        assert sum(e["local"] is not None for e in records["edges"]) == sum(e.local is not None for e in passed)
        labels = re.findall(r'label="?(.*?)"? dir=back', export.dot(graph, seen))
        assert sum(label != "" for label in labels) == sum(e.gradient is not None for e in passed)
        cards = export.dot(graph, seen)
        assert (cards.count("\\nvalue "), cards.count("\\ngrad ")) == (len(seen.values), len(seen.gradients & tracked))
