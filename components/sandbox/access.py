"""What may be read of a value, called on it and set on it: by its exact type, from our tables alone."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from components.sandbox.tables import objects, tensors
from components.sandbox.values import Class, Function

BY_TYPE: Mapping[type, frozenset[str]] = {
    Tensor: tensors.ATTRIBUTES | tensors.METHODS,
    nn.Parameter: tensors.ATTRIBUTES | tensors.METHODS,
    str: objects.TEXT,
    list: objects.LIST,
    tuple: objects.TUPLE,
    dict: objects.DICT,
    set: objects.SET,
    int: objects.INTEGER,
    bool: objects.INTEGER,
    float: objects.FLOAT,
    complex: objects.COMPLEX,
    torch.Size: objects.SIZE,
    torch.dtype: objects.DTYPE,
    torch.device: objects.DEVICE,
    torch.finfo: objects.LIMITS,
    torch.iinfo: objects.LIMITS,
    torch.Generator: objects.GENERATOR,
    np.ndarray: objects.ARRAY,
}

BY_BASE: tuple[tuple[type, frozenset[str]], ...] = (
    (FunctionCtx, objects.CONTEXT),
    (Optimizer, objects.OPTIMIZER),
    (LRScheduler, objects.SCHEDULER),
    (OrderedDict, objects.DICT),
    (np.generic, objects.ARRAY),
)
"""Of types that are made from one of these; a node of a custom Function is a context too."""


def is_allowed(value: Any, name: str) -> bool:
    """Whether a program may read `value.name`."""
    kind = type(value)
    if name.startswith("_"):
        return False
    if kind in BY_TYPE:
        return name in BY_TYPE[kind]
    if isinstance(value, nn.Module):
        return _is_of_module(value, name)
    if isinstance(value, Class):
        return name == "apply" and issubclass(value.made, torch.autograd.Function)
    own = vars(value) if isinstance(value, FunctionCtx) else ()
    return (
        name in own
        or any(name in names for base, names in BY_BASE if isinstance(value, base))
        or (
            name in objects.NODE
            if is_node(value)
            else name in objects.RESULT and kind.__module__ == "torch.return_types"
        )
    )


def is_node(value: Any) -> bool:
    """Whether this is a node of torch's backward graph."""
    return hasattr(type(value), "next_functions")


def _is_of_module(module: nn.Module, name: str) -> bool:
    """What a layer has beside torch's methods: what it holds, and what the program's own class defines."""
    own = vars(module)
    if name in own or any(name in own.get(kind, ()) for kind in ("_parameters", "_buffers", "_modules")):
        return True
    if name in objects.MODULE or name in objects.MODULE_ATTRIBUTES:
        return True
    return any(name in vars(kind) for kind in type(module).__mro__ if kind.__module__ == "__main__")


def can_set(value: Any, name: str) -> bool:
    """Whether a program may write `value.name = ...`."""
    if name.startswith("_"):
        return False
    if isinstance(value, Tensor):
        return name in tensors.SETTABLE
    if isinstance(value, nn.Module):
        return name not in objects.MODULE or name == "forward"
    if isinstance(value, FunctionCtx):
        return name not in objects.CONTEXT
    return False


def type_name(value: Any) -> str:
    """What Python calls the type of a value in its messages."""
    if isinstance(value, Function):
        return "function"
    return "type" if isinstance(value, Class) else type(value).__name__
