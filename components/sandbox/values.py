"""What stands in a program for functions, types and classes: objects of ours, which have nothing to reach through."""

from collections.abc import Callable
from typing import Any


class Function:
    """A function of torch's, Python's or the program's, as a value: it can be called, passed on and printed.

    `function` is what is called; `kind` the type that `isinstance` compares with (None: it is no type).
    """

    __slots__ = ("function", "kind", "name")

    def __init__(self, name: str, function: Callable[..., Any], kind: type | None = None) -> None:
        self.name, self.function = name, function
        self.kind = kind if kind is not None else function if isinstance(function, type) else None

    def __repr__(self) -> str:
        if self.kind is not None:
            return f"<class '{self.name}'>"
        return f"<function {self.name}>"


class LibraryFunction(Function):
    """One of torch's, math's or copy's."""

    __slots__ = ()


class Class:
    """A class that the program has written; `made` is torch's own class of it."""

    __slots__ = ("made", "name")

    def __init__(self, name: str, made: type) -> None:
        self.name, self.made = name, made

    def __repr__(self) -> str:
        return f"<class '__main__.{self.name}'>"


class TypeName:
    """What `type(x)` gives: the name of a type, to be printed and compared, and no type."""

    __slots__ = ("kind",)

    def __init__(self, kind: type) -> None:
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        if isinstance(other, TypeName):
            return self.kind is other.kind
        if isinstance(other, Function):
            return self.kind is other.kind
        return isinstance(other, Class) and self.kind is other.made

    def __hash__(self) -> int:
        return hash(self.kind)

    @property
    def name(self) -> str:
        """The type's own name, without its module."""
        return self.kind.__name__

    def __repr__(self) -> str:
        module = self.kind.__module__
        return f"<class '{self.name}'>" if module == "builtins" else f"<class '{module}.{self.kind.__qualname__}'>"


def unwrapped(value: Any) -> Any:
    """The Python function inside a function of the program's, for what torch calls back; anything else as it is."""
    return value.function if isinstance(value, Function) else value
