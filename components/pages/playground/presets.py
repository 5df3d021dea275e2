"""The name of a program that comes with the page, as a field of its address."""

from dataclasses import dataclass

from components.address.fields import shown


@dataclass(frozen=True, slots=True)
class Preset:
    """One of several names under one name in addresses; "" where nobody has said one."""

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
