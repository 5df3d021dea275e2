"""A worker process as the app sees it, whichever way it is started."""

import os
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Final, NamedTuple

from components.sandbox.frames import Frame, receive, send

ROOT: Final = Path(__file__).parents[2]

PASSED_ON: Final = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "SYSTEMROOT")
"""Variables that Python and torch may need to start. No other of the environment reaches a worker."""

ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


class LostError(Exception):
    """A worker that can be asked nothing any more."""


class Ending(NamedTuple):
    """How a worker ended, the line that its program had come to, and the newest request that it had begun.

    `code` is its exit code, negative for a signal, 0 where the app ended it, None where nothing is known.
    """

    code: int | None = None
    line: int | None = None
    request: int = 0


class Worker(ABC):
    """A worker process and the line to it. It has one request at a time."""

    def __init__(self, source: int, sink: int) -> None:
        self._source, self._sink = source, sink
        self._is_ready = False
        self.requests = 0

    def wait_until_ready(self) -> None:
        """Wait for a worker that is still being made."""
        if not self._is_ready:
            self._receive(0, most=64)
            self._is_ready = True

    def ask(self, body: bytes, most: int) -> bytes:
        """The answer to a request, of at most `most` bytes."""
        self.requests += 1
        try:
            send(self._sink, Frame(self.requests, body))
        except OSError as error:
            raise LostError from error
        return self._receive(self.requests, most)

    def _receive(self, number: int, most: int) -> bytes:
        """The answer with this number: any other was not asked for."""
        try:
            frame = receive(self._source, most)
        except OSError as error:
            raise LostError from error
        if frame is None or frame.number != number:
            raise LostError
        return frame.body

    @abstractmethod
    def is_alive(self) -> bool:
        """Whether the process is not known to have ended."""

    @abstractmethod
    def kill(self) -> None:
        """End the process at once; whoever waits for an answer gets a `LostError`."""

    @abstractmethod
    def slow_down(self) -> None:
        """Let the others go first from now on."""

    @abstractmethod
    def ending(self, seconds: float) -> Ending | None:
        """How it ended, once it has; None where that does not become known within this time."""

    @abstractmethod
    def close(self) -> None:
        """End the process, and give back what the app has of it. Called by one thread, which uses it no more."""


class Workers(ABC):
    """Where workers come from."""

    @abstractmethod
    def start(self) -> Worker:
        """A worker, which may not be ready yet; `LostError` where there is none to be had."""

    @abstractmethod
    def restart(self) -> None:
        """End every worker, and begin anew: for when they neither come nor go."""

    @abstractmethod
    def close(self) -> None:
        """End every worker."""


def environment() -> dict[str, str]:
    """The variables that a worker is started with."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | ONE_THREAD
