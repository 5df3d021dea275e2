"""A recording as a snapshot: one reader for every page."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.graph import Node as TorchNode

from components.graph import fold, operations
from components.graph.model import LARGEST_LISTED, Edge, Graph, Node, Number, Region, Saved, Seen, Snapshot, Structure
from components.graph.record import Call, Pass, Recording, backward_pass, grad_node, post_order
from components.graph.structure import LONGEST_OPERAND, Entry, Shape, StructureOf, structure_of
from components.graph.tensors import describe, plain, plain_all

NO_GRAD = "torch.no_grad()"

Key = TorchNode | int
"""torch's node of a tensor that is tracked, the identity of one that is not, a negative number for a Python number."""


class Annotations(NamedTuple):
    """What is known of nodes by their ids, and whether details are wanted.

    `symbols` are what formulas write instead of a program's name, or for a node without one. `kept` are the nodes that
    are left when all others are folded away (none: nothing can be folded). `details` are folds and saved values, which
    cost time. `program` names a program that calls the same functions at every value, so that its structure is worked
    out once ("": it may branch).
    """

    symbols: Mapping[str, str] = {}
    kept: Collection[str] = ()
    details: bool = True
    program: str = ""


NOTHING = Annotations()


def snapshot(
    result: Tensor,
    recording: Recording | None = None,
    names: Mapping[str, Tensor] | None = None,
    upstream: Tensor | None = None,
    annotations: Annotations = NOTHING,
) -> Snapshot:
    """The backward graph of `result`, with the values that `recording` saw and the gradients of one backward pass.

    `names` are the program's own names of tensors; `upstream` is the gradient to begin with (1 for a single number;
    without it a longer tensor's gradients are None, as in torch). Nothing is accumulated: every `.grad` stays as it
    was, and the graph can be used again.
    """
    with torch.no_grad():
        reader = Reader(recording or Recording(), names or {}, [result], is_program=False)
        by_node = backward_pass(result, reader.torch_nodes(), upstream)
        structure, operands = reader.structure(annotations)
        passes = reader.passes(by_node)
        graph = Graph(reader.nodes(structure, passes), reader.edges(structure, passes))
        if not annotations.details:
            return Snapshot(graph, operands)
        nodes = reader.by_id(structure)
        folds = fold.folds(graph, annotations.kept, nodes, by_node) if annotations.kept else {}
        return Snapshot(graph, operands, saved(nodes), folds)


def program_snapshot(recording: Recording, named: Mapping[str, Tensor], folds: bool = False) -> Snapshot:
    """The graph of all `named` tensors and of what was made without tracking, with the gradients of the passes made.

    Its last node is the last of them that nothing else was made from. With `folds` it can be folded into what is named,
    where no pass was made.
    """
    with torch.no_grad():
        reader = Reader(recording, named, list(named.values()), is_program=True)
        structure, operands = structure_of(reader.shape(), ())
        passes = reader.passes(recording.passes)
        nodes, edges = reader.nodes(structure, passes), reader.edges(structure, passes)
        graph = Graph(nodes, edges, reader.regions(structure), reader.kept(structure))
        by_id = reader.by_id(structure)
        groups = fold.groups_of(graph, reader.kept_ids(structure), by_id) if folds else []
        found = {group.owner: group.fold({}, {}) for group in groups}
        shown = [*edges, *(edge for one in found.values() for edge in one.edges)]
        return Snapshot(graph, operands, saved(by_id), found, _seen(graph, shown, by_id, recording.passes))


def _seen(
    graph: Graph, shown: Iterable[Edge], by_id: Mapping[str, TorchNode], passes: Mapping[TorchNode, Pass]
) -> Seen:
    """All values, and gradients where a pass has gone; where none can go, it is known that there is none."""
    passed = frozenset(node_id for node_id, node in by_id.items() if node in passes)
    waiting = by_id.keys() - passed
    edges = frozenset(edge.id for edge in shown if edge.consumer not in waiting or edge.input not in by_id)
    return Seen(frozenset(node.id for node in graph.nodes), passed, edges)


class Reader:
    """One reading: keys of nodes in order, and by key the inputs, the tensor or number, and the call that made it.

    Of a whole program (`is_program`) what was made without tracking has its history too, else it is only written out.
    """

    def __init__(
        self, recording: Recording, names: Mapping[str, Tensor], roots: Collection[Tensor], is_program: bool
    ) -> None:
        self.recording, self.is_program = recording, is_program
        self.made, self.things = self._index(recording)
        self.names: dict[Key, str] = {}
        for name, tensor in names.items():
            key = key_of(tensor)
            if key not in self.names:
                self.names[key], self.things[key] = name, tensor
        self.things |= {key_of(tensor): tensor for tensor in roots}
        self.texts: dict[Key, str] = {}
        self.inputs: dict[Key, list[Key]] = {}
        self.order = post_order([grad_node(t) if t.requires_grad else id(t) for t in roots], self._find_inputs)

    def _index(self, recording: Recording) -> tuple[dict[Key, Call], dict[Key, Any]]:
        return made_by(recording.calls)

    def torch_nodes(self) -> list[TorchNode]:
        """The nodes of what is tracked, in order."""
        return [key for key in self.order if not isinstance(key, int)]

    def by_id(self, structure: Structure) -> dict[str, TorchNode]:
        """The same by their ids."""
        pairs = zip(structure.nodes, self.order, strict=True)
        return {node[0]: key for node, key in pairs if not isinstance(key, int)}

    def kept_ids(self, structure: Structure) -> frozenset[str]:
        """Ids of what a program has named, and of all leaves."""
        pairs = zip(structure.nodes, self.order, strict=True)
        return frozenset([node[0] for node, key in pairs if key in self.names or node[1] == "AccumulateGrad"])

    def _find_inputs(self, key: Key) -> list[Key]:
        """Where the inputs of a node come from, those that are tracked first; `inputs` has them in torch's order."""
        if isinstance(key, int):
            self.inputs[key] = found = self._history(key) if self.is_program else []
            return sorted(found, key=lambda source: isinstance(source, int))
        tracked: list[Key] = []
        untracked: list[Key] = []
        self.inputs[key] = found = []
        for slot, (source, _) in enumerate(key.next_functions):
            found.append(source or self._untracked(key, slot))
            (untracked if source is None else tracked).append(found[slot])
        if not found:
            self.things[key] = getattr(key, "variable", None)
        return tracked + untracked

    def _history(self, key: int) -> list[Key]:
        """What a tensor was made from that takes no gradient."""
        tensors = [operand for operand in self._operands(key) if isinstance(operand, Tensor)]
        self.things |= {key_of(tensor): tensor for tensor in tensors}
        return [grad_node(tensor) if tensor.requires_grad else id(tensor) for tensor in tensors]

    def _untracked(self, node: TorchNode, slot: int) -> int:
        """The key of a tensor or number that takes no gradient; one tensor has one key however often it is used."""
        operands = self._operands(node)
        operand = operands[slot] if slot < len(operands) else None
        key = id(operand) if isinstance(operand, Tensor) else -1 - len(self.things)
        self.things[key] = operand
        return key

    def _operands(self, key: Key) -> list[Any]:
        """Tensors and numbers that a node was made from."""
        call = self.made.get(key)
        return [operand for operand in call[1] if isinstance(operand, _OPERANDS)] if call else []

    def _function(self, key: Key) -> str:
        return getattr(self.made[key][0], "__name__", "") if key in self.made else ""

    def structure(self, annotations: Annotations) -> StructureOf:
        """The program's structure, and the texts of its operands; of one that has a name, as when it was first read."""
        symbols, kinds = tuple(annotations.symbols.items()), tuple(map(type, self.order))
        if not annotations.program:
            return structure_of(self.shape(), symbols)
        known = _PROGRAMS.get((annotations.program, kinds))
        if known is None:
            known = _PROGRAMS[annotations.program, kinds] = structure_of(self.shape(), symbols)
        return known

    def shape(self) -> Shape:
        """The program without its values."""
        places: dict[Key, int] = {}
        entries: list[Entry] = []
        for place, key in enumerate(self.order):
            places[key] = place
            inputs, call = tuple(map(places.__getitem__, self.inputs[key])), self.made.get(key)
            further = self._further(key) if call and len(call[1]) > len(inputs) else ()
            if isinstance(key, int):
                entries.append(self._untracked_entry(key, inputs, further))
            else:
                op = operations.torch_name(key.name())
                own_name = self.names.get(key if inputs else id(self.things[key]), "")
                entries.append((op, own_name, inputs, further, op))
        return tuple(entries)

    def _untracked_entry(self, key: int, inputs: tuple[int, ...], further: tuple[str, ...]) -> Entry:
        if not self.is_program or (key < 0 and self.things.get(key) is not None):
            return "input", self._text(key), (), (), ""
        return "input", self.names.get(key, ""), inputs, further, self._function(key)

    def _further(self, key: Key) -> tuple[str, ...]:
        """Numbers that an operation was given beside its inputs, such as the exponent of a power."""
        inputs, numbers = [] if isinstance(key, int) else self.inputs[key], []
        for slot, operand in enumerate(self._operands(key)):
            if not isinstance(operand, Tensor) and not (slot < len(inputs) and isinstance(inputs[slot], int)):
                numbers.append(f"{operand:g}")
        return tuple(numbers)

    def _text(self, key: Key) -> str:
        """What the program would call a tensor or number that takes no gradient: its name, or how it was computed."""
        unnamed = self._unnamed_operands(key)
        for other in post_order(unnamed, self._unnamed_operands) if unnamed else ():
            self.texts.setdefault(other, self._write(other))
        return self._write(key)

    def _unnamed_operands(self, key: Key) -> list[Key]:
        if key in self.names:
            return []
        keys = [key_of(operand) for operand in self._operands(key) if isinstance(operand, Tensor)]
        return [key for key in keys if key not in self.names]

    def _write(self, key: Key) -> str:
        thing = self.things.get(key)
        if key in self.names or not isinstance(thing, Tensor):
            return self.names.get(key) or ("" if thing is None else f"{thing:g}")
        texts = []
        for operand in self._operands(key):
            other = key_of(operand) if isinstance(operand, Tensor) else None
            texts.append(f"{operand:g}" if other is None else self.names.get(other) or self.texts[other])
        text = operations.write(self._function(key), tuple(texts)) if texts and all(texts) else ""
        return text if len(text) <= LONGEST_OPERAND else ""

    def passes(self, passes: Mapping[TorchNode, Pass]) -> list[Pass]:
        """What a backward pass did at each node, in order; None for all of it where none has gone."""
        by_key: Mapping[Any, Pass] = passes
        return [by_key.get(key) or _unknown(len(self.inputs[key])) for key in self.order]

    def nodes(self, structure: Structure, passes: list[Pass]) -> tuple[Node, ...]:
        """The nodes with their values and gradients."""
        rest = iter(plain_all([gradient for passed in passes for gradient in passed.grad_outputs]))
        gradients = [next(rest) if len(p.grad_outputs) == 1 else [next(rest) for _ in p.grad_outputs] for p in passes]
        values = [self._value(*pair) for pair in zip(self.order, passes, strict=True)]
        columns = zip(structure.nodes, map(describe, values), plain_all(values), gradients, strict=True)
        return tuple([Node._make((*static, *kind, value, gradient)) for static, kind, value, gradient in columns])

    def _value(self, key: Key, passed: Pass) -> Any:
        """The forward value, if anything keeps it; an operation with several results has no one value."""
        if len(passed.grad_outputs) > 1:
            return None
        thing = self.things.get(key)
        return getattr(key, "_saved_result", None) if thing is None else thing

    def edges(self, structure: Structure, passes: list[Pass]) -> tuple[Edge, ...]:
        """The edges with local derivatives and gradients."""
        local = plain_all([gradient for passed in passes for gradient in passed.local])
        flows = plain_all([gradient for passed in passes for gradient in passed.grad_inputs])
        columns = zip(structure.edges, local, flows, strict=True)
        return tuple([Edge._make((*static, derivative, flow)) for static, derivative, flow in columns])

    def regions(self, structure: Structure) -> tuple[Region, ...]:
        """What was made where torch does not track."""
        inside = [
            node[0] for node, key in zip(structure.nodes, self.order, strict=True) if key in self.recording.untracked
        ]
        return ((NO_GRAD, tuple(inside)),) if inside else ()

    def kept(self, structure: Structure) -> dict[str, Number]:
        """What torch keeps in `.grad`, of every tensor that may keep something; asking others would be warned about."""
        tensors = {node[0]: self.things.get(key) for node, key in zip(structure.nodes, self.order, strict=True)}
        return {i: plain(t.grad) for i, t in tensors.items() if isinstance(t, Tensor) and (t.is_leaf or t.retains_grad)}


def made_by(calls: Iterable[Call]) -> tuple[dict[Key, Call], dict[Key, Any]]:
    """By key, the call that made a tensor, and the tensor."""
    made: dict[Key, Call] = {}
    things: dict[Key, Any] = {}
    for call in calls:
        for tensor in call[2] if isinstance(call[2], tuple) else call[2:]:
            if isinstance(tensor, Tensor):
                key = key_of(tensor)
                if key not in made and not (isinstance(key, int) and _is_in_place(tensor, call)):
                    made[key], things[key] = call, tensor
    return made, things


def key_of(tensor: Tensor) -> Key:
    """What a tensor is found by: torch's node that made it, or its identity; a leaf's node knows its tensor.

    torch refuses to say it of some views whose base has been changed in place; they have no history to show.
    """
    try:
        return tensor.grad_fn or id(tensor)
    except RuntimeError:
        return id(tensor)


@lru_cache(maxsize=64)
def _unknown(inputs: int) -> Pass:
    return Pass((None,), (None,) * inputs, (None,) * inputs)


def _is_in_place(tensor: Tensor, call: Call) -> bool:
    """Whether a call gave back what it was called with: the tensor was made before."""
    return any(tensor is operand for operand in call[1])


def saved(nodes: Mapping[str, TorchNode]) -> dict[str, tuple[Saved, ...]]:
    """What torch keeps for the backward pass (its `_saved_...` attributes), in alphabetical order, by node id."""
    found = {node_id: _saved_names(type(node)) for node_id, node in nodes.items()}
    return {
        node_id: tuple([Saved(name.removeprefix(_SAVED), *_saved_number(nodes[node_id], name)) for name in names])
        for node_id, names in found.items()
        if names
    }


@lru_cache(maxsize=512)
def _saved_names(kind: type) -> tuple[str, ...]:
    return tuple([name for name in dir(kind) if name.startswith(_SAVED)])


def _saved_number(node: TorchNode, name: str) -> tuple[Number, str]:
    try:
        value = getattr(node, name)
    except RuntimeError:
        return None, "freed: a backward pass has used it up"
    if isinstance(value, Tensor):
        return plain(value), "" if value.numel() <= LARGEST_LISTED else f"tensor of shape {list(value.shape)}"
    return (value, "") if isinstance(value, float) else (None, str(value))


_PROGRAMS: dict[tuple[str, tuple[type, ...]], StructureOf] = {}
"""By a program's name and the kinds of its nodes."""

_SAVED = "_saved_"
_OPERANDS = (float, int, Tensor)
