"""torch.optim's optimisers by name: as they are made, and what each keeps between two steps."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.optim import SGD, Adam, AdamW, Optimizer, RMSprop


@dataclass(frozen=True, slots=True)
class Kind:
    """An optimiser: its class, whether it takes a momentum and how, and the names of its state's tensors.

    `title` is what people call it, `settings` are arguments of its own beside lr and momentum.
    """

    title: str
    make: type[Optimizer]
    takes_momentum: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    state: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "sgd": Kind("SGD", SGD),
    "momentum": Kind("SGD with momentum", SGD, takes_momentum=True, state=("momentum_buffer",)),
    "nesterov": Kind(
        "SGD with Nesterov’s momentum",
        SGD,
        takes_momentum=True,
        settings={"nesterov": True},
        state=("momentum_buffer",),
    ),
    "rmsprop": Kind("RMSprop", RMSprop, state=("square_avg",)),
    "adam": Kind("Adam", Adam, state=("exp_avg", "exp_avg_sq", "step")),
    "adamw": Kind("AdamW", AdamW, state=("exp_avg", "exp_avg_sq", "step")),
}
"""By the name in addresses; the first is the default. All but lr and momentum is torch's own default."""

PLAIN = next(iter(KINDS))
"""The optimiser that keeps nothing between two steps."""


def arguments(name: str, lr: float, momentum: float) -> dict[str, Any]:
    """The keyword arguments that an optimiser is made with."""
    kind = KINDS[name]
    with_momentum = {"momentum": momentum} if kind.takes_momentum else {}
    return {"lr": lr, **with_momentum, **kind.settings}


def make(name: str, parameters: list[Tensor], lr: float, momentum: float) -> tuple[Optimizer, Callable[[], Any]]:
    """The optimiser of these parameters, and its step."""
    optimizer = KINDS[name].make(parameters, **arguments(name, lr, momentum))
    return optimizer, _step(optimizer)


def settings(name: str, lr: float, momentum: float) -> dict[str, Any]:
    """All arguments of an optimiser, torch's defaults among them."""
    group = make(name, [torch.zeros(())], lr, momentum)[0].param_groups[0]
    return {key: value for key, value in group.items() if key != "params"}


def state(optimizer: Optimizer, name: str, parameter: Tensor) -> dict[str, float]:
    """What an optimiser keeps of one parameter, by torch's own names; nothing before the first step."""
    kept = optimizer.state.get(parameter, {})
    return {key: float(kept[key]) for key in KINDS[name].state if kept.get(key) is not None}


def _step(optimizer: Optimizer) -> Callable[[], Any]:
    """The optimiser's own step without the compiler's wrapper around it.

    The wrapper imports torch._dynamo (two seconds, 77 MB) only to tell a compiler, which is not used here, where a
    graph breaks; beside that it switches gradients off, which is done here.
    """
    own = inspect.unwrap(type(optimizer).step)

    def step() -> None:
        with torch.no_grad():
            own(optimizer)

    return step


def _leave_compiler_out() -> None:
    """Keeps the methods that every optimiser calls from importing torch._dynamo, for the same reason.

    torch looks there for the function that is not to be compiled, made at the first call: the function itself will do.
    """
    for method in (Optimizer.add_param_group, Optimizer.zero_grad):
        own = inspect.unwrap(method)
        own.__dict__.setdefault("__dynamo_disable", own)


_leave_compiler_out()
