"""The app's own scripts and styles: which are served, and under which address."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import plotly

from components.browser import bundle

FOLDER = Path(__file__).parents[1]
SUFFIXES: Final = {".js": "text/javascript", ".css": "text/css"}
PREFIX: Final = "assets"
PLACES: Final = ("browser", "pages")
"""Folders below `components/` that hold scripts and styles."""
ENTRY: Final = "browser/shell/page.js"
"""The script that shows every page."""
MISSING: Final = "autograd-explorer:missing"
"""The event of the window that tells that the app's script has not arrived."""
SCRIPT: Final = "app.js"
STYLES: Final = "app.css"
"""The two files that a page fetches: all scripts in one, and all style sheets."""
SHEETS: Final = tuple(
    f"browser/{name}.css"
    for name in (
        *("shell/streamlit", "shell/page", "shell/wheel", "controls/controls", "readouts/readouts", "graph/graph_view"),
        "graph/drawing",
        *("glossary/glossary", "inspector/inspector", "figure/plots", "cells/cells", "script/take_home"),
        *("classroom/classroom", "classroom/predict", "classroom/tour", "classroom/projector", "classroom/embedded"),
        "classroom/lesson_bar",
        *("editor/editor", "moments/moments", "findings/findings"),
        *("shell/file_drop", "shell/low_window", "shell/print", "shell/forced_colors"),
    )
)
"""The style sheets of all pages, in their order; those in the pages' folders follow."""


@lru_cache(maxsize=1)
def files() -> Mapping[str, bytes]:
    """Every script and style by its path below `components/`, then all of them in one."""
    found = sorted(path for place in PLACES for path in (FOLDER / place).rglob("*") if path.suffix in SUFFIXES)
    texts = {path.relative_to(FOLDER).as_posix(): path.read_text("utf-8") for path in found}
    scripts = {name: text for name, text in texts.items() if name.endswith(".js")}
    own = [name for name in texts if name.endswith(".css") and name not in SHEETS]
    texts[SCRIPT] = bundle.scripts(scripts, ENTRY)
    texts[STYLES] = bundle.styles((name, texts[name]) for name in (*SHEETS, *own))
    return {name: text.encode() for name, text in texts.items()}


@lru_cache(maxsize=1)
def version() -> str:
    """A name for these files and Plotly: part of their address, so that a browser may keep them for ever."""
    digest = hashlib.sha256(plotly.__version__.encode())
    for name, content in files().items():
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:12]


def address(name: str) -> str:
    """Where a file is found, below the app's own address."""
    return f"{PREFIX}/{version()}/{name}"
