"""One pool for each choice of walls, for all tests of a process."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from components.sandbox.pool import Pool
from tests.sandbox import pools


@pytest.fixture(scope="session")
def pool_of() -> Iterator[Callable[[str, float], Pool]]:
    started: list[Pool] = []

    @cache
    def pool_of(walls: str, seconds: float = pools.LONG) -> Pool:
        started.append(pools.pool(pools.settings(walls, seconds), cores=2))
        return started[-1]

    yield pool_of
    for pool in started:
        pool.close()
