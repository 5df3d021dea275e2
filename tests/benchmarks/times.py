"""Times of a benchmark, and the line of a figure."""

import contextlib
import statistics
import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Times(NamedTuple):
    """The middle, the 95th percentile and the longest of some times."""

    p50: float
    p95: float
    longest: float

    def text(self) -> str:
        return f"p50 {self.p50:6.1f} ms   p95 {self.p95:6.1f} ms   longest {self.longest:6.1f} ms"


def times(milliseconds: Iterable[float]) -> Times:
    values = sorted(milliseconds)
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    return Times(cuts[9], cuts[18], values[-1])


def line(name: str, text: str) -> None:
    print(f"{name:<60}{text}", flush=True)


@contextlib.contextmanager
def timed(milliseconds: list[float]) -> Iterator[None]:
    """Adds how long its block takes."""
    began = time.perf_counter()
    yield
    milliseconds.append((time.perf_counter() - began) * 1000)
