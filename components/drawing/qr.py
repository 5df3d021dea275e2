"""A link as a QR code, black on white in every theme: that is what cameras read best."""

import io
import re
from typing import Literal

import segno

LONGEST = 600
"""Characters: a code of more is too fine to be read from the back of a room."""

QUIET = 4
"""Modules of white around the code, as its standard demands."""

PICTURE_PX = 1200

Kind = Literal["svg", "png"]
_LINK = re.compile(r"https?://[!-~]+", re.ASCII)


def is_link(text: str) -> bool:
    """Whether a text is a web address that a code can carry."""
    return len(text) <= LONGEST and _LINK.fullmatch(text) is not None


def draw(link: str, kind: Kind) -> bytes:
    """The code as a file; a PNG is large enough for a slide."""
    code = segno.make_qr(link, error="m")
    width, _ = code.symbol_size(1, QUIET)
    scale = 1 if kind == "svg" else -(-PICTURE_PX // width)
    file = io.BytesIO()
    extra = {"omitsize": True, "svgclass": None, "lineclass": None} if kind == "svg" else {}
    code.save(file, kind=kind, scale=scale, border=QUIET, light="white", dark="black", **extra)
    return file.getvalue()
