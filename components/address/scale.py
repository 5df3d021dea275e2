"""Numbers on a logarithmic scale: as many significant digits everywhere, a factor between two steps."""

import math
from dataclasses import dataclass

from components.address.fields import is_finite, parse, shown, write


@dataclass(frozen=True, slots=True)
class Scale:
    """A positive number of `digits` significant digits, under one name in addresses, sliders and fields.

    `minimum` and `maximum` are powers of ten; `part` names the part of the page where it is set ("": the sliders).
    """

    name: str
    meaning: str
    minimum: str
    maximum: str
    digits: int
    default: float
    part: str = ""

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
        """The allowed value nearest to what an event says, and one sentence where a typed one is changed."""
        if not isinstance(said, str):
            return (self.snap(float(said))[0] if is_finite(said) else current), ""
        value = parse(said)
        if value is None:
            return current, f"{self.name} = “{shown(said)}” is not a number; {self.name} stays {write(current)}."
        return self.snap(value, said)

    def snap(self, value: float, text: str = "") -> tuple[float, str]:
        """The nearest allowed value to a finite number, and one sentence where that is another one."""
        said = shown(text.strip() or write(value))
        for end, beyond, word in ((self.minimum, -1, "smallest"), (self.maximum, 1, "largest")):
            if (value - float(end)) * beyond > 0:
                return float(end), f"{self.name} = {said} is out of range; {self.name} is {end}, the {word} value."
        nearest = float(f"{value:.{self.digits}g}")
        if nearest == value:
            return nearest, ""
        return nearest, f"{self.name} = {said} has more than {self.digits} digits; {self.name} is {write(nearest)}."

    def is_default(self, value: object) -> bool:
        """Whether an address need not say it."""
        return value == self.default

    @property
    def fallback_notice(self) -> str:
        """Second half of the error message: the value used instead."""
        return f"{self.name} is {write(self.default)}, its default."

    @property
    def powers(self) -> tuple[float, float]:
        """The exponents of ten between which a slider moves."""
        return math.log10(float(self.minimum)), math.log10(float(self.maximum))
