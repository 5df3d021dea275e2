"""Kinds of things that are set on a page, and how an address spells them: each reads and writes, forgiving."""

import math
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeGuard

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
    """A number with a range and a step, all exact decimals, under one name in addresses, sliders and fields."""

    name: str
    meaning: str
    minimum: str
    maximum: str
    step: str
    default: float

    @property
    def decimals(self) -> int:
        """Digits after the point that tell two steps apart."""
        return max(0, -int(Decimal(self.step).as_tuple().exponent))

    def read(self, text: str) -> tuple[float, str]:
        """The value nearest to what `text` says, and one sentence where that is not the same ("" where it is)."""
        value = parse(text)
        if value is None:
            return self.default, f"{self.name} = “{shown(text)}” is not a number; {self.fallback_notice}"
        return self.snap(value, text)

    def spell(self, value: float) -> str:
        """The value as an address says it."""
        return write(value)

    def take(self, said: object, current: float) -> tuple[float, str]:
        """The allowed value nearest to what an event says, a number or a text as typed, and one sentence where a typed
        one is changed; `current` where it is none.
        """
        if isinstance(said, str):
            return self._take_typed(said, current)
        return (self.snap(float(said))[0] if _is_finite(said) else current), ""

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
    ("": beside the sliders).
    """

    name: str
    titles: Mapping[str, str]
    is_control: bool = True
    part: str = ""

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
class Numbers:
    """A list of numbers, each like `entry`, under one name in addresses; `entry.name` is what one of them is called.

    `of` names the list that this one is as long as (filled up with its default's first entry), `when` the choice under
    which it counts.
    """

    name: str
    entry: Parameter
    default: tuple[float, ...]
    most: int = 8
    of: str = ""
    when: tuple[str, str] | None = None

    def read(self, text: str) -> tuple[tuple[float, ...], str]:
        """The list nearest to what `text` says, and one sentence where that is not the same ("" where it is)."""
        text = text.replace("\uff0c", ",")
        count = text.count(",") + 1 if text.strip(" ") else 0
        if not 1 <= count <= self.most:
            said = f"{self.name} has {count} numbers, more than {self.most}" if count else f"{self.name} is empty"
            return self.default, f"{said}; {self.fallback_notice}"
        texts = text.split(",")
        numbers = [parse(one) for one in texts]
        for place, number in enumerate(numbers):
            if number is None:
                return (
                    self.default,
                    f"{self.name}[{place}] = “{shown(texts[place])}” is not a number; {self.fallback_notice}",
                )
        return self._snap([number for number in numbers if number is not None], texts)

    def _snap(self, numbers: list[float], texts: list[str]) -> tuple[tuple[float, ...], str]:
        snapped = [
            replace(self.entry, name=f"{self.name}[{place}]").snap(*both)
            for place, both in enumerate(zip(numbers, texts, strict=True))
        ]
        values = tuple(value for value, _ in snapped)
        notices = [notice for _, notice in snapped if notice]
        if len(notices) < 2:
            return values, "".join(notices)
        why = f"has {len(notices)} numbers out of range or between two steps"
        return values, f"{self.name} {why}; {self.name} is {self.spell(values)}."

    def spell(self, values: tuple[float, ...]) -> str:
        """The list as an address says it."""
        return ",".join(write(value) for value in values)

    def take(self, said: object, current: tuple[float, ...]) -> tuple[tuple[float, ...], str]:
        """The allowed list nearest to what an event says, entry by entry as in `Parameter.take`; `current` where it is
        no list of numbers, or too long.
        """
        if not isinstance(said, list) or not 1 <= len(said) <= self.most:
            return current, ""
        if not all(_is_finite(one) or isinstance(one, str) for one in said):
            return current, ""
        before = (*current, *(self.entry.default,) * len(said))
        entries = [replace(self.entry, name=f"{self.name}[{place}]") for place in range(len(said))]
        taken = [entry.take(*both) for entry, *both in zip(entries, said, before, strict=False)]
        return tuple(value for value, _ in taken), " ".join(notice for _, notice in taken if notice)

    def fit(self, values: tuple[float, ...], length: int) -> tuple[tuple[float, ...], str]:
        """The list cut or filled up to a length, and one sentence where that changes it."""
        if len(values) == length:
            return values, ""
        fill = self.default[0]
        fitted = (values + (fill,) * length)[:length]
        how = "cut to length" if len(values) > length else f"filled up with {write(fill)}"
        count = "1 number" if len(values) == 1 else f"{len(values)} numbers"
        return fitted, f"{self.name} has {count} where {self.of} has {length}; it is {how}."

    def is_default(self, values: tuple[float, ...]) -> bool:
        """Whether an address need not say it."""
        return values == (self.fit(self.default[:1], len(values))[0] if self.of else self.default)

    @property
    def fallback_notice(self) -> str:
        """Second half of the error message: the value used instead."""
        kept = f"all {write(self.default[0])}" if self.of else self.spell(self.default)
        return f"{self.name} is {kept}, its default."


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


Field = Parameter | Choice | Flag | Numbers | Names
"""The kinds of fields: each has `read` (an address's text), `take` (an event's value) and `spell`."""


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


def _is_finite(number: object) -> TypeGuard[int | float]:
    if isinstance(number, bool) or not isinstance(number, int | float):
        return False
    return abs(number) <= sys.float_info.max  # false for nan too
