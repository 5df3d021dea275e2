"""Streamlit's own scripts and styles."""

import asyncio
import gzip

import pytest
from starlette.types import Message, Receive, Scope, Send

from components.server import document, static, streamlit_patches

SCRIPT = next(name for name in document.static_names() if name.endswith(".js"))


def ask(path: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body; status 0 where the question is passed on to Streamlit."""
    said: list[Message] = [{"type": "", "status": 0, "headers": []}]
    body = b""

    async def streamlit(_scope: Scope, _receive: Receive, _send: Send) -> None:
        """Says nothing."""

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        nonlocal body
        if message["type"] == "http.response.start":
            said.append(message)
        body += message.get("body", b"")

    raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    scope: Scope = {"type": "http", "method": "GET", "path": path, "headers": raw}
    asyncio.run(static.StaticFiles(streamlit)(scope, receive, send))
    found = {name.decode(): value.decode() for name, value in said[-1]["headers"]}
    return said[-1]["status"], found, body


def test_a_script_leaves_compressed_and_is_kept_for_ever() -> None:
    status, headers, body = ask(f"/{SCRIPT}", {"accept-encoding": "gzip"})
    assert status == 200
    assert gzip.decompress(body) == (streamlit_patches.static_folder() / SCRIPT).read_bytes()
    assert headers["content-encoding"] == "gzip"
    assert headers["content-type"].startswith("text/javascript")
    assert "immutable" in headers["cache-control"]


def test_a_client_that_takes_no_gzip_gets_the_file_itself() -> None:
    status, headers, body = ask(f"/{SCRIPT}")
    assert (status, body) == (200, (streamlit_patches.static_folder() / SCRIPT).read_bytes())
    assert "content-encoding" not in headers


@pytest.mark.parametrize("path", ["/static/js/gone.12345678.js", "/static/", "/static/../index.html", "/static/%00"])
def test_what_is_not_there_is_not_found_and_not_kept(path: str) -> None:
    status, headers, _ = ask(path)
    assert (status, headers["cache-control"]) == (404, "no-store")


@pytest.mark.parametrize("path", ["/", "/chain-rule", "/_stcore/health", "/staticfiles"])
def test_everything_else_is_passed_on(path: str) -> None:
    assert ask(path)[0] == 0


def test_fonts_are_passed_on() -> None:
    font = next(name for name in static.names() if name.endswith(".woff2"))
    assert ask(f"/{font}")[0] == 0
