"""Whose program is next: one of a visitor at a time, the newest wins, who has been slow of late comes last."""

import math
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final

from components.sandbox.limits import PoolLimits

HALF_LIFE: Final = 10.0
"""Seconds after which a visitor's use counts half."""


@dataclass(eq=False, slots=True)
class Job:
    """A program that waits or runs. It begins its turn with `started`, and must end by `deadline`.

    `is_unlucky`: its worker was lost together with its parent.
    """

    visitor: str
    body: bytes
    answer: Future[dict[str, Any]] = field(default_factory=Future)
    arrived: float = 0
    started: float = 0
    deadline: float = 0
    is_slow: bool = False
    is_overtaken: bool = False
    is_killed: bool = False
    is_unlucky: bool = False


@dataclass(slots=True)
class Visitor:
    """A visitor's jobs, and the seconds that they have used beyond their turns, which fade with time."""

    waiting: Job | None = None
    running: Job | None = None
    used: float = 0
    used_at: float = 0

    def use(self, now: float) -> float:
        """What counts of its use at this time."""
        return self.used * math.exp2((self.used_at - now) / HALF_LIFE)


class FullError(Exception):
    """More programs wait than may."""


class Turns:
    """The jobs of all visitors. Not for several threads at once: the pool holds its lock around each call."""

    def __init__(self, limits: PoolLimits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = limits, clock
        self._visitors: dict[str, Visitor] = {}

    def put(self, job: Job) -> Job | None:
        """Have a job wait; the job that it overtakes.

        A program of the same visitor that runs is awaited for a moment, so that each position of a dragged number is
        shown where programs are quick; one that takes longer than that must give way.
        """
        visitor = self._visitors.setdefault(job.visitor, Visitor())
        if visitor.waiting is None and len(self.waiting()) >= self._limits.waiting:
            raise FullError
        overtaken, visitor.waiting = visitor.waiting, job
        job.arrived = overtaken.arrived if overtaken else self._clock()
        if running := visitor.running:
            self._hurry(running)
        return overtaken

    def _hurry(self, job: Job) -> None:
        soon = job.started + self._limits.patience_seconds
        if job.started and soon < job.deadline:
            job.deadline, job.is_overtaken = soon, True

    def begin(self, job: Job, seconds: float) -> None:
        """The job's program begins, and may take this long."""
        job.started = self._clock()
        job.deadline = job.started + seconds
        if self._visitors[job.visitor].waiting:
            self._hurry(job)

    def next(self) -> Job | None:
        """The job that may run now, which from now on does; None where all have to wait."""
        now = self._clock()
        ready = [job for job in self.waiting() if not self.is_running(job.visitor)]
        for job in sorted(ready, key=lambda job: (round(self._visitors[job.visitor].use(now), 1), job.arrived)):
            visitor = self._visitors[job.visitor]
            job.is_slow = visitor.use(now) > self._limits.heavy_seconds
            if self._has_room(job.is_slow):
                visitor.running, visitor.waiting = job, None
                return job
        return None

    def _has_room(self, is_slow: bool) -> bool:
        running = sum(job.is_slow is is_slow for job in self.running())
        return running < (self._limits.slow if is_slow else self._limits.cores)

    def end_turn(self, job: Job) -> bool:
        """Let the next job run beside one whose turn is over; False where too many do so already."""
        job.is_slow = job.is_slow or self._has_room(is_slow=True)
        return job.is_slow

    def done(self, job: Job) -> None:
        """The job has ended."""
        visitor, now = self._visitors[job.visitor], self._clock()
        visitor.running = None
        late = now - job.started - self._limits.turn_seconds if job.started else 0
        visitor.used, visitor.used_at = visitor.use(now) + max(0, late), now
        self._forget_old(now)

    def _forget_old(self, now: float) -> None:
        for name, visitor in list(self._visitors.items()):
            if not visitor.running and not visitor.waiting and visitor.use(now) < 0.01:
                del self._visitors[name]

    def running(self) -> list[Job]:
        """The jobs that run."""
        return [visitor.running for visitor in self._visitors.values() if visitor.running]

    def waiting(self) -> list[Job]:
        """The jobs that wait."""
        return [visitor.waiting for visitor in self._visitors.values() if visitor.waiting]

    def is_running(self, visitor: str) -> bool:
        """Whether a program of this visitor runs."""
        return visitor in self._visitors and self._visitors[visitor].running is not None

    def withdraw(self) -> list[Job]:
        """Take back every job that waits."""
        jobs = self.waiting()
        for visitor in self._visitors.values():
            visitor.waiting = None
        return jobs
