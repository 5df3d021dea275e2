"""What the server writes."""

import logging

import pytest

from components.server import logs


def line(message: str, *arguments: object, error: BaseException | None = None) -> str:
    trouble = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("streamlit", logging.WARNING, __file__, 1, message, arguments, trouble)
    return logs.OneLine(logs.LINE).format(record)


def raised() -> Exception:
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        return error


def test_an_event_is_one_line() -> None:
    assert line("first\nsecond\r\n").endswith("WARNING streamlit: first\\nsecond\\r\\n")


def test_an_exception_is_told_in_the_same_line() -> None:
    said = line("Error processing back message\n", error=raised())
    assert "\n" not in said
    assert "Error processing back message | ValueError: two\\nlines at " in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "text",
    [
        '10.1.2.3:54321 - "WebSocket /_stcore/stream" [accepted]',
        "from 192.168.0.17",
        "('203.0.113.9', 80)",
        "2001:db8::8a2e:370:7334 left",
        "[fe80::1]:80",
        "::ffff:10.0.0.1 came",
        "::ffff:10.0.0.1:44200 - GET",
    ],
)
def test_no_visitors_address_is_written(text: str) -> None:
    said = line("%s", text)
    assert "(address)" in said
    assert not any(part in said for part in ("10.1.2.3", "192.168", "203.0", "2001:", "fe80", "10.0.0.1"))


def test_no_session_is_written() -> None:
    said = line("Session with id %s is already connected!", "4f0e9a10-3b8e-4c65-8f4f-5a1f5e7f0b11")
    assert said.endswith("Session with id (session) is already connected!")


@pytest.mark.parametrize(
    "text", ["12:30:05 and 3.11", "Ready at http://localhost:8501", "components/server/logs.py:12", "std::vector"]
)
def test_other_text_stays(text: str) -> None:
    assert line("%s", text).endswith(text)
