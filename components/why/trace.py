"""What a run of a program did, event by event: the evidence that findings follow from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.autograd.graph import Node as TorchNode
from torch.optim import Optimizer

from components.graph.moments import Backward
from components.graph.read import key_of

MOST_EVENTS = 20_000
"""Events after which no more are noted; then nothing is said that depends on all of them."""

DATA = getattr(Tensor.data, "__get__")  # noqa: B009 (a getter of torch's own type)


class Called(NamedTuple):
    """A call of torch's function. `lost`: an operand was tracked, and no result is."""

    at: int
    line: int
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    result: Any
    is_tracking: bool
    is_inference: bool
    lost: bool

    @property
    def name(self) -> str:
        """What torch calls the function."""
        if self.function == DATA:
            return "data"
        return getattr(self.function, "__name__", "")

    @property
    def changed(self) -> list[Tensor]:
        """The tensors that the call changed in place; none for one that makes a new one."""
        name = self.name
        is_method = name.endswith("_") and not name.endswith("__") and name not in _FLAGS
        is_change = is_method or name in _CHANGES or self.kwargs.get("inplace")
        return list(tensors_in(self.args[:1])) if is_change else []

    def operands(self) -> list[Tensor]:
        """The tensors that were handed over, in lists too."""
        return list(tensors_in((*self.args, *self.kwargs.values())))

    def results(self) -> list[Tensor]:
        """The tensors that came back."""
        return list(tensors_in((self.result,)))


class Bound(NamedTuple):
    """A line gave a value to a name."""

    at: int
    line: int
    name: str
    value: Any


class Read(NamedTuple):
    """A program read a tensor's `.grad`."""

    at: int
    line: int
    tensor: Tensor
    grad: Tensor | None


class Wrote(NamedTuple):
    """A program set an attribute of a tensor or of a module."""

    at: int
    line: int
    owner: Any
    attribute: str
    value: Any


class Optimized(NamedTuple):
    """An optimiser was made, made a step or zeroed gradients, a module zeroed them, or they were clipped (`call`).

    `parameters` are those it holds, each with whether it had a gradient then.
    """

    at: int
    line: int
    owner: Optimizer | nn.Module | None
    call: str
    parameters: tuple[tuple[Tensor, bool], ...]


class Options(NamedTuple):
    """How a backward pass was asked for."""

    gradient: Any = None
    keeps_graph: bool = False
    makes_graph: bool = False


class Asked(NamedTuple):
    """A backward pass that is asked for: torch's name of the call, its roots, the tensors whose gradients it gives."""

    call: str
    roots: list[Tensor]
    inputs: list[Tensor]
    options: Options


@dataclass(slots=True, eq=False)
class Passed:
    """A backward pass, finished or not.

    `backward` is what it carried, as its moment with the number `moment` shows it (None: not kept); `before` the leaves
    that had a gradient other than zero when it began.
    """

    at: int
    line: int
    call: str
    roots: list[Tensor]
    inputs: list[Tensor]
    options: Options
    backward: Backward | None = None
    moment: int | None = None
    before: list[Tensor] = field(default_factory=list)
    results: tuple[Tensor | None, ...] = ()
    is_finished: bool = False

    def begin(self, backward: Backward, moment: int) -> None:
        """Keeps what the pass is about to carry."""
        self.backward, self.moment = backward, moment
        leaves = (node.variable for node in backward.order if hasattr(node, "variable"))
        self.before = [leaf for leaf in leaves if leaf.grad is not None and bool(leaf.grad.any())]

    def finish(self, result: Any) -> None:
        """Notes that the pass came to its end, and what it gave."""
        self.is_finished = True
        self.results = result if isinstance(result, tuple) else ()

    def leaves(self) -> list[Tensor]:
        """The leaves that it brought a gradient to."""
        arrived = self.backward.arrived if self.backward is not None else ()
        return [node.variable for node in arrived if hasattr(node, "variable")]


Event = Called | Bound | Read | Wrote | Optimized | Passed


class Trace:
    """The events of a run in their order, and where each tensor and each node was made."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.makers: dict[int, Called] = {}
        self.by_node: dict[TorchNode, Called] = {}

    @property
    def is_full(self) -> bool:
        """Whether events were left out."""
        return len(self.events) >= MOST_EVENTS

    def called(self, function: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], result: Any, line: int) -> None:
        """Notes a call of torch's that came back; a backward pass is an event of its own."""
        if self.is_full or function is torch.autograd.grad:
            return
        lost = not (isinstance(result, Tensor) and has_history(result)) and _is_lost(
            function, result, (*args, *kwargs.values())
        )
        event = Called(
            *(len(self.events), line, function, args, kwargs, result),
            *(torch.is_grad_enabled(), torch.is_inference_mode_enabled(), lost),
        )
        self.events.append(event)
        for tensor in (result,) if isinstance(result, Tensor) else event.results():
            self.makers.setdefault(id(tensor), event)
            key = key_of(tensor)
            if not isinstance(key, int):
                self.by_node.setdefault(key, event)

    def bound(self, line: int, name: str, value: Any) -> None:
        """Notes that a line gave a value to a name."""
        if not self.is_full:
            self.events.append(Bound(len(self.events), line, name, value))

    def read(self, line: int, tensor: Tensor, grad: Tensor | None) -> None:
        """Notes that a program looked at a `.grad`."""
        if not self.is_full:
            self.events.append(Read(len(self.events), line, tensor, grad))

    def wrote(self, line: int, owner: Any, attribute: str, value: Any) -> None:
        """Notes that a program set an attribute."""
        if not self.is_full:
            self.events.append(Wrote(len(self.events), line, owner, attribute, value))

    def optimized(self, line: int, owner: Optimizer | nn.Module, call: str) -> None:
        """Notes what an optimiser, or a module in its place, was asked for."""
        if self.is_full:
            return
        held = [(one, one.grad is not None) for one in parameters_of(owner)]
        self.events.append(Optimized(len(self.events), line, owner, call, tuple(held)))

    def clipped(self, line: int, parameters: Any) -> None:
        """Notes that gradients were clipped."""
        if not self.is_full:
            held = tuple((one, one.grad is not None) for one in tensors_in((parameters,)))
            self.events.append(Optimized(len(self.events), line, None, "clip", held))

    def passed(self, line: int, *asked: Any) -> Passed:
        """Notes a backward pass that is about to begin, and gives the event, to be completed."""
        event = Passed(len(self.events), line, *asked)
        if not self.is_full:
            self.events.append(event)
        return event

    # what can be asked, once the run is over

    @cached_property
    def _by_kind(self) -> dict[type[Any], list[Any]]:
        found: dict[type[Any], list[Any]] = {}
        for event in self.events:
            found.setdefault(type(event), []).append(event)
        return found

    @cached_property
    def _names(self) -> dict[int, str]:
        return {id(e.value): e.name for e in reversed(self.of_kind(Bound)) if e.name}

    def of_kind(self, kind: type[Any]) -> list[Any]:
        """The events of one kind, in their order."""
        return self._by_kind.get(kind, [])

    def calls(self) -> list[Called]:
        """The calls of torch's, in their order."""
        return self.of_kind(Called)

    def passes(self) -> list[Passed]:
        """The backward passes, in their order."""
        return self.of_kind(Passed)

    def name_of(self, value: Any) -> str:
        """The name that a value was given first; "" where it has none."""
        return self._names.get(id(value), "")

    def last_bound(self, name: str, before: int | None = None) -> Bound | None:
        """The last time a name was given a value, before an event where that matters."""
        every = self.events if before is None else self.events[:before]
        return next((e for e in reversed(every) if isinstance(e, Bound) and e.name == name), None)

    def maker(self, tensor: Tensor) -> Called | None:
        """The call that made a tensor."""
        return self.makers.get(id(tensor))

    def sources(self, tensor: Tensor) -> Iterator[Called]:
        """The calls that a tensor's value came from, tracked or not, the nearest first."""
        waiting, seen = [tensor], {id(tensor)}
        while waiting:
            one = waiting.pop(0)
            maker = self.maker(one)
            if maker is None:
                continue
            yield maker
            for operand in maker.operands():
                if id(operand) not in seen:
                    seen.add(id(operand))
                    waiting.append(operand)


def options_of(args: tuple[Any, ...], kwargs: Mapping[str, Any], first: int = 0) -> Options:
    """The options of `backward(gradient, retain_graph, create_graph)`, whose first stands at `first` in `args`."""
    named = dict(zip(("gradient", "retain_graph", "create_graph"), args[first:], strict=False)) | dict(kwargs)
    gradient = next((named[name] for name in ("gradient", "grad_tensors", "grad_outputs") if name in named), None)
    makes = bool(named.get("create_graph"))
    keeps = named.get("retain_graph")
    return Options(gradient, makes if keeps is None else bool(keeps), makes)


def parameters_of(owner: Optimizer | nn.Module) -> list[Tensor]:
    """The parameters that an optimiser or a module holds."""
    if isinstance(owner, nn.Module):
        return list(owner.parameters())
    return [one for group in owner.param_groups for one in group["params"]]


def tensors_in(values: Iterable[Any]) -> Iterator[Tensor]:
    """The tensors among values, and in lists, tuples and dictionaries of them."""
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, list | tuple):
            yield from tensors_in(value)
        elif isinstance(value, dict):
            yield from tensors_in(value.values())


def has_history(tensor: Tensor) -> bool:
    """Whether a tensor knows what it was made by; torch refuses to say it of some views."""
    return not isinstance(key_of(tensor), int)


def _is_lost(function: Any, result: Any, operands: tuple[Any, ...]) -> bool:
    """Whether an operand was tracked, and what was made of its numbers has no history."""
    if not any(map(_is_tracked, operands)):
        return False
    every = [result] if isinstance(result, Tensor) else list(tensors_in((result,)))
    if any(map(has_history, every)) or any(one is operand for one in every for operand in operands):
        return False
    name = getattr(function, "__name__", "")
    return not name.endswith("_like") and not name.startswith("new_")


def _is_tracked(value: Any) -> bool:
    if isinstance(value, Tensor):
        return value.requires_grad
    return isinstance(value, list | tuple) and any(map(_is_tracked, value))


_FLAGS = frozenset(("requires_grad_", "detach_", "share_memory_"))
"""Methods that change what torch knows of a tensor, and none of its numbers."""

_CHANGES = frozenset(
    ("__setitem__", "__iadd__", "__isub__", "__imul__", "__itruediv__", "__ipow__", "__imatmul__", "__ifloordiv__")
)
