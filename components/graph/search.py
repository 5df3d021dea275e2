"""What a result was made from: torch's nodes, inputs without gradients, and what the program calls them."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from torch import Tensor
from torch.autograd.graph import Node as TorchNode

from components.graph import operations
from components.graph.model import Structure
from components.graph.record import Call, Recording, grad_node, post_order
from components.graph.structure import LONGEST_OPERAND, Entry, Shape, structure_of

Key = TorchNode | int
"""torch's node of a tensor that is tracked, the identity of one that is not, a negative number for a Python number."""


class Found(NamedTuple):
    """A graph without its numbers, and what they are read from.

    By place in the structure: `keys`, the tensor or number that belongs to it (`things`), and the count of its `inputs`.
    """

    structure: Structure
    operands: Mapping[str, tuple[str, ...]]
    keys: list[Key]
    things: list[Any]
    inputs: tuple[int, ...]

    def nodes(self) -> dict[str, TorchNode]:
        """torch's nodes by id."""
        pairs = zip(self.structure.nodes, self.keys, strict=True)
        return {static[0]: key for static, key in pairs if not isinstance(key, int)}


class Search:
    """One search: keys of nodes in order, and by key the inputs, the tensor or number, and the call that made it.

    Of a whole program (`is_program`) what was made without tracking has its history too, else it is only written out.
    """

    def __init__(
        self, recording: Recording, names: Mapping[str, Tensor], roots: Collection[Tensor], is_program: bool
    ) -> None:
        self.calls, self.is_program = recording.calls, is_program
        self.made: dict[Key, int] = {}
        self.things: dict[Key, Any] = {}
        for number, call in enumerate(self.calls):
            for tensor in call[2] if isinstance(call[2], tuple) else call[2:]:
                if isinstance(tensor, Tensor) and not _was_made_before(tensor, call):
                    self.made.setdefault(_key(tensor), number)
                    self.things.setdefault(_key(tensor), tensor)
        self.names = {_key(tensor): name for name, tensor in reversed(names.items())}
        self.things |= {_key(tensor): tensor for tensor in (*reversed(names.values()), *roots)}
        self.texts: dict[Key, str] = {}
        self.inputs: dict[Key, list[Key]] = {}
        self.order = post_order([grad_node(t) if t.requires_grad else id(t) for t in roots], self._find_inputs)

    def found(self, aliases: Mapping[str, str]) -> Found:
        """All of it, in order; `aliases` name further nodes by id."""
        structure, operands = structure_of(self._shape(), tuple(aliases.items()))
        things = [self.things.get(key) for key in self.order]
        return Found(structure, operands, self.order, things, tuple([len(self.inputs[key]) for key in self.order]))

    def _find_inputs(self, key: Key) -> list[Key]:
        """Where the inputs of a node come from, those that are tracked first; `inputs` has them in torch's order."""
        if isinstance(key, int):
            found = self._history(key) if self.is_program else []
        else:
            sources = [source for source, _ in key.next_functions]
            found = [source or self._untracked(key, slot) for slot, source in enumerate(sources)]
            if not sources:
                self.things[key] = getattr(key, "variable", None)
        self.inputs[key] = found
        return sorted(found, key=lambda source: isinstance(source, int))

    def _history(self, key: int) -> list[Key]:
        """What a tensor was made from that takes no gradient."""
        tensors = [operand for operand in self._operands(key) if isinstance(operand, Tensor)]
        self.things |= {_key(tensor): tensor for tensor in tensors}
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
        args = self.calls[self.made[key]][1] if key in self.made else ()
        return [operand for operand in args if isinstance(operand, (Tensor, int, float))]

    def _function(self, key: Key) -> str:
        return getattr(self.calls[self.made[key]][0], "__name__", "") if key in self.made else ""

    def _shape(self) -> Shape:
        """The program without its values."""
        places = {key: place for place, key in enumerate(self.order)}
        return tuple([self._entry(key, tuple([places[source] for source in self.inputs[key]])) for key in self.order])

    def _entry(self, key: Key, inputs: tuple[int, ...]) -> Entry:
        if not isinstance(key, int):
            op = key.name().rpartition("::")[2]
            return op, self.names.get(key if inputs else id(self.things[key]), ""), inputs, self._further(key), op
        if not self.is_program:
            return "input", self._text(key), (), (), ""
        return "input", self.names.get(key, ""), inputs, self._further(key), self._function(key)

    def _further(self, key: Key) -> tuple[str, ...]:
        """Numbers that an operation was given beside its inputs, such as the exponent of a power."""
        operands, inputs = self._operands(key), self.inputs[key]
        if len(operands) <= len(inputs):
            return ()
        slots = [] if isinstance(key, int) else [slot for slot, source in enumerate(inputs) if isinstance(source, int)]
        numbers = [(slot, operand) for slot, operand in enumerate(operands) if not isinstance(operand, Tensor)]
        return tuple([f"{number:g}" for slot, number in numbers if slot not in slots])

    def _text(self, key: Key) -> str:
        """What the program would call a tensor or number that takes no gradient: its name, or how it was computed."""
        for other in post_order([key], self._unnamed_operands):
            self.texts.setdefault(other, self._write(other))
        return self.texts[key]

    def _unnamed_operands(self, key: Key) -> list[Key]:
        return [] if key in self.names else [_key(o) for o in self._operands(key) if isinstance(o, Tensor)]

    def _write(self, key: Key) -> str:
        thing = self.things.get(key)
        if key in self.names or not isinstance(thing, Tensor):
            return self.names.get(key) or ("" if thing is None else f"{thing:g}")
        texts = [self.texts[_key(o)] if isinstance(o, Tensor) else f"{o:g}" for o in self._operands(key)]
        text = operations.write(self._function(key), tuple(texts)) if texts and all(texts) else ""
        return text if len(text) <= LONGEST_OPERAND else ""


def _key(tensor: Tensor) -> Key:
    """What a tensor is found by: torch's node that made it, or its identity; a leaf's node knows its tensor."""
    return tensor.grad_fn or id(tensor)


def _was_made_before(tensor: Tensor, call: Call) -> bool:
    """Whether a call gave back what it was called with, changed in place."""
    return any(tensor is operand for operand in call[1])
