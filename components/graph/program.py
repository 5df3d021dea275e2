"""A whole program as one graph: every named tensor with what it was made from, tracked or not, and real passes."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeGuard

import torch
from torch import Tensor
from torch.autograd.graph import Node as TorchNode
from torch.autograd.graph import get_gradient_edge

from components.graph import read as graph
from components.graph.read import Edge, Entry, Gradients, Graph, Node, Number, Reading, Recording, Source
from components.graph.walk import Seen

NO_GRAD = "torch.no_grad()"


class Passed(NamedTuple):
    """What one backward pass did at a node: the gradients that arrived, the local derivatives, what it passed on."""

    arrived: Gradients
    local: Gradients
    passed: Gradients


class Program(Recording):
    """A recording that also remembers what was made without tracking, and what each backward pass carried.

    torch frees what a graph has saved once it has walked back, so the numbers of a pass are read just before it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.untracked: set[int] = set()
        self.passes: dict[TorchNode, Passed] = {}

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func is Tensor.backward:
            self._look_ahead(args[0])
        result = super().__torch_function__(func, types, args, kwargs)
        if isinstance(result, Tensor) and not torch.is_grad_enabled():
            self.untracked.add(id(result))
        return result

    def _look_ahead(self, result: Tensor) -> None:
        order = graph.with_sources(result)
        retained = [(tensor, tensor.grad) for _, _, tensor in self.calls if _retains(tensor)]
        try:
            with torch.no_grad():
                arrived = graph.arriving(result, list(order), None)
                self.passes |= {node: _passed(node, gradients) for node, gradients in arrived.items()}
        except RuntimeError:
            return  # the pass itself is about to fail in the same way, and says so to the program
        finally:
            for tensor, before in retained:
                tensor.grad = before

    def makers(self) -> dict[int, tuple[Tensor, str, tuple[Any, ...]]]:
        """By the identity of each tensor made: itself, the function that made it, its operands."""
        made: dict[int, tuple[Tensor, str, tuple[Any, ...]]] = {}
        for tensor, function, operands in self.tensors():
            if not any(tensor is operand for operand in operands):
                made.setdefault(id(tensor), (tensor, function, operands))
        return made


def _retains(thing: object) -> TypeGuard[Tensor]:
    """Whether any pass that reaches this tensor, a mere look ahead too, adds to its `.grad`."""
    return isinstance(thing, Tensor) and thing.retains_grad


def _passed(node: TorchNode, arrived: Gradients) -> Passed:
    if not node.next_functions:
        return Passed(arrived, (), ())
    ones = tuple([None if gradient is None else torch.ones_like(gradient) for gradient in arrived])
    return Passed(arrived, graph.vjp(node, ones), graph.vjp(node, arrived))


class Picture(NamedTuple):
    """The graph of a program, and what of it is known: values all, gradients where a pass has gone."""

    reading: Reading
    seen: Seen


def read(program: Program, named: Mapping[str, Tensor]) -> Picture:
    """The graph of all `named` tensors. Its last node is the last of them that nothing else was made from."""
    with torch.no_grad():
        return _Trace(program, named).picture()


Key = TorchNode | int
"""torch's node of a tensor that is tracked, else the identity of the tensor."""


class _Trace:
    """One reading: entries in order, beside each the torch node (None where nothing is tracked) and the tensor."""

    def __init__(self, program: Program, named: Mapping[str, Tensor]) -> None:
        self.program = program
        self.made = program.makers()
        self.by_node = {made[0].grad_fn: made for made in self.made.values() if made[0].grad_fn is not None}
        self.names = {_key(tensor): name for name, tensor in reversed(list(named.items()))}
        self.tensors = {_key(tensor): tensor for tensor in named.values()}
        self.positions: dict[Key, int] = {}
        self.shape: list[Entry] = []
        self.keys: list[Key] = []
        for tensor in named.values():
            self._add(_key(tensor), tensor)

    def _add(self, key: Key, tensor: Tensor | None) -> int:
        """The position of a node; its inputs come first."""
        if key in self.positions:
            return self.positions[key]
        made = self._maker(key)
        if tensor is not None or made is not None:
            self.tensors.setdefault(key, tensor if made is None else made[0])  # type: ignore[arg-type]  # one of the two is there
        function, operands = (made[1], made[2]) if made else ("", ())
        op = "input" if isinstance(key, int) else graph.torch_name(key)
        inputs, numbers = self._untracked(operands) if isinstance(key, int) else self._tracked(key, operands)
        self.positions[key] = len(self.shape)
        self.keys.append(key)
        self.shape.append((op, self.names.get(key, ""), inputs, numbers, op if op != "input" else function))
        return self.positions[key]

    def _maker(self, key: Key) -> tuple[Tensor, str, tuple[Any, ...]] | None:
        return self.made.get(key) if isinstance(key, int) else self.by_node.get(key)

    def _untracked(self, operands: tuple[Any, ...]) -> tuple[tuple[int, ...], tuple[str, ...]]:
        tensors = [operand for operand in operands if isinstance(operand, Tensor)]
        numbers = [f"{operand:g}" for operand in operands if not isinstance(operand, Tensor)]
        return tuple([self._add(_key(tensor), tensor) for tensor in tensors]), tuple(numbers)

    def _tracked(self, node: TorchNode, operands: tuple[Any, ...]) -> tuple[tuple[int, ...], tuple[str, ...]]:
        sources: tuple[Source, ...] = node.next_functions
        inputs = [self._source(*pair, operands[slot : slot + 1]) for slot, pair in enumerate(sources)]
        numbers = graph.further_numbers(operands, sources) if len(operands) > len(sources) else ()
        return tuple(inputs), numbers

    def _source(self, node: TorchNode | None, _output: int, operands: tuple[Any, ...]) -> int:
        tensor = operands[0] if operands and isinstance(operands[0], Tensor) else None
        if node is not None:
            return self._add(node, getattr(node, "variable", None))
        return self._add(id(object()) if tensor is None else id(tensor), tensor)

    def picture(self) -> Picture:
        structure, operands = graph.structure_of(tuple(self.shape), ())
        ids = [node[0] for node in structure.nodes]
        by_key = dict(zip(self.keys, ids, strict=True))
        torch_nodes = {node_id: key for key, node_id in by_key.items() if not isinstance(key, int)}
        nodes = tuple([self._node(*pair) for pair in zip(structure.nodes, self.keys, strict=True)])
        edges = tuple(self._edges(structure.edges, torch_nodes))
        whole = Graph(nodes, edges, self._regions(by_key), self._kept(by_key))
        arrived = {i: self.program.passes[n].arrived for i, n in torch_nodes.items() if n in self.program.passes}
        waiting = torch_nodes.keys() - arrived.keys()
        known = frozenset(e.id for e in edges if e.consumer not in waiting or e.input not in torch_nodes)
        seen = Seen(frozenset(ids), frozenset(arrived), known)
        return Picture(Reading(whole, torch_nodes, arrived, operands), seen)

    def _node(self, static: tuple[str, str, str, str], key: Key) -> Node:
        tensor = self.tensors.get(key)
        passed = None if isinstance(key, int) else self.program.passes.get(key)
        gradient = graph.plain(passed.arrived[0]) if passed and len(passed.arrived) == 1 else None
        return Node(*static, *graph.describe(tensor), graph.plain(tensor), gradient)

    def _edges(self, static: tuple[tuple[str, str, str], ...], torch_nodes: Mapping[str, TorchNode]) -> list[Edge]:
        slots: dict[str, int] = {}
        edges = []
        for edge_id, consumer, source in static:
            slot = slots[consumer] = slots.get(consumer, -1) + 1
            passed = self.program.passes.get(torch_nodes[consumer]) if consumer in torch_nodes else None
            local, flow = (passed.local[slot], passed.passed[slot]) if passed else (None, None)
            edges.append(Edge(edge_id, consumer, source, graph.plain(local), graph.plain(flow)))
        return edges

    def _regions(self, by_key: Mapping[Key, str]) -> tuple[graph.Region, ...]:
        inside = tuple([by_key[key] for key in self.keys if key in self.program.untracked])
        return ((NO_GRAD, inside),) if inside else ()

    def _kept(self, by_key: Mapping[Key, str]) -> dict[str, Number]:
        """What torch keeps in `.grad`, of every tensor that may keep something; asking others would be warned about."""
        tensors = {by_key[key]: tensor for key, tensor in self.tensors.items() if key in by_key}
        return {i: graph.plain(t.grad) for i, t in tensors.items() if t.is_leaf or t.retains_grad}


def _key(tensor: Tensor) -> Key:
    if not tensor.requires_grad:
        return id(tensor)
    return tensor.grad_fn or get_gradient_edge(tensor).node
