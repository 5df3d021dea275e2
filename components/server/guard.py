"""The door: what a request may ask for, and what a visitor's socket may say."""

import json
from collections.abc import Awaitable, Callable
from typing import Final

from google.protobuf.message import DecodeError
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.logger import get_logger
from streamlit.proto.BackMsg_pb2 import BackMsg

from components.server import stop

LOG: Final = get_logger("autograd_explorer")
METHODS = {"GET", "HEAD", "OPTIONS"}
CLOSED = ("_stcore/metrics", "_stcore/agent/", "_stcore/upload_file/", "_stcore/bidi-components/", "component/")
"""Paths of Streamlit that nobody here needs: figures about the host, uploads, ways in for programs."""
SAYINGS = {"rerun_script", "stop_script", "app_heartbeat"}
"""What a page of ours says. The rest asks for the host's git state, writes files or empties everyone's caches."""
LONGEST = 64 * 1024
"""Bytes of one message; the longest of ours has under 4 kB."""

TOO_LONG, NOT_OURS, UNREADABLE = 1009, 1003, 1002
"""Codes of RFC 6455 with which a socket is closed."""


class Guard:
    """Lets in what the app needs, and answers everything else with a plain refusal."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket, as ASGI hands it over."""
        if scope["type"] == "http" and (refusal := _refused(scope)):
            await refusal(scope, receive, send)
        elif scope["type"] == "websocket" and stop.is_draining():
            await stop.UNAVAILABLE(scope, receive, send)
        elif scope["type"] == "websocket":
            await self.app(scope, _checked(receive, send), send)
        else:
            await self.app(scope, receive, send)


def _refused(scope: Scope) -> ASGIApp | None:
    path = below_base(scope["path"])
    if path.startswith(CLOSED):
        return PlainTextResponse("Not found", status_code=404)
    if scope["method"] not in METHODS:
        return PlainTextResponse("Method not allowed", status_code=405, headers={"Allow": ", ".join(sorted(METHODS))})
    return stop.UNAVAILABLE if path == "_stcore/health" and stop.is_draining() else None


def below_base(path: str) -> str:
    """A path without the prefix under which the app is served, and without its first slash."""
    prefix = config.get_option("server.baseUrlPath").strip("/")
    return path.strip("/").removeprefix(prefix).lstrip("/") if prefix else path.lstrip("/")


def _checked(receive: Receive, send: Send) -> Callable[[], Awaitable[Message]]:
    """`receive`, but what a page of ours would not say ends the socket or is passed over."""

    async def receive_checked() -> Message:
        while True:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            code, said = judge(message.get("bytes"))
            if code:
                LOG.warning("A socket was closed with code %d: %s", code, said)
                await send({"type": "websocket.close", "code": code})
                return {"type": "websocket.disconnect", "code": code}
            if said not in SAYINGS:
                LOG.warning("A message was passed over: %s", said)
            elif not stop.is_closing():
                return message

    return receive_checked


def judge(data: bytes | None) -> tuple[int, str]:
    """With which code the socket is to be closed for this message (0: not at all), and what it is."""
    if data is None:
        return NOT_OURS, "text instead of bytes"
    if len(data) > LONGEST:
        return TOO_LONG, "a message too long"
    message = BackMsg()
    try:
        message.ParseFromString(data)
        for widget in message.rerun_script.widget_states.widgets:
            json.loads(widget.json_value or widget.json_trigger_value or "null")
    except (DecodeError, ValueError, RecursionError):
        return UNREADABLE, "not a message of Streamlit's"
    return 0, message.WhichOneof("type") or "an empty message"


def middleware() -> Middleware:
    """For the app's list of middleware."""
    return Middleware(Guard)
