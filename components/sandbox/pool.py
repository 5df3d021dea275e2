"""What the app uses: programs of visitors, run by workers that belong to one visitor each.

A worker is taken from a few spares, kept for the next programs of its visitor, and ended once it is idle, old, slow, at
a limit, or one too many.
"""

import contextlib
import json
import logging
import math
import sys
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final, Self

from components.sandbox import answers
from components.sandbox.frames import TooLargeError, parse_object
from components.sandbox.limits import FEW, PoolLimits
from components.sandbox.process import Ending, LostError, Worker, Workers
from components.sandbox.turns import FullError, Job, Turns
from components.sandbox.worker import Settings

LOG: Final = logging.getLogger("autograd_explorer")

CAN_FORK: Final = sys.platform == "linux"
"""Elsewhere a process that has run torch cannot be forked: Windows cannot, macOS's libraries do not bear it."""

KILLED, CPU_TIME = -9, -24
"""Exit codes of processes that the kernel ended: the machine was out of memory, the processor's time was used up."""

TRIES: Final = 5
"""How many workers are tried for one program; more than one where a worker had ended before the program began."""


@dataclass(eq=False, slots=True)
class Kept:
    """A visitor's worker, how many seconds its programs have taken, and since when it is idle."""

    worker: Worker
    used: float = 0
    idle_since: float = math.inf


class Pool:
    """Runs programs. Its methods may be called by any thread."""

    def __init__(
        self, settings: Settings | None = None, limits: PoolLimits | None = None, can_fork: bool = CAN_FORK
    ) -> None:
        self._settings, self._limits = settings or Settings(), limits or (PoolLimits() if can_fork else FEW)
        self._workers = _workers(self._settings, can_fork)
        self._turns = Turns(self._limits)
        self._kept: dict[str, Kept] = {}
        self._spares: list[Worker] = []
        self._busy: dict[Job, Worker] = {}
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm(self) -> None:
        """Begin to load what programs need, so that the first visitor does not wait for it."""
        self._refill()

    def run(self, visitor: str, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request: a JSON object of the function in the worker, or one of `answers`."""
        return self.submit(visitor, request).result()

    def submit(self, visitor: str, request: dict[str, Any]) -> Future[dict[str, Any]]:
        """The same, without waiting for it."""
        job = Job(visitor, json.dumps(request).encode("ascii"))
        job.answer.set_running_or_notify_cancel()
        if len(job.body) > self._settings.limits.request_bytes:
            job.answer.set_result(answers.too_long(self._settings.limits))
            return job.answer
        try:
            overtaken = self._put(job)
        except FullError:
            job.answer.set_result(answers.stopped(answers.BUSY))
            return job.answer
        if overtaken:
            overtaken.answer.set_result(answers.superseded())
        return job.answer

    def forget(self, visitor: str) -> None:
        """End the worker of a visitor who has left; one that is running ends by itself."""
        with self._changed:
            if not self._turns.is_running(visitor) and (kept := self._kept.pop(visitor, None)):
                kept.worker.close()

    def close(self) -> None:
        """End every process. Programs that wait or run get an answer that says so."""
        with self._changed:
            self._is_closed = True
            waiting, threads = self._turns.withdraw(), self._threads
            self._changed.notify_all()
        for job in waiting:
            job.answer.set_result(answers.stopped(answers.UNAVAILABLE))
        self._workers.close()
        for thread in threads:
            thread.join()
        for worker in (*self._spares, *(kept.worker for kept in self._kept.values())):
            worker.close()
        self._spares, self._kept = [], {}

    def _put(self, job: Job) -> Job | None:
        with self._changed:
            if self._is_closed:
                job.answer.set_result(answers.stopped(answers.UNAVAILABLE))
                return None
            overtaken = self._turns.put(job)
            if not self._threads:
                self._start_threads()
            self._changed.notify_all()
        return overtaken

    def _start_threads(self) -> None:
        count = self._limits.cores + self._limits.slow
        targets = [self._watch, *[self._work] * count]
        self._threads = [threading.Thread(target=target, name="sandbox", daemon=True) for target in targets]
        for thread in self._threads:
            thread.start()

    def _work(self) -> None:
        """What each of the threads does that run programs."""
        while job := self._next():
            try:
                said = self._answer(job)
            except Exception:
                LOG.exception("A program could not be run")
                said = answers.stopped(answers.UNAVAILABLE)
            with self._changed:
                self._turns.done(job)
                self._changed.notify_all()
            job.answer.set_result(said)
            self._refill()

    def _next(self) -> Job | None:
        """The next job, once there is one; None at the end."""
        with self._changed:
            while not self._is_closed:
                if job := self._turns.next():
                    return job
                self._changed.wait()
        return None

    def _answer(self, job: Job) -> dict[str, Any]:
        for _ in range(TRIES):
            with contextlib.suppress(LostError):
                return self._try(job)
        is_lost = job.started and not self._is_closed
        return answers.crashed(None) if is_lost else answers.stopped(answers.UNAVAILABLE)

    def _try(self, job: Job) -> dict[str, Any]:
        """The answer of the visitor's worker, which is ended where it may have been harmed."""
        kept = self._worker_of(job)
        said = None
        try:
            self._wait_until_ready(job, kept.worker)
            said = self._ask(job, kept.worker)
        finally:
            self._settle(job, kept, said)
        return said

    def _wait_until_ready(self, job: Job, worker: Worker) -> None:
        try:
            worker.wait_until_ready()
        except LostError:
            LOG.warning("A process for programs did not become ready")
            if job.is_killed:
                self._workers.restart()
            raise
        with self._changed:
            self._turns.begin(job, self._settings.limits.wall_seconds)
            if job.is_slow:
                worker.slow_down()
            self._changed.notify_all()

    def _ask(self, job: Job, worker: Worker) -> dict[str, Any]:
        limits = self._settings.limits
        try:
            said = parse_object(worker.ask(job.body, limits.answer_bytes))
        except TooLargeError:
            return answers.too_large(limits)
        except LostError:
            return self._explain(job, worker)
        return said if said is not None and answers.is_complete(said) else answers.crashed(None)

    def _explain(self, job: Job, worker: Worker) -> dict[str, Any]:
        """Why a worker gave no answer; LostError where it ended before the program began, or with its parent."""
        worker.kill()
        ending = worker.ending(self._limits.ending_seconds)
        if ending is None:
            self._workers.restart()
        code, line, _ = ending or Ending()
        if job.is_killed and job.is_overtaken:
            return answers.superseded()
        if not job.is_killed and self._may_begin_again(job, ending, worker):
            raise LostError
        if job.is_killed or code == CPU_TIME:
            return answers.out_of_time(self._settings.limits, line)
        if code == KILLED:
            return answers.out_of_memory(self._settings.limits, line)
        return answers.crashed(line)

    def _may_begin_again(self, job: Job, ending: Ending | None, worker: Worker) -> bool:
        """Whether the program had not begun; or, once, may have been innocent, where nothing is known."""
        if self._is_closed or ending is None:
            return self._is_closed
        if ending.code is None:
            job.is_unlucky, was_unlucky = True, job.is_unlucky
            return not was_unlucky
        return ending.request != worker.requests

    def _worker_of(self, job: Job) -> Kept:
        """The visitor's worker, or a spare that becomes it."""
        with self._changed:
            kept = self._kept.pop(job.visitor, None)
            if kept and not kept.worker.is_alive():
                kept.worker.close()
                kept = None
            worker = kept.worker if kept else self._take_spare()
            self._make_room()
        kept = kept or Kept(worker or self._workers.start())
        with self._changed:
            kept.idle_since = math.inf
            self._kept[job.visitor], self._busy[job] = kept, kept.worker
            job.is_killed, job.deadline = False, time.monotonic() + self._limits.start_seconds
            self._changed.notify_all()
        return kept

    def _take_spare(self) -> Worker | None:
        while self._spares:
            worker = self._spares.pop(0)
            if worker.is_alive():
                return worker
            worker.close()
        return None

    def _make_room(self) -> None:
        """End those that have been idle for longest, so that there is room for one more."""
        while len(self._kept) >= self._limits.workers:
            visitor = min(self._kept, key=lambda visitor: self._kept[visitor].idle_since)
            if self._kept[visitor].idle_since == math.inf:
                return
            self._kept.pop(visitor).worker.close()

    def _settle(self, job: Job, kept: Kept, said: dict[str, Any] | None) -> None:
        """Keep the worker for the visitor's next program, or end it."""
        now = time.monotonic()
        with self._changed:
            del self._busy[job]
            kept.used += now - (job.started or now)
            is_done = said is None or said.get("limit") or job.is_slow or job.is_killed
            if is_done or kept.used > self._limits.worker_seconds:
                self._kept.pop(job.visitor, None)
                kept.worker.close()
            else:
                kept.idle_since = now
                self._changed.notify_all()

    def _refill(self) -> None:
        """Have the spares that there should be."""
        with contextlib.suppress(LostError):
            while len(self._spares) < self._limits.spares and not self._is_closed:
                worker = self._workers.start()
                with self._changed:
                    self._spares.append(worker)

    def _watch(self) -> None:
        """What one thread does: end what is late, let the next run beside what is slow, end what is idle."""
        with self._changed:
            while not self._is_closed:
                now = time.monotonic()
                times = [self._attend(job, worker, now) for job, worker in self._busy.items()]
                times += [self._end_idle(visitor, now) for visitor in list(self._kept)]
                soon = min(times, default=math.inf)
                self._changed.wait(None if soon == math.inf else soon - now)

    def _attend(self, job: Job, worker: Worker, now: float) -> float:
        """Do what it is time for with a job that runs; when to look again."""
        if job.is_killed:
            return math.inf
        if now >= job.deadline:
            job.is_killed = True
            worker.kill()
            return math.inf
        turn_ends = job.started + self._limits.turn_seconds
        if job.is_slow or not job.started:
            return job.deadline
        if now < turn_ends:
            return min(turn_ends, job.deadline)
        if self._turns.end_turn(job):
            worker.slow_down()
            self._changed.notify_all()
        return job.deadline

    def _end_idle(self, visitor: str, now: float) -> float:
        """End a worker that has been idle for long; when to look again."""
        kept = self._kept[visitor]
        ends = kept.idle_since + self._limits.idle_seconds
        if now >= ends:
            self._kept.pop(visitor).worker.close()
            return math.inf
        return ends


def _workers(settings: Settings, can_fork: bool) -> Workers:
    """Forked workers need what other systems do not have: it is imported where it is."""
    if can_fork:
        from components.sandbox.forked import ForkedWorkers

        return ForkedWorkers(settings)
    from components.sandbox.spawned import SpawnedWorkers

    return SpawnedWorkers(settings)
