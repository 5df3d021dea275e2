"""The HTML page: Streamlit's own, and in its head what a browser may begin to fetch before the scripts ask for it.

In the head and not in a `Link` header: thirty files make a header longer than the 4 kB that a proxy takes by default.
"""

import gzip
import hashlib
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from components.browser import assets
from components.pages.index import PATHS
from components.server import files, streamlit_patches

_KINDS = {".js": 'rel="modulepreload"', ".css": 'rel="preload" as="style"'}


@lru_cache(maxsize=1)
def content() -> bytes:
    """The page."""
    own = (streamlit_patches.static_folder() / "index.html").read_text("utf-8")
    return own.replace("</head>", f"{_where_the_server_is()}{_links()}</head>", 1).encode()


def _where_the_server_is() -> str:
    paths = "|".join(path for path in PATHS if path)
    return f"<script>{streamlit_patches.base_address_script(paths)}</script>\n"


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


def _links() -> str:
    folder = f"./{assets.PREFIX}/{assets.version()}"
    ours = [f'<link {_KINDS["." + name.rpartition(".")[2]]} href="{folder}/{name}">' for name in assets.files()]
    return "\n".join([*ours, f'<link rel="preload" as="script" href="{folder}/{files.PLOTLY}">\n'])
