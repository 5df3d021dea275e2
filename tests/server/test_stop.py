"""The end of a server: in which order it lets go."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from types import SimpleNamespace
from typing import Any

import pytest

from components.server import stop, streamlit_patches

LIMIT = 30


class Line:
    """The live line's sockets, as the drain sees them."""

    def __init__(self, log: list[str]) -> None:
        self.open: set[str] = set()
        self.busy = 0
        self._log = log

    def is_busy(self) -> bool:
        """For as many questions as `busy` says."""
        self.busy -= 1
        return self.busy >= 0

    async def close_all(self) -> None:
        """Noted."""
        self._log.append(f"closed, {'closing' if stop.is_closing() else 'open'}")


@pytest.fixture
def log() -> list[str]:
    """What happens, in its order."""
    return []


@pytest.fixture
def line(log: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """A server without visitors, which notes that it leaves."""
    line = Line(log)
    monkeypatch.setattr(stop, "LINES", line)
    monkeypatch.setattr(stop, "_phase", {"draining": False, "closing": False})
    monkeypatch.setattr(streamlit_patches, "has_visitors", lambda: False)
    monkeypatch.setattr(streamlit_patches, "is_busy", lambda: False)
    before = signal.signal(signal.SIGTERM, lambda *_: log.append("left"))
    yield line
    signal.signal(signal.SIGTERM, before)


def terminate(log: list[str], during: Callable[[], Any] = lambda: None) -> None:
    """SIGTERM, twice, and then the end."""

    async def run() -> None:
        stop.drain_on_sigterm()
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(LIMIT):
            while "left" not in log:
                during()
                await asyncio.sleep(0)

    asyncio.run(run())


def test_nobody_waits_where_nobody_is(log: list[str], line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stop, "NOTICE_SECONDS", 10 * LIMIT)
    terminate(log)
    assert log == ["closed, closing", "left"]
    assert stop.is_draining()


@pytest.mark.parametrize("where", ["Streamlit", "the live line"])
def test_visitors_go_on_until_the_notice_is_over(
    log: list[str], line: Line, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    seen: set[tuple[bool, bool]] = set()
    monkeypatch.setattr(stop, "NOTICE_SECONDS", 0.05)
    if where == "Streamlit":
        monkeypatch.setattr(streamlit_patches, "has_visitors", lambda: True)
    else:
        line.open.add("socket")
    terminate(log, lambda: seen.add((stop.is_draining(), stop.is_closing())))
    assert (True, False) in seen
    assert log == ["closed, closing", "left"]


def test_what_is_being_computed_arrives(log: list[str], line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line.busy = 3
    scripts = chain([True, True], repeat(False))
    monkeypatch.setattr(streamlit_patches, "is_busy", lambda: next(scripts))
    terminate(log)
    assert line.busy < 0
    assert log == ["closed, closing", "left"]


def test_what_hangs_is_not_waited_for(log: list[str], line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stop, "BUSY_SECONDS", 0.05)
    line.busy = 10**9
    terminate(log)
    assert log == ["closed, closing", "left"]


def test_the_server_waits_as_long_for_its_sockets(log: list[str], line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    server = SimpleNamespace(config=SimpleNamespace(timeout_graceful_shutdown=None))
    monkeypatch.setattr(streamlit_patches, "uvicorn_server", lambda: server)
    terminate(log)
    assert server.config.timeout_graceful_shutdown == stop.BUSY_SECONDS
