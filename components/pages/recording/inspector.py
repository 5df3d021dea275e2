"""What the inspector says of a part of a recorded graph: only what the recording has."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from components.drawing import numbers
from components.drawing.explain import called, gradient, value
from components.graph import operations, paths
from components.graph.model import Edge, Graph, Node, Snapshot
from components.pages.recording.figures import not_finite, span
from components.recording.cards import Cards, Flow
from components.recording.modules import Block
from components.recording.read import Numbers, RecordedNode
from components.recording.snapshots import Opened

Line = dict[str, Any]
Section = tuple[str, list[Line]]

IN_A_LINE = 4
"""Numbers that stand beside one another."""

MOST_LISTED = 8
"""Kinds of operations, and parameters, of a block that are listed."""

MOST_WITH_PATHS = 1_000
"""Nodes of a graph in which the paths to a leaf are listed."""


def part(opened: Opened, cards: Cards, part_id: str, hidden: frozenset[str]) -> dict[str, Any]:
    """What the inspector says of a node, a folded block or an edge, without what is hidden."""
    for edge in cards.graph.edges:
        if edge.id == part_id:
            return _edge(opened, cards, edge, hidden)
    node = cards.graph.node(part_id)
    return _block(opened, cards, node, hidden) if part_id in cards.folded else _node(opened, cards, node, hidden)


def _node(opened: Opened, cards: Cards, node: Node, hidden: frozenset[str]) -> dict[str, Any]:
    graph, recorded = cards.graph, opened.nodes[node.id]
    operation = operations.find(node.op)
    sections: list[Section] = []
    if "numbers" not in hidden:
        formula = [{"math": f"{called(node)} = {node.expression}"}] if node.expression and node.name else []
        sections.append(("value", [*formula, *_numbers(recorded.value, recorded.shape, value)]))
    if not hidden & {"gradients", "numbers"}:
        sections.append(("gradient arriving", _arriving(graph, node, recorded)))
        sections.append((".grad", _kept(recorded)))
        sections.append(("paths", [] if cards.folded else _paths(opened.moment.snapshot, node)))
    sections.append(("goes back to", _inputs(graph, node)))
    return {
        "id": node.id,
        "title": called(node),
        "symbol": operation.symbol,
        "word": operation.word,
        "torch": node.op,
        "kind": _kind(recorded, node.dtype),
        "sections": _said(sections),
    }


def _block(opened: Opened, cards: Cards, node: Node, hidden: frozenset[str]) -> dict[str, Any]:
    """A folded block: the numbers are those of its last step."""
    block, recorded = cards.folded[node.id], opened.nodes[cards.recorded_as(node.id)]
    sections: list[Section] = [
        ("nan or infinite in", _not_finite(opened, block, hidden)),
        ("holds", _held(opened, block)),
    ]
    if "numbers" not in hidden:
        sections.append(("value of its last step", _numbers(recorded.value, recorded.shape, value)))
    if not hidden & {"gradients", "numbers"}:
        sections.append(("gradient arriving there", _arriving(cards.graph, node, recorded)))
    sections.append(("parameters", _parameters(opened, block)))
    sections.append(("goes back to", _inputs(cards.graph, node)))
    extent = f"{block.steps:,} step{'' if block.steps == 1 else 's'}"
    return {
        "id": node.id,
        "title": f'"{block.module or block.title}"',
        "symbol": f"× {block.times}" if block.times > 1 else "",
        "word": f"{extent}, folded",
        "torch": node.op,
        "kind": _kind(recorded, node.dtype),
        "sections": _said(sections),
    }


def _not_finite(opened: Opened, block: Block, hidden: frozenset[str]) -> list[Line]:
    """The steps in a block with numbers that are not finite, the first ones first."""
    steps = opened.blocks.steps[block.begin : block.end]
    found = [(step, said) for step in steps if (said := not_finite(opened.nodes[step], hidden))]
    return [
        *[{"label": f"{step}: {said}", "math": "", "go": step} for step, said in found[:MOST_LISTED]],
        *_more(len(found)),
    ]


def _held(opened: Opened, block: Block) -> list[Line]:
    """What the steps of a block are, the most frequent first."""
    counts = Counter([opened.nodes[node_id].op for node_id in opened.blocks.steps[block.begin : block.end]])
    lines = [{"label": f"{count} × {op}", "math": ""} for op, count in counts.most_common(MOST_LISTED)]
    return [*lines, *_more(len(counts))]


def _parameters(opened: Opened, block: Block) -> list[Line]:
    leaves = [
        node_id
        for node_id, node in opened.nodes.items()
        if node.op == "AccumulateGrad" and block.key in opened.blocks.around(node_id)
    ]
    return [*[{"label": leaf, "math": "", "go": leaf} for leaf in leaves[:MOST_LISTED]], *_more(len(leaves))]


def _more(count: int) -> list[Line]:
    return [{"label": f"and {count - MOST_LISTED:,} more", "math": ""}] if count > MOST_LISTED else []


def _said(sections: list[Section]) -> list[dict[str, Any]]:
    return [{"head": head, "lines": lines} for head, lines in sections if lines]


def _kind(recorded: RecordedNode, dtype: str) -> str:
    shape = "scalar" if recorded.shape == () else f"shape {list(recorded.shape)}" if recorded.shape else ""
    return ", ".join(filter(None, (shape, dtype)))


def _edge(opened: Opened, cards: Cards, edge: Edge, hidden: frozenset[str]) -> dict[str, Any]:
    graph, passed = cards.graph, cards.flows[edge.id]
    consumer, source = graph.node(edge.consumer), graph.node(edge.input)
    sections: list[Section] = []
    if not hidden & {"gradients", "numbers"}:
        local = [] if edge.local is None else [{"math": value(edge.local)}]
        sections = [("local derivative", local), ("gradient passed on", _flow(opened, edge, passed))]
    sections.append(("from, to", [_go("passed on by", consumer), _go("to", source)]))
    return {
        "id": edge.id,
        "title": f'{called(consumer)} "→" {called(source)}',
        "symbol": "",
        "word": "the way back of a gradient",
        "torch": consumer.op,
        "kind": "",
        "sections": _said(sections),
    }


def _flow(opened: Opened, edge: Edge, passed: Flow) -> list[Line]:
    """What is known of the gradient that goes this way."""
    if edge.local is not None:
        return [{"math": gradient(edge.gradient)}]
    if not passed.source:
        return [{"label": "the gradients of several results: not recorded by themselves", "math": ""}]
    recorded = opened.nodes[passed.source]
    flow = _numbers(recorded.gradient, recorded.shape, gradient)
    if flow and not passed.is_all:
        name = called(opened.moment.snapshot.graph.node(passed.source))
        return [{"label": f"a part of what arrives at {name}: not recorded by itself", "math": ""}]
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


def _arriving(graph: Graph, node: Node, recorded: RecordedNode) -> list[Line]:
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
