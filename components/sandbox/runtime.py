"""What a program's transformed tree calls: the only ways from a program to a value, a call or an attribute."""

import builtins
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from components.optimizer_step import step_of
from components.sandbox import access
from components.sandbox.access import can_set, is_allowed, type_name
from components.sandbox.budget import ENTRIES, MOST_ENTRIES, MOST_WIDTH, WIDTH, Budget, check_length
from components.sandbox.errors import LimitError
from components.sandbox.library import resolve
from components.sandbox.notes import Notes
from components.sandbox.operators import BINARY, IN_PLACE, check_widths, checked, fields_of, reaches_inside
from components.sandbox.printing import Printer, check_leaves, formatted
from components.sandbox.python_functions import builtin_functions
from components.sandbox.recorder import Recorder
from components.sandbox.tables.objects import EXCEPTIONS
from components.sandbox.transform import helper
from components.sandbox.values import Class, Function, LibraryFunction, TypeName, unwrapped
from components.why.trace import Asked, options_of

LONGEST_NAME = 40
"""Characters of a name in the graph."""

CALLED_BACK = frozenset(("register_hook", "apply", "step", "sort"))
"""Methods that call a function of the program's."""


class Runtime:
    """One run's functions, budget, printer and recorder. `namespace` is the program's, with what it needs.

    A run that `keeps` nothing leaves its namespace alone; with `folds` its graphs can be folded.
    """

    def __init__(self, paths: Iterable[str], budget: Budget, keeps: bool = True, folds: bool = False) -> None:
        self.budget, self.printer, self.notes = budget, Printer(budget), Notes()
        self.namespace: dict[str, Any] = {"__name__": "__main__"}
        self.recorder = Recorder(budget, self.namespace, keeps, folds)
        self.trace = self.recorder.trace
        self.namespace |= builtin_functions(budget, self.printer.write)
        self.defaults = dict(self.namespace)
        self.namespace["__builtins__"] = {"__build_class__": self.build_class, "AssertionError": AssertionError}
        own: dict[str, Any] = {
            "step": budget.step,
            "call": self.call,
            "method": self.method,
            "attribute": self.attribute,
            "set_attribute": self.set_attribute,
            "in_place": self.in_place,
            "in_place_attribute": self.in_place_attribute,
            "in_place_item": self.in_place_item,
            "format": formatted,
            "function": Function,
            "named_function": lambda name: partial(Function, name),
            "turns": self.turns,
            "made": self.made,
            "shown": self.shown,
            "super": self.super_call,
            "type_name": lambda value: value.name if isinstance(value, TypeName) else type_name(value),
            "slice": slice,
            "checked": checked,
            "checked_list": lambda value: checked(value) if isinstance(value, list) else value,
            "staticmethod": staticmethod,
            **BINARY,
            **{name: getattr(builtins, name) for name in EXCEPTIONS},
            "torch.nn.Module": nn.Module,
            "torch.autograd.Function": torch.autograd.Function,
        }
        self.namespace |= {helper(name): value for name, value in own.items()}
        for path in paths:
            self.namespace.setdefault(helper(path), self.of_library(path))

    def of_library(self, path: str) -> Any:
        """What a path of a library's stands for in this run."""
        if path == "torch.autograd.grad":
            return Function("grad", self.grad)
        if path == "torch.autograd.backward":
            return Function("backward", self.backward_of)
        return resolve(path)

    # calls

    def call(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """`function(*args, **kwargs)`."""
        if isinstance(function, LibraryFunction):
            if args and function.name.startswith("clip_grad"):
                args = (list(args[0]) if isinstance(args[0], Iterator) else args[0], *args[1:])
                self.trace.clipped(self.budget.line, args[0])
            made = function.function(*_values(args), **_named_values(kwargs))
            if isinstance(made, Optimizer):
                self.trace.optimized(self.budget.line, made, "made")
            return made
        if isinstance(function, Function):
            return function.function(*args, **kwargs)
        if isinstance(function, Class):
            return function.made(*args, **kwargs)
        if isinstance(function, nn.Module):
            return function(*args, **kwargs)
        raise TypeError(f"'{type_name(function)}' object is not callable")

    def method(self, value: Any, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """`value.name(*args, **kwargs)`."""
        self.check(value, name)
        if isinstance(value, Tensor) and name == "backward":
            return self.backward(value, *args, **kwargs)
        if isinstance(value, Class):
            return value.made.apply(*args, **kwargs)  # type: ignore[attr-defined]  # a Function, by `check`
        is_step = name == "step" and not args
        if (is_step or name == "zero_grad") and isinstance(value, Optimizer | nn.Module):
            self.trace.optimized(self.budget.line, value, name)
        if isinstance(value, Optimizer) and name == "step":
            return self.step(value, *args)
        if isinstance(value, str):
            self.check_text(value, name, args)
        function = getattr(value, name)
        if isinstance(function, Function | Class | nn.Module) or not callable(function):
            return self.call(function, *args, **kwargs)
        if name in CALLED_BACK:
            args, kwargs = tuple(map(unwrapped, args)), {key: unwrapped(v) for key, v in kwargs.items()}
        if name == "tolist" and isinstance(value, Tensor) and value.numel() > MOST_ENTRIES:
            raise LimitError(ENTRIES)
        result = function(*_values(args), **_named_values(kwargs))
        if isinstance(value, list):
            check_length(value)
        return checked(result) if isinstance(result, str) else result

    def step(self, optimizer: Optimizer, *closure: Any) -> Any:
        """`optimizer.step(...)`; the passes of a closure are made before its step."""
        optimizer._opt_called = True  # type: ignore[attr-defined]  # what a scheduler looks for
        result = step_of(optimizer)(*map(unwrapped, closure))
        if closure:
            self.trace.optimized(self.budget.line, optimizer, "step")
        return result

    def attribute(self, value: Any, name: str) -> Any:
        """`value.name`."""
        self.check(value, name)
        if isinstance(value, Class):
            return Function(name, partial(self.method, value, name))
        found = getattr(value, name)
        if name == "grad" and isinstance(value, Tensor):
            self.trace.read(self.budget.line, value, found)
        if (
            callable(found)
            and not isinstance(found, Function | Class | nn.Module | Tensor | torch.dtype)
            and not access.is_node(found)
        ):
            return Function(name, partial(self.method, value, name))
        return found

    def check(self, value: Any, name: str) -> None:
        """Raises AttributeError, in Python's words, where a program may not read this."""
        if is_allowed(value, name):
            return
        kind = type_name(value)
        if isinstance(value, nn.Module):
            raise AttributeError(f"'{kind}' object has no attribute '{name}'")
        where = " in the playground" if not isinstance(value, Function | Class) and hasattr(value, name) else ""
        raise AttributeError(f"'{kind}' object has no attribute '{name}'{where}")

    def set_attribute(self, value: Any, name: str, new: Any) -> None:
        """`value.name = new`."""
        if not can_set(value, name):
            raise AttributeError(f"'{type_name(value)}' object has no attribute '{name}' that can be set here")
        setattr(value, name, new)
        self.trace.wrote(self.budget.line, value, name, new)

    def check_text(self, value: str, name: str, args: tuple[Any, ...]) -> None:
        """Raises LimitError where a method of a text would make too long a one."""
        if name in ("center", "ljust", "rjust", "zfill") and args and isinstance(args[0], int) and args[0] > MOST_WIDTH:
            raise LimitError(WIDTH)
        texts = [arg for arg in args if isinstance(arg, str)]
        if name == "replace" and len(texts) > 1:
            many = value.count(texts[0]) if texts[0] else len(value) + 1
            if len(value) + many * len(texts[1]) > MOST_ENTRIES:
                raise LimitError(ENTRIES)
        joined = args[0] if name == "join" and args and isinstance(args[0], list | tuple) else ()
        if sum(len(value) + len(part) for part in joined if isinstance(part, str)) > MOST_ENTRIES:
            raise LimitError(ENTRIES)
        if name == "format":
            if reaches_inside(value):
                raise ValueError("a field of format that reaches into its value is not read in the playground")
            check_widths(fields_of(value), tuple(arg for arg in args if isinstance(arg, int)))

    # assignments

    def made(self, line: int, name: str, value: Any) -> Any:
        """The value that a line gives to a name, noted for the end of the line."""
        if not self.recorder.keeps:
            return value
        self.trace.bound(line, name, value)
        with self.recorder.paused():
            self.notes.made(line, name, value)
            if name and isinstance(value, Tensor):
                self.recorder.note_name(name[:LONGEST_NAME], value)
        return value

    def shown(self, line: int, value: Any) -> None:
        """Notes the value of an expression that stands alone."""
        if value is not None:
            self.made(line, "", value)

    def in_place(self, operator: str, old: Any, value: Any) -> Any:
        """`old += value` and its like."""
        return IN_PLACE[operator](old, value)

    def in_place_attribute(self, operator: str, value: Any, name: str, other: Any) -> None:
        """`value.name += other`."""
        self.set_attribute(value, name, IN_PLACE[operator](self.attribute(value, name), other))

    def in_place_item(self, operator: str, value: Any, key: Any, other: Any) -> None:
        """`value[key] += other`."""
        value[key] = IN_PLACE[operator](value[key], other)

    def turns(self, values: Iterable[Any]) -> Iterator[Any]:
        """What a comprehension goes through, counted."""
        for value in values:
            self.budget.step(self.budget.line)
            yield value

    # classes

    def build_class(self, body: Callable[..., Any], name: str, base: Any) -> Class:
        """`class name(base)`."""
        made = builtins.__build_class__(body, name, base.made if isinstance(base, Class) else base)
        return Class(name, made)

    def super_call(self, own: type, value: Any, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """`super().name(*args, **kwargs)`."""
        return getattr(super(own, value), name)(*args, **kwargs)

    # backward passes

    def backward(self, root: Tensor, *args: Any, **kwargs: Any) -> None:
        """`root.backward(...)`."""
        asked = Asked("backward", [root], [], options_of(args, kwargs))
        self.recorder.backward(partial(root.backward, *args, **kwargs), asked)

    def backward_of(self, tensors: Any, *args: Any, **kwargs: Any) -> None:
        """`torch.autograd.backward(tensors, ...)`."""
        function = partial(torch.autograd.backward, tensors, *args, **kwargs)
        self.recorder.backward(function, Asked("autograd.backward", _tensors(tensors), [], options_of(args, kwargs)))

    def grad(self, outputs: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """`torch.autograd.grad(outputs, inputs, ...)`."""
        function = partial(torch.autograd.grad, outputs, inputs, *args, **kwargs)
        asked = Asked("autograd.grad", _tensors(outputs), _tensors(inputs), options_of(args, kwargs))
        return self.recorder.backward(function, asked)


def _tensors(value: Any) -> list[Tensor]:
    every = value if isinstance(value, list | tuple) else [value]
    return [tensor for tensor in every if isinstance(tensor, Tensor)]


_PLAIN_TYPES = (int, float, bool, complex)


def _value(value: Any) -> Any:
    """`float` as a dtype is Python's own type to torch."""
    return value.kind if isinstance(value, Function) and value.kind in _PLAIN_TYPES else value


def _values(args: tuple[Any, ...]) -> tuple[Any, ...]:
    has_kinds = False
    for arg in args:
        if isinstance(arg, list | tuple):
            check_leaves(arg)
        has_kinds = has_kinds or isinstance(arg, Function)
    return tuple([_value(arg) for arg in args]) if has_kinds else args


def _named_values(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in kwargs.items()} if kwargs else kwargs
