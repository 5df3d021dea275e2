"""What a program takes from torch, math and copy: by the full paths of our tables, and by no other way."""

import copy
import math
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from components import optimizer_step  # noqa: F401 (keeps optimisers from importing the compiler)
from components.sandbox.budget import MOST_BITS
from components.sandbox.errors import LimitError
from components.sandbox.tables.functions import NAMESPACES
from components.sandbox.values import Class, LibraryFunction, unwrapped

MODULES: Mapping[str, ModuleType] = {
    "torch": torch,
    "torch.nn": nn,
    "torch.nn.parameter": nn.parameter,
    "torch.nn.functional": functional,
    "torch.nn.init": nn.init,
    "torch.nn.utils": nn.utils,
    "torch.linalg": torch.linalg,
    "torch.special": torch.special,
    "torch.optim": torch.optim,
    "torch.optim.lr_scheduler": torch.optim.lr_scheduler,
    "torch.autograd": torch.autograd,
    "torch.autograd.function": torch.autograd.function,
    "math": math,
    "copy": copy,
}


def resolve(path: str) -> Any:
    """What stands in a program for something of a library: a function of ours around it, or the value itself."""
    module, _, name = path.rpartition(".")
    if name not in NAMESPACES[module]:
        raise LookupError(path)
    if path in OWN:
        return LibraryFunction(name, OWN[path], KINDS.get(path))
    value = getattr(MODULES[module], name)
    if not callable(value) or isinstance(value, torch.dtype):
        return value
    return LibraryFunction(name, value)


def legacy_tensor(*args: Any, **kwargs: Any) -> Tensor:
    """`torch.Tensor(...)`: of sizes it would hold whatever lay in memory, and holds zeros."""
    if args and all(isinstance(size, int) for size in args):
        return torch.zeros(*args, **kwargs)
    return torch.Tensor(*args, **kwargs)


def long_tensor(*args: Any) -> Tensor:
    """`torch.LongTensor(...)`."""
    if args and all(isinstance(size, int) for size in args):
        return torch.zeros(*args, dtype=torch.int64)
    return torch.LongTensor(*args)


def gradcheck(function: Any, inputs: Any, **kwargs: Any) -> bool:
    """`torch.autograd.gradcheck` of a function of the program's."""
    return torch.autograd.gradcheck(_callable(function), inputs, **kwargs)


def gradgradcheck(function: Any, inputs: Any, *args: Any, **kwargs: Any) -> bool:
    """`torch.autograd.gradgradcheck` of a function of the program's."""
    return torch.autograd.gradgradcheck(_callable(function), inputs, *args, **kwargs)


def _callable(value: Any) -> Any:
    return getattr(value.made, "apply") if isinstance(value, Class) else unwrapped(value)  # noqa: B009 (Module has none)


def lambda_schedule(optimizer: Any, lr_lambda: Any, *args: Any) -> Any:
    """`torch.optim.lr_scheduler.LambdaLR`."""
    every = [unwrapped(one) for one in lr_lambda] if isinstance(lr_lambda, list) else unwrapped(lr_lambda)
    return torch.optim.lr_scheduler.LambdaLR(optimizer, every, *args)


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of `math` whose integers may grow."""

    def call(*args: Any, **kwargs: Any) -> Any:
        entries = args[0] if args and isinstance(args[0], list | tuple) else args
        if sum(entry.bit_length() for entry in entries if isinstance(entry, int)) > MOST_BITS:
            raise LimitError("Its integers have too many digits for this; floats will do.")
        return function(*args, **kwargs)

    return call


OWN: Mapping[str, Callable[..., Any]] = {
    "torch.Tensor": legacy_tensor,
    "torch.FloatTensor": legacy_tensor,
    "torch.LongTensor": long_tensor,
    "torch.autograd.gradcheck": gradcheck,
    "torch.autograd.gradgradcheck": gradgradcheck,
    "torch.optim.lr_scheduler.LambdaLR": lambda_schedule,
    "math.prod": _bounded(math.prod),
    "math.lcm": _bounded(math.lcm),
    "math.gcd": _bounded(math.gcd),
}
"""What is not torch's or Python's own function itself."""

KINDS: Mapping[str, type] = {
    "torch.Tensor": Tensor,
    "torch.FloatTensor": torch.FloatTensor,
    "torch.LongTensor": torch.LongTensor,
}
