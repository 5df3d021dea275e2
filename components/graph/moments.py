"""The backward passes of any program, recorded while it runs: for each its graph, with what torch's engine carried."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import BackwardCFunction
from torch.autograd.graph import Node as TorchNode

from components.graph import fold, operations
from components.graph.fold import Arriving, Group
from components.graph.model import Edge, Fold, Graph, Node, Saved, Seen, Snapshot
from components.graph.read import Key, Reader, key_of, made_by, saved
from components.graph.record import Call, Gradients, Pass, Recording, grad_node, tracked_inputs
from components.graph.structure import structure_of

LARGEST_COPIED = 64
"""Entries up to which a result is copied as it is made: a later change in place must not change what it was."""

LARGEST_ASKED = 100_000
"""Entries of a node's result above which its local derivative is not worked out."""


ROUNDING = 1e-3
"""How far a product may be from what it should be, beside the largest of its entries, and still be that."""


class Moment(NamedTuple):
    """One backward pass: its line, the name of torch's function, its graph, and by node id the line that made it."""

    line: int | None
    call: str
    snapshot: Snapshot
    lines: Mapping[str, int]


class ProgramRecording(Recording):
    """What a program of a visitor's has called, with lines, and what each result was when it was made."""

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[Key, Call] = {}
        self.things: dict[Key, Any] = {}
        self.copies: dict[Key, Tensor] = {}
        self.lines: dict[Key, int] = {}
        self.names: dict[Key, str] = {}

    def note_name(self, name: str, tensor: Tensor) -> None:
        """Keeps the name that a tensor was first given, though another may bear it later."""
        self.names.setdefault(key_of(tensor), name)

    def note(self, call: Call, line: int) -> None:
        """Keeps a call and what it made."""
        self.calls.append(call)
        made, things = made_by([call])
        for key, thing in things.items():
            if key in self.made:
                continue
            self.made[key], self.things[key] = made[key], thing
            if thing.numel() <= LARGEST_COPIED and not thing.is_meta:
                self.copies[key] = thing.detach().clone()
            self.note_line(key, line)

    def note_line(self, key: Key, line: int) -> None:
        """Gives a new node its line, and with it those between it and what was known before."""
        waiting = [key]
        while waiting:
            new = waiting.pop()
            if new in self.lines:
                continue
            self.lines[new] = line
            if not isinstance(new, int):
                waiting += [
                    source for source in tracked_inputs(new) if source not in self.lines and not _is_leaf(source)
                ]


class _MomentReader(Reader):
    """A reading in the midst of a program: it goes on with what the recording has sorted already."""

    def __init__(self, recording: ProgramRecording, names: Mapping[str, Tensor], roots: list[Tensor]) -> None:
        self.copies = recording.copies
        self.recorded = recording
        self.before: dict[Key, Any] = {}
        super().__init__(Recording(), names, roots, is_program=False)
        self.names = recording.names | self.names

    def _index(self, recording: Recording) -> tuple[dict[Key, Call], dict[Key, Any]]:
        del recording
        return dict(self.recorded.made), dict(self.recorded.things)

    def _untracked(self, node: TorchNode, slot: int) -> int:
        """Only where it is certain which operand this is: torch's own order may differ from the function's."""
        operands = self._operands(node)
        free = [o for o in operands if isinstance(o, Tensor) and not o.requires_grad]
        same = operations.stem(self._function(node)) == operations.stem(operations.torch_name(node.name()))
        operand = operands[slot] if same and slot < len(operands) else None
        if isinstance(operand, Tensor) and operand.requires_grad:
            operand = None
        open_slots = [source for source, _ in node.next_functions if source is None]
        if operand is None and len(free) == 1 == len(open_slots):
            operand = free[0]
        key = id(operand) if isinstance(operand, Tensor) else -1 - len(self.things)
        self.things[key] = operand
        return key

    def _value(self, key: Key, passed: Pass) -> Any:
        if len(passed.grad_outputs) > 1:
            return None
        if key not in self.before:
            self.before[key] = self._value_before(key, passed)
        return self.before[key]

    def _value_before(self, key: Key, passed: Pass) -> Any:
        """The value before the pass, which frees what nodes have saved."""
        if key in self.copies:
            return self.copies[key]
        thing = self.things.get(key)
        if isinstance(thing, Tensor) and (_is_leaf(key) or isinstance(key, int)):
            return thing.detach().clone() if thing.numel() <= LARGEST_COPIED else thing
        is_changed = isinstance(thing, Tensor) and thing._version
        with suppress(RuntimeError):
            return None if is_changed else super()._value(key, passed)
        return None

    def node_lines(self, ids: Iterable[str]) -> dict[str, int]:
        """By node id, the line that made it."""
        lines = {node_id: line_of(self.recorded, key) for node_id, key in zip(ids, self.order, strict=True)}
        return {node_id: line for node_id, line in lines.items() if line}


def built_keys(recording: ProgramRecording, named: Mapping[str, Tensor], ids: Iterable[str]) -> dict[Key, str]:
    """The ids of the nodes of the graph of all that a program has `named`, by what they are found by."""
    with torch.no_grad():
        return dict(zip(Reader(recording, named, list(named.values()), is_program=True).order, ids, strict=True))


def line_of(recording: ProgramRecording, key: Key) -> int | None:
    """The line that made a node; of a leaf, the one that made its tensor."""
    variable = getattr(key, "variable", None)
    return recording.lines.get(key) or (recording.lines.get(id(variable)) if variable is not None else None)


class Backward:
    """One backward pass under way: hooks at every node take down what torch's engine brings there and passes on.

    What nodes have saved is read before it, and local derivatives are worked out: the pass frees it. With `folds` those
    of groups are, too.
    """

    def __init__(
        self,
        roots: list[Tensor],
        recording: ProgramRecording,
        names: Mapping[str, Tensor],
        folds: bool = False,
    ) -> None:
        roots = [root for root in roots if root.requires_grad]
        self.arrived: dict[TorchNode, Gradients] = {}
        self.passed: dict[TorchNode, Gradients] = {}
        with torch.no_grad():
            self.reader = _MomentReader(recording, names, roots)
            self.order = self.reader.torch_nodes()
            self.local = {node: local_derivatives(node) for node in self.order}
            self.structure, self.operands = structure_of(self.reader.shape(), ())
            self.by_id = self.reader.by_id(self.structure)
            self.saved = _saved(self.by_id)
            nodes = self.reader.nodes(self.structure, self._columns({}))
            self.groups = self._groups(nodes) if folds else []
            self.folded = [self._local(group) for group in self.groups]

    def run(self, function: Callable[[], Any]) -> Any:
        """What `function`, which makes the pass, gives."""
        handles = []
        for node in self.order:
            handles.append(node.register_prehook(_keep(self.arrived, node)))
            if node.next_functions:
                handles.append(node.register_hook(_keep_passed(self.passed, node)))
        try:
            return function()
        finally:
            for handle in handles:
                handle.remove()

    def asked(self, inputs: Iterable[Tensor], results: Iterable[Tensor | None]) -> None:
        """Puts the gradients that were asked for where the engine, which stops there, has not gone."""
        for tensor, gradient in zip(inputs, results, strict=False):
            if tensor.requires_grad and isinstance(gradient, Tensor):
                node = grad_node(tensor)
                if len(node._input_metadata) == 1:
                    self.arrived.setdefault(node, (gradient.detach(),))

    def _passes(self) -> dict[TorchNode, Pass]:
        """What was carried, by node."""
        return {
            node: Pass(self.arrived[node], self.local[node], self.passed.get(node, (None,) * len(node.next_functions)))
            for node in self.order
            if node in self.arrived
        }

    def _columns(self, passes: Mapping[TorchNode, Pass]) -> list[Pass]:
        """In the graph's order what the pass did, or that it has not come."""
        return self.reader.passes({node: passes.get(node) or _none(node, self.local[node]) for node in self.order})

    def _groups(self, nodes: tuple[Node, ...]) -> list[Group]:
        edges = tuple([Edge(*edge, None, None) for edge in self.structure.edges])
        return fold.groups_of(Graph(nodes, edges), self.reader.kept_ids(self.structure), self.by_id)

    def _local(self, group: Group) -> Arriving:
        return group.local(self.local[self.by_id[group.owner]], products)

    def _folds(self) -> dict[str, Fold]:
        folds = {}
        for group, local in zip(self.groups, self.folded, strict=True):
            passed = group.passed(self.passed)
            upstream = self.arrived.get(self.by_id[group.owner], ())
            folds[group.owner] = group.fold(_without_hooked(local, passed, upstream), passed)
        return folds

    def moment(self, line: int | None, call: str) -> Moment:
        """The pass as plain data."""
        with torch.no_grad():
            passes = self._passes()
            columns = self._columns(passes)
            nodes, edges = self.reader.nodes(self.structure, columns), self.reader.edges(self.structure, columns)
            graph = Graph(nodes, edges)
            folds = self._folds()
            seen = _seen(graph, self.by_id, passes, self.groups)
            snapshot = Snapshot(graph, self.operands, self.saved, folds, seen)
            return Moment(line, call, snapshot, self.reader.node_lines(node.id for node in graph.nodes))


def _saved(by_id: Mapping[str, TorchNode]) -> Mapping[str, tuple[Saved, ...]]:
    """What torch keeps for the pass; nothing where an earlier one has freed it."""
    try:
        return saved(by_id)
    except RuntimeError:
        return {}


def _without_hooked(local: Arriving, passed: Arriving, upstream: Gradients) -> Arriving:
    """A group's local derivatives, but for those by which a single number was not multiplied: a hook has changed what
    was passed on inside.
    """
    if len(upstream) != 1 or upstream[0] is None or upstream[0].numel() != 1:
        return local
    begun = upstream[0].reshape(())
    return {source: found for source, found in local.items() if _is_product(found, begun, passed.get(source, ()))}


def _is_product(local: Iterable[Tensor | None], upstream: Tensor, passed: Iterable[Tensor | None]) -> bool:
    """Whether each of `passed` is a local derivative times `upstream`, as far as roundings and infinities show it."""
    for factor, gradient in zip(local, passed, strict=False):
        if factor is not None and gradient is not None and gradient.numel():
            apart = (factor * upstream - gradient).abs()
            if (apart[apart.isfinite()] > ROUNDING * gradient.abs().max()).any():
                return False
    return True


def _seen(
    graph: Graph, by_id: Mapping[str, TorchNode], passes: Mapping[TorchNode, Pass], groups: Iterable[Group]
) -> Seen | None:
    """None where the pass went everywhere."""
    went = frozenset(node_id for node_id, node in by_id.items() if node in passes)
    if len(went) == len(by_id):
        return None
    edges = frozenset(edge.id for edge in graph.edges if edge.consumer in went)
    edges = edges.union(*(group.seen_edges(went) for group in groups))
    return Seen(frozenset(node.id for node in graph.nodes), went, edges)


def local_derivatives(node: TorchNode) -> Gradients:
    """What a node passes on where ones arrive; None where that is not known."""
    outputs = node._input_metadata
    if not node.next_functions or sum(_count(output.shape) for output in outputs) > LARGEST_ASKED:
        return (None,) * len(node.next_functions)
    return products(node, tuple([torch.ones(tuple(output.shape), dtype=output.dtype) for output in outputs]))


def products(node: TorchNode, gradients: Gradients) -> Gradients:
    """What a node passes on where these arrive; None where that cannot be asked without running a program's own code.

    A node whose saved values are freed or changed, or that takes no plain ones, has no answer either.
    """
    unknown = (None,) * len(node.next_functions)
    kind: Any = node
    if isinstance(node, BackwardCFunction) or not callable(kind):
        return unknown
    with suppress(
        RuntimeError, TypeError, IndexError, NotImplementedError
    ):  # what torch's nodes raise without an answer
        answer = kind(*gradients)
        return ((answer if isinstance(answer, tuple) else (answer,)) + unknown)[: len(unknown)]
    return unknown


def _count(shape: Iterable[int]) -> int:
    count = 1
    for length in shape:
        count *= int(length)
    return count


def _none(node: TorchNode, local: Gradients) -> Pass:
    """At a node that the pass has not reached."""
    return Pass((None,) * max(1, len(node._input_metadata)), local, (None,) * len(node.next_functions))


def _keep(arrived: dict[TorchNode, Gradients], node: TorchNode) -> Callable[[Any], None]:
    def keep(grad_outputs: Any) -> None:
        arrived[node] = _copied(grad_outputs)

    return keep


def _keep_passed(passed: dict[TorchNode, Gradients], node: TorchNode) -> Callable[[Any, Any], None]:
    def keep(grad_inputs: Any, _grad_outputs: Any) -> None:
        passed[node] = _copied(grad_inputs)

    return keep


def _copied(gradients: Iterable[Any]) -> Gradients:
    """Gradients as they are now; what is too long to be listed is not copied."""
    return tuple(
        [None if g is None else g.detach().clone() if g.numel() <= LARGEST_COPIED else g.detach() for g in gradients]
    )


def _is_leaf(key: Any) -> bool:
    return hasattr(key, "variable")
