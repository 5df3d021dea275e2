"""Messages, answers and a worker's loop, without processes."""

import math
import mmap
import os
from collections.abc import Callable
from typing import Any

import pytest

from components.sandbox import answers
from components.sandbox.frames import HEADER, Frame, TooLargeError, parse_object, receive, send
from components.sandbox.limits import Limits
from components.sandbox.worker import NOTED_BYTES, Notes, Settings, answer, read_requests, serve

LIMITS = Limits(answer_bytes=1000)


@pytest.fixture
def notes() -> Notes:
    return Notes(mmap.mmap(-1, NOTED_BYTES))


def raising(error: BaseException) -> Callable[..., dict[str, Any]]:
    def handle(*_: object) -> dict[str, Any]:
        raise error

    return handle


def said(handle: Callable[..., dict[str, Any]], notes: Notes) -> dict[str, Any]:
    found = parse_object(answer(handle, b'{"code": ""}', notes, LIMITS))
    assert found is not None
    return found


def test_a_message_arrives_whole() -> None:
    source, sink = os.pipe()
    for body in (b"", b"{}", b"x" * 30_000):
        send(sink, Frame(7, body))
        assert receive(source, 30_000) == (7, body)
    os.close(sink)
    assert receive(source, 10) is None
    os.close(source)


def test_a_message_that_breaks_off_is_none_and_one_that_is_too_long_is_not_read() -> None:
    for head, ends in ((HEADER.pack(10, 1) + b"short", None), (b"short", None)):
        source, sink = os.pipe()
        os.write(sink, head)
        os.close(sink)
        assert receive(source, 100) is ends
        os.close(source)
    source, sink = os.pipe()
    os.write(sink, HEADER.pack(2**32 - 1, 1))
    with pytest.raises(TooLargeError):
        receive(source, 100)
    os.close(source)
    os.close(sink)


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b"1", b"{", b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1e999}', b"\xff", b'{"a": ' + b"[" * 99_999],
)
def test_what_is_no_object_of_strict_json_is_none(text: bytes) -> None:
    assert parse_object(text) is None


def test_an_object_is_read() -> None:
    assert parse_object(b'{"a": [1.5, "nan", "\\ud800"]}') == {"a": [1.5, "nan", "\ud800"]}


@pytest.mark.parametrize(
    ("handle", "sentence"),
    [
        (raising(MemoryError()), "180 MB of memory"),
        (raising(ValueError()), "ended at line 4"),
        (raising(SystemExit()), "ended at line 4"),
        (lambda *_: {"a": math.nan}, "ended at line 4"),
        (lambda *_: {"a": object()}, "ended at line 4"),
        (lambda *_: {"a": "x" * 1000}, "The results take more"),
    ],
)
def test_an_answer_is_strict_json_whatever_happens(
    handle: Callable[..., dict[str, Any]], sentence: str, notes: Notes
) -> None:
    notes.reach(4)
    found = said(handle, notes)
    assert sentence in found["limit"]["text"]
    assert answers.is_complete(found)


def test_a_worker_answers_request_after_request_and_begins_each_at_no_line(notes: Notes) -> None:
    there, back = os.pipe(), os.pipe()
    for number in (1, 2):
        send(there[1], Frame(number, b'{"code": "x"}'))
    os.close(there[1])

    def handle(request: dict[str, Any], progress: Callable[[int], None]) -> dict[str, Any]:
        before = [notes.request, notes.line]
        progress(9)
        return request | {"before": before}

    serve(handle, read_requests(there[0], 100), back[1], notes, LIMITS)
    assert receive(back[0], 100) == (0, b"{}")
    for number in (1, 2):
        assert receive(back[0], 100) == (number, b'{"code": "x", "before": [%d, null]}' % number)
    for end in (there[0], *back):
        os.close(end)


def test_settings_reach_another_process() -> None:
    settings = Settings("a:b", Limits(memory=1), has_kernel=False)
    assert Settings.from_json(settings.to_json()) == settings


def test_an_answer_without_its_fields_is_not_complete() -> None:
    assert answers.is_complete(answers.stopped("", 3))
    wrong: list[dict[str, Any]] = [{"accepted": 1}, {"limit": "text"}, {"names": []}, {"printed": None}]
    for changed in wrong:
        assert not answers.is_complete(answers.blank() | changed)
    assert not answers.is_complete({})
