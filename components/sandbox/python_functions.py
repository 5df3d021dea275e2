"""Python's own functions in the playground, held to the budget."""

import builtins
from collections.abc import Callable, Iterable
from typing import Any

from components.sandbox.access import is_allowed, type_name
from components.sandbox.budget import ENTRIES, MOST_DIGITS, MOST_ENTRIES, Budget, check_length
from components.sandbox.errors import LimitError
from components.sandbox.operators import power
from components.sandbox.printing import formatted, text_of
from components.sandbox.values import Class, Function, TypeName, unwrapped


def bounded_range(*args: Any) -> range:
    """`range`, no longer than a list may be."""
    turns = range(*args)
    try:
        check_length(turns)
    except OverflowError:
        raise LimitError(ENTRIES) from None
    return turns


def bounded_int(*args: Any, **kwargs: Any) -> int:
    """`int`, of texts that Python reads in short time."""
    if args and isinstance(args[0], str) and len(args[0]) > MOST_DIGITS and len(args) + len(kwargs) > 1:
        raise LimitError(f"A text of more than {MOST_DIGITS:,} digits is not read as an integer.")
    return int(*args, **kwargs)


def bounded_pow(base: Any, exponent: Any, modulus: Any = None) -> Any:
    """`pow`."""
    return power(base, exponent) if modulus is None else pow(base, exponent, modulus)


def kind_of(*args: Any) -> Any:
    """`type(x)`: its name."""
    if len(args) != 1:
        raise TypeError("type() takes 1 argument here")
    return TypeName(type(args[0]) if not isinstance(args[0], Function | Class) else type(kind_of))


def is_instance(value: Any, kinds: Any) -> bool:
    """`isinstance`, of the types that are named in a program."""
    every = kinds if isinstance(kinds, tuple) else (kinds,)
    found: list[type] = []
    for kind in every:
        made = kind.made if isinstance(kind, Class) else kind.kind if isinstance(kind, Function) else None
        if made is None:
            raise TypeError("isinstance() arg 2 must be a type, a tuple of types, or a union")
        found.append(made)
    return isinstance(value, tuple(found))


def has_attribute(value: Any, name: str) -> bool:
    """`hasattr`, as far as a program may read."""
    return isinstance(name, str) and is_allowed(value, name) and hasattr(value, name)


def with_key(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of Python's that may take `key=`: a function of the program's."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if "key" in kwargs:
            kwargs["key"] = unwrapped(kwargs["key"])
        return function(*args, **kwargs)

    return call


def mapped(function: Any, *iterables: Iterable[Any]) -> Any:
    """`map`."""
    if not isinstance(function, Function | Class):
        raise TypeError(f"'{type_name(function)}' object is not callable")
    return map(function.function if isinstance(function, Function) else function.made, *iterables)


def filtered(function: Any, iterable: Iterable[Any]) -> Any:
    """`filter`."""
    return filter(unwrapped(function), iterable)


def made_of(kind: type, budget: Budget) -> Callable[..., Any]:
    """A list, a tuple, a set or a dictionary of what is handed over, entry by entry."""

    def make(*args: Any, **kwargs: Any) -> Any:
        entries = [_counted(argument, budget) if not isinstance(argument, dict) else argument for argument in args]
        return kind(*entries, **kwargs)

    return make


def _counted(entries: Any, budget: Budget) -> Iterable[Any]:
    if hasattr(entries, "__len__") and len(entries) > MOST_ENTRIES:
        raise LimitError(ENTRIES)
    return _steps(iter(entries), budget)


def _steps(entries: Iterable[Any], budget: Budget) -> Iterable[Any]:
    for entry in entries:
        budget.step(budget.line)
        yield entry


PLAIN = (
    *("abs", "all", "any", "ascii", "bin", "bool", "chr", "complex", "divmod", "enumerate", "float", "hex", "len"),
    *("next", "oct", "ord", "reversed", "round", "slice", "sum", "zip", "bytes"),
)
"""Taken as they are."""


def builtin_functions(budget: Budget, write: Callable[..., None]) -> dict[str, Any]:
    """By name, all of Python's functions that a program has."""
    own: dict[str, Callable[..., Any]] = {
        "print": write,
        "range": bounded_range,
        "pow": bounded_pow,
        "isinstance": is_instance,
        "hasattr": has_attribute,
        "type": kind_of,
        "min": with_key(min),
        "max": with_key(max),
        "sorted": with_key(sorted),
        "map": mapped,
        "filter": filtered,
        "repr": lambda value: text_of(value, repr),
        "format": lambda value, spec="": formatted(value, -1, spec),
    }
    found: dict[str, Any] = {name: Function(name, function) for name, function in own.items()}
    found |= {name: Function(name, getattr(builtins, name)) for name in PLAIN}
    found |= {kind.__name__: Function(kind.__name__, made_of(kind, budget), kind) for kind in (list, tuple, set, dict)}
    found["frozenset"] = Function("frozenset", made_of(frozenset, budget), frozenset)
    found["int"] = Function("int", bounded_int, int)
    found["range"].kind = range
    found["str"] = Function("str", text, str)
    found["bytes"] = Function("bytes", bounded_bytes, bytes)
    return found | {"NotImplemented": NotImplemented, "Ellipsis": Ellipsis}


def text(*args: Any) -> str:
    """`str`."""
    return text_of(args[0]) if len(args) == 1 else str(*args)


def bounded_bytes(*args: Any) -> bytes:
    """`bytes`, not too many."""
    if args and isinstance(args[0], int):
        check_length(range(max(0, args[0])) if args[0] < 2**62 else range(MOST_ENTRIES + 1))
    return bytes(*args)
