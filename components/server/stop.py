"""The end: SIGTERM lets what is being computed arrive, tells the load balancer, and moves visitors on."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from typing import Any, Final

from starlette.responses import PlainTextResponse
from streamlit.logger import get_logger
from streamlit.runtime import get_instance
from streamlit.runtime.app_session import AppSessionState

LOG: Final = get_logger("autograd_explorer")
UNAVAILABLE = PlainTextResponse("Shutting down", status_code=503, headers={"Cache-Control": "no-store"})
NOTICE = float(os.environ.get("DRAIN_SECONDS", "0"))
"""Seconds in which visitors go on and the health check says 503, for load balancers that ask at intervals."""
PATIENCE = 5.0
"""Seconds for updates that are under way, and as many again for sockets to close."""

_phase = {"draining": False, "closing": False}


def is_draining() -> bool:
    """Whether SIGTERM has come: no new visitor is let in."""
    return _phase["draining"]


def is_closing() -> bool:
    """Whether no further update is begun: the browser sends its newest value again to whoever answers next."""
    return _phase["closing"]


def drain_on_sigterm() -> None:
    """Puts the draining before what the server does at SIGTERM; called while it starts."""
    loop, leave = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)
    if not callable(leave):
        return
    if server := getattr(leave, "__self__", None):
        server.config.timeout_graceful_shutdown = PATIENCE
    tasks: list[asyncio.Task[None]] = []

    def begin() -> None:
        if not is_draining():
            _phase["draining"] = True
            tasks.append(loop.create_task(_drain(leave)))

    signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(begin))


async def _drain(leave: Callable[[int, Any], Any]) -> None:
    LOG.info("Stopping: the health check says 503, updates under way are finished")
    await asyncio.sleep(NOTICE if _sessions() else 0)
    _phase["closing"] = True
    end = time.monotonic() + PATIENCE
    while any(map(_is_busy, _sessions())) and time.monotonic() < end:
        await asyncio.sleep(0.02)
    leave(signal.SIGTERM, None)


def _sessions() -> list[Any]:
    return get_instance()._session_mgr.list_active_sessions()


def _is_busy(info: Any) -> bool:
    """Whether an update is being computed for this visitor, or lies unsent."""
    is_running = info.session._state is AppSessionState.APP_IS_RUNNING
    return is_running or not info.session._browser_queue.is_empty() or info.client._send_queue.qsize() > 0
