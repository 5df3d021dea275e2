"""A graph as a file, with the numbers that are on the screen: for Graphviz, for programs, for Model Explorer."""

import json
from typing import Any

import graphviz

from components.drawing import model_explorer, numbers
from components.graph import files, operations
from components.graph.model import Edge, Graph, Node, Seen


def dot(graph: Graph, seen: Seen | None = None) -> str:
    """The graph as DOT, inputs left: names, torch's names, values and gradients on nodes, gradients on edges."""
    drawing = graphviz.Digraph("autograd", graph_attr={"rankdir": "LR"}, node_attr={"shape": "box"})
    names = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    for node in graph.nodes:
        label = graphviz.escape(_card(node, seen)).replace("\n", "\\n")
        drawing.node(names[node.id], label=label, id=graphviz.escape(_printable(node.id)))
    for edge in graph.edges:
        label = graphviz.escape(_passed(edge, seen))
        drawing.edge(names[edge.input], names[edge.consumer], label=label, dir="back")
    return str(drawing.source)


def json_text(graph: Graph, seen: Seen | None = None) -> str:
    """The graph as JSON: numbers with all their digits; `inf`, `-inf` and `nan` as text, null where there is none."""
    nodes = [_node_record(node, seen) for node in graph.nodes]
    edges = [_edge_record(edge, seen) for edge in graph.edges]
    record = {"format": files.FORMAT, "nodes": nodes, "edges": edges}
    return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


TEXTS = {"dot": dot, "json": json_text, "model-explorer": model_explorer.text}
"""The kinds of files, by name."""


def _card(node: Node, seen: Seen | None) -> str:
    operation = operations.find(node.op)
    head = " = ".join(text for text in (node.name, node.expression) if text) or operation.word
    lines = [head, "takes no gradient" if node.op == "input" else node.op]
    if seen is None or node.id in seen.values:
        lines.append(f"value {numbers.text(node.value)}")
    if node.op != "input" and (seen is None or node.id in seen.gradients):
        lines.append(f"grad {numbers.signed(node.gradient)}")
    return "\n".join(_printable(line) for line in lines)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def _passed(edge: Edge, seen: Seen | None) -> str:
    known = edge.gradient is not None and (seen is None or edge.id in seen.edges)
    return numbers.signed(edge.gradient) if known else ""


def _node_record(node: Node, seen: Seen | None) -> dict[str, Any]:
    record = files.node_record(node)
    if seen is not None:
        record["value"] = record["value"] if node.id in seen.values else None
        record["grad"] = record["grad"] if node.id in seen.gradients else None
    return record


def _edge_record(edge: Edge, seen: Seen | None) -> dict[str, Any]:
    record = files.edge_record(edge)
    return record if seen is None or edge.id in seen.edges else record | {"local": None, "grad": None}
