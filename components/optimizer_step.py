"""torch.optim without torch's compiler, of which every optimiser would import two seconds' and 77 MB's worth."""

import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch.optim import Optimizer


def step_of(optimizer: Optimizer) -> Callable[..., Any]:
    """The optimiser's own step without the compiler's wrapper around it.

    The wrapper imports torch._dynamo only to tell a compiler, which is not used here, where a graph breaks; beside that
    it switches gradients off, which is done here.
    """
    own = inspect.unwrap(type(optimizer).step)

    def step(*args: Any) -> Any:
        with torch.no_grad():
            return own(optimizer, *args)

    return step


def _leave_compiler_out() -> None:
    """Keeps the methods that every optimiser calls from importing torch._dynamo, for the same reason.

    torch looks there for the function that is not to be compiled, made at the first call: the function itself will do.
    """
    for method in (Optimizer.add_param_group, Optimizer.zero_grad):
        own = inspect.unwrap(method)
        own.__dict__.setdefault("__dynamo_disable", own)


_leave_compiler_out()
