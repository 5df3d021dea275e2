"""A network between a browser and a server: a TCP proxy that delays what passes, and whose connections can be lost."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from tests.serving import free_port

_INSTANT = 1e-6


class Network:
    """`url` is where the server at `server_url` is found behind it; a round trip takes `round_trip` seconds longer."""

    def __init__(self, server_url: str, round_trip: float) -> None:
        parts = urlsplit(server_url)
        self.near_port, self.far_port, self.delay = free_port(), parts.port or 80, round_trip / 2
        self.url = parts._replace(netloc=f"{parts.hostname}:{self.near_port}").geturl()
        self.ends: set[_End] = set()
        self.loop = asyncio.new_event_loop()
        self.ready, self._stopped = threading.Event(), asyncio.Event()

    def cut(self) -> None:
        """Ends all connections, as both ends notice."""
        self.loop.call_soon_threadsafe(self._cut)

    def strand(self) -> None:
        """Nothing passes on the connections there are, and neither end is told; new ones are sound."""
        self.loop.call_soon_threadsafe(self._strand)

    def stop(self) -> None:
        """Ends `run`."""
        self.loop.call_soon_threadsafe(self._stopped.set)

    def run(self) -> None:
        """Carries connections until it is stopped."""
        with contextlib.closing(self.loop):
            self.loop.run_until_complete(self._run())

    async def _run(self) -> None:
        server = await self.loop.create_server(lambda: _End(self), "localhost", self.near_port)
        self.ready.set()
        await self._stopped.wait()
        server.close()
        self._cut()
        while self.ends:
            await asyncio.sleep(0)

    def _cut(self) -> None:
        for end in self.ends:
            end.transport.abort()

    def _strand(self) -> None:
        for end in self.ends:
            end.transport.pause_reading()


class _End(asyncio.Protocol):
    """One end of a connection; what it hears, the other end says after the delay."""

    transport: asyncio.Transport
    connecting: asyncio.Task[object] | None = None

    def __init__(self, network: Network, other: "_End | None" = None) -> None:
        self.network, self.other = network, other
        self.latest = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.network.ends.add(self)
        if not self.other:
            transport.pause_reading()
            self.connecting = self.network.loop.create_task(self._connect())

    async def _connect(self) -> None:
        """Opens the connection's other half."""
        far = _End(self.network, self)
        try:
            await self.network.loop.create_connection(lambda: far, "localhost", self.network.far_port)
        except OSError:
            self.transport.abort()
        else:
            self.other = far
            self.transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        self._later(lambda other: other.write(data))

    def eof_received(self) -> bool:
        self._later(lambda other: other.write_eof())
        return True

    def connection_lost(self, error: Exception | None) -> None:
        self.network.ends.discard(self)
        self._later(lambda other: other.abort() if error else other.close())

    def _later(self, act: Callable[[asyncio.Transport], None]) -> None:
        """Has something done at the other end, after the delay and in order."""
        if other := self.other:
            self.latest = max(self.latest + _INSTANT, self.network.loop.time() + self.network.delay)
            self.network.loop.call_at(self.latest, other.do, act)

    def do(self, act: Callable[[asyncio.Transport], None]) -> None:
        """Does something with this end, if it is still there."""
        if not self.transport.is_closing():
            act(self.transport)


@contextlib.contextmanager
def network(server_url: str, round_trip: float = 0.0) -> Iterator[Network]:
    """A network in a thread of its own."""
    between = Network(server_url, round_trip)
    thread = threading.Thread(target=between.run)
    thread.start()
    try:
        assert between.ready.wait(30)
        yield between
    finally:
        between.stop()
        thread.join()
