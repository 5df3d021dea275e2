"""A card of a drawing: its place, and the texts on it."""

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

HANDLE = 14
"""Where a card's first text begins if a handle stands at its corner."""

FINGER = 80
"""Units of a drawing that take 44 pixels on a phone's screen."""

SYMBOL_PX, SMALL_PX = 10.5, 7.6
"""Pixels that one character of a card's title takes; of one that is long."""

LEAF_PX, LEAST_NAME = 42, 12
"""Pixels beside a leaf's name, and how many of its characters are always there."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card's place. What stands on it has the drawing's own coordinates: groups that are moved each cost a frame."""

    left: float
    top: float
    width: float

    def text(self, classes: str, x: float, y: float, content: str) -> str:
        """A text at a place of the card."""
        return text(classes, self.left + x, self.top + y, content)

    def rule(self, y: float) -> str:
        """A line across the card."""
        return f'<path class="rule" d="M{self.left:g} {self.top + y:g}h{self.width:g}"/>'


def quoted(content: str) -> str:
    """A text as an attribute's value, quotation marks and all."""
    return quoteattr(content) if _SPECIAL.search(content) else f'"{content}"'


_SPECIAL = re.compile(r'[<>&"\n\r\t]')


def text(classes: str, x: float, y: float, content: str) -> str:
    """A text at a place of the drawing."""
    return f'<text class="{classes}" x="{x:g}" y="{y:g}">{escape(content)}</text>'


def finger(left: float, top: float, width: float = FINGER) -> str:
    """What a finger may touch on a phone's screen, where a card itself is less than 44 pixels high."""
    return f'<rect class="finger" x="{left:g}" y="{top:g}" width="{width:g}" height="{FINGER}" fill="none"/>'


def ending(name: str, room: float) -> str:
    """The end of a long name, such as a parameter's path, that fits."""
    longest = max(LEAST_NAME, int(room / SYMBOL_PX))
    return name if len(name) <= longest else f"…{name[1 - longest :]}"


def cut(content: str, longest: int) -> str:
    """The beginning of a text, as far as it fits."""
    return content if len(content) <= longest else f"{content[: longest - 1]}…"
