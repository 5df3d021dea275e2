"""Our own scripts, styles and Plotly's script, served from here under addresses that change with their content."""

import gzip
from functools import lru_cache

from plotly.offline import get_plotlyjs
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from components.browser import assets
from components.server import paths

PLOTLY = "plotly.js"
FOR_EVER = "public, max-age=31536000, immutable"
NOT_KEPT = "no-cache"


@lru_cache(maxsize=1)
def contents() -> dict[str, bytes]:
    """Every file that may be asked for, by name; nothing else is ever read."""
    return assets.files() | {PLOTLY: get_plotlyjs().encode()}


@lru_cache(maxsize=1)
def compressed() -> dict[str, bytes]:
    """The same files, compressed once instead of at every request."""
    return {name: gzip.compress(content, compresslevel=6, mtime=0) for name, content in contents().items()}


async def serve(request: Request) -> Response:
    """One file, or 404; kept for ever by the browser where the address names this very version."""
    name = request.path_params["name"]
    if name not in contents():
        return PlainTextResponse("Not found", status_code=404)
    suffix = "." + name.rpartition(".")[2]
    kept = request.path_params["version"] == assets.version()
    headers = {"Cache-Control": FOR_EVER if kept else NOT_KEPT, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(contents()[name], media_type=assets.SUFFIXES[suffix], headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(compressed()[name], media_type=assets.SUFFIXES[suffix], headers=headers)


def route() -> Route:
    """Where the files are found, below the app's own address: `assets/VERSION/NAME`."""
    return Route(paths.route(f"{assets.PREFIX}/{{version}}/{{name:path}}"), serve)
