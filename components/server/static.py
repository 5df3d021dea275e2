"""Streamlit's own scripts and styles: compressed, which it leaves to a proxy; and 404 for those that are gone."""

import mimetypes
from functools import lru_cache
from typing import Final

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from components.server import paths, streamlit_patches
from components.server.compression import GzipFiles
from components.server.files import FOR_EVER

FOLDER: Final = "static/"
PACKED: Final = (".js", ".css", ".svg")
"""Pictures and fonts are compressed already."""


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Every file below `static/`, by its path; their names change with their content."""
    root = streamlit_patches.static_folder()
    return frozenset(path.relative_to(root).as_posix() for path in (root / FOLDER).rglob("*") if path.is_file())


FILES: Final = GzipFiles(lambda name: (streamlit_patches.static_folder() / name).read_bytes())


class StaticFiles:
    """Answers for Streamlit's scripts and styles; everything else is passed on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket, as ASGI hands it over."""
        name = paths.below_base(scope["path"]) if scope["type"] == "http" else ""
        if not name.startswith(FOLDER) or (name in names() and not name.endswith(PACKED)):
            await self.app(scope, receive, send)
        elif name not in names():  # Streamlit would answer with its page, as if that were a script
            await PlainTextResponse("Not found", 404, {"Cache-Control": "no-store"})(scope, receive, send)
        else:
            media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
            response = await FILES.response(name, media_type, Headers(scope=scope), {"Cache-Control": FOR_EVER})
            await response(scope, receive, send)


def middleware() -> Middleware:
    """The static files, for the app's list of middleware."""
    return Middleware(StaticFiles)
