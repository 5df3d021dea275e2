"""The third wall: what the kernel refuses a process, without root. Landlock for files, seccomp for system calls."""

import ctypes
import errno
import os
import struct
import sys
from dataclasses import dataclass, field
from typing import Any, Final

SET_PARENT_DEATH_SIGNAL, SET_DUMPABLE, SET_NO_NEW_PRIVILEGES = 1, 4, 38
"""Options of prctl."""

LANDLOCK_CREATE, LANDLOCK_RESTRICT = 444, 446
"""Numbers of Landlock's system calls, the same on every architecture."""

LANDLOCK_VERSION_FLAG = 1
FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many kinds of access to files each version of Landlock knows; later ones know as many as the last."""

TCP_RIGHTS, SCOPES = 0b11, 0b11
"""Binding and connecting (version 4); signals and abstract sockets beyond the process itself (version 6)."""

ALLOWED: Final = (
    # memory
    *("brk", "mmap", "munmap", "mremap", "mprotect", "madvise", "mincore"),
    # time, and waiting for it
    *("clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time"),
    # locks, and the one thread that there is
    *("futex", "sched_yield", "set_robust_list", "rseq", "membarrier"),
    # what the process may know of itself
    *("getpid", "gettid", "getrusage", "getcpu", "sched_getaffinity", "getrandom", "sysinfo", "uname"),
    # signals that arrive, and the end
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall", "exit", "exit_group"),
)
"""System calls that a program's process may make; read and write beside them, on its line alone.

No other is killed for: it gets EPERM, so that a library which asks for something unusual goes on, and the program meets
an ordinary exception at its line. A call that is refused so never reaches the kernel's code for it.
"""


@dataclass(frozen=True, slots=True)
class Kernel:
    """What this system can refuse, prepared once so that many processes can take it on in little time.

    `missing` names what it cannot, one sentence each, for the log.
    """

    landlock: int = 0
    calls: Any = None
    missing: tuple[str, ...] = field(default=())

    def enclose(self) -> None:
        """Confine this process for good: nothing can be undone, nothing new can be opened."""
        if self.calls is None and not self.landlock:
            return
        _prctl(SET_NO_NEW_PRIVILEGES, 1)
        if self.landlock:
            _restrict_files(self.landlock)

    def filter_calls(self) -> None:
        """Refuse every system call that is not in the list: the last step, since the steps before make others."""
        if self.calls is not None:
            self.calls.load()


def prepare(source: int, sink: int) -> Kernel:
    """What the kernel offers to processes that read from `source` and write to `sink` alone."""
    if sys.platform != "linux":
        return Kernel(missing=("system calls of programs are not filtered: that needs Linux",))
    missing = []
    landlock = max(0, _libc().syscall(LANDLOCK_CREATE, None, ctypes.c_size_t(0), LANDLOCK_VERSION_FLAG))
    if not landlock:
        missing.append("files are not closed by Landlock: this kernel does not have it")
    try:
        calls = _filter(source, sink)
    except (ImportError, RuntimeError, OSError) as error:
        calls = None
        missing.append(f"system calls are not filtered: {error}")
    return Kernel(landlock, calls, tuple(missing))


def end_with(parent: int) -> None:
    """Have the kernel end this process with its parent; at once where the parent has ended already."""
    if sys.platform == "linux":
        _prctl(SET_PARENT_DEATH_SIGNAL, 9)
        if os.getppid() != parent:
            os._exit(0)


def close_memory() -> None:
    """Keep processes of the same user from reading this one's memory."""
    if sys.platform == "linux":
        _prctl(SET_DUMPABLE, 0)


def _filter(source: int, sink: int) -> Any:
    import pyseccomp

    calls = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in ALLOWED:
        calls.add_rule(pyseccomp.ALLOW, name)
    calls.add_rule(pyseccomp.ALLOW, "read", pyseccomp.Arg(0, pyseccomp.EQ, source))
    calls.add_rule(pyseccomp.ALLOW, "write", pyseccomp.Arg(0, pyseccomp.EQ, sink))
    return calls


def _restrict_files(version: int) -> None:
    """Landlock with every kind of access handled and no path allowed."""
    rights = (1 << FILE_RIGHTS[min(version, max(FILE_RIGHTS))]) - 1
    handled = [rights, *([TCP_RIGHTS] if version >= 4 else []), *([SCOPES] if version >= 6 else [])]
    attribute = struct.pack(f"={len(handled)}Q", *handled)
    ruleset = _checked(_libc().syscall(LANDLOCK_CREATE, attribute, ctypes.c_size_t(len(attribute)), 0))
    _checked(_libc().syscall(LANDLOCK_RESTRICT, ruleset, 0))
    os.close(ruleset)


def _prctl(option: int, value: int) -> None:
    _checked(_libc().prctl(option, ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
