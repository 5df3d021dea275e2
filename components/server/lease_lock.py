"""A lock that nobody can hold for long."""

import contextlib
import threading
import time
from collections.abc import Iterator


class LeaseLock:
    """A mutual exclusion lock whose holder loses it after `seconds`: then the next thread goes on beside it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._changed = threading.Condition(threading.Lock())
        self._holder: object | None = None
        self._expires = 0.0

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the lock, and hold it until the block ends or the lease expires while others wait."""
        holder = object()
        with self._changed:
            while self._holder and (left := self._expires - time.monotonic()) > 0:
                self._changed.wait(left)
            self._holder, self._expires = holder, time.monotonic() + self._seconds
        try:
            yield
        finally:
            with self._changed:
                if self._holder is holder:
                    self._holder = None
                    self._changed.notify()
