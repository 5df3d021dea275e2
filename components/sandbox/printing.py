"""Values as text, as Python writes them, without addresses of memory."""

import re
from collections.abc import Callable
from typing import Any

from components.sandbox.budget import ENTRIES, MOST_ENTRIES, Budget
from components.sandbox.errors import LimitError
from components.sandbox.operators import check_widths

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_CONVERSIONS: dict[int, Callable[[Any], str]] = {-1: str, ord("s"): str, ord("r"): repr, ord("a"): ascii}
MOST_LEAVES = 100_000
"""Values inside a list that is written out."""
MOST_WRITTEN_BITS = 14_000
"""Bits of an integer that has less than Python's 4,300 digits."""

CHARACTERS_A_LEAF = 16
"""Characters of a text inside a list that count as one value."""


def text_of(value: Any, write: Callable[[Any], str] = str) -> str:
    """The text of a value."""
    if isinstance(value, str):
        return write(value)
    if isinstance(value, int | float):
        return write(value)
    check_leaves(value)
    return _ADDRESS.sub("", write(value))


def written_integer(value: int) -> str:
    """An integer's digits, or for more than Python writes, how long it is."""
    return f"an integer of {value.bit_length():,} bits" if value.bit_length() > MOST_WRITTEN_BITS else str(value)


def formatted(value: Any, conversion: int, spec: str) -> str:
    """A field of an f-string."""
    check_widths(spec)
    if conversion == -1:
        return text_of(value, lambda v: format(v, spec))
    return format(text_of(value, _CONVERSIONS[conversion]), spec)


def check_leaves(value: Any) -> None:
    """Raises LimitError where a list holds so much, in lists inside it too, that its text has no end."""
    if not isinstance(value, list | tuple | dict | set | frozenset):
        return
    count, stack, above = 0, [value], set()
    while stack:
        inner = stack.pop()
        if id(inner) in above and not isinstance(inner, tuple):
            count += 1
        for entry in inner.values() if isinstance(inner, dict) else inner:
            count += 1 + (len(entry) // CHARACTERS_A_LEAF if isinstance(entry, str | bytes) else 0)
            if isinstance(entry, list | tuple | dict) and entry is not value:
                stack.append(entry)
        above.add(id(inner))
        if count > MOST_LEAVES:
            raise LimitError(ENTRIES)


class Printer:
    """Python's `print`, into a list of texts."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.texts: list[str] = []

    def write(self, *values: Any, sep: str | None = " ", end: str | None = "\n", flush: bool = False) -> None:
        """`print(*values)`."""
        del flush
        if len(values) > MOST_ENTRIES:
            raise LimitError(ENTRIES)
        separator, ending = " " if sep is None else sep, "\n" if end is None else end
        line = separator.join([text_of(value) for value in values]) + ending
        self.budget.print(line)
        self.texts.append(line)

    @property
    def text(self) -> str:
        """All that was printed."""
        return "".join(self.texts)
