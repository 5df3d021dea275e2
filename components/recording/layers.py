"""The layers of a recorded backward pass, in the order in which a forward pass goes through them."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from components.recording.read import RecordedMoment, RecordedNode

LEAF = "AccumulateGrad"


class Layer(NamedTuple):
    """A module with parameters of its own, or a leaf that belongs to none.

    `leaves` are its parameters, `results` the nodes by which its result leaves it: none where no module alone made it.
    """

    name: str
    leaves: tuple[RecordedNode, ...]
    results: tuple[RecordedNode, ...]


def consumers_of(moment: RecordedMoment) -> dict[str, list[RecordedNode]]:
    """By the id of a node, those that it is an input of."""
    return _neighbours(moment, [(source, consumer) for consumer, source in moment.edges])


def inputs_of(moment: RecordedMoment) -> dict[str, list[RecordedNode]]:
    """By the id of a node, its inputs."""
    return _neighbours(moment, moment.edges)


def _neighbours(moment: RecordedMoment, pairs: Iterable[tuple[str, str]]) -> dict[str, list[RecordedNode]]:
    """By the id of a node, those at the other end of the pairs that begin with it."""
    by_id = {node.id: node for node in moment.nodes}
    found: dict[str, list[RecordedNode]] = {node_id: [] for node_id in by_id}
    for here, there in pairs:
        found[here].append(by_id[there])
    return found


def layers(moment: RecordedMoment) -> tuple[Layer, ...]:
    """The layers of a pass: what is farther from its result comes first."""
    consumers, inputs = consumers_of(moment), inputs_of(moment)
    far, made = _distances(moment, consumers), _made(moment, consumers)
    around = {prefix for node in moment.nodes for prefix in _above(node.module)}
    groups: dict[str, list[RecordedNode]] = {}
    for node in moment.nodes:
        if node.op == LEAF:
            groups.setdefault(node.module, []).append(node)
    found: list[Layer] = []
    for module, leaves in groups.items():
        if module and module not in around:
            found.append(Layer(module, tuple(leaves), tuple(made.get(module, ()))))
        else:
            found += _single(module, leaves, {leaf.id: _uses(leaf.id, consumers, inputs) for leaf in leaves})
    return tuple(sorted(found, key=lambda layer: -max(far[leaf.id] for leaf in layer.leaves)))


def _single(module: str, leaves: list[RecordedNode], uses: Mapping[str, list[RecordedNode]]) -> list[Layer]:
    """Leaves of a module that others stand in, or of none: one layer where they are used together, else one each."""
    common = [node for node in uses[leaves[0].id] if all(node in uses[leaf.id] for leaf in leaves)]
    if module and common and len(leaves) > 1:
        return [Layer(module, tuple(leaves), tuple(common))]
    return [Layer(leaf.name or "a leaf without a name", (leaf,), tuple(uses[leaf.id])) for leaf in leaves]


def _uses(
    node_id: str, consumers: Mapping[str, list[RecordedNode]], inputs: Mapping[str, list[RecordedNode]]
) -> list[RecordedNode]:
    """The nodes that a leaf is handed to, past those that only turn it and have no value."""
    found = consumers[node_id]
    while len(found) == 1 and found[0].value.value is None and len(inputs[found[0].id]) == 1 and consumers[found[0].id]:
        found = consumers[found[0].id]
    return found


def _made(moment: RecordedMoment, consumers: Mapping[str, list[RecordedNode]]) -> dict[str, list[RecordedNode]]:
    """By module, its nodes of which something outside it makes use, or nothing does."""
    found: dict[str, list[RecordedNode]] = {}
    for node in moment.nodes:
        used = consumers[node.id]
        if node.op != LEAF and (not used or any(one.module != node.module for one in used)):
            found.setdefault(node.module, []).append(node)
    return found


def _above(module: str) -> list[str]:
    """The modules that one stands in."""
    parts = module.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts))]


def _distances(moment: RecordedMoment, consumers: Mapping[str, list[RecordedNode]]) -> dict[str, int]:
    """By id, the steps of the longest way to a result."""
    found: dict[str, int] = {}
    for node in reversed(moment.nodes):
        found[node.id] = 1 + max((found[one.id] for one in consumers[node.id]), default=-1)
    return found
