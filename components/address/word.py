"""A kind of field: a short text of which a page says what it may be."""

from collections.abc import Callable
from dataclasses import dataclass

from components.address.fields import shown


@dataclass(frozen=True, slots=True)
class Word:
    """A short text that `accepts` allows; "" where nobody has said one.

    `complaint` says what another text is not, `otherwise` what is done then.
    """

    name: str
    accepts: Callable[[str], bool]
    complaint: str
    otherwise: str
    default: str = ""

    def read(self, text: str) -> tuple[str, str]:
        """The word that an address says, or "" and one sentence."""
        if self.accepts(text):
            return text, ""
        return "", f"{self.name} = “{shown(text)}” is {self.complaint}; {self.otherwise}."

    def spell(self, value: str) -> str:
        """The word as an address says it."""
        return value

    def take(self, said: object, current: str) -> tuple[str, str]:
        """The word that an event says; `current` where it says none."""
        return (said if isinstance(said, str) and (not said or self.accepts(said)) else current), ""

    def is_default(self, value: str) -> bool:
        """Whether an address need not say it."""
        return not value

    @property
    def fallback_notice(self) -> str:
        """Second half of the error message: the value used instead."""
        return f"{self.otherwise}."
