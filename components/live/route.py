"""The live line: a WebSocket below the app's base path, without memory between two events."""

import asyncio
import contextlib
import logging
import secrets
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from components.live.event import LONGEST, Event, EventError, parse, parse_ping
from components.live.message import encode
from components.live.update import prepare, update

LOG: Final = logging.getLogger("autograd_explorer")
PATH = "live"

UNREADABLE, FOREIGN, TOO_LONG, FAILED, RESTARTING = 1007, 1008, 1009, 1011, 1012
"""Codes of RFC 6455 with which a socket is closed."""

MOST_RELEASED = 8
"""Released values that wait in one socket; a gesture's last value is never overtaken, a flood of them is."""

MOST_PER_SECOND = 500
"""Events a second that are read of one socket: twice what the fastest screen sends. The rest waits in the network."""

MOST_BYTES_PER_SECOND = 256 * 1024
"""The same in bytes: the fastest screen sends half of them, and to parse as many takes a hundredth of a second."""

PATIENCE = 0.5
"""Seconds after which an update that hangs (in the layout program, say) no longer holds the others."""

THREADS = 16
"""Threads for updates: one computes, the others are for those that hang."""

MOST_ELSEWHERE = 64
"""Pieces of work that are waited for at the same time, done in other processes."""

CLOSING_SECONDS = 1
"""For the last words to all sockets; one that takes nothing would be waited for in vain."""


class TooLongError(EventError):
    """An event longer than any of ours."""


class Turns:
    """Has work of all sockets follow one another in a worker thread, in the order in which it was asked for."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="live")
        self._elsewhere = ThreadPoolExecutor(MOST_ELSEWHERE, thread_name_prefix="elsewhere")
        self._lock = asyncio.Lock()
        self.waiting = 0

    async def run(self, work: Callable[[], bytes]) -> bytes:
        """What `work` gives; after `patience` seconds the next one begins beside it."""
        self.waiting += 1
        try:
            async with self._lock:
                future = asyncio.get_running_loop().run_in_executor(self._pool, work)
                await asyncio.wait({future}, timeout=self._patience)
            return await future
        finally:
            self.waiting -= 1

    async def prepare(self, work: Callable[[], Any]) -> Any:
        """What `work` gives, which is done elsewhere: nobody's turn waits for it."""
        return await asyncio.get_running_loop().run_in_executor(self._elsewhere, work)


class Waiting:
    """Events of one socket that are still to be answered: released ones, and the newest."""

    def __init__(self) -> None:
        self._events: deque[Event[Any]] = deque()
        self._arrived = asyncio.Event()

    def put(self, event: Event[Any]) -> None:
        """Adds an event; one that was not released is overtaken by it."""
        if self._events and not self._events[-1].released:
            self._events.pop()
        if len(self._events) == MOST_RELEASED:
            self._events.popleft()
        self._events.append(event)
        self._arrived.set()

    async def take(self) -> Event[Any]:
        """The event that is to be answered next, once there is one."""
        await self._arrived.wait()
        event = self._events.popleft()
        if not self._events:
            self._arrived.clear()
        return event


class Allowance:
    """How fast one socket is read; who has been slow may send a second's worth at once."""

    def __init__(self, now: float) -> None:
        self._used_until = now

    def pause(self, size: int, now: float) -> float:
        """Seconds before the next event is read, after one of `size` bytes at the time `now`."""
        cost = max(1 / MOST_PER_SECOND, size / MOST_BYTES_PER_SECOND)
        self._used_until = max(self._used_until + cost, now - 1)
        return max(0.0, self._used_until - now)


class Line:
    """One socket: reads events, and answers the newest as soon as its turn has come."""

    def __init__(self, socket: WebSocket, turns: Turns) -> None:
        self.socket = socket
        self.turns = turns
        self.waiting = Waiting()
        self.newest = -1
        self.visitor = secrets.token_hex(8)

    async def serve(self) -> None:
        """Until the browser or the server ends it."""
        await self.socket.accept()
        answering = asyncio.create_task(self._answer())
        reading = asyncio.create_task(self._read())
        try:
            done, _ = await asyncio.wait({answering, reading}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                with contextlib.suppress(WebSocketDisconnect):
                    await self._end(task.exception())
        finally:
            answering.cancel()
            reading.cancel()

    async def _end(self, error: BaseException | None) -> None:
        is_closed = self.socket.application_state is WebSocketState.DISCONNECTED
        if error is None or is_closed or isinstance(error, WebSocketDisconnect):
            return
        if isinstance(error, EventError):
            LOG.warning("A live socket was closed: %s", error)
            await self.socket.close(TOO_LONG if isinstance(error, TooLongError) else UNREADABLE)
        else:
            LOG.error("A live socket was closed", exc_info=error)
            await self.socket.close(FAILED)

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        allowance = Allowance(loop.time())
        while True:
            message = await self.socket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code", 1000))
            size = await self._take(message.get("text"))
            await asyncio.sleep(allowance.pause(size, loop.time()))

    async def _take(self, text: str | None) -> int:
        """Takes an event, or says at once what has arrived; how many bytes that had."""
        if text is None:
            raise EventError("bytes instead of text")
        size = len(text.encode())
        if size > LONGEST:
            raise TooLongError("an event too long")
        if (ping := parse_ping(text)) is not None:
            await self.socket.send_bytes(encode({"ping": ping, "received": self.newest}))
        else:
            self._put(parse(text))
        return size

    def _put(self, event: Event[Any]) -> None:
        if event.seq > self.newest:
            self.newest = event.seq
            self.waiting.put(event)

    async def _answer(self) -> None:
        while True:
            event = await self.waiting.take()
            prepared = await self.turns.prepare(partial(prepare, event, self.visitor)) if event.page.prepare else None
            await self.socket.send_bytes(await self.turns.run(partial(update, event, prepared)))


class Lines:
    """All sockets of this process."""

    def __init__(self) -> None:
        self.open: set[WebSocket] = set()
        self.is_closing = False
        self._turns: Turns | None = None

    async def serve(self, socket: WebSocket) -> None:
        """One socket, from its handshake to its end; refused where it comes from a foreign page."""
        if not is_same_origin(socket.headers.get("origin", ""), socket.headers.get("host", "")) or self.is_closing:
            await socket.close(FOREIGN)
            return
        self._turns = self._turns or Turns()
        self.open.add(socket)
        try:
            await Line(socket, self._turns).serve()
        finally:
            self.open.discard(socket)

    def is_busy(self) -> bool:
        """Whether an update is being computed or waits for its turn."""
        return self._turns is not None and self._turns.waiting > 0

    async def close_all(self, code: int = RESTARTING) -> None:
        """Ends every socket: each browser takes its newest value to whoever answers next."""
        self.is_closing = True
        closing = asyncio.gather(*(socket.close(code) for socket in list(self.open)), return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(closing, CLOSING_SECONDS)


LINES = Lines()


def is_same_origin(origin: str, host: str) -> bool:
    """Whether a socket's `Origin` names the host that it was opened at."""
    return bool(host) and urlsplit(origin).netloc.lower() == host.lower()


def route(path: str) -> WebSocketRoute:
    """The line at a path, that of the app included."""
    return WebSocketRoute(path, LINES.serve)
