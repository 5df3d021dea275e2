"""Headers of every answer: what a page may load and do, and who may frame it. No answer sets a cookie."""

import base64
import hashlib
import re
from functools import lru_cache

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.address import classroom
from components.address.query import parse_query
from components.server import document, unknown_pages

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PAGES = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{name}=()"
        for name in (
            *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer"),
            *("microphone", "midi", "payment", "publickey-credentials-get", "serial", "usb"),
        )
    ),
}
SOURCES = {
    "default-src": "'none'",
    "script-src": "'self' blob:",  # Streamlit loads a component's script as a blob
    "style-src": "'self' 'unsafe-inline'",  # Streamlit and Plotly write styles from their scripts
    "img-src": "'self' data: blob:",  # the page's icon, and pictures to take away
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "frame-src": "'self'",  # the sharing panel shows what students get
    "manifest-src": "'self'",
    "base-uri": "'self'",
    "form-action": "'none'",
}
"""What a page may load and from where; what is not named here is forbidden."""


class Headers:
    """Adds our headers to every answer; where the answer is Streamlit's page, ours goes out in its place."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket, as ASGI hands it over."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        pages: list[Response] = []

        async def send_ours(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if message["status"] == 200 and headers.get("content-type", "").startswith("text/html"):
                    pages.append(unknown_pages.redirection(scope) or document.response(scope))
                headers.update(EVERYWHERE)
                del headers["set-cookie"]  # Streamlit's guards uploads, which are closed; browsers refuse it in a frame
            if not pages:
                await send(message)

        await self.app(scope, receive, send_ours)
        for found in pages:
            found.headers.update(EVERYWHERE | page_headers(is_embedded(scope)))
            await found(scope, receive, send)
        return None


def is_embedded(scope: Scope) -> bool:
    """Whether this address is made for the frame of a course page."""
    return classroom.is_embedded(parse_query(scope["query_string"].decode("latin-1")))


def page_headers(embedded: bool) -> dict[str, str]:
    """The headers of a page, in a course page's frame or on its own."""
    policy = PAGES | {"Content-Security-Policy": content_policy(embedded)}
    return policy if embedded else policy | {"X-Frame-Options": "SAMEORIGIN"}


@lru_cache(maxsize=2)
def content_policy(embedded: bool) -> str:
    """The Content-Security-Policy."""
    scripts_there = inline_scripts(document.content().decode())
    inline = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts_there]
    scripts = " ".join([SOURCES["script-src"], *(f"'sha256-{digest}'" for digest in inline)])
    sources = SOURCES | {"script-src": scripts, "frame-ancestors": "*" if embedded else "'self'"}
    return "; ".join(f"{name} {value}" for name, value in sources.items())


def inline_scripts(html: str) -> list[str]:
    """The scripts written into a page itself, as a browser reads them."""
    return re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)


def middleware() -> Middleware:
    """For the app's list of middleware."""
    return Middleware(Headers)
