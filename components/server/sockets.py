"""Options of TCP connections, and how many of them one process may have."""

import contextlib
import socket
from typing import Protocol


class Socket(Protocol):
    """What is needed of a socket, be it Python's or the one that asyncio hands out."""

    def setsockopt(self, level: int, name: int, value: int, /) -> None:
        """Set an option, as `socket.socket.setsockopt` does."""


def set_tcp_nodelay(connection: Socket) -> None:
    """Switch Nagle's algorithm off: a small message would wait for the acknowledgement of the one before it."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def set_tcp_user_timeout(connection: Socket, seconds: float) -> None:
    """Drop a peer that acknowledges no data for so long; a polite close would wait for it for ever."""
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(1000 * seconds))


def raise_file_limit() -> None:
    """Allow as many open files as the system lets this process have; a school soon uses up a thousand."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
