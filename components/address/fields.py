"""Kinds of things that are set on a page, and how an address spells them: each reads and writes, forgiving."""

import math
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol, TypeGuard

LONGEST_SHOWN = 24
"""Characters of a visitor's text that a message repeats."""

LONGEST_NUMBER = 64
"""Characters of a text that may be a number."""

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_IN_PARENTHESES = re.compile(r"\(\s*([+-][^()]*)\)")
_UNSEEN = dict.fromkeys((*range(0x200B, 0x2010), 0x202A, 0x202C, 0x2060, 0x2066, 0x2068, 0x2069, 0xFEFF))
"""Marks without a width that do not turn the direction of digits: zero-width spaces, isolates, a byte order mark."""
_MINUS_SIGNS = dict.fromkeys((*range(0x2010, 0x2014), 0x2212, 0xFE63), "-")
"""Hyphens, figure dash, en dash, minus sign. A soft hyphen may be either nothing or a minus: it is none of these."""
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_AS_ASCII = {**_UNSEEN, **_MINUS_SIGNS, **_FULL_WIDTH}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number with a range and a step, all exact decimals, under one name in addresses, sliders and fields.

    `part` names the part of the page where it is set ("": among the sliders), `word` is what an address says instead of
    the smallest value ("": its digits).
    """

    name: str
    meaning: str
    minimum: str
    maximum: str
    step: str
    default: float
    part: str = ""
    word: str = ""

    @property
    def decimals(self) -> int:
        """Digits after the point that tell two steps apart."""
        return max(0, -int(Decimal(self.step).as_tuple().exponent))

    def read(self, text: str) -> tuple[float, str]:
        """The value nearest to what `text` says, and one sentence where that is not the same ("" where it is)."""
        if self.word and text == self.word:
            return float(self.minimum), ""
        value = parse(text)
        if value is None:
            return self.default, f"{self.name} = “{shown(text)}” is not a number; {self.fallback_notice}"
        return self.snap(value, text)

    def spell(self, value: float) -> str:
        """The value as an address says it."""
        return self.word if self.word and value == float(self.minimum) else write(value)

    def take(self, said: object, current: float) -> tuple[float, str]:
        """The allowed value nearest to what an event says, a number or a text as typed, and one sentence where a typed
        one is changed; `current` where it is none.
        """
        if isinstance(said, str):
            return self._take_typed(said, current)
        return (self.snap(float(said))[0] if is_finite(said) else current), ""

    def _take_typed(self, text: str, current: float) -> tuple[float, str]:
        value = parse(text)
        if value is None:
            return current, f"{self.name} = “{shown(text)}” is not a number; {self.name} stays {write(current)}."
        return self.snap(value, text)

    def is_default(self, value: object) -> bool:
        """Whether an address need not say it."""
        return value == self.default

    @property
    def fallback_notice(self) -> str:
        """Second half of the error message: the value used instead."""
        return f"{self.name} is {write(self.default)}, its default."

    def snap(self, value: float, text: str = "") -> tuple[float, str]:
        """The nearest allowed value to a finite number, and one sentence where that is another one."""
        said = shown(text.translate(_UNSEEN).strip() or write(value))
        for end, beyond, word in ((self.minimum, -1, "smallest"), (self.maximum, 1, "largest")):
            if (value - float(end)) * beyond > 0:
                return float(end), f"{self.name} = {said} is out of range; {self.name} is {end}, the {word} value."
        steps = (Decimal(repr(value)) / Decimal(self.step)).to_integral_value(ROUND_HALF_UP)
        nearest = float(steps * Decimal(self.step)) + 0.0
        if nearest == value:
            return nearest, ""
        return nearest, f"{self.name} = {said} is between two steps; {self.name} is {write(nearest)}, the nearer one."


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several names; the first is the default. `titles` say them in full.

    `is_control` tells that a starting point sets it too; `part` names the part of the page where such a one is chosen
    ("": beside the sliders). `label` is what stands before it ("": its name).
    """

    name: str
    titles: Mapping[str, str]
    is_control: bool = True
    part: str = ""
    label: str = ""

    @property
    def options(self) -> tuple[str, ...]:
        """The names that can be chosen."""
        return tuple(self.titles)

    @property
    def default(self) -> str:
        """What is chosen where nobody chose."""
        return self.options[0]

    def read(self, text: str) -> tuple[str, str]:
        """The name that `text` says, or the default and one sentence."""
        if text in self.titles:
            return text, ""
        return (
            self.default,
            f"{self.name} = “{shown(text)}” is none of {', '.join(filter(None, self.options))}; {self.fallback_notice}",
        )

    def spell(self, value: str) -> str:
        """The name as an address says it."""
        return value

    def take(self, said: object, current: str) -> tuple[str, str]:
        """The name that an event says; `current` where that is none."""
        return (said if isinstance(said, str) and said in self.titles else current), ""

    def is_default(self, value: object) -> bool:
        """Whether an address need not say it."""
        return value == self.default

    @property
    def fallback_notice(self) -> str:
        """Second half of the error message: the value used instead."""
        return f"{self.name} is {self.default}, its default."


@dataclass(frozen=True, slots=True)
class Names:
    """A list of short names in the order in which they came, as in `run=backward,zero`; at first there are none."""

    name: str
    most: int

    default: tuple[str, ...] = ()

    def read(self, text: str) -> tuple[tuple[str, ...], str]:
        """The names that `text` says, and one sentence where there are too many."""
        said = tuple(name.strip() for name in text.split(",") if name.strip())
        if len(said) <= self.most:
            return said, ""
        return said[: self.most], f"{self.name} has {len(said)} names; the first {self.most} are kept."

    def spell(self, value: tuple[str, ...]) -> str:
        """The names as an address says them."""
        return ",".join(value)

    def take(self, said: object, current: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
        """The names that an event says, without what is none; `current` where it is no list."""
        if not isinstance(said, list):
            return current, ""
        return tuple(name for name in said if isinstance(name, str))[: self.most], ""

    def is_default(self, value: object) -> bool:
        """Whether an address need not say it."""
        return value == self.default

    @property
    def fallback_notice(self) -> str:
        """Second half of the error message: the value used instead."""
        return "it is left out."


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that is on (`1` in an address) or off, its default."""

    name: str
    default: bool = False

    def read(self, text: str) -> tuple[bool, str]:
        """Whether `text` says on, and one sentence where it says neither."""
        if text in ("0", "1"):
            return text == "1", ""
        return self.default, f"{self.name} = “{shown(text)}” is neither 0 nor 1; {self.fallback_notice}"

    def spell(self, value: bool) -> str:
        """What an address says."""
        return "1" if value else "0"

    def take(self, said: object, current: bool) -> tuple[bool, str]:
        """What an event says; `current` where that is neither true nor false."""
        return (said if isinstance(said, bool) else current), ""

    def is_default(self, value: object) -> bool:
        """Whether an address need not say it."""
        return value == self.default

    @property
    def fallback_notice(self) -> str:
        """Second half of the error message: the value used instead."""
        return f"{self.name} is off, its default."


class Field(Protocol):
    """A kind of field: `read` takes an address's text, `take` an event's value, `spell` writes it to an address."""

    @property
    def name(self) -> str:
        """Its name in addresses and events."""

    @property
    def default(self) -> Any:
        """Its value where nobody says one."""

    @property
    def fallback_notice(self) -> str:
        """Second half of the error message: the value used instead."""

    def read(self, text: str) -> tuple[Any, str]:
        """The value that `text` says, and one sentence where it had to be changed."""

    def take(self, said: Any, current: Any) -> tuple[Any, str]:
        """The value that an event says, and one sentence where a typed one had to be changed."""

    def spell(self, value: Any) -> str:
        """The value as an address says it."""

    def is_default(self, value: Any) -> bool:
        """Whether an address need not say it."""


def parse(text: str) -> float | None:
    """The finite number that a text spells in decimals, typed, pasted or in an address; None where it is none."""
    decimal = plain(text)
    if not _DECIMAL.fullmatch(decimal):
        return None
    value = float(decimal)
    return value if math.isfinite(value) else None


def plain(text: str) -> str:
    """A number's text in ASCII, with a point; "" where it is longer than any number.

    Dashes are minus signs, full-width characters are their narrow ones, what cannot be seen is left out, and so are
    parentheses around a number with a sign, as in "2 · (−4.2)".
    """
    if len(text) > LONGEST_NUMBER:
        return ""
    narrow = text.translate(_AS_ASCII).strip()
    if found := _IN_PARENTHESES.fullmatch(narrow):
        narrow = found[1].strip()
    return narrow.replace(",", ".")


def write(value: float) -> str:
    """The shortest text that reads back as the same number; whole numbers without a point."""
    return str(int(value)) if value == int(value) else repr(value)


def shown(text: str) -> str:
    """A visitor's text as it can stand in one line: cut to length, without control characters and the like."""
    text = "".join(c if c.isprintable() else "�" for c in text[: LONGEST_SHOWN + 1])
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def said_once(address: Mapping[str, Sequence[str]], names: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """What an address says of these parameters, and a sentence for each that it gives more than once."""
    given = {name: address[name] for name in names if address.get(name)}
    notices = [
        f"{name} is given {len(texts)} times; it is left out." for name, texts in given.items() if len(texts) > 1
    ]
    return {name: texts[0] for name, texts in given.items() if len(texts) == 1}, notices


def is_finite(number: object) -> TypeGuard[int | float]:
    """Whether an event's value is a finite number."""
    if isinstance(number, bool) or not isinstance(number, int | float):
        return False
    return abs(number) <= sys.float_info.max  # false for nan too
