"""What a program did: torch's calls and their results, and what each backward pass carried."""

from collections.abc import Callable, Iterable
from functools import partial
from operator import is_
from typing import Any, NamedTuple, TypeGuard, TypeVar

import torch
from torch import Tensor
from torch.autograd.graph import Node as TorchNode
from torch.autograd.graph import get_gradient_edge
from torch.overrides import TorchFunctionMode

from components.graph.tensors import ones_like

Gradients = tuple[Tensor | None, ...]
"""One for each output of a node, or for each of its inputs."""

Call = tuple[Callable[..., Any], tuple[Any, ...], Any]
"""A function of torch's, what it was called with, and what it gave."""

Key = TypeVar("Key")


class Pass(NamedTuple):
    """What one backward pass did at a node: the gradients that arrived, the local derivatives, what it passed on."""

    grad_outputs: Gradients
    local: Gradients
    grad_inputs: Gradients


class Recording(TorchFunctionMode):
    """Remembers, while a program runs inside it, every call, what was made without tracking, and the backward passes.

    torch keeps no forward values in the backward graph, and frees what a graph has saved once it has walked back: the
    values are read from the calls, and the numbers of a pass just before it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.untracked: set[int] = set()
        self.passes: dict[TorchNode, Pass] = {}

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func is Tensor.backward:
            self._look_ahead(args[0])
        result = func(*args, **kwargs) if kwargs else func(*args)
        self.calls.append((func, args, result))
        if not torch.is_grad_enabled() and isinstance(result, Tensor):
            self.untracked.add(id(result))
        return result

    def _look_ahead(self, result: Tensor) -> None:
        retained = [(tensor, tensor.grad) for _, _, tensor in self.calls if _retains_grad(tensor)]
        try:
            with torch.no_grad():
                self.passes |= backward_pass(result, topological_order(result))
        except RuntimeError:
            return  # the pass itself is about to fail in the same way, and says so to the program
        finally:
            for tensor, before in retained:
                tensor.grad = before


def _retains_grad(thing: object) -> TypeGuard[Tensor]:
    """Whether any pass that reaches this tensor, a mere look ahead too, adds to its `.grad`."""
    return isinstance(thing, Tensor) and thing.retains_grad


def grad_node(tensor: Tensor) -> TorchNode:
    """torch's node of a tensor that takes a gradient."""
    return tensor.grad_fn or get_gradient_edge(tensor).node


def topological_order(result: Tensor) -> list[TorchNode]:
    """Every backward node that `result` depends on, each after its inputs; [] for a tensor that takes no gradient."""
    return post_order([grad_node(result)] if result.requires_grad else [], tracked_inputs)


def tracked_inputs(node: TorchNode) -> list[TorchNode]:
    """The nodes that a node passes gradients on to."""
    return [source for source, _ in node.next_functions if source is not None]


def post_order(roots: Iterable[Key], inputs: Callable[[Key], list[Key]]) -> list[Key]:
    """`roots` and all that they depend on, each once and after its inputs, without recursion."""
    order: dict[Key, None] = {}
    seen: set[Key] = set()
    stack = list(roots)[::-1]
    while stack:
        key = stack[-1]
        if key in seen:  # for the second time at the top, so all its inputs are done
            order[stack.pop()] = None
        else:
            seen.add(key)
            stack += [other for other in inputs(key)[::-1] if other not in seen]
    return list(order)


Arrival = tuple[int, Tensor, TorchNode]
"""A gradient on its way to a node: to which of its outputs it comes, and from which consumer."""


def backward_pass(result: Tensor, order: list[TorchNode], upstream: Tensor | None = None) -> dict[TorchNode, Pass]:
    """What one backward pass carries at each node of `order`, all of what `result` depends on.

    Each node is asked for its own product, as torch's engine does it, and digit for digit like there; yet nothing is
    accumulated in any `.grad`, and no hook is called. `upstream` is the gradient to begin with (1 for a single number;
    without it a longer tensor's gradients are None, as in torch).
    """
    arrivals: dict[TorchNode, list[Arrival]] = {node: [] for node in order}
    metadata = {node: node._input_metadata for node in order}
    if order and (upstream is not None or result.numel() == 1):
        first = ones_like(result) if upstream is None else upstream
        arrivals[order[-1]].append((result.output_nr, first, order[-1]))
    passes: dict[TorchNode, Pass] = {}
    for node in reversed(order):
        gradients = _added(arrivals[node], len(metadata[node]))
        local, flows = _products(node, gradients)
        passed: list[Tensor | None] = []
        for (source, output), flow in zip(node.next_functions, flows, strict=False):
            if source is None or flow is None:
                passed.append(None)
                continue
            gradient = fitted(flow, metadata[source][output])
            arrivals[source].append((output, gradient, node))
            passed.append(gradient)
        passes[node] = Pass(gradients, local, tuple(passed))
    return passes


def _added(arrivals: list[Arrival], outputs: int) -> Gradients:
    """The gradient at each output of a node, added up in the order in which torch's engine does it."""
    if len(arrivals) == outputs == 1:
        return (arrivals[0][1],)
    sums: list[Tensor | None] = [None] * outputs
    for output, gradient, _ in sorted(arrivals, key=_engine_order):
        before = sums[output]
        sums[output] = gradient if before is None else before + gradient
    return tuple(sums)


def _engine_order(arrival: Arrival) -> int:
    """Of the consumers that are ready, the one made last comes first."""
    return -arrival[2]._sequence_nr()


def _products(node: TorchNode, gradients: Gradients) -> tuple[Gradients, Gradients]:
    """What a node passes on where ones arrive at it (its local derivatives), and what it does where `gradients` do."""
    inputs = len(node.next_functions)
    if not inputs or all(map(_is_none, gradients)):
        return (None,) * inputs, (None,) * inputs
    ones = tuple([None if gradient is None else ones_like(gradient) for gradient in gradients])
    local = _vjp(node, ones)[:inputs]
    if len(ones) == 1 and ones[0] is gradients[0]:
        return local, local
    return local, _vjp(node, gradients)[:inputs]


def fitted(gradient: Tensor, like: Any) -> Tensor:
    """A gradient in the shape and dtype of what it arrives at: torch's nodes leave undoing broadcasts to the engine."""
    if gradient.dtype == like.dtype and (not gradient.ndim or [*gradient.shape] == [*like.shape]):
        return gradient
    return gradient.sum_to_size(like.shape).to(like.dtype)


def vjp(node: TorchNode, gradients: Gradients) -> Gradients:
    """torch's own vector-Jacobian product of one node, a tensor (or None) for each of its inputs."""
    if all(map(_is_none, gradients)):
        return (None,) * len(node.next_functions)
    return _vjp(node, gradients)


def _vjp(node: Any, gradients: Gradients) -> Gradients:
    answer = node(*gradients) if callable(node) else node.apply(*gradients)  # a Function of a program's own
    return answer if isinstance(answer, tuple) else (answer,)


_is_none = partial(is_, None)
