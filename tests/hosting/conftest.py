"""Servers as they run on a host, what they write, and visitors who should notice nothing of others' troubles."""

import asyncio
import contextlib
import os
import re
import socket
import struct
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import websockets

from tests.serving import ROOT, Server, serve
from tests.visitor import Answer, steps, visiting

APP = ROOT / "app.py"
BEARABLE = 5.0
"""Seconds for an update while others make trouble: blocked or not, on the busiest machine."""

EVENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ [\w.]+: .+")


HELD_LAYOUT = """
import pathlib, subprocess, time
run, here = subprocess.run, pathlib.Path(__file__).parent
def run_when_allowed(*command, **how):
    if (here / "hold").exists():
        (here / "held").touch()
    while (here / "hold").exists():
        time.sleep(0.01)
    return run(*command, **how)
subprocess.run = run_when_allowed
"""


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "server.log"


@pytest.fixture(scope="session")
def server(log: Path) -> Iterator[Server]:
    """One for all tests that need no settings of their own; at the end its log has a line for each event and no
    traceback.
    """
    with serve(APP, log=log) as running:
        yield running
    assert_tidy(log)


def assert_tidy(log: Path) -> None:
    """Every line is an event with its time and level, and none says who somebody is."""
    lines = log.read_text("utf-8").splitlines()
    assert not any("127.0.0.1" in line for line in lines)
    assert lines != []
    assert [line for line in lines if not EVENT.fullmatch(line)] == []


def run(work: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own: Playwright keeps an event loop running in the tests' thread."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asyncio.wait_for(work, 120)).result()


@dataclass(frozen=True)
class Layout:
    """A layout program that waits while there is a file `hold`, and says so by a file `held`."""

    hold: Path
    held: Path


def customized(folder: Path, code: str) -> dict[str, str]:
    """The environment of a server whose Python runs this code first."""
    (folder / "sitecustomize.py").write_text(code)
    return os.environ | {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}


def layout_in(folder: Path) -> Layout:
    """The layout program of a server whose Python runs `HELD_LAYOUT` first."""
    return Layout(folder / "hold", folder / "held")


@contextlib.asynccontextmanager
async def bystander(url: str, pause: float = 0) -> AsyncIterator[list[Answer]]:
    """Somebody who drags all the while, with so many seconds between steps; every update came, in bearable time, with
    the right numbers. Where one does not, the waiting beside it ends, with what went wrong.
    """
    answers: list[Answer] = []
    stopped = asyncio.Event()

    async def drag() -> None:
        async with visiting(url, "x=2&y=1") as visitor:
            for w in steps():
                answer = await visitor.drag(w=w)
                assert (answer.values["x"], answer.values["w"], answer.values["y"]) == (2.0, w, 1.0)
                assert answer.readout("z") == repr(2 * float32(w))
                answers.append(answer)
                if stopped.is_set():
                    return
                await asyncio.sleep(pause)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(drag())
        await until(lambda: len(answers) > 1)
        yield answers
        stopped.set()
    assert max(answer.seconds for answer in answers) < BEARABLE


def float32(value: float) -> float:
    """The nearest of float32's numbers."""
    rounded: float = struct.unpack("f", struct.pack("f", value))[0]
    return rounded


async def until(holds: Callable[[], bool], patience: float = 60) -> None:
    """Waits until something holds."""
    async with asyncio.timeout(patience):
        while not holds():
            await asyncio.sleep(0.02)


async def goes_on(answers: list[Answer], updates: int = 20) -> None:
    """Waits until a bystander has had so many further updates."""
    seen = len(answers)
    await until(lambda: len(answers) >= seen + updates)


async def closing_code(socket: websockets.ClientConnection, patience: float = 60) -> int | None:
    """The code with which the server closes a socket."""
    with contextlib.suppress(websockets.ConnectionClosed):
        async with asyncio.timeout(patience):
            async for _ in socket:
                pass
    return socket.close_code


def tight_socket(url: str, **buffers: int) -> socket.socket:
    """A connection to the server with buffers of so many bytes, `SO_SNDBUF` and `SO_RCVBUF` by name."""
    parts = urlsplit(url)
    tight = socket.socket()
    for name, size in buffers.items():
        tight.setsockopt(socket.SOL_SOCKET, getattr(socket, name), size)
    tight.connect((parts.hostname, parts.port))
    return tight
