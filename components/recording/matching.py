"""Which nodes of two backward passes are one and the same, though some were added, removed or replaced."""

import struct
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from components.recording.read import RecordedMoment, RecordedNode

Key = Callable[[RecordedNode], Hashable]
"""What two nodes have in common; None: nothing that tells them from others."""

Places = tuple[int, ...]
Pairs = list[tuple[int, int]]


def match(first: RecordedMoment, second: RecordedMoment) -> tuple[tuple[int, int], ...]:
    """The places of nodes that are one and the same, in the order of the first pass; each is in one pair at most.

    Nodes with the same operation, name, module and line of code belong together, one by one in their order, where both
    passes have as many of them; where not, those with the same numbers do, and then those beside what belongs together
    already. What is left is matched by less: another line of code, another operation in the same place. What a model is
    called does not matter. Takes time in proportion to nodes and edges.
    """
    roots = _root(first), _root(second)
    if all(roots) and roots[0] != roots[1]:
        first, second = _without_root(first, roots[0]), _without_root(second, roots[1])
    if _order(second) < _order(first):
        return tuple(sorted([(here, there) for there, here in _match(second, first)]))
    return tuple(sorted(_match(first, second)))


def _match(first: RecordedMoment, second: RecordedMoment) -> Pairs:
    found = _Matching(first, second)
    for key in (identity, _fingerprint):
        found.pair_all(key)
    found.spread(identity)
    for key in (_without_source, _place):
        found.pair_all(key)
    found.spread(_operation)
    found.pair_between()
    found.pair_all(identity, in_order=True)
    return found.pairs


def identity(node: RecordedNode) -> tuple[str, ...]:
    """What a node is, whatever its numbers are."""
    return node.op, node.name, node.module, node.source


def bits(numbers: Sequence[float]) -> bytes:
    """The numbers bit for bit: a nan is itself, and −0 is not 0."""
    return struct.pack(f"{len(numbers)}d", *numbers)


def _fingerprint(node: RecordedNode) -> Hashable:
    numbers = [bits(one.value) if one.value else b"" for one in (node.value, node.gradient)]
    return (identity(node), node.shape, *numbers) if any(numbers) else None


def _without_source(node: RecordedNode) -> Hashable:
    return (node.op, node.name, node.module) if node.name or node.module else None


def _place(node: RecordedNode) -> Hashable:
    return (node.name, node.module) if node.name or node.module else None


def _operation(node: RecordedNode) -> Hashable:
    return node.op if node.op != "AccumulateGrad" else None


def _root(moment: RecordedMoment) -> str:
    """The variable in which all modules stand ("": there is no such one)."""
    roots = {node.module.partition(".")[0] for node in moment.nodes if node.module}
    return roots.pop() if len(roots) == 1 else ""


def _without_root(moment: RecordedMoment, root: str) -> RecordedMoment:
    """The pass without what its model is called, nor the lines of code that call it."""

    def bare(node: RecordedNode) -> RecordedNode:
        module, name = (text.removeprefix(root).removeprefix(".") for text in (node.module, node.name))
        return node._replace(module=module, name=name, source="") if node.module else node

    return moment._replace(nodes=tuple([bare(node) for node in moment.nodes]))


def _order(moment: RecordedMoment) -> tuple[int, list[tuple[str, ...]]]:
    """What makes one of two passes come first, whichever of them is given first."""
    return len(moment.nodes), [identity(node) for node in moment.nodes]


class _Side:
    """One pass: its nodes, by place their inputs and consumers, and to which node of the other pass each belongs."""

    def __init__(self, moment: RecordedMoment) -> None:
        self.nodes = moment.nodes
        self.partners: list[int | None] = [None] * len(self.nodes)
        places = {node.id: place for place, node in enumerate(self.nodes)}
        inputs: list[dict[int, None]] = [{} for _ in self.nodes]
        consumers: list[dict[int, None]] = [{} for _ in self.nodes]
        for consumer, source in moment.edges:
            inputs[places[consumer]][places[source]] = None
            consumers[places[source]][places[consumer]] = None
        self.inputs: list[Places] = [tuple(one) for one in inputs]
        self.consumers: list[Places] = [tuple(one) for one in consumers]

    def free(self, places: Iterable[int], key: Key) -> dict[Hashable, list[int]]:
        """Those of the places that belong to none yet, by what they have in common."""
        groups: defaultdict[Hashable, list[int]] = defaultdict(list)
        for place in places:
            if self.partners[place] is None and (common := key(self.nodes[place])) is not None:
                groups[common].append(place)
        return groups


class _Matching:
    def __init__(self, first: RecordedMoment, second: RecordedMoment) -> None:
        self.first, self.second = _Side(first), _Side(second)
        self.pairs: Pairs = []

    def pair_all(self, key: Key, *, in_order: bool = False) -> None:
        """Pairs what has a key in common where there is as much of it on both sides, or else `in_order`."""
        first = self.first.free(range(len(self.first.nodes)), key)
        self._pair(first, self.second.free(range(len(self.second.nodes)), key), in_order=in_order)

    def _pair(
        self, first: dict[Hashable, list[int]], second: dict[Hashable, list[int]], *, in_order: bool = False
    ) -> Pairs:
        fresh: Pairs = []
        for common, places in first.items():
            others = second.get(common, [])
            if len(places) == len(others) or in_order:
                fresh += zip(places, others, strict=False)
        for here, there in fresh:
            self.first.partners[here], self.second.partners[there] = there, here
        self.pairs += fresh
        return fresh

    def spread(self, key: Key) -> None:
        """Pairs what stands beside pairs: first their consumers, from the inputs to the result, then their inputs."""
        for first, second in (
            (self.first.consumers, self.second.consumers),
            (self.first.inputs, self.second.inputs),
        ):
            waiting = deque(sorted(self.pairs))
            while waiting:
                here, there = waiting.popleft()
                groups = self.first.free(first[here], key)
                if groups:
                    waiting += self._pair(groups, self.second.free(second[there], key))

    def pair_between(self) -> None:
        """Pairs what has another operation, between the same inputs and the same consumers."""
        self._pair(dict(self._between(self.first)), dict(self._between(self.second, is_second=True)))

    def _between(self, side: _Side, *, is_second: bool = False) -> Iterator[tuple[Hashable, list[int]]]:
        groups: defaultdict[Hashable, list[int]] = defaultdict(list)
        for place in side.free(range(len(side.nodes)), lambda _: True).get(True, []):
            around = [
                frozenset(one if is_second else side.partners[one] for one in ways if side.partners[one] is not None)
                for ways in (side.inputs[place], side.consumers[place])
            ]
            if all(around):
                groups[tuple(around)].append(place)
        yield from groups.items()
