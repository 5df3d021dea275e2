"""Pools whose workers execute plain Python, within the walls that a test names."""

from typing import Any

from components.sandbox.limits import Limits, PoolLimits
from components.sandbox.pool import CAN_FORK, Pool
from components.sandbox.worker import Settings

LONG = 60.0
"""Seconds that no program here takes, on any machine."""

SHORT = 3.0
"""Seconds that only programs without an end take."""


def settings(walls: str = "limits kernel", seconds: float = LONG, is_warm: bool = False, **limits: Any) -> Settings:
    """Workers within these walls alone."""
    return Settings(
        "tests.sandbox.programs:handle",
        Limits(wall_seconds=seconds, **limits),
        has_limits="limits" in walls,
        has_kernel="kernel" in walls,
        is_warm=is_warm,
    )


def pool(wanted: Settings | None = None, can_fork: bool = CAN_FORK, **limits: Any) -> Pool:
    """A pool of such workers."""
    return Pool(wanted or settings(), PoolLimits(**limits), can_fork)


def run(pool: Pool, visitor: str, code: str) -> Any:
    """What a program leaves as its answer, or the error or limit that it met."""
    said = pool.run(visitor, {"code": code})
    if error := said["error"]:
        return f"{error['type']}: {error['message']}"
    return said["limit"]["text"] if said["limit"] else said["answer"]
