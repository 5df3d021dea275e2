"""A recorded graph as it is shown: each block that is folded is one card, with the value and the gradient of its last
step.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from components.graph.model import Edge, Graph, Node, Seen
from components.recording.modules import Block
from components.recording.snapshots import Opened


class Flow(NamedTuple):
    """What goes back along an edge: what arrives at a node (`source`), all of it or a part; "": at several nodes."""

    source: str
    is_all: bool


class Cards(NamedTuple):
    """A graph with some of its blocks folded.

    `folded` are its blocks by key, which is also the id of a card; `opened` those that stand open in it, each after the
    one around it. `shown` names for each node that is folded away the card that shows it, `flows` are by edge id.
    """

    graph: Graph
    folded: Mapping[str, Block]
    opened: tuple[Block, ...]
    shown: Mapping[str, str]
    flows: Mapping[str, Flow]

    def recorded_as(self, node_id: str) -> str:
        """The node whose recorded numbers stand on a card."""
        return self.folded[node_id].exit if node_id in self.folded else node_id

    def members_of(self, node_id: str) -> list[str]:
        """The nodes that a card stands for."""
        folded = [inner for inner, card in self.shown.items() if card == node_id]
        return folded if node_id in self.folded else [node_id]

    def members(self) -> list[list[str]]:
        """By node of the graph, the nodes that it stands for."""
        by_card: dict[str, list[str]] = {}
        for node_id, card in self.shown.items():
            by_card.setdefault(card, []).append(node_id)
        return [by_card.get(node.id, [node.id]) for node in self.graph.nodes]


def whole(opened: Opened) -> Cards:
    """The whole graph."""
    graph = opened.moment.snapshot.graph
    return Cards(graph, {}, (), {}, _flows(graph))


def fold(opened: Opened, open_keys: Collection[str]) -> Cards:
    """The graph with all its blocks folded but those of these keys that stand in no folded one."""
    graph, blocks = opened.moment.snapshot.graph, opened.blocks
    cards: dict[str, str] = {"": ""}
    for key, block in blocks.blocks.items():
        cards[key] = cards[block.parent] or ("" if key in open_keys else key)
    shown = {node_id: cards[holder] for node_id, holder in blocks.holders.items() if cards[holder]}
    folded = {key: block for key, block in blocks.blocks.items() if cards[key] == key}
    open_blocks = tuple([block for key, block in blocks.blocks.items() if not cards[key]])
    edges, flows = _edges(graph, shown)
    return Cards(Graph(_nodes(graph, folded, shown), edges), folded, open_blocks, shown, flows)


def seen(opened: Opened, cards: Cards) -> Seen | None:
    """How far the pass went in what is shown, where it did not go everywhere."""
    whole_seen = opened.moment.snapshot.seen
    if whole_seen is None or not cards.folded:
        return whole_seen
    ids = [(node.id, cards.recorded_as(node.id)) for node in cards.graph.nodes]
    pairs = {edge.id for edge in cards.graph.edges if {edge.consumer, edge.input} & cards.folded.keys()}
    return Seen(
        frozenset([card for card, node_id in ids if node_id in whole_seen.values]),
        frozenset([card for card, node_id in ids if node_id in whole_seen.gradients]),
        whole_seen.edges | {edge for edge in pairs if cards.flows[edge].source in whole_seen.gradients},
    )


def _nodes(graph: Graph, folded: Mapping[str, Block], shown: Mapping[str, str]) -> tuple[Node, ...]:
    """What is shown, each after its inputs: a card stands where the last of its steps stood."""
    exits = {block.exit: block for block in folded.values()}
    nodes = []
    for node in graph.nodes:
        block = exits.get(node.id)
        if block is not None:
            nodes.append(node._replace(id=block.key, name=block.title, expression=""))
        elif node.id not in shown:
            nodes.append(node)
    return tuple(nodes)


def _flows(graph: Graph) -> dict[str, Flow]:
    ways = _ways(graph)
    return {edge.id: Flow(edge.input, ways[edge.input] == 1) for edge in graph.edges}


def _ways(graph: Graph) -> dict[str, int]:
    """By node, how many edges lead to it."""
    ways: dict[str, int] = {}
    for edge in graph.edges:
        ways[edge.input] = ways.get(edge.input, 0) + 1
    return ways


def _edges(graph: Graph, shown: Mapping[str, str]) -> tuple[tuple[Edge, ...], dict[str, Flow]]:
    """The edges between what is shown: between two nodes as they are, else one for each pair."""
    ways, arriving = _ways(graph), {node.id: node.gradient for node in graph.nodes}
    plain: dict[str, Edge] = {}
    pairs: dict[tuple[str, str], list[str]] = {}
    for edge in graph.edges:
        ends = shown.get(edge.consumer, edge.consumer), shown.get(edge.input, edge.input)
        if ends == edge[1:3]:
            plain[edge.id] = edge
        elif ends[0] != ends[1]:
            pairs.setdefault(ends, []).append(edge.input)
    flows = {edge.id: Flow(edge.input, ways[edge.input] == 1) for edge in plain.values()}
    for (consumer, source), inputs in pairs.items():
        edge_id, first = f"{consumer}~{source}", inputs[0]
        flow = Flow(first, ways[first] == len(inputs)) if len(set(inputs)) == 1 else Flow("", is_all=False)
        flows[edge_id] = flow
        plain[edge_id] = Edge(edge_id, consumer, source, None, arriving[first] if flow.is_all else None)
    return tuple(plain.values()), flows
