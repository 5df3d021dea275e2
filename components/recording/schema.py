"""Checks of what was read as JSON: each takes a value, and gives what it stands for or refuses it."""

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Value = TypeVar("Value")
Check = Callable[[Any], Value]

NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class RefusedError(ValueError):
    """What is no recording; its text is one sentence for a visitor."""


class UnexpectedError(RefusedError):
    """A value that is not what is expected, at a place within what was checked."""

    def __init__(self, expected: str, place: str = "") -> None:
        super().__init__(f"This recording cannot be read: {place.lstrip('.') or 'it'} should be {expected}.")
        self.expected, self.place = expected, place

    def within(self, part: str) -> "UnexpectedError":
        """The same of what this is a part of: `[3]` of a list, `.shape` of an object."""
        return UnexpectedError(self.expected, part + self.place)


def text(longest: int) -> Check[str]:
    """A text, with a mark for each character that cannot be seen."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest:
            raise UnexpectedError(f"a text of at most {longest} characters")
        return value if value.isprintable() else "".join([c if c.isprintable() else "\ufffd" for c in value])

    return check


def whole(least: int, most: int) -> Check[int]:
    """A whole number within bounds."""

    def check(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise UnexpectedError(f"a whole number from {least:,} to {most:,}")
        return value

    return check


def finite(value: Any) -> float:
    """A number that is neither infinite nor nan."""
    if type(value) is float or type(value) is int:
        return float(value)
    raise UnexpectedError("a number")


def number(value: Any) -> float:
    """A number, or one of the texts for those that JSON does not know."""
    if type(value) is float:
        return value
    if isinstance(value, str) and value in NOT_FINITE:
        return NOT_FINITE[value]
    if type(value) is int:
        return float(value)
    raise UnexpectedError('a number, "nan", "inf" or "-inf"')


def nothing(value: Any) -> None:
    """Null."""
    if value is not None:
        raise UnexpectedError("null")


def one_of(*texts: str) -> Check[str]:
    """One of these texts."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in texts:
            raise UnexpectedError(" or ".join([f"“{one}”" for one in texts]))
        return value

    return check


def maybe(check: Check[Value]) -> Check[Value | None]:
    """What `check` takes, or null."""
    return lambda value: None if value is None else check(value)


def many(check: Check[Value], most: int, least: int = 0) -> Check[tuple[Value, ...]]:
    """A list of what `check` takes."""

    def check_all(value: Any) -> tuple[Value, ...]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise UnexpectedError(f"a list of {least:,} to {most:,} entries")
        found = list[Value]()
        try:
            for entry in value:
                found.append(check(entry))
        except UnexpectedError as error:
            raise error.within(f"[{len(found)}]") from None
        return tuple(found)

    return check_all


def fields(checks: Mapping[str, Check[Any]], optional: Mapping[str, Check[Any]] = {}) -> Check[dict[str, Any]]:
    """An object that has each of these keys, may have the optional ones, and has no other."""
    known, short = {**checks, **optional}, text(40)

    def check(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise UnexpectedError("an object")
        for key in checks:
            if key not in value:
                raise UnexpectedError("there", f".{key}")
        for key in value:
            if key not in known:
                raise UnexpectedError(f"without a key “{short(key[:40])}”")
        found, key = dict[str, Any](), ""
        try:
            for key, entry in value.items():
                found[key] = known[key](entry)
        except UnexpectedError as error:
            raise error.within(f".{key}") from None
        return found

    return check
