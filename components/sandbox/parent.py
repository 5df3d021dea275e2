"""The warm parent: a process that has loaded everything once and forks a worker whenever it is asked for one.

It hears commands on one socket, the first of which brings a worker's own socket with it, and says there, a line of JSON
each, what it misses of the kernel and how each worker ended. Programs never pass through it.
"""

import contextlib
import json
import mmap
import os
import select
import signal
import socket
import struct
import sys
from typing import Any, Final

from components.sandbox import kernel
from components.sandbox.limits import NICE_SLOW
from components.sandbox.worker import NOTED_BYTES, Handle, Notes, Settings, enclose, load, read_requests, serve

COMMAND: Final = struct.Struct("<BQ")
FORK, KILL, SLOW = range(3)
"""Commands: fork a worker under this id, end it, lower its priority."""

LINE_END: Final = 3
"""The file descriptor of a worker's socket, the same in every worker so that one filter fits all."""


class Parent:
    """The process: its workers by id and by process."""

    def __init__(self, control: socket.socket, settings: Settings, handle: Handle, offered: kernel.Kernel) -> None:
        self._control, self._settings, self._handle, self._offered = control, settings, handle, offered
        self._processes: dict[int, int] = {}
        self._workers: dict[int, tuple[int, Notes]] = {}
        self._killed: set[int] = set()
        self._ended, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        signal.set_wakeup_fd(self._wake)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> None:
        """Until the app ends, and with it the socket; then all workers end too."""
        while True:
            control = self._control.fileno()
            heard = select.select([control, self._ended], [], [])[0]
            if self._ended in heard:
                os.read(self._ended, 4096)
                self._report()
            if control in heard and not self._obey():
                break
        for process in self._workers:
            os.kill(process, signal.SIGKILL)

    def say(self, **said: Any) -> None:
        """Tell the app something."""
        with contextlib.suppress(OSError):
            self._control.sendall(json.dumps(said).encode() + b"\n")

    def _obey(self) -> bool:
        """Do what the next command says; False where there is none any more."""
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, COMMAND.size, 1)
            while data and len(data) < COMMAND.size:
                data += self._control.recv(COMMAND.size - len(data))
        except ConnectionResetError:  # the app has ended with something unread
            return False
        if not data:
            return False
        command, worker = COMMAND.unpack(data)
        if command == FORK:
            self._fork(worker, descriptors[0])
        elif process := self._processes.get(worker):
            self._change(process, command)
        return True

    def _change(self, process: int, command: int) -> None:
        with contextlib.suppress(OSError):
            if command == KILL:
                self._killed.add(process)
                os.kill(process, signal.SIGKILL)
            else:
                os.setpriority(os.PRIO_PROCESS, process, NICE_SLOW)

    def _fork(self, worker: int, end: int) -> None:
        notes = Notes(mmap.mmap(-1, NOTED_BYTES))
        parent = os.getpid()
        try:
            process = os.fork()
        except OSError:
            self.say(ended=worker, code=None, line=None, request=0)
            return
        finally:
            if os.getpid() == parent:
                os.close(end)
        if process == 0:
            self._become_worker(end, notes, parent)
        self._processes[worker] = process
        self._workers[process] = worker, notes

    def _become_worker(self, end: int, notes: Notes, parent: int) -> None:
        """What a forked process does; it never comes back from here."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            keep_only(end)
            enclose(self._settings, self._offered, parent)
            limits = self._settings.limits
            serve(self._handle, read_requests(LINE_END, limits.request_bytes), LINE_END, notes, limits)
        finally:
            os._exit(0)

    def _report(self) -> None:
        """Say of each worker that has ended, how."""
        while True:
            try:
                process, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not process:
                return
            worker, notes = self._workers.pop(process)
            del self._processes[worker]
            code = 0 if process in self._killed else os.waitstatus_to_exitcode(status)
            self._killed.discard(process)
            self.say(ended=worker, code=code, line=notes.line, request=notes.request)


def keep_only(end: int) -> None:
    """Leave this process one open file, its socket; what it writes elsewhere goes nowhere."""
    null = os.open(os.devnull, os.O_RDWR)
    ends = os.dup(end), os.dup(null)
    for standard in range(3):
        os.dup2(ends[1], standard)
    os.dup2(ends[0], LINE_END)
    os.closerange(LINE_END + 1, os.sysconf("SC_OPEN_MAX"))


def main(descriptor: int, settings: Settings) -> None:
    """Load everything, say so, and fork."""
    control = socket.socket(fileno=descriptor)
    try:
        offered = kernel.prepare(LINE_END, LINE_END) if settings.has_kernel else kernel.Kernel()
        parent = Parent(control, settings, load(settings), offered)
    except Exception as error:
        control.sendall(json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode() + b"\n")
        return
    parent.say(missing=offered.missing)
    parent.run()


if __name__ == "__main__":
    main(int(sys.argv[1]), Settings.from_json(sys.argv[2]))
