"""What is replaced in Streamlit does what it is replaced for."""

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

from components.server import mends


def part(text: str, fragment: str = "") -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path.extend([0, 1])
    message.delta.new_element.html.body = text
    message.delta.fragment_id = fragment
    return message


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> ForwardMsgQueue:
    """A page that waits to be sent, with the part of a fragment in it."""
    monkeypatch.setattr(AppSession, "_clear_queue", AppSession._clear_queue)
    mends.keep_runs_whole()
    queue = ForwardMsgQueue()
    queue.enqueue(part("before", "controls"))
    return queue


def test_a_fragments_run_leaves_what_waits_and_comes_after_it(waiting: ForwardMsgQueue) -> None:
    AppSession._clear_queue(SimpleNamespace(_browser_queue=waiting), ["controls"])  # type: ignore[arg-type]
    waiting.enqueue(part("after", "controls"))
    assert [message.delta.new_element.html.body for message in waiting.flush()] == ["before", "after"]


def test_a_whole_run_replaces_what_waits(waiting: ForwardMsgQueue) -> None:
    AppSession._clear_queue(SimpleNamespace(_browser_queue=waiting))  # type: ignore[arg-type]
    assert waiting.is_empty()


def test_runs_follow_one_another_even_after_one_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = threading.Semaphore(3), []

    def _run_script(_self: Any, fails: bool) -> None:
        with running:
            most.append(running._value)
            time.sleep(0.02)
            if fails:
                raise RuntimeError

    monkeypatch.setattr(ScriptRunner, "_run_script", _run_script)
    mends.run_one_at_a_time(patience=30)

    def one(number: int) -> None:
        with contextlib.suppress(RuntimeError):
            ScriptRunner._run_script(None, number == 0)  # type: ignore[arg-type]

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(one, range(6)))
    assert most == [2] * 6
