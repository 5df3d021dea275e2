"""Results kept for the next time they are asked for, as many as their sizes together allow."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")


class Store(Generic[Result]):
    """Results by key; the least recently used go when all are larger together than `total`."""

    def __init__(self, total: int, size: Callable[[Any], int]) -> None:
        self.total, self.size = total, size
        self.kept: OrderedDict[Hashable, Result] = OrderedDict()
        self.held = 0
        self.lock = threading.Lock()

    def get(self, key: Hashable) -> Result | None:
        """The result of a key; None where there is none."""
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
            return self.kept.get(key)

    def put(self, key: Hashable, result: Result) -> None:
        """Keeps a result, and lets go of those for which there is no room."""
        with self.lock:
            if key in self.kept:
                self.held -= self.size(self.kept.pop(key))
            self.kept[key] = result
            self.held += self.size(result)
            while len(self.kept) > 1 and self.held > self.total:
                self.held -= self.size(self.kept.popitem(last=False)[1])

    def clear(self) -> None:
        """Forgets everything."""
        with self.lock:
            self.kept.clear()
            self.held = 0


class Kept(Generic[Result]):
    """A function that remembers; no result of it is None."""

    def __init__(self, function: Callable[..., Result], total: int, size: Callable[[Any], int]) -> None:
        self.function = function
        self.store: Store[Result] = Store(total, size)

    def __call__(self, *key: Hashable) -> Result:
        """The result, remembered or new."""
        found = self.store.get(key)
        if found is None:
            found = self.function(*key)
            self.store.put(key, found)
        return found

    def cache_clear(self) -> None:
        """Forgets everything."""
        self.store.clear()


def keep(total: int, size: Callable[[Any], int]) -> Callable[[Callable[..., Result]], Kept[Result]]:
    """The decorator."""
    return lambda function: Kept(function, total, size)
