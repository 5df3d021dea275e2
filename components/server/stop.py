"""The end: SIGTERM tells the load balancer, lets what is being computed arrive, and moves visitors on."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import Callable
from typing import Any, Final

from starlette.responses import PlainTextResponse

from components.live.route import LINES
from components.server import streamlit_patches

LOG: Final = logging.getLogger("autograd_explorer")
UNAVAILABLE: Final = PlainTextResponse("Shutting down", status_code=503, headers={"Cache-Control": "no-store"})
NOTICE_SECONDS: Final = float(os.environ.get("DRAIN_SECONDS", "0"))
"""In which visitors go on and the health check says 503, for load balancers that ask at intervals."""
BUSY_SECONDS: Final = 5
"""For what is being computed, and as many again for sockets to close."""

_phase = {"draining": False, "closing": False}


def is_draining() -> bool:
    """Whether SIGTERM has come: no new visitor is let in."""
    return _phase["draining"]


def is_closing() -> bool:
    """Whether nothing further is begun: the browser sends its newest value again to whoever answers next."""
    return _phase["closing"]


def drain_on_sigterm() -> None:
    """Put the draining before what the server does at SIGTERM; called while it starts."""
    loop, leave = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)
    if not callable(leave):
        return
    if server := streamlit_patches.uvicorn_server():
        server.config.timeout_graceful_shutdown = BUSY_SECONDS
    tasks: list[asyncio.Task[None]] = []

    def begin() -> None:
        if not is_draining():
            _phase["draining"] = True
            tasks.append(loop.create_task(_drain(leave)))

    signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(begin))


async def _drain(leave: Callable[[int, Any], Any]) -> None:
    LOG.info("Stopping: the health check says 503, updates under way are finished")
    await asyncio.sleep(NOTICE_SECONDS if streamlit_patches.has_visitors() or LINES.open else 0)
    _phase["closing"] = True
    end = time.monotonic() + BUSY_SECONDS
    while (streamlit_patches.is_busy() or LINES.is_busy()) and time.monotonic() < end:
        await asyncio.sleep(0.02)
    await LINES.close_all()
    leave(signal.SIGTERM, None)
