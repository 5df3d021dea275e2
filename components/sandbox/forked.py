"""Workers that a warm parent forks. The app itself, with its many threads, is never forked."""

import contextlib
import itertools
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from typing import Any, Final

from components.sandbox.parent import COMMAND, FORK, KILL, SLOW
from components.sandbox.process import ROOT, Ending, LostError, Worker, Workers, environment
from components.sandbox.worker import Settings

LOG: Final = logging.getLogger("autograd_explorer")


class WarmParent:
    """The parent process: commands go to it, and what it says about its workers is kept for them."""

    def __init__(self, settings: Settings) -> None:
        self.is_running = True
        self._ids = itertools.count(1)
        self._workers: dict[int, ForkedWorker] = {}
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "components.sandbox.parent", str(theirs.fileno()), settings.to_json()],
                cwd=ROOT,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        threading.Thread(target=self._hear, name="sandbox parent", daemon=True).start()

    def fork(self) -> "ForkedWorker":
        """Ask for a worker: its socket can be written to at once."""
        ours, theirs = socket.socketpair()
        with theirs:
            with self._lock:
                worker = ForkedWorker(self, next(self._ids), ours.detach())
                if self.is_running:
                    self._workers[worker.id] = worker
                    self._ask_for(worker, theirs)
                    return worker
            worker.close()
        raise LostError

    def _ask_for(self, worker: "ForkedWorker", theirs: socket.socket) -> None:
        command = COMMAND.pack(FORK, worker.id)
        with contextlib.suppress(OSError):
            socket.send_fds(self._control, [command], [theirs.fileno()], socket.MSG_DONTWAIT)

    def command(self, command: int, worker: int) -> None:
        """Tell the parent what to do with a worker; nobody waits for a parent that does not listen."""
        with contextlib.suppress(OSError), self._lock:
            self._control.send(COMMAND.pack(command, worker), socket.MSG_DONTWAIT)

    def _hear(self) -> None:
        """Until the parent ends: what it says of itself and of its workers."""
        with contextlib.suppress(OSError, ValueError), self._control.makefile("rb") as lines:
            for line in lines:
                self._take(json.loads(line))
        self.end()
        self._control.close()

    def _take(self, said: dict[str, Any]) -> None:
        if "ended" in said:
            with self._lock:
                worker = self._workers.pop(said["ended"], None)
            if worker:
                worker.end(Ending(said["code"], said["line"], said["request"]))
        elif "failed" in said:
            LOG.error("Programs cannot be run: %s", said["failed"])
        for sentence in said.get("missing", ()):
            LOG.warning("Sandbox: %s", sentence)

    def end(self) -> None:
        """End the process and its workers; those who wait for one are told."""
        with self._lock:
            if not self.is_running:
                return
            self.is_running = False
            workers = list(self._workers.values())
            self._workers.clear()
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        for worker in workers:
            worker.end(Ending())
        self._process.wait()


class ForkedWorker(Worker):
    """A child of the warm parent."""

    def __init__(self, parent: WarmParent, number: int, end: int) -> None:
        super().__init__(end, end)
        self.id = number
        self._socket = socket.socket(fileno=end)
        self._parent = parent
        self._ending: Ending | None = None
        self._has_ended = threading.Event()

    def end(self, ending: Ending) -> None:
        """The process has ended in this way."""
        self._ending = ending
        self._has_ended.set()
        self._shut_down()

    def is_alive(self) -> bool:
        """Whether neither the worker nor its parent has ended."""
        return self._parent.is_running and not self._has_ended.is_set()

    def kill(self) -> None:
        """End the process; the socket is closed for reading too, in case the parent does not obey."""
        self._parent.command(KILL, self.id)
        self._shut_down()

    def _shut_down(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def slow_down(self) -> None:
        """The lowest priority."""
        self._parent.command(SLOW, self.id)

    def ending(self, seconds: float) -> Ending | None:
        """As the parent saw it; nothing is known of workers that ended with it."""
        return self._ending if self._has_ended.wait(seconds) else None

    def close(self) -> None:
        """End the process, and the socket."""
        self.kill()
        self._socket.close()


class ForkedWorkers(Workers):
    """Workers of one warm parent; of the next one where that has ended."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._parent: WarmParent | None = None
        self._lock = threading.Lock()
        self._is_closed = False

    def start(self) -> ForkedWorker:
        """A worker of the present parent."""
        with self._lock:
            if self._is_closed:
                raise LostError
            if self._parent is None or not self._parent.is_running:
                try:
                    self._parent = WarmParent(self._settings)
                except OSError as error:
                    raise LostError from error
            return self._parent.fork()

    def restart(self) -> None:
        """End the parent, and with it its workers."""
        with self._lock:
            if self._parent:
                self._parent.end()

    def close(self) -> None:
        """End the parent, and with it its workers; there will be no other."""
        self._is_closed = True
        self.restart()
