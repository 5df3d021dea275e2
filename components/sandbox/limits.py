"""The limits of a worker process and of the pool, each with its name; and how a process takes its own on."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

if sys.platform != "win32":
    import resource

MB = 1024 * 1024

NOBODY = 65534
"""The user and group without rights, which a server that runs as root has its workers take."""

NICE, NICE_SLOW = 5, 19
"""Priority of a program, and of one that has been running for longer than a turn: the server itself comes first."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program, and the process that runs it, may use.

    `wall_seconds` are those of one program, `cpu_seconds` those of a process in its whole life. `memory` is what a
    process may have beyond what it began with: less than 200 MB, since results are held beside it. A process that
    has had more than `kept_memory` is not kept for the next program, since what it frees is not always given back.
    """

    wall_seconds: float = 1.8
    cpu_seconds: int = 120
    memory: int = 180 * MB
    kept_memory: int = 100 * MB
    open_files: int = 0
    processes: int = 0
    file_size: int = 0
    request_bytes: int = 1 * MB
    answer_bytes: int = 4 * MB


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """How many programs run and wait, and how long a process is kept.

    A program has a turn, one for each core, for its first `turn_seconds`; then it goes on beside the others at low
    priority, as one of at most `slow`. Programs of a visitor who of late has gone on for more than `heavy_seconds`
    so have no turn to begin with. One that a newer program of its visitor waits for has `patience_seconds`.
    """

    cores: int = os.cpu_count() or 1
    turn_seconds: float = 0.15
    slow: int = 4
    heavy_seconds: float = 1.0
    patience_seconds: float = 0.5
    waiting: int = 64
    spares: int = 4
    workers: int = 32
    idle_seconds: float = 30
    worker_seconds: float = 60
    start_seconds: float = 60
    ending_seconds: float = 10


FEW: Final = PoolLimits(cores=1, slow=1, spares=1, workers=3)
"""For workers that share nothing with each other: each has torch of its own."""


def measured(limits: Limits) -> list[tuple[int, int]]:
    """The system's own limits for this process as it is now; none where the system has no such thing."""
    if sys.platform == "win32":
        return []
    return [
        *_memory(limits.memory),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_FSIZE, limits.file_size),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, limits.open_files),
    ]


def _memory(more: int) -> list[tuple[int, int]]:
    """Address space and data, `more` bytes above what this process has; nothing where the system does not say it."""
    if sys.platform != "linux":
        return []
    fields = Path("/proc/self/statm").read_text("ascii").split()
    space, data = (int(fields[index]) * os.sysconf("SC_PAGE_SIZE") for index in (0, 5))
    return [(resource.RLIMIT_AS, space + more), (resource.RLIMIT_DATA, data + more)]


def impose(measures: list[tuple[int, int]]) -> None:
    """Have this process keep within these limits for good."""
    if sys.platform == "win32":
        return
    for kind, most in measures:
        hard = resource.getrlimit(kind)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))


def peak_memory() -> int:
    """The most memory that this process has had so far, in bytes; 0 where the system does not say it."""
    if sys.platform == "win32":
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def give_up_rights() -> None:
    """Have a process of root's become nobody's; other processes keep their user."""
    if sys.platform == "win32" or os.getuid() != 0:
        return
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
