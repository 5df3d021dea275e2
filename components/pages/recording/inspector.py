"""What the inspector says of a part of a recorded graph: only what the recording has."""

from collections.abc import Iterator
from typing import Any

from components.drawing import numbers
from components.drawing.explain import called, gradient, value
from components.graph import operations, paths
from components.graph.model import Edge, Graph, Node, Snapshot
from components.pages.recording.figures import span
from components.recording.read import Numbers, RecordedNode
from components.recording.snapshots import Opened

Line = dict[str, Any]
Section = tuple[str, list[Line]]

IN_A_LINE = 4
"""Numbers that stand beside one another."""

MOST_WITH_PATHS = 1_000
"""Nodes of a graph in which the paths to a leaf are listed."""


def part(opened: Opened, part_id: str, hidden: frozenset[str]) -> dict[str, Any]:
    """What the inspector says of a node or an edge, without what is hidden."""
    graph = opened.moment.snapshot.graph
    for edge in graph.edges:
        if edge.id == part_id:
            return _edge(opened, edge, hidden)
    return _node(opened, graph.node(part_id), hidden)


def _node(opened: Opened, node: Node, hidden: frozenset[str]) -> dict[str, Any]:
    graph, recorded = opened.moment.snapshot.graph, opened.nodes[node.id]
    operation = operations.find(node.op)
    shape = "scalar" if recorded.shape == () else f"shape {list(recorded.shape)}" if recorded.shape else ""
    sections: list[Section] = []
    if "numbers" not in hidden:
        formula = [{"math": f"{called(node)} = {node.expression}"}] if node.expression and node.name else []
        sections.append(("value", [*formula, *_numbers(recorded.value, recorded.shape, value)]))
    if not hidden & {"gradients", "numbers"}:
        sections.append(("gradient arriving", _arriving(opened, node)))
        sections.append((".grad", _kept(recorded)))
        sections.append(("paths", _paths(opened.moment.snapshot, node)))
    sections.append(("goes back to", _inputs(graph, node)))
    return {
        "id": node.id,
        "title": called(node),
        "symbol": operation.symbol,
        "word": operation.word,
        "torch": node.op,
        "kind": ", ".join(filter(None, (shape, node.dtype))),
        "sections": [{"head": head, "lines": lines} for head, lines in sections if lines],
    }


def _edge(opened: Opened, edge: Edge, hidden: frozenset[str]) -> dict[str, Any]:
    graph = opened.moment.snapshot.graph
    consumer, source = graph.node(edge.consumer), graph.node(edge.input)
    sections: list[Section] = []
    if not hidden & {"gradients", "numbers"}:
        local = [] if edge.local is None else [{"math": value(edge.local)}]
        sections = [("local derivative", local), ("gradient passed on", _flow(opened, edge, source))]
    sections.append(("from, to", [_go("passed on by", consumer), _go("to", source)]))
    return {
        "id": edge.id,
        "title": f'{called(consumer)} "→" {called(source)}',
        "symbol": "",
        "word": "the way back of a gradient",
        "torch": consumer.op,
        "kind": "",
        "sections": [{"head": head, "lines": lines} for head, lines in sections if lines],
    }


def _flow(opened: Opened, edge: Edge, source: Node) -> list[Line]:
    """What is known of the gradient that goes this way."""
    if edge.local is not None:
        return [{"math": gradient(edge.gradient)}]
    recorded = opened.nodes[source.id]
    flow = _numbers(recorded.gradient, recorded.shape, gradient)
    is_only = sum(other.input == source.id for other in opened.moment.snapshot.graph.edges) == 1
    if flow and not is_only:
        return [{"label": f"a part of what arrives at {called(source)}: not recorded by itself", "math": ""}]
    return flow


def _numbers(recorded: Numbers, shape: tuple[int, ...] | None, write: Any) -> list[Line]:
    """The numbers that are recorded, and what all of them come to."""
    found, summary = recorded.value, recorded.summary
    if found is None:
        return []
    count = 1
    for length in shape or ():
        count *= length
    if len(found) == count == 1:
        return [{"math": write(found[0])}]
    lines = _listed(list(found), count, write)
    if summary and summary.min is not None and summary.max is not None:
        ends = ", ".join([write(end) for end in (summary.min, summary.mean, summary.max)])
        lines.append({"label": "min, mean, max", "math": ends})
    if summary and summary.nonfinite:
        lines.append({"label": f"nan or infinite: {summary.nonfinite} of {count}", "math": ""})
    return lines


def _listed(found: list[float], count: int, write: Any) -> list[Line]:
    """The first numbers, a few in a line."""
    first = f"the first {len(found)} of {count:,}" if len(found) < count else f"all {count}"
    lines = [found[start : start + IN_A_LINE] for start in range(0, len(found), IN_A_LINE)]
    return [{"label": first, "math": ""}, *({"math": ", ".join(map(write, line))} for line in lines)]


def _arriving(opened: Opened, node: Node) -> list[Line]:
    graph, recorded = opened.moment.snapshot.graph, opened.nodes[node.id]
    if recorded.gradient.value is None:
        return [{"label": "none arrived", "math": ""}]
    consumers = {edge.consumer: None for edge in graph.edges if edge.input == node.id}
    ways = [_go("from", graph.node(consumer)) for consumer in consumers]
    begins = [] if ways else [{"label": "the pass begins here", "math": ""}]
    return [*begins, *ways, *_numbers(recorded.gradient, recorded.shape, gradient)]


def _kept(recorded: RecordedNode) -> list[Line]:
    """A leaf's `.grad` before and after the pass."""
    moments = (("before", recorded.before), ("after", recorded.after))
    return [{"label": when, "math": _brief(kept)} for when, kept in moments if kept is not None]


def _brief(kept: Numbers) -> str:
    if kept.value is None:
        return '"None"'
    return gradient(kept.value[0]) if len(kept.value) == 1 else f"«{span(kept)}»" if kept.summary else numbers.NOTHING


def _inputs(graph: Graph, node: Node) -> list[Line]:
    inputs = {edge.input: None for edge in graph.edges if edge.consumer == node.id}
    return [_go("to", graph.node(source)) for source in inputs]


def _paths(snapshot: Snapshot, node: Node) -> list[Line]:
    graph = snapshot.graph
    if node.op != "AccumulateGrad" or snapshot.seen is not None or len(graph.nodes) > MOST_WITH_PATHS:
        return []
    found = paths.paths(graph, node.id)
    common = set.intersection(*({edge.id for edge in path.edges} for path in found.paths)) if found.paths else set()
    lines = [_path(graph, path.edges, common) for path in found.paths]
    more = [] if found.complete else [{"label": f"and more: only {paths.MOST} of them are listed", "math": ""}]
    return lines + more


def _path(graph: Graph, edges: tuple[Edge, ...], common: set[str]) -> Line:
    """A path by the nodes that it alone goes through; it lights up where it is pointed at."""
    own = list(_through(graph, edges, common))
    return {"label": f"through {', '.join(own[:3])}" if own else "the only path", "math": "", "edges": _ids(edges)}


def _through(graph: Graph, edges: tuple[Edge, ...], common: set[str]) -> Iterator[str]:
    for edge in edges:
        if edge.id not in common and edge is not edges[-1]:
            yield called(graph.node(edge.input))


def _ids(edges: tuple[Edge, ...]) -> list[str]:
    return [edge.id for edge in edges]


def _go(label: str, node: Node) -> Line:
    return {"label": f"{label} {called(node)}", "math": "", "go": node.id}
