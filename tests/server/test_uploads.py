"""Files that a page is sent: who may send one, of what size, and what is answered."""

import asyncio
import json

import pytest
from starlette.types import Message, Scope

from components.recording.limits import LARGEST_FILE
from components.server import guard, recorder, uploads
from tests.notebook.made import TEACHERS
from tests.pages.recording import small

HOME = {"host": "app.example", "origin": "https://app.example"}


def post(path: str, body: bytes, headers: dict[str, str] = HOME, ends: bool = True) -> tuple[int, bytes]:
    """Status and body of the answer to a request that arrives in pieces, or (not `ends`) never whole."""
    pieces = [body[start : start + 65_536] for start in range(0, len(body), 65_536)] or [b""]
    incoming = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    incoming += [{"type": "http.request", "body": b"", "more_body": False}] * ends
    out: list[Message] = []
    scope: Scope = {
        "type": "http", "method": "POST", "path": path, "query_string": b"", "root_path": "",
        "path_params": {"path": path.rpartition("/")[2]},
        "headers": [(name.encode(), text.encode()) for name, text in headers.items()],
    }  # fmt: skip

    async def receive() -> Message:
        return incoming.pop(0) if incoming else await asyncio.Future()

    async def send(message: Message) -> None:
        out.append(message)

    asyncio.run(guard.Guard(uploads.route().handle)(scope, receive, send))
    return out[0]["status"], b"".join(message.get("body", b"") for message in out[1:])


def test_a_recording_is_answered_with_what_the_page_opens() -> None:
    status, said = post("/files/open", small.text().encode())
    assert (status, json.loads(said)["graph"]) == (200, small.packed())
    status, said = post("/files/open", b"\x80\x02}q\x00.")
    assert status == 200
    assert "never opened" in json.loads(said)["refused"]


def test_a_notebook_is_answered_with_its_program() -> None:
    status, said = post("/files/playground", TEACHERS)
    assert status == 200
    assert json.loads(said)["code"].startswith("# %% cell 1\n%matplotlib inline\nimport numpy")
    half = TEACHERS.replace(b"w.grad", b"\\ud800")
    assert "\ufffd" in json.loads(post("/files/playground", half)[1])["code"]
    assert json.loads(post("/files/playground", b"PK\3\4")[1]).keys() == {"refused"}


def test_a_file_may_be_as_large_as_a_recording_and_no_larger() -> None:
    status, said = post("/files/open", b" " * LARGEST_FILE)
    assert (status, list(json.loads(said))) == (200, ["refused"])
    assert post("/files/open", b" " * (LARGEST_FILE + 1))[0] == 413


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/files/open", {**HOME, "origin": "https://elsewhere.example"}, 403),
        ("/files/open", {"host": "app.example"}, 403),
        ("/files/vectors", HOME, 404),
        ("/files/nothing", HOME, 404),
        ("/open", HOME, 405),
        ("/files", HOME, 405),
    ],
)
def test_nobody_else_and_nowhere_else(path: str, headers: dict[str, str], status: int) -> None:
    assert post(path, b"{}", headers)[0] == status


def test_of_more_files_than_can_wait_it_is_said_that_the_server_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads.UPLOADS, "arriving", uploads.MOST_AT_ONCE)
    assert post("/files/open", b"{}")[0] == 503
    assert uploads.UPLOADS.arriving == uploads.MOST_AT_ONCE


def test_a_slow_file_is_waited_for_in_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "SECONDS", 0.01)
    assert post("/files/open", b"{}", ends=False)[0] == 408
    assert uploads.UPLOADS.arriving == 0


def test_the_recorder_is_its_own_file() -> None:
    assert recorder.FILE.is_file()
    assert recorder.route().path == "/recorder.py"
