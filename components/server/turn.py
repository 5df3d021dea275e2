"""A lock that nobody can hold for long."""

import contextlib
import threading
import time
from collections.abc import Iterator


class Turn:
    """One at a time, unless somebody takes longer than `patience` seconds: then the next one goes on beside them."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._changed = threading.Condition(threading.Lock())
        self._holder: object | None = None
        self._until = 0.0

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """Waits for its turn, and has it until the block ends or others have waited too long."""
        holder = object()
        with self._changed:
            while self._holder and (left := self._until - time.monotonic()) > 0:
                self._changed.wait(left)
            self._holder, self._until = holder, time.monotonic() + self._patience
        try:
            yield
        finally:
            with self._changed:
                if self._holder is holder:
                    self._holder = None
                    self._changed.notify()
