"""Memory of visitors who have left is given back to the system, and the rest is kept in few pieces."""

import asyncio
import contextlib
import ctypes
import gc
import logging
from collections.abc import AsyncIterator
from typing import Final

from components.server import streamlit_patches

LOG: Final = logging.getLogger("autograd_explorer")
SECONDS = 10
_M_ARENA_MAX = -8
"""The parameter's number for mallopt(3)."""


@contextlib.asynccontextmanager
async def watch() -> AsyncIterator[None]:
    """Drop expired sessions and trim the heap every few seconds, as long as this context lasts."""
    task = asyncio.create_task(_watch())
    yield
    task.cancel()


async def _watch() -> None:
    kept = 0
    while True:
        await asyncio.sleep(SECONDS)
        try:
            kept = clean_up(kept)
        except Exception:
            LOG.exception("Expired sessions could not be dropped")


def clean_up(before: int) -> int:
    """Drop expired sessions, and trim the heap where there were more sessions `before`; the number kept now."""
    kept = streamlit_patches.expire_sessions()
    if kept < before:
        trim_heap()
    return kept


def trim_heap() -> None:
    """Collect garbage, then hand the free memory of the C library back to the system."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def limit_malloc_arenas() -> None:
    """Two arenas instead of eight for each core: every page run has a thread of its own and would spread over all."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(_M_ARENA_MAX, 2)
