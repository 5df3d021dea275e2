"""Headers of pages: what a browser may begin to fetch before the page asks for it, and what it must not guess."""

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.server import files
from components.widgets import mount

_KINDS = {".js": "rel=modulepreload", ".css": "rel=preload; as=style"}


class PageHeaders:
    """Adds our headers to every HTML page; everything else passes as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket, as ASGI hands it over."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.update(page_headers())
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def page_headers() -> dict[str, str]:
    """The headers of a page."""
    return {"Link": ", ".join(_links()), "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


def _links() -> list[str]:
    folder = f"{mount.PREFIX}/{mount.version()}"
    ours = [f"<{folder}/{name}>; {_KINDS['.' + name.rpartition('.')[2]]}" for name in mount.files()]
    return [*ours, f"<{folder}/{files.PLOTLY}>; rel=preload; as=script"]


def middleware() -> Middleware:
    """For the app's list of middleware."""
    return Middleware(PageHeaders)
