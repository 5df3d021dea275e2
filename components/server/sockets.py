"""Sockets: no waiting before small messages, and none kept open for somebody who says or takes nothing."""

import asyncio
import contextlib
import gc
import socket
from typing import Any

from streamlit import config, net_util
from uvicorn.protocols.http.h11_impl import H11Protocol

FIRST_REQUEST_SECONDS = 10
"""For the head of a connection's first request; thousands that send none would use up the server's files."""


def set_up() -> None:
    """Everything about sockets, before the first visitor."""
    for listening in _listening():
        send_at_once(listening)
        give_up_on_deaf(listening)
    expect_a_request()
    allow_many()
    never_ask_outside()


def _listening() -> list[socket.socket]:
    """The sockets that the server listens on: Streamlit opens them and hands them to nobody."""
    found = []
    for sock in [thing for thing in gc.get_objects() if type(thing) is socket.socket]:
        with contextlib.suppress(OSError):
            if sock.type == socket.SOCK_STREAM and sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                found.append(sock)
    return found


def send_at_once(listening: socket.socket) -> None:
    """Switches Nagle's delay off; the sockets that are accepted inherit that."""
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def give_up_on_deaf(listening: socket.socket) -> None:
    """A client that takes nothing for two pings is cut off; closing politely would wait for it for ever."""
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        patience = 2000 * int(config.get_option("server.websocketPingInterval"))
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, patience)


def expect_a_request() -> None:
    """Closes connections that have asked for nothing in time; uvicorn itself would keep them open."""
    made = H11Protocol.connection_made

    def connection_made(self: H11Protocol, transport: asyncio.Transport) -> None:
        made(self, transport)
        self.loop.call_later(FIRST_REQUEST_SECONDS, _close_if_idle, self)

    setattr(H11Protocol, made.__name__, connection_made)


def _close_if_idle(protocol: H11Protocol) -> None:
    """A socket that has become a visitor's is no longer among the connections of this protocol."""
    if protocol in protocol.connections and protocol.cycle is None:
        protocol.transport.abort()


def allow_many() -> None:
    """As many open files as the system lets this process have; a thousand is soon used up by a school."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def never_ask_outside() -> None:
    """Streamlit would ask the internet for this host's address at every handshake with a foreign origin, and wait."""
    known: Any = net_util
    known._external_ip = known._external_ip or "127.0.0.1"
