"""All that can be set on one page: an address or an event on one side, one frozen record on the other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from components.address.fields import Choice, Field, Parameter
from components.address.lists import Numbers
from components.address.scale import Scale

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Form(Generic[Record]):
    """All that can be set on one page: its fields by name, and the frozen record that they make.

    `settle` makes fields fit each other: the record that comes of one, and a sentence for what had to be changed.
    `groups` titles presets that belong together, by the name of the first.
    """

    make: Callable[..., Record]
    fields: tuple[Field, ...]
    presets: Mapping[str, Record] = field(default_factory=dict)
    settle: Callable[[Record], tuple[Record, tuple[str, ...]]] = lambda record: (record, ())
    groups: Mapping[str, str] = field(default_factory=dict)

    @property
    def numbers(self) -> tuple[Parameter, ...]:
        """The fields that are numbers on a linear scale."""
        return tuple(f for f in self.fields if isinstance(f, Parameter))

    @property
    def sliders(self) -> tuple[Parameter | Scale, ...]:
        """The fields that are numbers with a slider, wherever it stands."""
        return tuple(f for f in self.fields if isinstance(f, Parameter | Scale))

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The fields that are chosen by name."""
        return tuple(f for f in self.fields if isinstance(f, Choice))

    @property
    def lists(self) -> tuple[Numbers, ...]:
        """The fields that are lists of numbers with a slider each."""
        return tuple(f for f in self.fields if isinstance(f, Numbers))

    def read(self, address: Mapping[str, Sequence[str]]) -> tuple[Record, tuple[str, ...]]:
        """The record that an address asks for, and a sentence for each parameter that had to be changed."""
        read = {f.name: read_one(f, address.get(f.name, ())) for f in self.fields}
        values = {name: value for name, (value, _) in read.items()}
        notices = {name: notice for name, (_, notice) in read.items() if notice}
        for name, notice in self._fit(values).items():
            if address.get(name):
                notices.setdefault(name, notice)
        record, more = self.settle(self.make(**values))
        return record, (*notices.values(), *more)

    def values(self, record: Record) -> dict[str, Any]:
        """The record's fields by name."""
        return {f.name: getattr(record, f.name) for f in self.fields}

    def write(self, record: Record) -> dict[str, str | None]:
        """The record as address parameters; None where the default says the same without a word."""
        values = [(f, getattr(record, f.name)) for f in self.fields]
        return {f.name: None if f.is_default(value) else f.spell(value) for f, value in values}

    def _fit(self, values: dict[str, Any]) -> dict[str, str]:
        """Makes lists as long as those that they belong to; a sentence for each that this changes."""
        notices = {}
        for f in self.lists:
            if f.of:
                values[f.name], notices[f.name] = f.fit(values[f.name], len(values[f.of]))
        return {name: notice for name, notice in notices.items() if notice}

    def take(self, values: Mapping[str, Any], current: Record) -> tuple[Record, tuple[str, ...]]:
        """The record that an event's values describe, and a sentence for each typed text that had to be changed; what
        they do not say stays as it is in `current`.
        """
        taken = {f.name: _take(f, values, getattr(current, f.name)) for f in self.fields}
        chosen = {name: value for name, (value, _) in taken.items()}
        self._fit(chosen)
        record, more = self.settle(self.make(**chosen))
        return record, (*(notice for _, notice in taken.values() if notice), *more)


def read_one(field: Field, texts: Sequence[str]) -> tuple[Any, str]:
    """What a field says where an address gives it these texts, and one sentence where that is something else."""
    if len(texts) == 1:
        return field.read(texts[0])
    return field.default, f"{field.name} is given {len(texts)} times; {field.fallback_notice}" if texts else ""


def _take(field: Field, values: Mapping[str, Any], current: Any) -> tuple[Any, str]:
    return field.take(values[field.name], current) if field.name in values else (current, "")
