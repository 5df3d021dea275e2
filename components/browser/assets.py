"""How a widget's own .js and .css reach the browser: fetched once from this server, not sent with every update."""

import hashlib
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

FOLDER = Path(__file__).parent
SUFFIXES = {".js": "text/javascript", ".css": "text/css"}
PREFIX = "assets"

_LOADER = """\
const widget = import(new URL("{address}", document.baseURI).href);
export default async (component) => (await widget).default(component);
"""


@lru_cache(maxsize=1)
def files() -> dict[str, bytes]:
    """Every script and style of the widgets, by its path below this folder."""
    found = sorted(path for path in FOLDER.rglob("*") if path.suffix in SUFFIXES)
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in found}


@lru_cache(maxsize=1)
def version() -> str:
    """A name for exactly these files: part of their address, so that a browser may keep them for ever."""
    digest = hashlib.sha256()
    for name, content in files().items():
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:12]


def register(name: str, html: str | None = None, script: str | None = None) -> ComponentRenderer:
    """The widget's mounting function; `script` names another widget's script where two share one."""
    folder = script or name
    loader = _LOADER.format(address=f"{PREFIX}/{version()}/{folder}/{folder}.js")
    return st.components.v2.component(name, html=html, js=loader, isolate_styles=False)
