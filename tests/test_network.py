"""The network between browser and server that tests and benchmarks use: what it delays and loses."""

import contextlib
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.network import Network, network


class Echo(socketserver.BaseRequestHandler):
    """Says everything again, and then goodbye."""

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            while said := self.request.recv(2**16):
                self.request.sendall(said)
            self.request.sendall(b"bye")


@contextlib.contextmanager
def echo(round_trip: float = 0.0) -> Iterator[Network]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        with network(f"http://localhost:{server.server_address[1]}", round_trip) as between:
            yield between
        server.shutdown()


def connected(between: Network) -> socket.socket:
    return socket.create_connection(("localhost", urlsplit(between.url).port or 0), timeout=30)


def heard(near: socket.socket, size: int) -> bytes:
    """So many bytes, or fewer where the connection ends before."""
    pieces = b""
    while len(pieces) < size and (piece := near.recv(size - len(pieces))):
        pieces += piece
    return pieces


def test_what_is_said_comes_back_late_and_in_order() -> None:
    said = b"".join(bytes([i]) * 1000 for i in range(200))
    with echo(round_trip=0.2) as between, connected(between) as near:
        began = time.monotonic()
        for i in range(200):
            near.sendall(said[1000 * i : 1000 * (i + 1)])
        assert heard(near, len(said)) == said
        assert time.monotonic() - began >= 0.2


def test_an_end_is_passed_on() -> None:
    with echo() as between, connected(between) as near:
        near.sendall(b"last")
        near.shutdown(socket.SHUT_WR)
        assert heard(near, 100) == b"lastbye"


def test_a_cut_is_noticed() -> None:
    with echo() as between, connected(between) as near:
        near.sendall(b"a")
        assert heard(near, 1) == b"a"
        between.cut()
        assert heard(near, 1) == b""


def test_a_stranded_connection_carries_nothing_and_a_new_one_does() -> None:
    with echo() as between, connected(between) as near:
        near.sendall(b"a")
        assert heard(near, 1) == b"a"
        between.strand()
        with connected(between) as new:
            near.sendall(b"b")
            new.sendall(b"c")
            assert heard(new, 1) == b"c"
        near.settimeout(0.1)
        with pytest.raises(TimeoutError):
            heard(near, 1)


def test_a_server_that_is_gone_is_noticed() -> None:
    with echo() as between:
        between.far_port = 1
        with connected(between) as near:
            assert heard(near, 1) == b""
