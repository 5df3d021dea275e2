"""What is let in and what is not."""

import pytest
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg

from components.server import guard


def message(**said: object) -> bytes:
    return bytes(BackMsg(**said).SerializeToString())  # type: ignore[arg-type]


RERUN = BackMsg()
RERUN.rerun_script.query_string = "w=2"


def test_a_pages_own_message_passes() -> None:
    assert guard.judge(RERUN.SerializeToString()) == (0, "rerun_script")
    assert "rerun_script" in guard.SAYINGS


@pytest.mark.parametrize(
    ("name", "value"),
    [("clear_cache", True), ("load_git_info", True), ("set_run_on_save", True), ("debug_shutdown_runtime", True)],
)
def test_what_a_page_never_says_is_passed_over(name: str, value: object) -> None:
    code, said = guard.judge(message(**{name: value}))
    assert (code, said) == (0, name)
    assert said not in guard.SAYINGS


def test_requests_to_write_files_are_passed_over() -> None:
    asked = BackMsg()
    asked.backend_operation_request.request_id = "1"
    assert guard.judge(asked.SerializeToString()) == (0, "backend_operation_request")
    assert "backend_operation_request" not in guard.SAYINGS


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, guard.NOT_OURS),
        (b"\xff" * 40, guard.UNREADABLE),
        (b"hello", guard.UNREADABLE),
        (b"\0" * (guard.LONGEST + 1), guard.TOO_LONG),
    ],
)
def test_other_bytes_end_the_socket(data: bytes | None, code: int) -> None:
    assert guard.judge(data)[0] == code


@pytest.mark.parametrize("state", ["{", "[" * 9000, "9" * 5000])
def test_a_widgets_state_must_be_readable(state: str) -> None:
    said = BackMsg()
    said.rerun_script.widget_states.widgets.add(id="live", json_value=state)
    assert guard.judge(said.SerializeToString())[0] == guard.UNREADABLE


def test_nothing_at_all_is_no_message_of_ours() -> None:
    assert guard.judge(b"")[1] not in guard.SAYINGS


@pytest.mark.parametrize(
    ("base", "path", "below"),
    [
        ("", "/_stcore/metrics", "_stcore/metrics"),
        ("", "//_stcore/metrics", "_stcore/metrics"),
        ("school/autograd", "/school/autograd/_stcore/health", "_stcore/health"),
        ("/autograd/", "/autograd", ""),
    ],
)
def test_paths_are_read_below_the_prefix(monkeypatch: pytest.MonkeyPatch, base: str, path: str, below: str) -> None:
    monkeypatch.setattr(config, "get_option", lambda _: base)
    assert guard.below_base(path) == below
