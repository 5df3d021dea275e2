"""Every undocumented name is still there, each patch does what it is for, and without it things are still as bad."""

import asyncio
import contextlib
import json
import logging
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit import logger, net_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime import Runtime, RuntimeConfig
from streamlit.runtime.app_session import AppSessionState
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.state.common import unpack_widget_state_value
from streamlit.web.server import server_util
from streamlit.web.server.starlette.starlette_app import create_streamlit_routes
from streamlit.web.server.starlette.starlette_websocket import StarletteSessionClient

from components.server import streamlit_patches as patches

MAIN = Path(__file__).parents[2] / "components" / "main.py"
LIMIT = 30.0
"""Seconds that nothing here takes, however busy the machine is."""


# Scripts and pages

SCRIPT = """
from tests.server import test_streamlit_patches as here
here.meet()
"""
meeting = threading.Barrier(2)
"""Where two page scripts meet if both run at once."""
met: list[bool] = []


def meet(seconds: float = LIMIT) -> None:
    """Note whether another script came while this one was running."""
    try:
        meeting.wait(seconds)
        met.append(True)
    except threading.BrokenBarrierError:
        met.append(False)


def run_two_scripts(script: Path) -> list[bool]:
    """Two visitors open the page at once: whether their scripts met."""

    async def open_twice() -> None:
        async with running(script) as runtime:
            for _ in range(2):
                visitor = Visitor()
                session = runtime.connect_session(visitor, {})
                message = BackMsg()
                message.rerun_script.query_string = ""
                runtime.handle_backmsg(session, message)
            while len(met) < 2:
                await asyncio.sleep(0.01)

    met.clear()
    meeting.reset()
    before = set(threading.enumerate())
    asyncio.run(asyncio.wait_for(open_twice(), 3 * LIMIT))
    for thread in set(threading.enumerate()) - before:
        thread.join(LIMIT)
    return met


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page script that looks for another one; the way it is run is put back afterwards."""
    monkeypatch.setattr(ScriptRunner, "_run_script", ScriptRunner._run_script)
    (tmp_path / "main.py").write_text(SCRIPT)
    return tmp_path / "main.py"


def test_streamlit_runs_scripts_side_by_side(script: Path) -> None:
    assert run_two_scripts(script) == [True, True]


def test_scripts_run_one_at_a_time(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meet, "__defaults__", (0.2,))
    patches.run_scripts_one_at_a_time(seconds=LIMIT)
    assert run_two_scripts(script) == [False, False]


def test_a_script_that_hangs_holds_the_others_for_its_lease(script: Path) -> None:
    patches.run_scripts_one_at_a_time(seconds=0.1)
    assert run_two_scripts(script) == [True, True]


def test_a_script_that_fails_lets_the_next_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def fail_once(_self: object, rerun_data: str) -> None:
        done.append(rerun_data)
        if rerun_data == "fails":
            raise RuntimeError

    monkeypatch.setattr(ScriptRunner, "_run_script", fail_once)
    patches.run_scripts_one_at_a_time(seconds=LIMIT)
    runner: Any = ScriptRunner
    with pytest.raises(RuntimeError):
        runner._run_script(None, "fails")
    runner._run_script(None, "next")
    assert done == ["fails", "next"]


def test_streamlit_takes_our_pages_for_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    PagesManager(str(MAIN))
    assert PagesManager.uses_pages_directory is True


def test_our_pages_are_no_pages_of_streamlits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    patches.ignore_pages_folder()
    PagesManager(str(MAIN))
    assert PagesManager.uses_pages_directory is False


def test_the_apps_address_names_its_host() -> None:
    assert patches.app_url() == server_util.get_url(st.get_option("browser.serverAddress"))
    assert patches.app_url().startswith("http")


# The network


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses outside that Streamlit asks; none of them answers."""
    asked: list[str] = []
    monkeypatch.setattr(net_util, "_external_ip", None)
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda url, **_: asked.append(url))
    return asked


def test_streamlit_asks_outside_at_every_foreign_handshake(questions: list[str]) -> None:
    assert not server_util.is_url_from_allowed_origins("http://foreign.example")
    first = len(questions)
    assert not server_util.is_url_from_allowed_origins("http://foreign.example")
    assert len(questions) == 2 * first > 0


def test_nobody_outside_is_asked(questions: list[str]) -> None:
    patches.never_look_up_external_address()
    assert not server_util.is_url_from_allowed_origins("http://foreign.example")
    assert questions == []


def test_an_external_address_that_is_known_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(net_util, "_external_ip", "203.0.113.9")
    patches.never_look_up_external_address()
    assert net_util.get_external_ip() == "203.0.113.9"


# Sessions


class Visitor(StarletteSessionClient):
    """A browser's side of a session, with a socket that goes nowhere."""

    def __init__(self) -> None:
        super().__init__(SimpleNamespace(headers={}, cookies={}, client=None, send_bytes=self.send))  # type: ignore[arg-type]

    async def send(self, message: bytes) -> None:
        """Nobody reads it."""


@contextlib.asynccontextmanager
async def running(script: Path = MAIN) -> AsyncIterator[Runtime]:
    """Streamlit without a server."""
    runtime = Runtime(
        RuntimeConfig(
            script_path=str(script),
            media_file_storage=MemoryMediaFileStorage("/media"),
            uploaded_file_manager=MemoryUploadedFileManager("/upload"),
        )
    )
    await runtime.start()
    yield runtime
    manager: Any = runtime._session_mgr
    for info in manager.list_sessions():
        info.session.shutdown()
    runtime.stop()
    await runtime.stopped


@pytest.fixture(autouse=True)
def no_runtime() -> Iterator[None]:
    yield
    Runtime._instance = None


def test_visitors_and_what_they_wait_for_are_seen() -> None:
    async def visit() -> None:
        async with running() as runtime:
            assert not patches.has_visitors()
            visitor = Visitor()
            session = runtime.connect_session(visitor, {})
            (info,) = patches._active_sessions()
            info.session._browser_queue.flush()
            visitor._send_queue = asyncio.Queue()
            assert patches.has_visitors()
            assert not patches.is_busy()
            info.session._state = AppSessionState.APP_IS_RUNNING
            assert patches.is_busy()
            info.session._state = AppSessionState.APP_NOT_RUNNING
            info.session._browser_queue.enqueue(ForwardMsg())
            assert patches.is_busy()
            info.session._browser_queue.flush()
            visitor._send_queue.put_nowait(b"")
            assert patches.is_busy()
            runtime.disconnect_session(session, client=visitor)
            assert not patches.has_visitors()
            await visitor.aclose()

    asyncio.run(visit())


# Messages, files and the log


def test_messages_are_told_by_their_type() -> None:
    message = BackMsg()
    message.rerun_script.widget_states.widgets.add(id="page", json_value="{}")
    assert patches.message_type(message.SerializeToString()) == "rerun_script"
    assert patches.message_type(b"") == "empty"


def test_a_pages_messages_are_messages_of_streamlits() -> None:
    assert {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields} > patches.PAGE_MESSAGES


def test_streamlit_fails_at_a_state_that_is_no_json() -> None:
    with pytest.raises(json.JSONDecodeError):
        unpack_widget_state_value(WidgetState(id="page", json_value="{"))


@pytest.mark.parametrize("state", ["{", "[" * 9000, "9" * 5000])
@pytest.mark.parametrize("field", ["json_value", "json_trigger_value"])
def test_a_state_that_is_no_json_is_no_message(state: str, field: str) -> None:
    message = BackMsg()
    message.rerun_script.widget_states.widgets.add(id="page", **{field: state})
    with pytest.raises(ValueError, match=r".+"):
        patches.message_type(message.SerializeToString())


def test_streamlit_serves_the_paths_that_we_close() -> None:
    async def served() -> list[str]:
        async with running() as runtime:
            return [str(getattr(route, "path", "")).lstrip("/") for route in create_streamlit_routes(runtime)]

    there = asyncio.run(served())
    assert patches.HEALTH_PATH in there
    for path in patches.CLOSED_PATHS:
        assert any(one.startswith(path) for one in there), path


def failure() -> logging.LogRecord:
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        trouble = (ValueError, error, error.__traceback__)
        return logging.LogRecord("streamlit", logging.ERROR, __file__, 1, "Failed", (), trouble)


@pytest.fixture
def own_loggers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's list of loggers, without those that others lean on."""
    monkeypatch.setattr(logger, "setup_formatter", logger.setup_formatter)
    monkeypatch.setattr(logger, "_loggers", {})


@pytest.mark.usefixtures("own_loggers")
def test_streamlit_writes_an_exception_over_many_lines() -> None:
    (handler,) = logger.get_logger("test of streamlit's own").handlers
    assert handler.format(failure()).count("\n") > 1


@pytest.mark.usefixtures("own_loggers")
def test_streamlits_loggers_get_our_handlers() -> None:
    def set_up(log: logging.Logger) -> None:
        log.handlers[:] = [ours]

    ours = logging.NullHandler()
    before = logger.get_logger("test of one that is there")
    patches.set_log_handler(set_up)
    assert before.handlers == [ours]
    assert logger.get_logger("test of one to come").handlers == [ours]
