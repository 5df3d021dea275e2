"""A graph as JSON for Google's Model Explorer, which shows nodes in the boxes of their modules.

The file is a `GraphCollection` with one `Graph` of `GraphNode`s, as google-ai-edge/model-explorer declares them in
src/ui/src/components/visualizer/common/input_graph.ts; `IncomingEdge`, `MetadataItem` and `KeyValue` stand in types.ts
beside it. Edges go the way of the values, from an input to its consumer; all values are texts.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from components.drawing import numbers
from components.graph import operations
from components.graph.model import Edge, Graph, Node, Seen

LABEL = "Autograd Explorer"
OUTPUT = "0"
"""Every node has one output."""

Attribute = tuple[str, str]


class About(NamedTuple):
    """What is known of a node beside the graph: the path of its module, and further attributes."""

    module: str = ""
    attributes: tuple[Attribute, ...] = ()


def text(graph: Graph, seen: Seen | None = None, about: Mapping[str, About] | None = None) -> str:
    """The graph as Model Explorer's JSON, with what is known of its nodes by id; only numbers that are `seen`."""
    edges = graph.edges_from()
    nodes = [_node(node, edges[node.id], seen, (about or {}).get(node.id, About())) for node in graph.nodes]
    collection = {"label": LABEL, "graphs": [{"id": "backward graph", "nodes": nodes}]}
    return json.dumps(collection, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _node(node: Node, edges: list[Edge], seen: Seen | None, about: About) -> dict[str, Any]:
    plain = [("operation", node.op), ("expression", node.expression), ("dtype", node.dtype)]
    shape = str(list(node.shape))
    found = [*plain, ("shape", shape), *_numbers(node, seen), *about.attributes]
    return {
        "id": node.id,
        "label": node.name.removeprefix(f"{about.module}.") or operations.stem(node.op),
        "namespace": namespace(about.module),
        "attrs": _pairs(found),
        "incomingEdges": [_incoming(slot, edge) for slot, edge in enumerate(edges)],
        "inputsMetadata": [_input(slot, edge, seen) for slot, edge in enumerate(edges)],
        "outputsMetadata": [{"id": OUTPUT, "attrs": _pairs([("shape", shape), ("dtype", node.dtype)])}],
    }


def namespace(module: str) -> str:
    """A module's dotted path as one of boxes within boxes."""
    return "/".join(part.replace("/", "_") for part in module.split(".") if part.strip())


def _numbers(node: Node, seen: Seen | None) -> list[Attribute]:
    is_seen = seen is None or node.id in seen.values, seen is None or node.id in seen.gradients
    numbers_of = [("value", node.value), ("gradient", node.gradient)]
    pairs = zip(numbers_of, is_seen, strict=True)
    return [(name, numbers.exact(number)) for (name, number), shown in pairs if shown and number is not None]


def _incoming(slot: int, edge: Edge) -> dict[str, str]:
    return {"sourceNodeId": edge.input, "sourceNodeOutputId": OUTPUT, "targetNodeInputId": str(slot)}


def _input(slot: int, edge: Edge, seen: Seen | None) -> dict[str, Any]:
    """What flows back along an edge."""
    known = [("local derivative", edge.local), ("gradient", edge.gradient)]
    shown = [(name, number) for name, number in known if seen is None or edge.id in seen.edges]
    return {"id": str(slot), "attrs": _pairs((name, numbers.exact(n)) for name, n in shown if n is not None)}


def _pairs(attributes: Iterable[Attribute]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in attributes if value]
