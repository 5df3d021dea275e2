"""Workers that are started one by one, each with torch of its own: where the system cannot fork."""

import contextlib
import logging
import mmap
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Final

from components.sandbox import kernel
from components.sandbox.limits import NICE_SLOW
from components.sandbox.process import ROOT, Ending, LostError, Worker, Workers, environment
from components.sandbox.worker import NOTED_BYTES, Notes, Settings

LOG: Final = logging.getLogger("autograd_explorer")


class SpawnedWorker(Worker):
    """A process with pipes as its line, and a file in which it notes how far it has come."""

    def __init__(self, settings: Settings) -> None:
        descriptor, place = tempfile.mkstemp()
        self._place = Path(place)
        self._is_killed = False
        with open(descriptor, "r+b") as file:
            file.truncate(NOTED_BYTES)
            self._notes = Notes(mmap.mmap(file.fileno(), NOTED_BYTES))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "components.sandbox.worker", settings.to_json(), place],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        assert self._process.stdin
        assert self._process.stdout
        super().__init__(self._process.stdout.fileno(), self._process.stdin.fileno())

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process."""
        if self.is_alive():
            self._is_killed = True
            self._process.kill()

    def slow_down(self) -> None:
        """The lowest priority, where the system lets one lower another process's."""
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, NICE_SLOW)

    def ending(self, seconds: float) -> Ending | None:
        """Its exit code and line."""
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        return Ending(0 if self._is_killed else code, self._notes.line, self._notes.request)

    def close(self) -> None:
        """End the process and its pipes."""
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._notes.close()
        with contextlib.suppress(OSError):
            self._place.unlink()


class SpawnedWorkers(Workers):
    """Processes that are independent of each other."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        for sentence in kernel.prepare(0, 1).missing if settings.has_kernel else ():
            LOG.warning("Sandbox: %s", sentence)
        self._lock = threading.Lock()
        self._started: set[SpawnedWorker] = set()
        self._is_closed = False

    def start(self) -> SpawnedWorker:
        """A process that begins to load torch."""
        with self._lock:
            if self._is_closed:
                raise LostError
            self._started = {worker for worker in self._started if worker.is_alive()}
            try:
                worker = SpawnedWorker(self._settings)
            except OSError as error:
                raise LostError from error
            self._started.add(worker)
        return worker

    def restart(self) -> None:
        """End every process."""
        with self._lock:
            for worker in self._started:
                worker.kill()
            self._started.clear()

    def close(self) -> None:
        """End every process; there will be no other."""
        self._is_closed = True
        self.restart()
