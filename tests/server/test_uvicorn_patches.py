"""uvicorn's undocumented names are there, and our connections do what its own do not."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.web.server.starlette import starlette_server
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from components.server import streamlit_patches as patches

LIMIT = 30.0
"""Seconds that nothing here takes, however busy the machine is."""


class FastProtocol(H11Protocol):
    """In the place of the class that uvicorn takes where httptools is installed."""


async def hello(scope: Any, receive: Any, send: Any) -> None:
    """An app that takes our connections while it starts, as this one does."""
    if scope["type"] == "lifespan":
        await receive()
        server = patches.uvicorn_server()
        assert server
        patches.use_own_connections(server.config)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
    else:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})


def test_the_server_is_found_and_serves_with_our_connections() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(Config(hello, http=FastProtocol, log_config=None, timeout_keep_alive=int(LIMIT)))

    async def visit() -> list[type]:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
        classes = [type(connection) for connection in server.server_state.connections]
        writer.close()
        server.should_exit = True
        await serving
        return classes

    assert asyncio.run(asyncio.wait_for(visit(), LIMIT)) == [patches.Connection]


def test_no_server_is_found_where_nobody_serves() -> None:
    assert not hasattr(signal.getsignal(signal.SIGTERM), "__self__")
    assert patches.uvicorn_server() is None


@contextlib.asynccontextmanager
async def connected(protocol: type[H11Protocol]) -> AsyncIterator[tuple[H11Protocol, asyncio.StreamReader]]:
    """The server's side of a connection to a socket that Streamlit has bound, and what the client's side reads."""
    config = Config(hello, log_config=None, ws_ping_interval=20)
    config.load()
    made: list[H11Protocol] = []

    def make() -> H11Protocol:
        made.append(protocol(config, ServerState(), {}))
        return made[0]

    listening = starlette_server._bind_socket("127.0.0.1", 0, 5)
    server = await asyncio.get_running_loop().create_server(make, sock=listening)
    reader, writer = await asyncio.open_connection(*listening.getsockname())
    while not made or made[0].transport is None:
        await asyncio.sleep(0)
    yield made[0], reader
    writer.close()
    server.close()


def option(protocol: H11Protocol, name: int) -> int:
    return int(protocol.transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, name))


def test_streamlits_connections_wait_before_small_messages() -> None:
    async def options() -> tuple[int, int]:
        async with connected(H11Protocol) as (protocol, _):
            return option(protocol, socket.TCP_NODELAY), option(protocol, socket.TCP_USER_TIMEOUT)

    assert asyncio.run(options()) == (0, 0)


def test_our_connections_wait_for_nothing() -> None:
    async def options() -> tuple[bool, int]:
        async with connected(patches.Connection) as (protocol, _):
            return option(protocol, socket.TCP_NODELAY) > 0, option(protocol, socket.TCP_USER_TIMEOUT)

    assert asyncio.run(options()) == (True, 40_000)


def test_uvicorn_waits_for_a_first_request_for_ever() -> None:
    async def timers() -> list[Any]:
        async with connected(H11Protocol) as (protocol, _):
            protocol.loop = SimpleNamespace(call_later=lambda *timer: asked.append(timer))  # type: ignore[assignment]
            protocol.connection_made(protocol.transport)
            return asked

    asked: list[Any] = []
    assert asyncio.run(timers()) == []


def test_a_connection_that_asks_for_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patches, "FIRST_REQUEST_SECONDS", 0.01)

    async def wait_for_the_end() -> None:
        async with connected(patches.Connection) as (protocol, reader):
            with contextlib.suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(), LIMIT) == b""
            assert protocol.transport.is_closing()

    asyncio.run(wait_for_the_end())


@pytest.mark.parametrize("has_asked", ["a request", "a WebSocket"])
def test_a_connection_that_has_asked_stays(has_asked: str) -> None:
    async def is_closed() -> bool:
        async with connected(patches.Connection) as (protocol, _):
            assert isinstance(protocol, patches.Connection)
            if has_asked == "a request":
                protocol.cycle = SimpleNamespace(response_complete=True, message_event=asyncio.Event())  # type: ignore[assignment]
            else:
                protocol.connections.discard(protocol)
            protocol.close_if_idle()
            return protocol.transport.is_closing()

    assert asyncio.run(is_closed()) is False
