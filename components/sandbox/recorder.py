"""What a program does, watched from torch's side: calls with their lines, backward passes, and the budget's checks."""

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from types import FrameType
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import Node as TorchNode

from components.graph.model import LARGEST_LISTED
from components.graph.moments import Backward, Moment, ProgramRecording
from components.sandbox.budget import Budget
from components.sandbox.memory import check_result, check_size
from components.sandbox.syntax import PROGRAM
from components.why.trace import Asked, Trace

MOST_MOMENTS = 200
MOST_NODES = 2_000
"""Weight of all backward passes that are kept, before one more; those after them are counted."""

MOST_IN_ONE = 4_000
"""Weight of a backward pass that is kept: its nodes, and a fourth of the numbers that each of them shows."""

MOST_TAKEN = 8
"""Numbers taken from tensors that a graph shows."""

MOST_NAMED = 64
"""Entries of a list of tensors that have names of their own."""


class Recorder(ProgramRecording):
    """The recording of a run that is held to a budget; one that `keeps` nothing only does that.

    With `folds` its backward passes can be folded.
    """

    def __init__(self, budget: Budget, namespace: Mapping[str, Any], keeps: bool = True, folds: bool = False) -> None:
        super().__init__()
        self.folds = folds
        self.budget, self.namespace, self.keeps = budget, namespace, keeps
        self.trace = Trace()
        self.moments: list[Moment] = []
        self.taken: dict[str, Tensor] = {}
        self.passes_made = 0
        self.weight = 0

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        named = kwargs or {}
        if func in _LOOKS:
            return func(*args, **named)
        self.budget.call()
        check_size(func, args, named)
        result = func(*args, **named)
        if isinstance(result, Tensor | tuple | list):
            self.budget.allocate(check_result(result))
        if self.keeps:
            line = program_line() or 0
            if isinstance(result, Tensor | tuple | list):
                self.note((func, args, tuple(result) if isinstance(result, list) else result), line)
            elif func in _NUMBERS:
                self.took(func, args, result, line)
            self.trace.called(func, args, named, result, line)
        return result

    def took(self, func: Callable[..., Any], args: tuple[Any, ...], number: float, line: int) -> None:
        """Keeps a number that was taken from a tracked tensor as the end of a way, a tensor in its place."""
        if args[0].requires_grad and len(self.taken) < MOST_TAKEN:
            with self.paused():
                end = torch.tensor(number)
                self.note((func, args, end), line)
            self.taken[f"{func.__name__.strip('_')} {len(self.taken) + 1}"] = end

    def paused(self) -> AbstractContextManager[None]:
        """While this lasts nothing is recorded: torch does not so much as ask."""
        return torch._C.DisableTorchFunction()

    def backward(self, function: Callable[[], Any], asked: Asked) -> Any:
        """Makes a backward pass, and keeps it."""
        line = program_line()
        event = self.trace.passed(line or 0, *asked) if self.keeps else None
        if event is None or len(self.moments) >= MOST_MOMENTS or self.weight >= MOST_NODES:
            result = function()
            self.passes_made += 1
            return result
        with self.paused():
            one = Backward(asked.roots, self, self.tensors(), self.folds)
        weight = sum(map(weight_of, one.order))
        if 0 < weight <= MOST_IN_ONE:
            event.begin(one, len(self.moments))
        result = None
        try:
            result = one.run(function) if event.backward is one else function()
            event.finish(result)
        finally:
            if event.backward is one:
                with self.paused():
                    one.asked(asked.inputs, result if isinstance(result, tuple) else ())
                    moment = one.moment(line, asked.call)
                self.moments.append(moment)
                self.weight += weight
                self.passes_made += 1
        if event.backward is not one:
            self.passes_made += 1
        return result

    def tensors(self) -> dict[str, Tensor]:
        """The program's names of tensors where it is now: those of its functions first, then those of all of it."""
        found: dict[str, Tensor] = {}
        for frame in program_frames():
            for name, value in frame.f_locals.items():
                if not name.startswith((" ", ".")):
                    found |= {n: t for n, t in named_tensors(name, value) if n not in found}
        for name, value in self.namespace.items():
            if not name.startswith((" ", "__")):
                found |= {n: t for n, t in named_tensors(name, value) if n not in found}
        return found


def weight_of(node: TorchNode) -> int:
    """How much of an answer a node takes."""
    counts = [math.prod(output.shape) for output in node._input_metadata]
    return 1 + sum(int(count) // 4 for count in counts if count <= LARGEST_LISTED)


def named_tensors(name: str, value: Any) -> Iterator[tuple[str, Tensor]]:
    """The tensors in a value, each with what a program would call it."""
    if isinstance(value, Tensor):
        yield name, value
    elif isinstance(value, nn.Module):
        for inner, parameter in value.named_parameters():
            yield (inner if name == "self" else f"{name}.{inner}"), parameter
    elif isinstance(value, list | tuple) and len(value) <= MOST_NAMED:
        for place, entry in enumerate(value):
            if isinstance(entry, Tensor | nn.Module):
                yield from named_tensors(f"{name}[{place}]", entry)
    elif isinstance(value, dict) and len(value) <= MOST_NAMED:
        for key, entry in value.items():
            if isinstance(entry, Tensor) and isinstance(key, str) and key.isidentifier():
                yield f"{name}['{key}']", entry


def program_frames() -> Iterator[FrameType]:
    """The frames of the program that are running, the innermost first."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == PROGRAM:
            yield frame
        frame = frame.f_back


def program_line() -> int | None:
    """The line that the program is at; None where it does not run."""
    return next((frame.f_lineno for frame in program_frames()), None)


_NUMBERS = frozenset((Tensor.item, Tensor.__float__, Tensor.__int__))
"""What takes a plain number from a tensor, and leaves its history behind."""

_LOOKS = frozenset(
    getattr(Tensor, name).__get__
    for name in ("grad", "requires_grad", "is_leaf", "grad_fn", "shape", "dtype", "device", "ndim", "retains_grad")
)
"""Attributes that are read and make nothing."""
