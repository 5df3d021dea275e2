"""Checks of what was read as JSON: each takes a value and its place, and gives what it stands for or refuses it."""

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Value = TypeVar("Value")
Check = Callable[[Any, str], Value]

NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class RefusedError(ValueError):
    """What is no recording; its text is one sentence for a visitor."""


def refuse(place: str, expected: str) -> RefusedError:
    """The refusal of a value that is not what is expected at its place."""
    return RefusedError(f"This recording cannot be read: {place or 'it'} should be {expected}.")


def text(longest: int) -> Check[str]:
    """A text, with a mark for each character that cannot be seen."""

    def check(value: Any, place: str) -> str:
        if not isinstance(value, str) or len(value) > longest:
            raise refuse(place, f"a text of at most {longest} characters")
        return value if value.isprintable() else "".join([c if c.isprintable() else "\ufffd" for c in value])

    return check


def whole(least: int, most: int) -> Check[int]:
    """A whole number within bounds."""

    def check(value: Any, place: str) -> int:
        if type(value) is not int or not least <= value <= most:
            raise refuse(place, f"a whole number from {least:,} to {most:,}")
        return value

    return check


def finite(value: Any, place: str) -> float:
    """A number that is neither infinite nor nan."""
    if type(value) is float or type(value) is int:
        return float(value)
    raise refuse(place, "a number")


def number(value: Any, place: str) -> float:
    """A number, or one of the texts for those that JSON does not know."""
    if type(value) is float:
        return value
    if isinstance(value, str) and value in NOT_FINITE:
        return NOT_FINITE[value]
    if type(value) is int:
        return float(value)
    raise refuse(place, 'a number, "nan", "inf" or "-inf"')


def nothing(value: Any, place: str) -> None:
    """Null."""
    if value is not None:
        raise refuse(place, "null")


def one_of(*texts: str) -> Check[str]:
    """One of these texts."""

    def check(value: Any, place: str) -> str:
        if not isinstance(value, str) or value not in texts:
            raise refuse(place, " or ".join([f"“{one}”" for one in texts]))
        return value

    return check


def maybe(check: Check[Value]) -> Check[Value | None]:
    """What `check` takes, or null."""
    return lambda value, place: None if value is None else check(value, place)


def many(check: Check[Value], most: int, least: int = 0) -> Check[tuple[Value, ...]]:
    """A list of what `check` takes."""

    def check_all(value: Any, place: str) -> tuple[Value, ...]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise refuse(place, f"a list of {least:,} to {most:,} entries")
        return tuple([check(entry, f"{place}[{index}]") for index, entry in enumerate(value)])

    return check_all


def fields(checks: Mapping[str, Check[Any]], optional: Mapping[str, Check[Any]] = {}) -> Check[dict[str, Any]]:
    """An object that has each of these keys, may have the optional ones, and has no other."""

    def check(value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise refuse(place, "an object")
        for key in checks:
            if key not in value:
                raise refuse(f"{place}.{key}".lstrip("."), "there")
        known = {**checks, **optional}
        for key in value:
            if key not in known:
                raise refuse(place, f"without a key “{text(40)(key[:40], place)}”")
        return {key: known[key](entry, f"{place}.{key}".lstrip(".")) for key, entry in value.items()}

    return check
