"""The HTML page: Streamlit's own, and in its head what a browser may begin to fetch before the scripts ask for it.

In the head and not in a `Link` header: sixty files make a header longer than the 4 kB that a proxy takes by default.
"""

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from components.browser import assets
from components.drawing import icon
from components.pages.index import PATHS
from components.server import files, streamlit_patches

_RECOVER: Final = Path(__file__).with_name("recover.js")


TITLE: Final = "Autograd Explorer"
THEME_KEY: Final = "autograd-explorer-theme"
"""Where the browser keeps the theme that was chosen in the head of a page."""
_TITLE_TAG: Final = re.compile(r"<title>[^<]*</title>")
_ICON_TAG: Final = re.compile(r'<link\s+rel="shortcut icon"[^>]*>')
_FONT_TAG: Final = re.compile(r'<link\s+rel="preload"[^>]*\bas="font"[^>]*>\s*')


@lru_cache(maxsize=1)
def content() -> bytes:
    """The page, with our title and icon; the font that Streamlit's names first comes after the scripts."""
    html = (streamlit_patches.static_folder() / "index.html").read_text("utf-8")
    html = _TITLE_TAG.sub(f"<title>{TITLE}</title>", html, count=1)
    html = _ICON_TAG.sub(f'<link rel="shortcut icon" href="{icon.address()}">', html, count=1)
    fonts = _FONT_TAG.findall(html)
    return _FONT_TAG.sub("", html).replace("</head>", f"{_scripts()}{_links(fonts)}</head>", 1).encode()


def _scripts() -> str:
    recover = _RECOVER.read_text("utf-8").replace("{version}", f"{assets.version()} {st.__version__}")
    recover = recover.replace("{missing}", assets.MISSING)
    settings = streamlit_patches.page_settings(filter(None, PATHS))
    patches = (streamlit_patches.hide_web_assembly(), streamlit_patches.skip_icon_font())
    scripts = (settings, *patches, streamlit_patches.keep_theme(THEME_KEY), recover)
    return "".join(f"<script>{{\n{script}\n}}</script>\n" for script in scripts)


def _links(fonts: list[str]) -> str:
    """What every page needs, in the order of its need; Plotly, a third of all bytes, when nothing else is under way."""
    component = [f'rel="modulepreload" crossorigin href="./{name}"' for name in streamlit_patches.component_scripts()]
    links = [
        f'rel="stylesheet" href="./{assets.address(assets.STYLES)}"',
        *component,
        f'rel="modulepreload" href="./{assets.address(assets.SCRIPT)}"',
    ]
    plotly = f'<link rel="preload" as="script" fetchpriority="low" href="./{assets.address(files.PLOTLY)}">\n'
    return "".join([*(f"<link {link}>\n" for link in links), *fonts, plotly])


def static_names() -> list[str]:
    """Streamlit's scripts and styles that the page names."""
    return re.findall(r'"\./(static/[^"]+\.(?:js|css))"', content().decode())


@lru_cache(maxsize=1)
def compressed() -> bytes:
    """The page, compressed once instead of at every request."""
    return gzip.compress(content(), compresslevel=9, mtime=0)


@lru_cache(maxsize=1)
def tag() -> str:
    """A name for exactly this page, by which a browser asks whether it has changed."""
    return f'"{hashlib.sha256(content()).hexdigest()[:32]}"'


def response(scope: Scope) -> Response:
    """The page as an answer; the browser asks each time, and is told when it has it already."""
    asked = Request(scope).headers
    headers = {"Cache-Control": "no-cache", "ETag": tag(), "Vary": "Accept-Encoding"}
    if tag() in asked.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" not in asked.get("Accept-Encoding", ""):
        return Response(content(), headers=headers, media_type="text/html")
    return Response(compressed(), headers=headers | {"Content-Encoding": "gzip"}, media_type="text/html")
