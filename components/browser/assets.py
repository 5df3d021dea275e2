"""The app's own scripts and styles: which are served, and under which address."""

import hashlib
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parents[1]
SUFFIXES = {".js": "text/javascript", ".css": "text/css"}
PREFIX = "assets"
PLACES = ("browser", "pages")
"""Folders below `components/` that hold scripts and styles."""


@lru_cache(maxsize=1)
def files() -> dict[str, bytes]:
    """Every script and style, by its path below `components/`."""
    found = sorted(path for place in PLACES for path in (FOLDER / place).rglob("*") if path.suffix in SUFFIXES)
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in found}


@lru_cache(maxsize=1)
def version() -> str:
    """A name for exactly these files: part of their address, so that a browser may keep them for ever."""
    digest = hashlib.sha256()
    for name, content in files().items():
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:12]


def address(name: str) -> str:
    """Where a file is found, below the app's own address."""
    return f"{PREFIX}/{version()}/{name}"
