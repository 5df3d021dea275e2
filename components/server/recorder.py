"""The recorder that a visitor takes away, as text: the file itself, `recorder.py`."""

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from components.server import paths

NAME: Final = "recorder.py"
FILE: Final = Path(__file__).parents[1] / "recording" / NAME


async def serve(_request: Request) -> Response:
    """The file's text."""
    return PlainTextResponse(FILE.read_text("utf-8"), headers={"Cache-Control": "no-cache"})


def route() -> Route:
    """Where it is found."""
    return Route(paths.route(NAME), serve)
