"""What a program did: torch's calls and their results, and what each backward pass carried."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import accumulate
from operator import is_
from typing import Any, NamedTuple, TypeGuard, TypeVar

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge, get_gradient_edge
from torch.autograd.graph import Node as TorchNode
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


def backward_pass(result: Tensor, order: list[TorchNode], upstream: Tensor | None = None) -> dict[TorchNode, Pass]:
    """What one backward pass of torch's carries at each node of `order`, all of what `result` depends on.

    `upstream` is the gradient to begin with (1 for a single number; without it a longer tensor's gradients are None, as
    in torch). Nothing is accumulated.
    """
    arriving = grad_outputs(result, order, upstream)
    shared = _shared(order)
    return {node: _pass(node, arriving, shared) for node in order}


def _shared(order: list[TorchNode]) -> set[TorchNode | None]:
    """Nodes that more than one edge leads to."""
    seen: set[TorchNode | None] = set()
    shared: set[TorchNode | None] = set()
    for node in order:
        for source, _ in node.next_functions:
            (shared if source in seen else seen).add(source)
    return shared - {None}


def grad_outputs(result: Tensor, order: list[TorchNode], upstream: Tensor | None = None) -> dict[TorchNode, Gradients]:
    """The gradient that reaches each output of each node in one backward pass."""
    counts = [len(node._input_metadata) for node in order]
    edges = [GradientEdge(node, output) for node, count in zip(order, counts, strict=True) for output in range(count)]
    if not order or (upstream is None and result.numel() != 1):
        gradients: Gradients = (None,) * len(edges)
    else:
        gradients = torch.autograd.grad(result, edges, upstream, retain_graph=True, allow_unused=True)
    starts = accumulate(counts, initial=0)
    return {node: gradients[at : at + count] for node, count, at in zip(order, counts, starts, strict=False)}


def _pass(node: TorchNode, arriving: dict[TorchNode, Gradients], shared: set[TorchNode | None]) -> Pass:
    gradients, ends, is_shared = arriving[node], [], False
    for source, output in node.next_functions:
        ends.append(None if source is None else arriving[source][output])
        is_shared = is_shared or source in shared
    if not ends:
        return Pass(gradients, (), ())
    local = vjp(node, tuple(map(ones_like, gradients)))
    if not is_shared:
        return Pass(gradients, local, tuple(ends))  # all that arrives at an input comes from here
    return Pass(gradients, local, tuple(map(fitted, vjp(node, gradients), ends)))


def fitted(gradient: Tensor | None, like: Tensor | None) -> Tensor | None:
    """A gradient in the shape and dtype of what it arrives at: torch's nodes leave undoing broadcasts to the engine."""
    if gradient is None or like is None or (gradient.shape == like.shape and gradient.dtype == like.dtype):
        return gradient
    return gradient.sum_to_size(like.shape).to(like.dtype)


def vjp(node: TorchNode, gradients: Gradients) -> Gradients:
    """torch's own vector-Jacobian product of one node, a tensor (or None) for each of its inputs."""
    if all(map(_is_none, gradients)):
        return (None,) * len(node.next_functions)
    answer = node(*gradients)  # type: ignore[operator]  # callable, though torch's stub does not say so
    return answer if isinstance(answer, tuple) else (answer,)


_is_none = partial(is_, None)
