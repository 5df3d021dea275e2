"""What is chosen, and how an address spells it: one table reads and writes both ways."""

import math
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeGuard

from components.engine.losses import DTYPES, LOSSES
from components.engine.neuron import Inputs

LONGEST_SHOWN = 24
"""Characters of a visitor's text that a message repeats."""

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


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
            kept = write(self.default)
            return self.default, f"{self.name} = “{shown(text)}” is not a number; {self.name} is {kept}, its default."
        return self.snap(value, text)

    def snap(self, value: float, text: str = "") -> tuple[float, str]:
        """The nearest allowed value to a finite number, and one sentence where that is another one."""
        said = shown(text or write(value))
        for end, beyond, word in ((self.minimum, -1, "smallest"), (self.maximum, 1, "largest")):
            if (value - float(end)) * beyond > 0:
                return float(end), f"{self.name} = {said} is out of range; {self.name} is {end}, the {word} value."
        steps = (Decimal(repr(value)) / Decimal(self.step)).to_integral_value(ROUND_HALF_UP)
        nearest = float(steps * Decimal(self.step)) + 0.0
        if nearest == value:
            return nearest, ""
        return nearest, f"{self.name} = {said} is between two steps; {self.name} is {write(nearest)}, the nearer one."


NEURON: tuple[Parameter, ...] = (
    Parameter("x", "input", "-10", "10", "0.1", 6.7),
    Parameter("w", "weight", "-5", "5", "0.01", 1.0),
    Parameter("b", "bias", "-10", "10", "0.1", 0.0),
    Parameter("y", "label", "0", "1", "1", 0.0),
)

CHOICES = {"loss": tuple(LOSSES), "dtype": tuple(DTYPES)}
"""What is chosen by name; the first of each is the default."""

PRESETS: Mapping[str, Inputs] = {
    "the notebook": Inputs(),
    "undecided": Inputs(x=2.0, w=0.0, b=0.0, y=1.0),
    "right and sure": Inputs(x=6.7, w=1.0, b=0.0, y=1.0),
    "wrong and sure": Inputs(x=2.0, w=-4.0, b=0.0, y=1.0),
}
"""Named starting points; the first is where Reset goes."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a graph is looked at: `view` (full, concept, or "" for what suits the screen), ids of `opened` groups, the
    selected part's id (`node`, "" for none), the step of the walk (None outside it), and the central difference's `h`.
    """

    view: str = ""
    opened: tuple[str, ...] = ()
    node: str = ""
    step: int | None = None
    h: str = "1e-5"


WIDTHS = ("1e-5", *(f"1e-{digits}" for digits in range(1, 14) if digits != 5))
"""Steps of the central difference that can be chosen; the first is the default."""

VIEWS = ("full", "concept")
LONGEST_ID = 80


def parse(text: str) -> float | None:
    """The finite number that `text` spells in plain ASCII decimals, or None."""
    if len(text) > 64 or not _DECIMAL.fullmatch(text.strip(" ")):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def write(value: float) -> str:
    """The shortest text that reads back as the same number; whole numbers without a point."""
    return str(int(value)) if value == int(value) else repr(value)


def shown(text: str) -> str:
    """A visitor's text as it can stand in one line: cut to length, without control characters and the like."""
    text = "".join(c if c.isprintable() else "�" for c in text[: LONGEST_SHOWN + 1])
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def read_inputs(address: Mapping[str, Sequence[str]]) -> tuple[Inputs, tuple[str, ...]]:
    """The inputs that an address asks for, and a sentence for each parameter that had to be changed."""
    values, notices = {}, []
    for parameter in NEURON:
        texts = address.get(parameter.name, ())
        values[parameter.name], notice = _read_one(parameter, texts)
        notices += [notice] if notice else []
    chosen = {}
    for name, options in CHOICES.items():
        chosen[name], notice = _read_choice(name, options, address.get(name, ()))
        notices += [notice] if notice else []
    return _inputs(values, chosen), tuple(notices)


def write_inputs(inputs: Inputs) -> dict[str, str | None]:
    """The inputs as address parameters; None where the default says the same without a word."""
    values = {p.name: getattr(inputs, p.name) for p in NEURON}
    said = {p.name: None if values[p.name] == p.default else write(values[p.name]) for p in NEURON}
    chosen = {name: getattr(inputs, name) for name in CHOICES}
    return said | {name: None if text == CHOICES[name][0] else text for name, text in chosen.items()}


def read_look(address: Mapping[str, Sequence[str]]) -> tuple[Look, tuple[str, ...]]:
    """The look that an address asks for, and a sentence for each parameter that says nothing that can be shown."""
    given = {name: address[name] for name in ("view", "open", "node", "step") if address.get(name)}
    notices = [
        f"{name} is given {len(texts)} times; it is left out." for name, texts in given.items() if len(texts) > 1
    ]
    texts = {name: texts[0] for name, texts in given.items() if len(texts) == 1}
    view, step = texts.get("view", ""), texts.get("step", "")
    if view not in ("", *VIEWS):
        notices.append(f"view = “{shown(view)}” is neither full nor concept; the usual view is shown.")
        view = ""
    if step and not re.fullmatch(r"\d{1,5}", step, re.ASCII):
        notices.append(f"step = “{shown(step)}” is not a step of the walk; the walk is not begun.")
        step = ""
    h, notice = _read_choice("h", WIDTHS, address.get("h", ()))
    opened = tuple(name for name in texts.get("open", "").split(",") if name)[:8]
    notices += [notice] if notice else []
    return Look(view, opened, texts.get("node", ""), int(step) if step else None, h), tuple(notices)


def write_look(look: Look) -> dict[str, str | None]:
    """The look as address parameters; None where nothing needs to be said."""
    return {
        "view": look.view or None,
        "open": ",".join(look.opened) or None,
        "node": look.node or None,
        "step": None if look.step is None else str(look.step),
        "h": None if look.h == WIDTHS[0] else look.h,
    }


def look_from(said: object) -> Look:
    """The look that an event describes; whatever is not of its kind is left out."""
    look = said if isinstance(said, Mapping) else {}
    view, opened, node, step, h = (look.get(name) for name in ("view", "opened", "node", "step", "h"))
    return Look(
        view=view if view in VIEWS else "",
        opened=tuple(name[:LONGEST_ID] for name in opened[:8] if isinstance(name, str))
        if isinstance(opened, list)
        else (),
        node=node[:LONGEST_ID] if isinstance(node, str) else "",
        step=step if type(step) is int and 0 <= step < 10**5 else None,
        h=h if h in WIDTHS else WIDTHS[0],
    )


def inputs_from(values: object) -> Inputs | None:
    """Inputs from an event's values; None where they are not four numbers; a choice that is none is the default."""
    if not isinstance(values, Mapping):
        return None
    read = {}
    for parameter in NEURON:
        number = values.get(parameter.name)
        if not _is_finite(number):
            return None
        read[parameter.name] = parameter.snap(float(number))[0]
    return _inputs(read, {name: str(values.get(name)) for name in CHOICES})


def _inputs(values: Mapping[str, float], chosen: Mapping[str, str]) -> Inputs:
    loss, dtype = (chosen[name] if chosen[name] in options else options[0] for name, options in CHOICES.items())
    return Inputs(values["x"], values["w"], values["b"], values["y"], loss, dtype)


def _read_choice(name: str, options: tuple[str, ...], texts: Sequence[str]) -> tuple[str, str]:
    if not texts or (len(texts) == 1 and texts[0] in options):
        return (*texts, options[0])[0], ""
    said = (
        f"is given {len(texts)} times" if len(texts) > 1 else f"= “{shown(texts[0])}” is none of {', '.join(options)}"
    )
    return options[0], f"{name} {said}; {name} is {options[0]}, its default."


def _is_finite(number: object) -> TypeGuard[int | float]:
    if isinstance(number, bool) or not isinstance(number, int | float):
        return False
    return abs(number) <= sys.float_info.max  # false for nan too


def _read_one(parameter: Parameter, texts: Sequence[str]) -> tuple[float, str]:
    if not texts:
        return parameter.default, ""
    if len(texts) > 1:
        kept = write(parameter.default)
        return (
            parameter.default,
            f"{parameter.name} is given {len(texts)} times; {parameter.name} is {kept}, its default.",
        )
    return parameter.read(texts[0])
