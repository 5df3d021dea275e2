"""A graph for Model Explorer: edges have both ends, modules are paths, all values are texts, nothing hidden is in."""

from typing import Any

import pytest

from components.drawing import model_explorer
from components.drawing.model_explorer import About
from components.graph.model import Seen
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.drawing.test_export import HOSTILE, program, strictly


def nodes_of(text: str) -> list[dict[str, Any]]:
    collection = strictly(text)
    assert collection.keys() == {"label", "graphs"}
    (graph,) = collection["graphs"]
    nodes: list[dict[str, Any]] = graph["nodes"]
    return nodes


def texts_in(value: Any) -> list[Any]:
    """All that is no list and no object."""
    if isinstance(value, dict):
        return [one for entry in value.values() for one in texts_in(entry)]
    return [one for entry in value for one in texts_in(entry)] if isinstance(value, list) else [value]


def attributes(entry: dict[str, Any]) -> dict[str, str]:
    return {one["key"]: one["value"] for one in entry["attrs"]}


@pytest.mark.parametrize("inputs", [Inputs(), Inputs(w=3.0, y=1.0)], ids=str)
def test_edges_go_from_one_node_to_another_and_all_values_are_texts(inputs: Inputs) -> None:
    graph = neuron.run(inputs).graph
    nodes = nodes_of(model_explorer.text(graph))
    ids = [node["id"] for node in nodes]
    assert ids == [node.id for node in graph.nodes]
    assert len(set(ids)) == len(ids)
    ends = [(node["id"], edge["sourceNodeId"]) for node in nodes for edge in node["incomingEdges"]]
    assert sorted(ends) == sorted((edge.consumer, edge.input) for edge in graph.edges)
    by_id = {node["id"]: node for node in nodes}
    for node in nodes:
        slots = [edge["targetNodeInputId"] for edge in node["incomingEdges"]]
        assert slots == [entry["id"] for entry in node["inputsMetadata"]]
        for edge in node["incomingEdges"]:
            outputs = [entry["id"] for entry in by_id[edge["sourceNodeId"]]["outputsMetadata"]]
            assert edge["sourceNodeOutputId"] in outputs
    assert all(isinstance(text, str) for text in texts_in(nodes))


def test_numbers_are_said_with_all_digits_or_as_inf_and_nan() -> None:
    nodes = {node["id"]: attributes(node) for node in nodes_of(model_explorer.text(neuron.run(Inputs()).graph))}
    assert nodes["loss"]["value"] == "6.701176166534424"
    assert nodes["w"]["gradient"] == "6.6917619705200195"
    broken = {node["id"]: attributes(node) for node in nodes_of(model_explorer.text(neuron.run(Inputs(w=3.0)).graph))}
    assert (broken["loss"]["value"], broken["w"]["gradient"]) == ("inf", "nan")


@pytest.mark.parametrize(
    ("module", "path"),
    [("", ""), ("model.layers.0.attention", "model/layers/0/attention"), ("a..b/c", "a/b_c"), (" .x", "x")],
)
def test_a_module_is_a_path_of_boxes(module: str, path: str) -> None:
    graph = program("x")
    nodes = nodes_of(model_explorer.text(graph, about={"x": About(module, (("line", "3"), ("source", "")))}))
    assert nodes[0]["namespace"] == path
    assert attributes(nodes[0]) | {"line": "3"} == attributes(nodes[0])
    assert "source" not in attributes(nodes[0])
    assert nodes[1]["namespace"] == ""


def test_within_its_module_a_parameter_has_its_short_name() -> None:
    (node, *_) = nodes_of(model_explorer.text(program("model.2.bias"), about={"model.2.bias": About("model.2")}))
    assert (node["id"], node["namespace"], node["label"]) == ("model.2.bias", "model/2", "bias")


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_hostile_name_stays_data(name: str) -> None:
    graph = program(name)
    node = nodes_of(model_explorer.text(graph, about={graph.nodes[0].id: About(name)}))[0]
    assert node["label"] == name
    assert all(part for part in node["namespace"].split("/")) or not node["namespace"]


def test_what_is_not_seen_is_not_in_the_file() -> None:
    graph = neuron.run(Inputs(x=2.3, w=0.41, b=-0.17)).graph
    nothing: frozenset[str] = frozenset()
    for node in nodes_of(model_explorer.text(graph, Seen(nothing, nothing, nothing))):
        assert not attributes(node).keys() & {"value", "gradient"}
        assert not any(entry["attrs"] for entry in node["inputsMetadata"])
