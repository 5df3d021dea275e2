"""What was found wrong in a recording, and all that a rule may ask of one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from components.recording import layers, sizes
from components.recording.layers import LEAF, Layer
from components.recording.read import Numbers, Recorded, RecordedMoment, RecordedNode

SUFFIX = "Backward"


class Factor(NamedTuple):
    """A node on the way of a gradient by its id, and the size of what arrives there."""

    node: str
    size: float


class Found(NamedTuple):
    """What went wrong: its kind, the line to change, a sentence or two, and the ids of the nodes to be marked.

    `moment` is the place of the backward pass that it is about, `title` what stands above it ("": that of its kind).
    """

    kind: str
    line: int | None
    text: str
    moment: int
    nodes: tuple[str, ...]
    is_question: bool = False
    title: str = ""
    factors: tuple[Factor, ...] = ()


class Pass:
    """One backward pass as a rule sees it."""

    def __init__(self, place: int, moment: RecordedMoment) -> None:
        self.place, self.moment = place, moment

    @cached_property
    def inputs(self) -> dict[str, list[RecordedNode]]:
        """By the id of a node, its inputs."""
        return layers.inputs_of(self.moment)

    @cached_property
    def consumers(self) -> dict[str, list[RecordedNode]]:
        """By the id of a node, those that it is an input of."""
        return layers.consumers_of(self.moment)

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The layers, the first one of a forward pass first."""
        return layers.layers(self.moment)

    @cached_property
    def results(self) -> list[RecordedNode]:
        """The nodes at which the pass begins."""
        return [node for node in self.moment.nodes if not self.consumers[node.id]]

    @cached_property
    def leaves(self) -> dict[str, RecordedNode]:
        """The leaves that have a name, by it."""
        return {node.name: node for node in self.moment.nodes if node.op == LEAF and node.name}

    def sources(self, node: RecordedNode) -> list[RecordedNode]:
        """The nearest nodes that lead to one and have a value, past those that have none."""
        found: dict[str, RecordedNode] = {}
        waiting, seen = list(self.inputs[node.id]), {node.id}
        for one in waiting:
            if one.id in seen:
                continue
            seen.add(one.id)
            if one.value.summary is None and self.inputs[one.id]:
                waiting += self.inputs[one.id]
            else:
                found[one.id] = one
        return list(found.values())


class Case:
    """A recording that is looked at."""

    def __init__(self, recorded: Recorded) -> None:
        self.passes = [Pass(place, moment) for place, moment in enumerate(recorded.moments)]

    def spoken(self, one: Pass) -> str:
        """Which pass it is, to begin a sentence with; "" where there is but one."""
        return f"In pass {one.place + 1} " if len(self.passes) > 1 else ""


def is_broken(numbers: Numbers) -> bool:
    """Whether an entry is known to be nan or infinite."""
    return numbers.summary is not None and numbers.summary.nonfinite > 0


def is_zero(numbers: Numbers) -> bool:
    """Whether every entry is known to be exactly 0."""
    return sizes.largest(numbers) == 0


def size_of(many: Iterable[Numbers]) -> float | None:
    """The largest finite entry of several tensors, without its sign; None where nothing is recorded."""
    found = [sizes.largest(numbers) for numbers in many]
    return max((size for size in found if size is not None and not math.isnan(size)), default=None)


def called(node: RecordedNode) -> str:
    """What a sentence calls a node: its name, else the function that made it."""
    return f"`{node.name or node.op.partition(SUFFIX)[0].lower() or node.op}`"


def at(node: RecordedNode) -> str:
    """Where a node was made, in brackets."""
    places = [f"line {node.line}"] if node.line is not None else []
    places += [f"`{node.module}`"] if node.module and node.module != node.name else []
    return f" ({', '.join(places)})" if places else ""


def number(value: float | None) -> str:
    """A number in a sentence."""
    return (
        ""
        if value is None
        else f"{value:.3g}".replace("-", "\N{MINUS SIGN}").replace("e\N{MINUS SIGN}0", "e\N{MINUS SIGN}")
    )


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names in a sentence, the first few of many: `a`, `b` and 4 more."""
    said = [f"`{name}`" for name in names[:most]]
    more = [f"{len(names) - most} more"] if len(names) > most else []
    *first, last = said + more
    return f"{', '.join(first)} and {last}" if first else last
