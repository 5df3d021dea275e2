"""A text that travels inside an address: UTF-8, raw deflate, base64url without padding."""

import base64
import binascii
import re
import zlib
from dataclasses import dataclass

from components.address.fields import shown

LONGEST_LINK = 8_192
"""Characters of a packed text that an address holds; a longer text needs a file."""

LONGEST_TEXT = 60_000
"""Bytes of a text, packed in an address or said in an event."""

_HALVES = re.compile("[\ud800-\udfff]")
_WINDOW = -15
"""Raw deflate, in zlib's spelling."""


class PackedError(ValueError):
    """A text that cannot be unpacked; says why."""


def pack(text: str) -> str:
    """The text as an address says it."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, _WINDOW)
    packed = deflate.compress(text.encode("utf-8")) + deflate.flush()
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def unpack(packed: str, longest: int = LONGEST_TEXT) -> str:
    """The text of a packed one; PackedError where there is none, or it has more than `longest` bytes."""
    if len(packed) > LONGEST_LINK:
        raise PackedError(f"it is longer than {LONGEST_LINK:,} characters")
    try:
        data = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        inflate = zlib.decompressobj(_WINDOW)
        text = inflate.decompress(data, longest + 1)
    except (binascii.Error, zlib.error, ValueError):
        raise PackedError("it cannot be unpacked") from None
    if len(text) > longest:
        raise PackedError(f"it unpacks to more than {longest:,} bytes")
    if not inflate.eof:
        raise PackedError("its end is missing")
    try:
        return plain(text.decode("utf-8"))
    except UnicodeDecodeError:
        raise PackedError("it is no text") from None


def plain(text: str) -> str:
    """The text with the ends of lines that browsers write, and U+FFFD for each half of a character."""
    return _HALVES.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


@dataclass(frozen=True, slots=True)
class Packed:
    """A text under one name in addresses; None where nobody has said one."""

    name: str
    default: None = None

    def read(self, text: str) -> tuple[str | None, str]:
        """The text that an address says, or None and one sentence."""
        try:
            return unpack(text), ""
        except PackedError as error:
            return None, f"{self.name} = “{shown(text)}” is left out: {error}."

    def spell(self, value: str) -> str:
        """The text as an address says it."""
        return pack(value)

    def take(self, said: object, current: str | None) -> tuple[str | None, str]:
        """The text that an event says; `current` where it says none, or too long a one."""
        if said is None:
            return None, ""
        if not isinstance(said, str):
            return current, ""
        if len(said.encode("utf-8", "replace")) > LONGEST_TEXT:
            return current, f"{self.name} is longer than {LONGEST_TEXT:,} bytes; the one before it is kept."
        return plain(said), ""

    def is_default(self, value: str | None) -> bool:
        """Whether an address need not say it, or cannot."""
        return value is None or len(pack(value)) > LONGEST_LINK

    @property
    def fallback_notice(self) -> str:
        """Second half of the error message: the value used instead."""
        return "it is left out."


@dataclass(frozen=True, slots=True)
class Index:
    """A place in a list, counted from 0; None where nobody has said one."""

    name: str
    most: int
    default: None = None

    def read(self, text: str) -> tuple[int | None, str]:
        """The place that an address says, or None and one sentence."""
        if text.isascii() and text.isdigit() and len(text) < 6:
            return min(int(text), self.most), ""
        return None, f"{self.name} = “{shown(text)}” is no whole number; it is left out."

    def spell(self, value: int) -> str:
        """The place as an address says it."""
        return str(value)

    def take(self, said: object, current: int | None) -> tuple[int | None, str]:
        """The place that an event says; `current` where it says none."""
        if said is None:
            return None, ""
        is_place = isinstance(said, int) and not isinstance(said, bool) and 0 <= said <= self.most
        return (said if is_place and isinstance(said, int) else current), ""

    def is_default(self, value: int | None) -> bool:
        """Whether an address need not say it."""
        return value is None

    @property
    def fallback_notice(self) -> str:
        """Second half of the error message: the value used instead."""
        return "it is left out."
