"""Options of connections."""

import resource
import socket

import pytest

from components.server import sockets


def test_small_messages_leave_at_once() -> None:
    with socket.socket() as connection:
        sockets.set_tcp_nodelay(connection)
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_peer_that_acknowledges_nothing_is_dropped_in_time() -> None:
    with socket.socket() as connection:
        sockets.set_tcp_user_timeout(connection, 1.5)
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 1500


def test_a_system_without_the_option_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "TCP_USER_TIMEOUT")
    with socket.socket() as connection:
        sockets.set_tcp_user_timeout(connection, 1.5)


def test_as_many_files_as_the_system_allows() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    sockets.raise_file_limit()
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (most, most)
