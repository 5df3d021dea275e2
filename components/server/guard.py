"""The first middleware: which requests pass, and what a browser may send to Streamlit."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.live import route as live
from components.pages.index import PATHS
from components.server import paths, stop, uploads
from components.server.streamlit_patches import CLOSED_PATHS, HEALTH_PATH, PAGE_MESSAGES, message_type

LOG: Final = logging.getLogger("autograd_explorer")
METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_BYTES: Final = 64 * 1024
"""Of one message to Streamlit; the longest of ours has under 4 kB."""

TOO_LONG, NOT_BINARY, UNREADABLE = 1009, 1003, 1002
"""Codes of RFC 6455 with which a socket is closed."""


class Guard:
    """Lets in what the app needs, and answers everything else with a plain refusal."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket, as ASGI hands it over."""
        if scope["type"] == "http" and (answer := _refusal(scope) or _redirection(scope)):
            await answer(scope, receive, send)
        elif scope["type"] == "websocket" and stop.is_draining():
            await stop.UNAVAILABLE(scope, receive, send)
        elif scope["type"] == "websocket" and paths.below_base(scope["path"]) != live.PATH:
            await self.app(scope, _checked(receive, send), send)
        else:
            await self.app(scope, receive, send)


def _refusal(scope: Scope) -> ASGIApp | None:
    path = paths.below_base(scope["path"])
    if path.startswith(CLOSED_PATHS):
        return PlainTextResponse("Not found", status_code=404)
    if scope["method"] not in METHODS and not (scope["method"] == "POST" and path.startswith(uploads.PREFIX)):
        return PlainTextResponse("Method not allowed", status_code=405, headers={"Allow": ", ".join(sorted(METHODS))})
    return stop.UNAVAILABLE if path == HEALTH_PATH and stop.is_draining() else None


def _redirection(scope: Scope) -> ASGIApp | None:
    """To the page whose path was written with other capitals; relative, so that it leads there behind any proxy."""
    path = paths.below_base(scope["path"])
    if path in PATHS or path.lower() not in PATHS:
        return None
    query = scope["query_string"].decode("latin-1")
    return RedirectResponse(f"{path.lower()}?{query}" if query else path.lower())


def _checked(receive: Receive, send: Send) -> Callable[[], Awaitable[Message]]:
    """`receive`, but a message that no page of ours sends closes the socket or is dropped."""

    async def receive_checked() -> Message:
        while True:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            code, kind = judge(message.get("bytes"))
            if code:
                LOG.warning("A socket was closed with code %d: %s", code, kind)
                await send({"type": "websocket.close", "code": code})
                return {"type": "websocket.disconnect", "code": code}
            if kind not in PAGE_MESSAGES:
                LOG.warning("A message was dropped: %s", kind)
            elif not stop.is_closing():
                return message

    return receive_checked


def judge(data: bytes | None) -> tuple[int, str]:
    """The code with which a message closes its socket (0: not at all), and what kind of message it is."""
    if data is None:
        return NOT_BINARY, "text instead of bytes"
    if len(data) > MAX_BYTES:
        return TOO_LONG, "a message too long"
    try:
        return 0, message_type(data)
    except ValueError:
        return UNREADABLE, "not a message of Streamlit's"


def middleware() -> Middleware:
    """The guard, for the app's list of middleware."""
    return Middleware(Guard)
