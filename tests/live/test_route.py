"""The line without a browser: turns, what waits, and who may open it."""

import asyncio
import json
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from components.live import route
from components.live.event import Event, read
from components.live.route import (
    MOST_BYTES_PER_SECOND,
    MOST_PER_SECOND,
    MOST_RELEASED,
    Allowance,
    Line,
    Turns,
    Waiting,
    is_same_origin,
)
from tests.visitor import decode


def event(seq: int, released: bool = False) -> Event[Any]:
    return read({"page": "neuron", "seq": seq, "released": released})


def taken(waiting: Waiting, count: int) -> list[int]:
    async def take() -> list[int]:
        return [(await waiting.take()).seq for _ in range(count)]

    return asyncio.run(asyncio.wait_for(take(), 30))


def test_the_newest_event_overtakes() -> None:
    waiting = Waiting()
    for seq in (1, 2, 3):
        waiting.put(event(seq))
    assert taken(waiting, 1) == [3]


def test_a_released_event_is_not_overtaken() -> None:
    waiting = Waiting()
    for seq, released in ((1, False), (2, True), (3, False), (4, False), (5, True), (6, False)):
        waiting.put(event(seq, released))
    assert taken(waiting, 3) == [2, 5, 6]


def test_a_flood_of_released_events_is_bounded() -> None:
    waiting = Waiting()
    for seq in range(100):
        waiting.put(event(seq, released=True))
    assert taken(waiting, MOST_RELEASED) == list(range(100 - MOST_RELEASED, 100))


def test_an_event_that_comes_later_is_waited_for() -> None:
    async def scene() -> int:
        waiting = Waiting()
        first = asyncio.create_task(waiting.take())
        await asyncio.sleep(0)
        waiting.put(event(7))
        return (await first).seq

    assert asyncio.run(asyncio.wait_for(scene(), 30)) == 7


def test_work_is_done_in_turn() -> None:
    order: list[str] = []

    def work(name: str) -> bytes:
        order.append(f"{name} begins")
        order.append(f"{name} ends")
        return name.encode()

    async def scene() -> list[bytes]:
        turns = Turns(patience=600)
        return await asyncio.gather(*(turns.run(partial(work, name)) for name in "abc"))

    assert asyncio.run(asyncio.wait_for(scene(), 30)) == [b"a", b"b", b"c"]
    assert order == [f"{name} {what}" for name in "abc" for what in ("begins", "ends")]


def test_work_that_hangs_is_overtaken() -> None:
    release = threading.Event()

    def hang() -> bytes:
        assert release.wait(60)
        return b"late"

    async def scene() -> tuple[bytes, bytes]:
        turns = Turns(patience=0.01)
        hanging = asyncio.create_task(turns.run(hang))
        await asyncio.sleep(0)
        quick = await turns.run(lambda: b"quick")
        release.set()
        return quick, await hanging

    assert asyncio.run(asyncio.wait_for(scene(), 60)) == (b"quick", b"late")


def test_what_is_under_way_is_counted() -> None:
    async def scene() -> tuple[int, int]:
        turns = Turns()
        during: list[int] = []
        await turns.run(lambda: during.append(turns.waiting) or b"")  # type: ignore[func-returns-value]
        return during[0], turns.waiting

    assert asyncio.run(asyncio.wait_for(scene(), 30)) == (1, 0)


def test_work_that_fails_says_so_to_its_own_visitor() -> None:
    async def scene() -> bytes:
        turns = Turns()
        with pytest.raises(ZeroDivisionError):
            await turns.run(lambda: bytes([1 // 0]))
        return await turns.run(lambda: b"next")

    assert asyncio.run(asyncio.wait_for(scene(), 30)) == b"next"


class Socket:
    """A socket that has been told `texts`, and says nothing more."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)
        self.answers: asyncio.Queue[bytes] = asyncio.Queue()

    async def accept(self) -> None:
        """The handshake."""

    async def receive(self) -> dict[str, str]:
        """The next text."""
        if not self.texts:
            await asyncio.Event().wait()
        return {"type": "websocket.receive", "text": self.texts.pop(0)}

    async def send_bytes(self, data: bytes) -> None:
        """Takes an answer."""
        self.answers.put_nowait(data)


class Hanging(Turns):
    """Work that is never done."""

    async def run(self, _work: Callable[[], bytes]) -> bytes:
        """Nothing."""
        await asyncio.Event().wait()
        return b""


def test_a_ping_is_answered_at_once_with_what_has_arrived() -> None:
    """Even while an update hangs; an event that comes too late counts as arrived."""
    texts = ['{"ping":4}', *(json.dumps({"page": "neuron", "seq": seq}) for seq in (5, 7, 6)), '{"ping":7}']

    async def scene() -> list[dict[str, Any]]:
        socket = Socket(*texts)
        serving = asyncio.create_task(Line(socket, Hanging()).serve())  # type: ignore[arg-type]
        answers = [decode(await socket.answers.get()) for _ in range(2)]
        serving.cancel()
        return answers

    said = asyncio.run(asyncio.wait_for(scene(), 30))
    assert said == [{"ping": 4, "received": -1}, {"ping": 7, "received": 7}]


@pytest.mark.parametrize(("size", "count"), [(400, MOST_PER_SECOND), (64 * 1024, MOST_BYTES_PER_SECOND // 65536)])
def test_a_flood_is_read_at_its_rate(size: int, count: int) -> None:
    now, allowance = 100.0, Allowance(100.0)
    for _ in range(10 * count):
        now += allowance.pause(size, now)
    assert now == pytest.approx(110)


def test_who_has_been_slow_is_read_at_once() -> None:
    allowance = Allowance(100)
    assert [allowance.pause(400, 200) for _ in range(MOST_PER_SECOND)] == [0] * MOST_PER_SECOND
    assert allowance.pause(400, 200) > 0


def test_a_screen_of_the_fastest_is_not_held_up() -> None:
    allowance = Allowance(100)
    assert [allowance.pause(1000, 100 + frame / 240) for frame in range(1, 2400)] == [0] * 2399


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        ("http://localhost:8501", "localhost:8501", True),
        ("https://School.example", "school.example", True),
        ("http://evil.example", "localhost:8501", False),
        ("http://localhost:8502", "localhost:8501", False),
        ("null", "localhost:8501", False),
        ("", "localhost:8501", False),
        ("http://", "", False),
        ("", "", False),
        ("localhost:8501", "localhost:8501", False),
        ("http://localhost:8501@evil.example", "localhost:8501", False),
        ("http://localhost:8501.evil.example", "localhost:8501", False),
    ],
)
def test_only_our_own_pages_open_the_line(origin: str, host: str, allowed: bool) -> None:
    assert is_same_origin(origin, host) is allowed


def test_the_line_is_a_route_of_the_app() -> None:
    assert route.route("/school/live").path == "/school/live"
