"""Lists of things that are set on a page, and how an address spells them: numbers, points, runs of an experiment."""

from dataclasses import dataclass, replace
from typing import Any

from components.address.fields import Field, Parameter, is_finite, parse, shown, write


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
        if not all(is_finite(one) or isinstance(one, str) for one in said):
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


LONGEST_RUN = 80
"""Characters of a text that may be a run."""

Point = tuple[float, float]
"""A point's x, and its label."""


@dataclass(frozen=True, slots=True)
class Points:
    """A list of labelled points, `x,label` pairs with semicolons between them; `x` and `label` are like one of each."""

    name: str
    x: Parameter
    label: Parameter
    default: tuple[Point, ...]
    most: int = 20
    separator: str = ";"

    def read(self, text: str) -> tuple[tuple[Point, ...], str]:
        """The points nearest to what `text` says, and one sentence where that is not the same ("" where it is)."""
        pairs = [pair.split(",") for pair in text.split(self.separator) if pair.strip()]
        if not 1 <= len(pairs) <= self.most:
            said = f"{self.name} has {len(pairs)} points, more than {self.most}" if pairs else f"{self.name} is empty"
            return self.default, f"{said}; {self.fallback_notice}"
        for number, pair in enumerate(pairs, 1):
            if len(pair) != 2 or any(parse(one) is None for one in pair):
                said = shown(",".join(pair))
                return self.default, f"{self.name}: point {number}, “{said}”, is no x,label; {self.fallback_notice}"
        return self._snap([(parse(x) or 0.0, parse(label) or 0.0) for x, label in pairs])

    def _snap(self, points: list[Point]) -> tuple[tuple[Point, ...], str]:
        snapped = [self._snapped(number, *point) for number, point in enumerate(points, 1)]
        notices = [notice for _, notice in snapped if notice]
        values = tuple(point for point, _ in snapped)
        if len(notices) < 2:
            return values, "".join(notices)
        return values, f"{self.name} has {len(notices)} points that are not allowed; it is {self.spell(values)}."

    def _snapped(self, number: int, x: float, label: float) -> tuple[Point, str]:
        """A point where it may be, and one sentence where that is another place."""
        (near, x_notice), (nearer, label_notice) = (
            replace(field, name=f"{field.name} of point {number}").snap(value)
            for field, value in ((self.x, x), (self.label, label))
        )
        return (near, nearer), x_notice or label_notice

    def spell(self, value: tuple[Point, ...]) -> str:
        """The points as an address says them."""
        return self.separator.join(f"{write(x)},{write(label)}" for x, label in value)

    def take(self, said: object, current: tuple[Point, ...]) -> tuple[tuple[Point, ...], str]:
        """The allowed points nearest to an event's list of pairs, of which each x may be a text as typed; `current`
        where it is no such list.
        """
        if not isinstance(said, list) or not 1 <= len(said) <= self.most or not all(map(_is_pair, said)):
            return current, ""
        before = (*current, *current[-1:] * len(said))
        taken = [
            replace(self.x, name=f"x of point {number}").take(x, old)
            for number, ((x, _), (old, _)) in enumerate(zip(said, before, strict=False), 1)
        ]
        labels = [self.label.take(label, 0.0)[0] for _, label in said]
        points = tuple((x, label) for (x, _), label in zip(taken, labels, strict=True))
        return points, " ".join(notice for _, notice in taken if notice)

    def is_default(self, value: object) -> bool:
        """Whether an address need not say it."""
        return value == self.default

    @property
    def fallback_notice(self) -> str:
        """Second half of the error message: the value used instead."""
        return f"{self.name} is {self.spell(self.default)}, its default."


def _is_pair(said: object) -> bool:
    return (
        isinstance(said, list | tuple)
        and len(said) == 2
        and (is_finite(said[0]) or isinstance(said[0], str))
        and is_finite(said[1])
    )


@dataclass(frozen=True, slots=True)
class Runs:
    """A list of further runs of an experiment, semicolons between them; a run is `name:setting:setting`.

    `fields` are a run's settings in order, the first one is its name. A setting that is empty or left out is as in the
    first run. The value of each run is its text, whole and without what is left out at its end.
    """

    name: str
    fields: tuple[Field, ...]
    most: int = 2
    separator: str = ";"

    default: tuple[str, ...] = ()

    def read(self, text: str) -> tuple[tuple[str, ...], str]:
        """The runs that `text` says, and one sentence where there are too many, or one says nothing known."""
        said = [run.strip() for run in text.split(self.separator) if run.strip()]
        read = [self._run(run) for run in said[: self.most]]
        notices = [notice for _, notice in read if notice]
        if len(said) > self.most:
            notices.insert(0, f"{self.name} has {len(said)} runs; the first {self.most} are kept.")
        return tuple(run for run, _ in read if run), notices[0] if notices else ""

    def settings(self, run: str) -> dict[str, Any]:
        """What a run sets, by the field's name."""
        texts = run.split(":")
        return {f.name: f.read(text)[0] for f, text in zip(self.fields, texts, strict=False) if text}

    def _run(self, run: str) -> tuple[str, str]:
        """A run as it is spelled here ("" where its name is unknown), and one sentence where it says something else."""
        texts = run.split(":")
        if len(texts) > len(self.fields):
            return "", f"{self.name} = “{shown(run)}” has too many settings; it is left out."
        pairs = [(f, text.strip()) for f, text in zip(self.fields, texts, strict=False)]
        read = [f.read(text) if text else (None, "") for f, text in pairs]
        if read[0][0] is None or read[0][1]:
            return "", f"{self.name} = “{shown(run)}” is no run of this experiment; it is left out."
        spelled = ["" if value is None else f.spell(value) for (f, _), (value, _) in zip(pairs, read, strict=True)]
        notice = next((notice for _, notice in read if notice), "")
        return ":".join(spelled).rstrip(":"), f"{self.name}: {notice}" if notice else ""

    def spell(self, value: tuple[str, ...]) -> str:
        """The runs as an address says them."""
        return self.separator.join(value)

    def take(self, said: object, current: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
        """The runs of an event's list, without what is none; `current` where it is no list."""
        if not isinstance(said, list):
            return current, ""
        runs = [self._run(run[:LONGEST_RUN])[0] for run in said[: self.most] if isinstance(run, str)]
        return tuple(run for run in runs if run), ""

    def is_default(self, value: object) -> bool:
        """Whether an address need not say it."""
        return value == self.default

    @property
    def fallback_notice(self) -> str:
        """Second half of the error message: the value used instead."""
        return "it is left out."
