"""Our own scripts, styles and Plotly's script, served under addresses that change with their content."""

from collections.abc import Iterable
from typing import Final

from plotly.offline import get_plotlyjs
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from components.browser import assets
from components.server import paths
from components.server.compression import GzipFiles

PLOTLY: Final = "plotly.js"
FOR_EVER: Final = "public, max-age=31536000, immutable"
NOT_KEPT: Final = "no-cache"


def _read(name: str) -> bytes:
    return get_plotlyjs().encode() if name == PLOTLY else assets.files()[name]


FILES: Final = GzipFiles(_read)


def names() -> Iterable[str]:
    """Every file that may be asked for; nothing else is ever read."""
    return (*assets.files(), PLOTLY)


async def serve(request: Request) -> Response:
    """One file, or 404; kept for ever by the browser where the address names this very version.

    A page that was opened before an upgrade names the version before; it is given the file of this one.
    """
    name = request.path_params["name"]
    if name not in names():
        return PlainTextResponse("Not found", status_code=404)
    is_current = request.path_params["version"] == assets.version()
    headers = {"Cache-Control": FOR_EVER if is_current else NOT_KEPT}
    media_type = assets.SUFFIXES["." + name.rpartition(".")[2]]
    return await FILES.response(name, media_type, request.headers, headers)


def route() -> Route:
    """Where the files are found, below the app's own address: `assets/VERSION/NAME`."""
    return Route(paths.route(f"{assets.PREFIX}/{{version}}/{{name:path}}"), serve)
