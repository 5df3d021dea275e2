"""What a worker process does: take on its walls, then answer one request after the other."""

import contextlib
import gc
import json
import mmap
import os
import pkgutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from queue import SimpleQueue
from typing import Any, Final, Self

from components.sandbox import answers, kernel
from components.sandbox.frames import Frame, TooLargeError, receive, send
from components.sandbox.limits import NICE, Limits, give_up_rights, impose, measured, peak_memory

Progress = Callable[[int], None]
Handle = Callable[[dict[str, Any], Progress], dict[str, Any]]

NOTED_BYTES: Final = 16
"""Size of the memory in which a worker notes how far it has come."""

WARM: Final = (
    "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\ny = (x * x).sum()\ny.backward()\nprint(x.grad)\n"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a worker runs, as `module:function`, and within which walls."""

    handle: str = "components.sandbox.sweep:answer"
    limits: Limits = field(default_factory=Limits)
    has_limits: bool = True
    has_kernel: bool = True
    is_warm: bool = True

    def to_json(self) -> str:
        """The settings as text, for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The settings that `to_json` wrote."""
        fields = json.loads(text)
        return cls(**fields | {"limits": Limits(**fields["limits"])})


def load(settings: Settings) -> Handle:
    """The function that answers requests, with everything loaded and run once that it will need."""
    handle: Handle = pkgutil.resolve_name(settings.handle)
    if settings.is_warm:
        warm_up()
        handle({"code": WARM}, lambda _line: None)
    gc.collect()
    gc.freeze()
    return handle


def warm_up() -> None:
    """Have torch load what it loads late: nothing can be loaded any more within the walls."""
    import torch
    from torch.autograd import backward

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    layer = torch.nn.Linear(2, 2)
    backward(torch.nn.functional.cross_entropy(layer(torch.ones(3, 2)), torch.tensor([0, 1, 0])))
    values = torch.ones(2, requires_grad=True)
    backward(values.exp(), torch.ones(2))
    str(values.grad)


class Notes:
    """How far a worker has come: its request's number and the program's line, in memory that others see too."""

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory
        self._numbers = memoryview(memory).cast("q")

    def close(self) -> None:
        """Give the memory back: a file that is in use cannot be removed everywhere."""
        self._numbers.release()
        self._memory.close()

    def begin(self, request: int) -> None:
        """This request's program begins, at no line yet."""
        self._numbers[1], self._numbers[0] = 0, request

    def reach(self, line: int) -> None:
        """The program has come to this line."""
        self._numbers[1] = line

    @property
    def request(self) -> int:
        """The number of the newest request; 0 where there was none."""
        return self._numbers[0]

    @property
    def line(self) -> int | None:
        """Where its program is."""
        return self._numbers[1] or None


def enclose(settings: Settings, offered: kernel.Kernel, parent: int | None = None) -> None:
    """Take on every wall, in an order in which no step needs what an earlier one has closed.

    A worker that was forked ends with its `parent`. The kernel means the thread that started a process, not the
    process: one that was started by a thread of the app hears of the app's end from its line.
    """
    with contextlib.suppress(OSError, AttributeError):
        os.nice(NICE)
    be_first_out_of_memory()
    measures = measured(settings.limits)
    if settings.has_limits:
        with contextlib.suppress(OSError):
            give_up_rights()
    if parent is not None:
        kernel.end_with(parent)
    if settings.has_kernel:
        kernel.close_memory()
        offered.enclose()
    if settings.has_limits:
        impose(measures)
    if settings.has_kernel:
        offered.filter_calls()


def be_first_out_of_memory() -> None:
    """Have the kernel end this process before the server where the machine runs out of memory."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")


def serve(handle: Handle, requests: Iterator[Frame], sink: int, notes: Notes, limits: Limits) -> None:
    """Say that the worker is ready, then answer each request until the other side ends, or one took much memory."""
    most = peak_memory() + limits.kept_memory
    with contextlib.suppress(OSError):
        send(sink, Frame(0, b"{}"))
        for request in requests:
            notes.begin(request.number)
            send(sink, Frame(request.number, answer(handle, request.body, notes, limits)))
            if peak_memory() > most:
                break


def read_requests(source: int, most: int) -> Iterator[Frame]:
    """The requests that arrive, until the other side ends."""
    with contextlib.suppress(OSError, TooLargeError):
        while request := receive(source, most):
            yield request


def read_requests_beside(source: int, most: int) -> Iterator[Frame]:
    """The same, read in a thread that ends the process with the other side, even while a program runs.

    The thread begins at once: within the walls there can be no new one.
    """
    waiting: SimpleQueue[Frame | None] = SimpleQueue()

    def read() -> None:
        for request in read_requests(source, most):
            waiting.put(request)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return iter(waiting.get, None)


def answer(handle: Handle, body: bytes, notes: Notes, limits: Limits) -> bytes:
    """The answer to a request as strict JSON, whatever becomes of it."""
    try:
        said = encode(handle(json.loads(body), notes.reach))
    except MemoryError:
        return encode(answers.out_of_memory(limits, notes.line))
    except BaseException:
        return encode(answers.crashed(notes.line))
    return said if len(said) <= limits.answer_bytes else encode(answers.too_large(limits))


def encode(said: dict[str, Any]) -> bytes:
    """JSON that every reader takes: without NaN, and in ASCII, so that half a surrogate pair is no error."""
    return json.dumps(said, allow_nan=False).encode("ascii")


def main(settings: Settings, place: str) -> None:
    """A worker that was started as a process of its own: requests on its input, answers on its output.

    `place` is the file in which it notes how far it has come.
    """
    source, sink = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(null, standard)
    with open(place, "r+b") as file:
        notes = Notes(mmap.mmap(file.fileno(), NOTED_BYTES))
    with contextlib.suppress(OSError):
        os.unlink(place)
    handle = load(settings)
    offered = kernel.prepare(source, sink)
    os.dup2(null, 2)
    os.close(null)
    if sys.platform == "win32":
        import msvcrt

        for end in (source, sink):
            msvcrt.setmode(end, os.O_BINARY)
    if settings.has_kernel and offered.calls is not None:
        requests = read_requests(source, settings.limits.request_bytes)
    else:
        requests = read_requests_beside(source, settings.limits.request_bytes)
    enclose(settings, offered)
    serve(handle, requests, sink, notes, settings.limits)


if __name__ == "__main__":
    main(Settings.from_json(sys.argv[1]), sys.argv[2])
