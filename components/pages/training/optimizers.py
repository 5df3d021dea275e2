"""torch.optim's optimisers by name: as they are made, and what each keeps between two steps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.optim import SGD, Adam, AdamW, Optimizer, RMSprop

from components.optimizer_step import step_of


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
    return optimizer, step_of(optimizer)


def settings(name: str, lr: float, momentum: float) -> dict[str, Any]:
    """All arguments of an optimiser, torch's defaults among them."""
    group = make(name, [torch.zeros(())], lr, momentum)[0].param_groups[0]
    return {key: value for key, value in group.items() if key != "params"}


def state(optimizer: Optimizer, name: str, parameter: Tensor) -> dict[str, float]:
    """What an optimiser keeps of one parameter, by torch's own names; nothing before the first step."""
    kept = optimizer.state.get(parameter, {})
    return {key: float(kept[key]) for key in KINDS[name].state if kept.get(key) is not None}
