"""What is let in and what is not."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from components.server import guard
from components.server.streamlit_patches import PAGE_MESSAGES


def message(**said: object) -> bytes:
    return bytes(BackMsg(**said).SerializeToString())  # type: ignore[arg-type]


RERUN = BackMsg()
RERUN.rerun_script.query_string = "w=2"


def test_a_pages_own_message_passes() -> None:
    assert guard.judge(RERUN.SerializeToString()) == (0, "rerun_script")
    assert "rerun_script" in PAGE_MESSAGES


@pytest.mark.parametrize(
    ("name", "value"),
    [("clear_cache", True), ("load_git_info", True), ("set_run_on_save", True), ("debug_shutdown_runtime", True)],
)
def test_what_a_page_never_says_is_passed_over(name: str, value: object) -> None:
    code, kind = guard.judge(message(**{name: value}))
    assert (code, kind) == (0, name)
    assert kind not in PAGE_MESSAGES


def test_requests_to_write_files_are_passed_over() -> None:
    asked = BackMsg()
    asked.backend_operation_request.request_id = "1"
    assert guard.judge(asked.SerializeToString()) == (0, "backend_operation_request")
    assert "backend_operation_request" not in PAGE_MESSAGES


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, guard.NOT_BINARY),
        (b"\xff" * 40, guard.UNREADABLE),
        (b"hello", guard.UNREADABLE),
        (b"\0" * (guard.MAX_BYTES + 1), guard.TOO_LONG),
    ],
)
def test_other_bytes_end_the_socket(data: bytes | None, code: int) -> None:
    assert guard.judge(data)[0] == code


@pytest.mark.parametrize("state", ["{", "[" * 9000, "9" * 5000])
def test_a_widgets_state_must_be_readable(state: str) -> None:
    broken = BackMsg()
    broken.rerun_script.widget_states.widgets.add(id="page", json_value=state)
    assert guard.judge(broken.SerializeToString())[0] == guard.UNREADABLE


def test_nothing_at_all_is_no_message_of_ours() -> None:
    assert guard.judge(b"")[1] not in PAGE_MESSAGES


def sent_by_the_app(scope: Scope, incoming: list[Message]) -> tuple[list[Message], list[Message]]:
    """What the app behind the guard receives of what comes in, and what goes out."""
    passed: list[Message] = []
    out: list[Message] = []

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        while True:
            passed.append(await receive())
            if passed[-1]["type"] == "websocket.disconnect":
                return

    async def receive() -> Message:
        return incoming.pop(0)

    async def send(message: Message) -> None:
        out.append(message)

    asyncio.run(guard.Guard(app)(scope, receive, send))
    return passed, out


LEFT: Message = {"type": "websocket.disconnect", "code": 1000}


def said(data: bytes | str) -> Message:
    return {"type": "websocket.receive", "bytes" if isinstance(data, bytes) else "text": data}


def test_streamlits_socket_is_judged() -> None:
    scope: Scope = {"type": "websocket", "path": "/_stcore/stream"}
    ours, others = said(RERUN.SerializeToString()), said(message(clear_cache=True))
    passed, out = sent_by_the_app(scope, [others, ours, LEFT])
    assert (passed, out) == ([ours, LEFT], [])


def test_streamlits_socket_is_closed_at_nonsense() -> None:
    passed, out = sent_by_the_app({"type": "websocket", "path": "/_stcore/stream"}, [said("{}"), LEFT])
    assert out == [{"type": "websocket.close", "code": guard.NOT_BINARY}]
    assert [one["type"] for one in passed] == ["websocket.disconnect"]


def test_the_live_line_judges_for_itself() -> None:
    events = [said("{}"), said(b"\xff"), LEFT]
    assert sent_by_the_app({"type": "websocket", "path": "/live"}, list(events)) == (events, [])


@pytest.mark.parametrize(
    ("path", "query", "to"),
    [
        ("/Chain-Rule", b"x=2&w=%C3%A9", "chain-rule?x=2&w=%C3%A9"),
        ("/VECTORS", b"", "vectors"),
        ("/chain-rule", b"x=2", None),
        ("/", b"", None),
        ("/Chain-Rule/more", b"", None),
        ("/Nowhere", b"", None),
    ],
)
def test_a_page_is_found_whatever_its_capitals(path: str, query: bytes, to: str | None) -> None:
    scope: Scope = {"type": "http", "method": "GET", "path": path, "query_string": query}
    out: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "passed"})

    async def send(message: Message) -> None:
        out.append(message)

    asyncio.run(guard.Guard(app)(scope, no_message, send))
    headers = dict(out[0].get("headers", ()))
    assert headers.get(b"location", b"").decode() == (to or "")
    assert (out[0]["type"] == "passed") == (to is None)


async def no_message() -> Message:
    """Nothing comes in."""
    raise AssertionError
