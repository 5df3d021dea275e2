"""Results kept for the next time they are asked for, as many as their sizes together allow."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")


class Kept(Generic[Result]):
    """A function that remembers; the least recently used results go when all are larger together than `total`."""

    def __init__(self, function: Callable[..., Result], total: int, size: Callable[[Any], int]) -> None:
        self.function, self.total, self.size = function, total, size
        self.kept: OrderedDict[Hashable, Result] = OrderedDict()
        self.lock = threading.Lock()

    def __call__(self, *key: Hashable) -> Result:
        """The result, remembered or new."""
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key]
        result = self.function(*key)
        with self.lock:
            self.kept[key] = result
            while len(self.kept) > 1 and sum(map(self.size, self.kept.values())) > self.total:
                self.kept.popitem(last=False)
        return result

    def cache_clear(self) -> None:
        """Forgets everything."""
        self.kept.clear()


def keep(total: int, size: Callable[[Any], int]) -> Callable[[Callable[..., Result]], Kept[Result]]:
    """The decorator."""
    return lambda function: Kept(function, total, size)
