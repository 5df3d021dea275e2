"""Memory of visitors who have left goes back to the system, and the rest is kept in few pieces."""

import asyncio
import contextlib
import ctypes
import gc
from collections.abc import AsyncIterator
from typing import Any

from streamlit.runtime import get_instance

SECONDS = 10
_ARENA_MAX = -8
"""mallopt's number for it."""


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[None]:
    """Looks every few seconds for visitors who have left, as long as this lasts."""
    task = asyncio.create_task(_watch())
    yield
    task.cancel()


async def _watch() -> None:
    before = 0
    while True:
        await asyncio.sleep(SECONDS)
        now = forget_the_gone()
        if now < before:
            give_back()
        before = now


def forget_the_gone() -> int:
    """Drops sessions whose time is over (Streamlit does so only when the next visitor leaves); how many are kept."""
    manager: Any = get_instance()._session_mgr
    manager._session_storage._cache.expire()
    return len(manager.list_sessions())


def give_back() -> None:
    """What nobody refers to any more, first from Python, then from the C library."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def keep_together() -> None:
    """Two arenas instead of eight for each core: every update runs in a thread of its own and would spread over all."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(_ARENA_MAX, 2)
