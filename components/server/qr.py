"""The QR code of a link into the app, as a picture: `qr.svg?link=...` or `qr.png?link=...`."""

from functools import lru_cache
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from components.drawing import qr
from components.server import paths

MEDIA: dict[qr.Kind, str] = {"svg": "image/svg+xml", "png": "image/png"}


@lru_cache(maxsize=128)
def drawn(link: str, kind: qr.Kind) -> bytes:
    """A code, drawn once for a whole class."""
    return qr.draw(link, kind)


def serve(request: Request) -> Response:
    """One picture, or 400 where the link is none or too long."""
    link, kind = parse_qs(request.url.query).get("link", [""])[0], request.path_params["kind"]
    if kind not in MEDIA:
        return PlainTextResponse("Not found", status_code=404)
    if not qr.is_link(link):
        return PlainTextResponse(f"A link of at most {qr.LONGEST} characters is needed.", status_code=400)
    return Response(drawn(link, kind), media_type=MEDIA[kind], headers={"Cache-Control": "private, max-age=3600"})


def route() -> Route:
    """Where the pictures are found; not a coroutine, so that drawing one holds nobody up."""
    return Route(paths.route("qr.{kind}"), serve)
