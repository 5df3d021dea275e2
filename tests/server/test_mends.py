"""What is replaced in Streamlit does what it is replaced for."""

from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

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
