"""A recorded graph as blocks within blocks: the modules that ran, and what they or single steps repeat.

A block is a stretch of the steps in the order in which they ran. However such stretches are drawn as one, no cycle
comes of it: each step stands after its inputs.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from components.graph import operations
from components.recording import repeats
from components.recording.read import RecordedNode

DEEPEST = 32
"""Blocks within blocks; what lies deeper is not divided."""

LEAVES = ("AccumulateGrad", "input")
LONGEST_KEY = 80
MOST_NAMED = 3
"""Operations that a title names."""

MOST_SHOWN, LEAST_SHOWN = 40, 4
"""Cards and steps of a first view: where there are fewer, or where most steps are in one block, blocks are open."""

Path = tuple[str, ...]


class Block(NamedTuple):
    """A stretch of steps, from `begin` to before `end`.

    `key` names it in addresses; `title` is the end of its module's path, `module` all of it ("": it has none). `times`
    is how often its contents stand in it one after the other. `parent` is the key of the block around it ("": none),
    `contents` the number of blocks and nodes directly in it, `exit` the id of its last step.
    """

    key: str
    title: str
    module: str
    times: int
    begin: int
    end: int
    parent: str
    contents: int
    exit: str

    @property
    def steps(self) -> int:
        """How many they are."""
        return self.end - self.begin


class Blocks(NamedTuple):
    """All blocks by key, each after the one around it; by node id the key of the innermost around it ("": none); ids
    of all steps in their order; and the blocks that are open where nobody says anything.
    """

    blocks: Mapping[str, Block]
    holders: Mapping[str, str]
    steps: tuple[str, ...]
    usual: frozenset[str]

    def around(self, name: str) -> list[str]:
        """Keys of the blocks around a node, or another block, from the innermost on."""
        found = []
        key = self.blocks[name].parent if name in self.blocks else self.holders.get(name, "")
        while key:
            found.append(key)
            key = self.blocks[key].parent
        return found


def blocks_of(nodes: Mapping[str, RecordedNode], edges: Sequence[tuple[str, str]]) -> Blocks:
    """The blocks of nodes, each after its inputs, and of edges as ids of a consumer and of its input."""
    program = _program(nodes, edges)
    items = _Divider(program).divided(0, len(program.steps), 0)
    blocks, holders = _Namer(program, nodes).named(items)
    for leaf, (first, last) in program.spans.items():
        holders[leaf] = _around_both(blocks, holders, program.steps[first], last)
    holders = dict.fromkeys(nodes, "") | holders
    contents = Counter([block.parent for block in blocks.values()]) + Counter(holders.values())
    blocks = {key: block._replace(contents=contents[key]) for key, block in blocks.items()}
    outside = sum(not holder for holder in holders.values())
    return Blocks(blocks, holders, program.steps, _usual(blocks, len(program.steps), outside))


def _around_both(blocks: Mapping[str, Block], holders: Mapping[str, str], first: str, last: int) -> str:
    """The innermost block around a step and all that follow, up to the last consumer of a leaf."""
    key = holders.get(first, "")
    while key and blocks[key].end <= last:
        key = blocks[key].parent
    return key


def _usual(blocks: Mapping[str, Block], steps: int, outside: int) -> frozenset[str]:
    """Blocks are opened until there is something to see, but what is repeated only where there is little else."""
    inner: dict[str, list[Block]] = {}
    for block in blocks.values():
        inner.setdefault(block.parent, []).append(block)
    folded, found, shown = list(inner.get("", ())), set[str](), outside + len(inner.get("", ()))
    while folded:
        largest = max(folded, key=lambda block: (block.times == 1, block.steps))
        is_most = largest.times == 1 and 2 * largest.steps > steps
        if not (is_most or shown < LEAST_SHOWN) or shown - 1 + largest.contents > MOST_SHOWN:
            break
        folded.remove(largest)
        folded += inner.get(largest.key, ())
        shown += largest.contents - 1
        found.add(largest.key)
    return frozenset(found)


class _Program(NamedTuple):
    """Ids of steps in their order, and of each its operation, its module's path and its inputs: places of steps, or
    ids of leaves. `shapes` are those of leaves, `spans` the first and the last step that uses each of them.
    """

    steps: tuple[str, ...]
    ops: tuple[str, ...]
    paths: tuple[Path, ...]
    inputs: tuple[tuple[int | str, ...], ...]
    shapes: Mapping[str, object]
    spans: Mapping[str, tuple[int, int]]


def _program(nodes: Mapping[str, RecordedNode], edges: Sequence[tuple[str, str]]) -> _Program:
    inputs: dict[str, list[str]] = {node_id: [] for node_id in nodes}
    for consumer, source in edges:
        inputs[consumer].append(source)
    steps = [node_id for node_id, node in nodes.items() if inputs[node_id] or node.op not in LEAVES]
    places = {node_id: place for place, node_id in enumerate(steps)}
    users: dict[str, list[int]] = {}
    for place, node_id in enumerate(steps):
        for source in inputs[node_id]:
            if source not in places:
                users.setdefault(source, []).append(place)
    return _Program(
        tuple(steps),
        tuple([nodes[node_id].op for node_id in steps]),
        tuple([tuple(nodes[node_id].module.split(".")) if nodes[node_id].module else () for node_id in steps]),
        tuple([tuple([places.get(source, source) for source in inputs[node_id]]) for node_id in steps]),
        {leaf: nodes[leaf].shape for leaf in users},
        {leaf: (found[0], found[-1]) for leaf, found in users.items()},
    )


@dataclass(slots=True)
class _Item:
    """A step, or a stretch of steps that becomes a block and what it is made of: what a module ran (`path`), or what
    stands under a `label` within it. `name` is what it is called among those beside it.
    """

    begin: int
    end: int
    path: Path = ()
    inner: "list[_Item] | None" = None
    times: int = 1
    name: str = ""
    label: str = ""


class _Divider:
    """Divides the steps by the modules that made them, and joins what is repeated."""

    def __init__(self, program: _Program) -> None:
        self.program = program
        self.with_leaves = {first for first, last in program.spans.values() if first == last}
        self.numbers: dict[object, int] = {}

    def divided(self, begin: int, end: int, depth: int) -> list[_Item]:
        """Steps that stand at this depth of their paths, and blocks of those that stand deeper."""
        paths, found, at = self.program.paths, list[_Item](), begin
        while at < end:
            stop = at + 1
            if depth < min(len(paths[at]), DEEPEST):
                head = paths[at][: depth + 1]
                while stop < end and paths[stop][depth : depth + 1] == head[depth:]:
                    stop += 1
            found.append(self._run(at, stop, depth))
            at = stop
        return self._joined(found, depth)

    def _run(self, begin: int, end: int, depth: int) -> _Item:
        low, high = min(self.program.paths[begin:end]), max(self.program.paths[begin:end])
        shared = next((place for place, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))
        path, name = low[:shared], ".".join(low[depth:shared])
        if len(path) <= depth or depth >= DEEPEST or (end - begin == 1 and begin not in self.with_leaves):
            return _Item(begin, end, path, name=name)
        inner = self.divided(begin, end, shared)
        if len(inner) == 1 and inner[0].times > 1:
            return _Item(begin, end, path, inner[0].inner, inner[0].times, name)
        return _Item(begin, end, path, inner, name=name)

    def _joined(self, items: list[_Item], depth: int) -> list[_Item]:
        """The items, those that are repeated within one each."""
        if len(items) < 2:
            return items
        looks = [self._look(item) for item in items]
        found = repeats.find(
            [same for same, _ in looks], [alike for _, alike in looks], [item.end - item.begin for item in items]
        )
        joined, at = list[_Item](), 0
        for repeat in found:
            joined += [*items[at : repeat.start], self._repeat(items[repeat.start : repeat.end], repeat, depth)]
            at = repeat.end
        return [*joined, *items[at:]]

    def _repeat(self, items: list[_Item], repeat: repeats.Repeat, depth: int) -> _Item:
        path = items[0].path[:depth]
        inner = items
        if repeat.period > 1:
            parts = [items[at : at + repeat.period] for at in range(0, len(items), repeat.period)]
            inner = [self._stretch(part, path, self._joined(part, depth)) for part in parts]
            if not any(item.name for item in items):
                for place, one in enumerate(inner, 1):
                    one.label = f"{place} of {repeat.times}"
        return self._stretch(items, path, inner, repeat.times)

    def _stretch(self, items: list[_Item], path: Path, inner: list[_Item], times: int = 1) -> _Item:
        label = _span([item.name for item in items if item.name]) or self._ops(items[0].begin, items[-1].end)
        return _Item(items[0].begin, items[-1].end, path, inner, times, label=label)

    def _ops(self, begin: int, end: int) -> str:
        ops = list(dict.fromkeys([operations.stem(op) for op in self.program.ops[begin:end]]))
        return ", ".join([*ops[:MOST_NAMED], *(["…"] if len(ops) > MOST_NAMED else [])])

    def _look(self, item: _Item) -> tuple[int, int]:
        """What an item is, as a number: equal where steps, names and ways within are; and the same without the ways."""
        ops, paths, shapes, depth = self.program.ops, self.program.paths, self.program.shapes, len(item.path)
        known: dict[int | str, int] = {}
        same, alike = [], []
        for place in range(item.begin, item.end):
            leaves = tuple([shapes[source] for source in self.program.inputs[place] if isinstance(source, str)])
            what = ops[place], paths[place][depth:], leaves
            alike.append(what if paths[place] else ops[place])
            same.append((what, tuple([self._way(source, place, item, known) for source in self.program.inputs[place]])))
        name = _DIGITS.sub("#", item.name)
        return self._number((name, tuple(same))), self._number((name, tuple(alike)))

    def _way(self, source: int | str, place: int, item: _Item, known: dict[int | str, int]) -> int:
        """How far back an input stands; what comes from outside, and leaves, are counted."""
        if isinstance(source, int) and source >= item.begin:
            return place - source
        return -known.setdefault(source, len(known)) - 1

    def _number(self, look: object) -> int:
        return self.numbers.setdefault(look, len(self.numbers))


class _Namer:
    """Gives the items keys and titles, and makes them blocks."""

    def __init__(self, program: _Program, taken: Mapping[str, object]) -> None:
        self.program = program
        self.blocks: dict[str, Block] = {}
        self.holders: dict[str, str] = {}
        self.taken = set(taken)
        self.counts: Counter[str] = Counter()

    def named(self, items: list[_Item]) -> tuple[dict[str, Block], dict[str, str]]:
        """All blocks by key, and by step the key of the innermost around it."""
        self._take(items, "", ())
        return self.blocks, self.holders

    def _take(self, items: list[_Item], parent: str, path: Path) -> None:
        runs: Counter[str] = Counter()
        for item in items:
            if item.inner is None:
                self.holders |= dict.fromkeys(self.program.steps[item.begin : item.end], parent)
                continue
            title = self._title(item, path)
            runs[title] += 1
            title += f" ({runs[title]})" if runs[title] > 1 else ""
            key, module = self._key(item), ".".join(item.path)
            last = self.program.steps[item.end - 1]
            self.blocks[key] = Block(key, title, module, item.times, item.begin, item.end, parent, 0, last)
            self._take(item.inner, key, item.path)

    def _title(self, item: _Item, path: Path) -> str:
        """The end of a path; a number alone says nothing, so that what it is a number in stands before it."""
        own = item.label or ".".join(item.path[len(path) :])
        while own[:1].isdigit() and path and " of " not in own:
            own, path = f"{path[-1]}.{own}", path[:-1]
        return own

    def _key(self, item: _Item) -> str:
        wanted = _NO_KEY.sub("_", ".".join(filter(None, [*item.path, item.label])))[-LONGEST_KEY:]
        while True:
            self.counts[wanted] += 1
            count = self.counts[wanted]
            key = wanted if count == 1 else f"{wanted}~{count}"
            if key not in self.taken:
                self.taken.add(key)
                return key


def _span(names: Sequence[str]) -> str:
    """The first and the last of some names, without what both begin with: `layers.0 – 11`."""
    if not names or names[0] == names[-1]:
        return names[0] if names else ""
    first, last = _NUMBERED.match(names[0]), _NUMBERED.match(names[-1])
    same = first and last and first[1] == last[1]
    return f"{names[0]} – {last[2] if same and last else names[-1]}"


_NUMBERED = re.compile(r"^(.*?)(\d+)$")
_DIGITS = re.compile(r"\d+")
_NO_KEY = re.compile(r"[^\w.\[\]]+", re.ASCII)
