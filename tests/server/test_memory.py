"""The memory of visitors who have left."""

import asyncio
import logging

import pytest

from components.server import memory, streamlit_patches


@pytest.fixture
def trims(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each time that the heap is trimmed."""
    done: list[str] = []
    monkeypatch.setattr(memory, "trim_heap", lambda: done.append("trimmed"))
    return done


@pytest.mark.parametrize(("before", "after", "trimmed"), [(3, 2, 1), (3, 3, 0), (0, 1, 0)])
def test_the_heap_is_trimmed_when_visitors_have_left(
    monkeypatch: pytest.MonkeyPatch, trims: list[str], before: int, after: int, trimmed: int
) -> None:
    monkeypatch.setattr(streamlit_patches, "expire_sessions", lambda: after)
    assert memory.clean_up(before) == after
    assert len(trims) == trimmed


def test_a_failure_is_logged_and_the_watch_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looked: list[int] = []

    async def watch_through_failures() -> None:
        enough = asyncio.Event()

        def fail() -> int:
            looked.append(1)
            if len(looked) == 3:
                enough.set()
            raise AttributeError("_session_mgr")

        monkeypatch.setattr(memory, "SECONDS", 0)
        monkeypatch.setattr(streamlit_patches, "expire_sessions", fail)
        async with memory.watch():
            await asyncio.wait_for(enough.wait(), 30)

    with caplog.at_level(logging.ERROR, "autograd_explorer"):
        asyncio.run(watch_through_failures())
    assert len(looked) >= 3
    assert "could not be dropped" in caplog.text


def test_what_the_c_library_offers_can_be_called() -> None:
    memory.trim_heap()
    memory.limit_malloc_arenas()
