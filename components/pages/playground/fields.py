"""Fields of the playground's address that no other page has."""

import re
from dataclasses import dataclass

from components.address.fields import shown

_PLACE = re.compile(r"[1-9]\d{0,3}:\d{1,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Preset:
    """The name of a program that comes with the page; "" where nobody has said one."""

    name: str
    names: tuple[str, ...]
    default: str = ""

    def read(self, text: str) -> tuple[str, str]:
        """The name that an address says, or "" and one sentence."""
        if text in self.names:
            return text, ""
        return "", f"{self.name} = “{shown(text)}” is no program of this page; {self.fallback_notice}"

    def spell(self, value: str) -> str:
        """The name as an address says it."""
        return value

    def take(self, said: object, current: str) -> tuple[str, str]:
        """The name that an event says; `current` where it says none."""
        return (said if isinstance(said, str) and said in (*self.names, "") else current), ""

    def is_default(self, value: str) -> bool:
        """Whether an address need not say it."""
        return not value

    @property
    def fallback_notice(self) -> str:
        """Second half of the error message: the value used instead."""
        return f"the page begins with “{self.names[0]}”."


@dataclass(frozen=True, slots=True)
class Along:
    """The place in the program of the number that a curve goes along, as in `3:17` (line and column); "" for none."""

    name: str
    default: str = ""

    def read(self, text: str) -> tuple[str, str]:
        """The place that an address says, or "" and one sentence."""
        if _PLACE.fullmatch(text):
            return text, ""
        return "", f"{self.name} = “{shown(text)}” is no place in a program, as 3:17 is; {self.fallback_notice}"

    def spell(self, value: str) -> str:
        """The place as an address says it."""
        return value

    def take(self, said: object, current: str) -> tuple[str, str]:
        """The place that an event says; `current` where it says none."""
        is_place = isinstance(said, str) and (said == "" or _PLACE.fullmatch(said))
        return (said if is_place and isinstance(said, str) else current), ""

    def is_default(self, value: str) -> bool:
        """Whether an address need not say it."""
        return not value

    @property
    def fallback_notice(self) -> str:
        """Second half of the error message: the value used instead."""
        return "there is no curve."


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the program's; "" where nobody has said one."""

    name: str
    default: str = ""

    def read(self, text: str) -> tuple[str, str]:
        """The name that an address says, or "" and one sentence."""
        if text.isidentifier() and len(text) <= 40:
            return text, ""
        return "", f"{self.name} = “{shown(text)}” is no name; {self.fallback_notice}"

    def spell(self, value: str) -> str:
        """The name as an address says it."""
        return value

    def take(self, said: object, current: str) -> tuple[str, str]:
        """The name that an event says; `current` where it says none."""
        is_name = isinstance(said, str) and (said == "" or (said.isidentifier() and len(said) <= 40))
        return (said if is_name and isinstance(said, str) else current), ""

    def is_default(self, value: str) -> bool:
        """Whether an address need not say it."""
        return not value

    @property
    def fallback_notice(self) -> str:
        """Second half of the error message: the value used instead."""
        return "it is the result of the last backward pass."
