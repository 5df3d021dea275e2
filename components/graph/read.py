"""Any result tensor's backward graph, read from torch's own nodes into frozen records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge, get_gradient_edge
from torch.autograd.graph import Node as TorchNode
from torch.overrides import TorchFunctionMode

from components import cache
from components.graph import operations

Number = float | list[Any] | None
"""A 0-d tensor's number, a larger one's nested lists, or None where torch holds nothing."""

Source = tuple[TorchNode | None, int]
"""Where an input comes from, as torch says it: a node (None: takes no gradient) and which of its results."""

LARGEST_LISTED = 64
"""Entries above which a tensor is described by its shape alone."""

LONGEST_OPERAND = 40
"""Characters above which an operand is written by its node's id."""


class Node(NamedTuple):
    """One backward node, or one tensor that takes no gradient (`op` is then `input`)."""

    id: str
    op: str
    name: str
    expression: str
    shape: tuple[int, ...]
    dtype: str
    value: Number
    gradient: Number


class Edge(NamedTuple):
    """The way a gradient takes from a consumer (nearer the result) to one of its inputs."""

    id: str
    consumer: str
    input: str
    local: Number
    gradient: Number


Region = tuple[str, tuple[str, ...]]
"""What a part of a program stands in, such as `torch.no_grad()`, and the ids of the nodes that were made there."""


class Structure(NamedTuple):
    """What a layout depends on: (id, op, name, expression) of nodes, (id, consumer, input) of edges. Hashable.

    `keeps` tells that the nodes show what torch keeps in `.grad`, not what arrives in one pass.
    """

    nodes: tuple[tuple[str, str, str, str], ...]
    edges: tuple[tuple[str, str, str], ...]
    regions: tuple[Region, ...] = ()
    keeps: bool = False


class Graph(NamedTuple):
    """Nodes from the inputs to the result (every node after its inputs), and the edges between them.

    `kept`, where it matters, says by id what torch keeps in a tensor's `.grad`: the sum of all passes so far.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    regions: tuple[Region, ...] = ()
    kept: Mapping[str, Number] | None = None

    @property
    def result(self) -> str:
        """Id of the node that the walk began at."""
        return self.nodes[-1].id

    def node(self, node_id: str) -> Node:
        """The node with this id; KeyError where there is none."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)

    def edges_from(self) -> dict[str, list[Edge]]:
        """By consumer, its edges in the order of its inputs; a node without inputs has an empty list."""
        edges: dict[str, list[Edge]] = {node.id: [] for node in self.nodes}
        for edge in self.edges:
            edges[edge.consumer].append(edge)
        return edges

    @property
    def structure(self) -> Structure:
        """All of the graph that does not depend on a value."""
        nodes, edges = tuple(n[:4] for n in self.nodes), tuple(e[:3] for e in self.edges)
        return Structure(nodes, edges, self.regions, self.kept is not None)


Gradients = tuple[Tensor | None, ...]
"""One for each output of a node, or for each of its inputs."""


class Recording(TorchFunctionMode):
    """Remembers, while a program runs inside it, every call's result and what it was made from.

    torch keeps no forward values in the backward graph; the recording is where they are read from.
    """

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Callable[..., Any], tuple[Any, ...], Any]] = []

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        result = func(*args, **kwargs) if kwargs else func(*args)
        self.calls.append((func, args, result))
        return result

    def tensors(self) -> Iterator[tuple[Tensor, str, tuple[Any, ...]]]:
        """Each tensor made, the function that made it, and its operands (tensors and numbers)."""
        for func, args, result in self.calls:
            for tensor in result if isinstance(result, tuple) else (result,):
                if isinstance(tensor, Tensor):
                    operands = tuple([a for a in args if isinstance(a, _OPERAND_TYPES)])
                    yield tensor, getattr(func, "__name__", ""), operands


def walk(result: Tensor) -> list[TorchNode]:
    """Every backward node that `result` depends on, each after its inputs; [] for a tensor that takes no gradient."""
    return list(with_sources(result))


def with_sources(result: Tensor) -> dict[TorchNode, tuple[Source, ...]]:
    """`walk`, with what each node takes its inputs from."""
    if not result.requires_grad:
        return {}
    order: dict[TorchNode, tuple[Source, ...]] = {}
    seen: set[TorchNode] = set()
    stack: list[tuple[TorchNode, tuple[Source, ...] | None]] = [
        (result.grad_fn or get_gradient_edge(result).node, None)
    ]
    while stack:
        node, sources = stack.pop()
        if sources is not None:
            order[node] = sources
        elif node not in seen:
            seen.add(node)
            sources = node.next_functions
            stack.append((node, sources))
            stack += [(n, None) for n, _ in reversed(sources) if n is not None and n not in seen]
    return order


class Reading(NamedTuple):
    """A graph with torch's own nodes behind it.

    By id: torch's node, the gradients that arrive at its outputs, and what its operands are called (the inputs in
    their order, then numbers such as an exponent).
    """

    graph: Graph
    torch_nodes: Mapping[str, TorchNode]
    arrived: Mapping[str, Gradients]
    operands: Mapping[str, tuple[str, ...]]


def read(
    result: Tensor,
    recording: Recording | None = None,
    names: Mapping[str, Tensor] | None = None,
    aliases: Mapping[str, str] | None = None,
    upstream: Tensor | None = None,
) -> Reading:
    """The backward graph of `result`, with the values that `recording` saw and the gradients of one backward pass.

    `names` are the program's own names of tensors; `aliases` name further nodes by their id; `upstream` is the
    gradient to begin with (1 for a single number; without it a longer tensor's gradients are None, as in torch).
    Nothing is accumulated: every `.grad` stays as it was, and the graph can be used again.
    """
    with torch.no_grad():
        trace = _Trace(result, recording or Recording(), names or {}, upstream)
        structure, operands = structure_of(tuple(trace.shape), tuple((aliases or {}).items()))
        graph = Graph(tuple(trace.nodes(structure)), tuple(trace.edges(structure)))
        nodes = {n[0]: node for n, node in zip(structure.nodes, trace.torch_nodes, strict=True) if node is not None}
        return Reading(graph, nodes, {node_id: trace.arrived[node] for node_id, node in nodes.items()}, operands)


Entry = tuple[str, str, tuple[int, ...], tuple[str, ...], str]
"""A node without its values: torch's name, the program's name, positions of the inputs, further operands, and the
name of the function that made it."""

Shape = tuple[Entry, ...]
"""A program without its values."""


class _Trace:
    """One reading of a graph: its shape, and beside each entry the torch node and the tensor that it stands for."""

    def __init__(
        self, result: Tensor, recording: Recording, names: Mapping[str, Tensor], upstream: Tensor | None
    ) -> None:
        self.made: dict[Any, tuple[Tensor, str, tuple[Any, ...]]] = {}
        for made in recording.tensors():
            self.made.setdefault(made[0].grad_fn or id(made[0]), made)
        self.names = {tensor.grad_fn or id(tensor): name for name, tensor in reversed(list(names.items()))}
        self.shape: list[Entry] = []
        self.torch_nodes: list[TorchNode | None] = []
        self.values: list[Any] = []
        self.sources: list[tuple[Source, ...]] = []
        self.positions: dict[Any, int] = {}
        order = with_sources(result)
        self.arrived = arriving(result, list(order), upstream)
        self.numbers = {node: [plain(g) for g in gradients] for node, gradients in self.arrived.items()}
        for node, sources in order.items():
            self._add_node(node, sources, result)
        if not order:
            self._add_input((result,))
        taken = Counter([source for sources in self.sources for source in sources])
        self.shared = {node for (node, _), count in taken.items() if node is not None and count > 1}

    def _add_node(self, node: TorchNode, sources: tuple[Source, ...], result: Tensor) -> None:
        operands = self.made[node][2] if node in self.made else ()
        inputs = tuple(
            [
                self.positions[source] if source is not None else self._add_input(operands[slot : slot + 1])
                for slot, (source, _) in enumerate(sources)
            ]
        )
        numbers = further_numbers(operands, sources) if len(operands) > len(sources) else ()
        self.positions[node] = len(self.shape)
        key = node if sources else id(getattr(node, "variable", None))
        op = torch_name(node)
        self.shape.append((op, self.names.get(key, ""), inputs, numbers, op))
        self.torch_nodes.append(node)
        self.sources.append(sources)
        self.values.append(self._value(node, result))

    def _value(self, node: TorchNode, result: Tensor) -> Tensor | None:
        """The forward value; None for an operation with several results, which have no one value."""
        if len(self.arrived[node]) > 1:
            return None
        if node == result.grad_fn:
            return result
        return self.made[node][0] if node in self.made else _saved(node)

    def _add_input(self, operands: tuple[Any, ...]) -> int:
        """The position of a tensor or number that takes no gradient; one tensor is one entry however often used."""
        operand = operands[0] if operands else None
        key = id(operand) if isinstance(operand, Tensor) else object()
        if key not in self.positions:
            self.positions[key] = len(self.shape)
            self.shape.append(("input", self._text(operand), (), (), ""))
            self.torch_nodes.append(None)
            self.sources.append(())
            self.values.append(operand)
        return self.positions[key]

    def _text(self, operand: Any) -> str:
        """What the program would call an operand: its name, its number, or how it was computed."""
        if not isinstance(operand, Tensor):
            return "" if operand is None else f"{operand:g}"
        if (name := self.names.get(id(operand))) is not None:
            return name
        _, function, operands = self.made.get(id(operand), (None, "", ()))
        return operations.write(function, tuple([self._text(o) for o in operands])) if operands else ""

    def nodes(self, structure: Structure) -> Iterator[Node]:
        for static, torch_node, value in zip(structure.nodes, self.torch_nodes, self.values, strict=True):
            gradients = [None] if torch_node is None else self.numbers[torch_node]
            gradient = gradients[0] if len(gradients) == 1 else gradients
            yield Node(*static, *describe(value), plain(value), gradient)

    def edges(self, structure: Structure) -> Iterator[Edge]:
        static = iter(structure.edges)
        for torch_node, sources in zip(self.torch_nodes, self.sources, strict=True):
            if torch_node is None or not sources:
                continue
            gradients = self.arrived[torch_node]
            local = vjp(torch_node, tuple([None if g is None else _ones(g) for g in gradients]))
            passed = self._passed(torch_node, sources, gradients)
            for slot in range(len(sources)):
                yield Edge(*next(static), plain(local[slot]), passed[slot])

    def _passed(self, torch_node: TorchNode, sources: tuple[Source, ...], gradients: Gradients) -> list[Number]:
        """What flows on to each input: all that arrives there where this is its only consumer, else asked of torch."""
        if not self.shared.isdisjoint([node for node, _ in sources]):
            return [plain(gradient) for gradient in vjp(torch_node, gradients)]
        return [None if node is None else self.numbers[node][output] for node, output in sources]


@cache.keep(100_000, size=lambda known: len(known[0].nodes))
def structure_of(shape: Shape, aliases: tuple[tuple[str, str], ...]) -> tuple[Structure, dict[str, tuple[str, ...]]]:
    """Ids, names and expressions of a program's nodes and edges, and by id the operands: the same at every value."""
    taken: Counter[str] = Counter()
    texts: list[str] = []
    nodes: list[tuple[str, str, str, str]] = []
    edges: list[tuple[str, str, str]] = []
    operands: dict[str, tuple[str, ...]] = {}
    for op, own_name, inputs, numbers, function in shape:
        node_id = _unused(_wanted_id(op if op != "input" else function, own_name), taken)
        name = own_name or dict(aliases).get(node_id, "")
        operands[node_id] = tuple(texts[i] for i in inputs) + numbers
        expression = operations.write(function, operands[node_id]) if inputs else ""
        texts.append(name or (expression if len(expression) <= LONGEST_OPERAND else "") or node_id)
        edges += [(f"{node_id}.{slot}-{nodes[i][0]}", node_id, nodes[i][0]) for slot, i in enumerate(inputs)]
        nodes.append((node_id, op, name, expression))
    return Structure(tuple(nodes), tuple(edges)), operands


def _wanted_id(op: str, name: str) -> str:
    if name:
        return name.replace(" ", "").replace("−", "-").replace("·", "*")
    return {"AccumulateGrad": "leaf", "": "input"}.get(op) or operations.stem(op)


def torch_name(node: TorchNode) -> str:
    """A backward node's name without its namespace, as in `MulBackward0`."""
    return node.name().rpartition("::")[2]


def _unused(wanted: str, taken: Counter[str]) -> str:
    taken[wanted] += 1
    return wanted if taken[wanted] == 1 else _unused(f"{wanted}_{taken[wanted]}", taken)


def _ones(like: Tensor) -> Tensor:
    return _ONES[like.dtype] if like.ndim == 0 and like.dtype in _ONES else torch.ones_like(like)


def _saved(node: TorchNode) -> Tensor | None:
    """The forward value that torch itself keeps in a node, if it keeps one."""
    leaf = getattr(node, "variable", None)
    return getattr(node, "_saved_result", None) if leaf is None else leaf


def arriving(result: Tensor, order: list[TorchNode], upstream: Tensor | None) -> dict[TorchNode, Gradients]:
    """The gradient that reaches each output of each node in one backward pass of torch's."""
    counts = [len(node._input_metadata) for node in order]
    edges = [GradientEdge(node, output) for node, count in zip(order, counts, strict=True) for output in range(count)]
    if not order or (upstream is None and result.numel() != 1):
        gradients: Gradients = (None,) * len(edges)
    else:
        gradients = torch.autograd.grad(result, edges, upstream, retain_graph=True, allow_unused=True)
    rest = iter(gradients)
    return {node: tuple(islice(rest, count)) for node, count in zip(order, counts, strict=True)}


def vjp(torch_node: TorchNode, gradients: Gradients) -> Gradients:
    """torch's own vector-Jacobian product of one node, a tensor (or None) for each of its inputs."""
    if all(gradient is None for gradient in gradients):
        return (None,) * len(torch_node.next_functions)
    answer = torch_node(*gradients)  # type: ignore[operator]  # callable, though torch's stub does not say so
    return answer if isinstance(answer, tuple) else (answer,)


class Saved(NamedTuple):
    """One thing that torch keeps in a node for the backward pass: its name in torch, its numbers, or else its text."""

    name: str
    value: Number
    text: str


def saved(reading: Reading, node_id: str) -> tuple[Saved, ...]:
    """What torch saved for the backward pass of one node (its `_saved_...` attributes), in alphabetical order."""
    torch_node = reading.torch_nodes.get(node_id)
    names = [name for name in dir(torch_node) if name.startswith(_SAVED)]
    return tuple([Saved(name.removeprefix(_SAVED), *_saved_number(torch_node, name)) for name in names])


def _saved_number(torch_node: TorchNode | None, name: str) -> tuple[Number, str]:
    try:
        value = getattr(torch_node, name)
    except RuntimeError:
        return None, "freed: a backward pass has used it up"
    if isinstance(value, Tensor):
        with torch.no_grad():
            return plain(value), "" if value.numel() <= LARGEST_LISTED else f"tensor of shape {list(value.shape)}"
    return (value, "") if isinstance(value, float) else (None, str(value))


def further_numbers(operands: tuple[Any, ...], sources: tuple[Source, ...]) -> tuple[str, ...]:
    """Numbers that an operation was given beside its inputs, such as the exponent of a power."""
    inputs = {slot for slot, (source, _) in enumerate(sources) if source is None}
    return tuple(f"{o:g}" for slot, o in enumerate(operands) if slot not in inputs and not isinstance(o, Tensor))


def describe(value: Any) -> tuple[tuple[int, ...], str]:
    """Shape and dtype of a value, as a node says them."""
    if isinstance(value, Tensor):
        return tuple(value.shape) if value.ndim else (), _DTYPES.get(value.dtype) or str(value.dtype)
    return (), "" if value is None else type(value).__name__


_SAVED = "_saved_"
_OPERAND_TYPES = (Tensor, int, float)
_ONES = {torch.float32: torch.ones(()), torch.float64: torch.ones((), dtype=torch.float64)}
_DTYPES = {torch.float32: "float32", torch.float64: "float64"}


def plain(value: Any) -> Number:
    """A tensor as Python numbers: a float for one entry without dimensions, lists up to LARGEST_LISTED entries."""
    if not isinstance(value, Tensor):
        return value  # type: ignore[no-any-return]  # a number of the program, or None
    if value.ndim == 0:
        return float(value)
    return value.tolist() if value.numel() <= LARGEST_LISTED else None
