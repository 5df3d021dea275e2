"""A recording as what the app's explorer draws: snapshots, by the ids of their nodes."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from components.graph.model import Edge, Graph, Node, Number, Seen, Snapshot
from components.graph.moments import Moment
from components.graph.structure import Shape, structure_of
from components.recording.modules import Blocks, blocks_of
from components.recording.read import Numbers, RecordedMoment, RecordedNode


class Opened(NamedTuple):
    """One backward pass as a moment of the app's, by node id all that the recording says of a node, and its blocks."""

    moment: Moment
    nodes: Mapping[str, RecordedNode]
    blocks: Blocks


def opened(recorded: RecordedMoment) -> Opened:
    """A recorded backward pass under ids that programs of the app's have: a variable's name, or the operation's.

    A tensor of more numbers than are recorded has no value. What flows along an edge is known where it alone leads to
    its input: it is what arrives there. Local derivatives are not recorded.
    A graph that the app has saved is as it was.
    """
    if recorded.saved is not None:
        by_id = {node.id: node for node in recorded.nodes}
        blocks = blocks_of(by_id, recorded.edges)
        return Opened(Moment(recorded.line, recorded.call, recorded.saved, {}), by_id, blocks)
    structure, operands = structure_of(_shape(recorded), ())
    by_id = {node[0]: known for node, known in zip(structure.nodes, recorded.nodes, strict=True)}
    nodes = tuple([Node._make((*static, *_kind(by_id[static[0]]))) for static in structure.nodes])
    ways = Counter([source for _, _, source in structure.edges])
    arriving = {node.id: node.gradient for node in nodes}
    edges = [Edge(*edge, None, arriving[edge[2]] if ways[edge[2]] == 1 else None) for edge in structure.edges]
    graph = Graph(nodes, tuple(edges))
    lines = {node_id: node.line for node_id, node in by_id.items() if node.line is not None}
    moment = Moment(recorded.line, recorded.call, Snapshot(graph, operands, seen=_seen(graph, by_id)), lines)
    return Opened(moment, by_id, blocks_of(by_id, [edge[1:] for edge in structure.edges]))


def _shape(recorded: RecordedMoment) -> Shape:
    places = {node.id: place for place, node in enumerate(recorded.nodes)}
    inputs: dict[str, list[int]] = {node.id: [] for node in recorded.nodes}
    for consumer, source in recorded.edges:
        inputs[consumer].append(places[source])
    return tuple([(node.op, node.name, tuple(inputs[node.id]), (), node.op) for node in recorded.nodes])


def _kind(node: RecordedNode) -> tuple[tuple[int, ...], str, Number, Number]:
    shape = node.shape or ()
    return shape, node.dtype, whole(node.value, shape), whole(node.gradient, shape)


def whole(numbers: Numbers, shape: tuple[int, ...]) -> Number:
    """The tensor of this shape where all of its numbers are there: one number, or nested lists; else None."""
    count = 1
    for length in shape:
        count *= length
    if numbers.value is None or count != len(numbers.value):
        return None
    found: list[Any] = list(numbers.value)
    for length in reversed(shape[1:] if count else ()):
        found = [found[start : start + length] for start in range(0, len(found), length)]
    return found if shape else found[0]


def _seen(graph: Graph, by_id: Mapping[str, RecordedNode]) -> Seen | None:
    """How far the pass went, where it did not go everywhere."""
    went = frozenset(node_id for node_id, node in by_id.items() if node.gradient.value is not None)
    if len(went) == len(by_id):
        return None
    edges = frozenset(edge.id for edge in graph.edges if edge.consumer in went and edge.input in went)
    return Seen(frozenset(by_id), went, edges)
