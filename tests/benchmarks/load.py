"""Simulated students dragging on one server: how fast, how many, how much memory.

    python -m tests.benchmarks.load                 # 100 students, this app and the peer app
    python -m tests.benchmarks.load --mixed         # a quarter of the students on each page of this app
    python -m tests.benchmarks.load --minutes 15    # a soak
    python -m tests.benchmarks.load --url http://127.0.0.1:8080   # a server that runs already, several replicas

Every student has a websocket of its own, opens the page, and drags: four updates a quarter of a second apart, then
looks at the page for three seconds. The next update is sent when the last one has been answered, as the page does it.
Everything stays on this machine. It ends by itself.
"""

import argparse
import asyncio
import contextlib
import itertools
import random
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from components.pages.lessons import LESSONS
from tests.serving import ROOT, Server, serve
from tests.visitor import Answer, Visitor, steps, visiting

PEER = ROOT / "tests" / "benchmarks" / "apps" / "peer.py"
PATHS = tuple(lesson.path for lesson in LESSONS.values())
BURST, APART, PERIOD = 4, 0.25, 4.0
SETTLE = 120
EAGER = 16
"""Students who never wait: as many as keep the server busy without a queue of their own."""

Move = Callable[[Visitor, float], Awaitable[Answer]]


@dataclass
class Tally:
    """The latencies of all updates in ms, how many of them failed, and how long they took together."""

    latencies: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0
    size: int = 0

    def add(self, answer: Answer) -> None:
        self.latencies.append(answer.seconds * 1000)
        self.failures += answer.errors
        self.size += answer.size

    def line(self) -> str:
        if len(self.latencies) < 2:
            return f"no updates, {len(self.failures)} errors {self.failures[:1]}"
        ways = statistics.quantiles(self.latencies, n=20)
        return (
            f"{len(self.latencies):6d} updates  {len(self.latencies) / self.seconds:6.1f}/s   "
            f"p50 {ways[9]:6.1f} ms   p95 {ways[18]:6.1f} ms   max {max(self.latencies):6.0f} ms   "
            f"{self.size / len(self.latencies) / 1000:4.1f} kB each   "
            f"{len(self.failures)} errors {self.failures[:1] or ''}"
        )


async def by_component(visitor: Visitor, value: float) -> Answer:
    """Drags `w`, on the other pages `x` or the first entry, which go by tenths."""
    inputs = visitor.said["inputs"]
    name = next(name for name in ("w", "values", "x") if name in inputs)
    wanted: Any = value if name == "w" else round(value, 1)
    if name == "values":
        wanted = [wanted, *inputs[name][1:]]
    answer = await visitor.drag(**{name: wanted})
    if answer.said["inputs"][name] != wanted:
        answer.errors.append(f"asked for {wanted}, got {answer.said['inputs'][name]}")
    return answer


async def by_slider(visitor: Visitor, value: float) -> Answer:
    return await visitor.slide("w", value)


async def student(visitor: Visitor, move: Move, tally: Tally, end: float, eager: bool) -> None:
    """Drags until the time is over."""
    places = itertools.islice(steps(), random.randrange(1000), None)
    await asyncio.sleep(0 if eager else random.uniform(0, PERIOD))
    try:
        while time.monotonic() < end:
            began = time.monotonic()
            for i in range(BURST):
                tally.add(await move(visitor, next(places)))
                if not eager:
                    await asyncio.sleep(max(0, began + (i + 1) * APART - time.monotonic()))
            if not eager:
                await asyncio.sleep(max(0, began + PERIOD - time.monotonic()))
    except Exception as error:
        tally.failures.append(f"{type(error).__name__}: {error}")


async def drag(visitors: list[Visitor], move: Move, seconds: float, eager: bool = False) -> Tally:
    """All of them drag for so long."""
    tally, began = Tally(), time.monotonic()
    await asyncio.gather(*(student(v, move, tally, began + seconds, eager) for v in visitors))
    tally.seconds = time.monotonic() - began
    return tally


async def arrive(
    stack: contextlib.AsyncExitStack, urls: list[str], count: int, paths: tuple[str, ...] = ("",)
) -> list[Visitor]:
    """Opens pages, a few at a time as a class comes in, on all servers and the pages at these paths in turn."""
    gate = asyncio.Semaphore(4)

    async def one(url: str, path: str) -> Visitor:
        async with gate:
            return await stack.enter_async_context(visiting(url, path=path))

    places = itertools.islice(itertools.cycle(itertools.product(urls, paths)), count)
    return list(await asyncio.gather(*itertools.starmap(one, places)))


class Memory:
    """Resident megabytes of the servers under load."""

    def __init__(self, servers: list[Server]) -> None:
        self.servers = servers

    def now(self) -> float:
        return sum(rss(server.process.pid) for server in self.servers)


def rss(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.partition("VmRSS:")[2].split()[0]) / 1024


async def measure(server: Server, move: Move, options: argparse.Namespace) -> None:
    memory = Memory([server])
    async with contextlib.AsyncExitStack() as stack:
        warm = await arrive(stack, [server.url], 5)
        await drag(warm, move, 2, eager=True)
        empty = memory.now()
        print(f"  memory with {len(warm)} students      {empty:6.1f} MB", flush=True)
        async with contextlib.AsyncExitStack() as hour:
            students = await arrive(hour, [server.url], options.students, options.paths)
            opened = memory.now()
            print(f"  {options.students} more have opened it    {opened:6.1f} MB", flush=True)
            cpu = server.cpu_seconds()
            tally = await drag(students, move, options.seconds)
            cpu = (server.cpu_seconds() - cpu) * 1000 / max(1, len(tally.latencies))
            print(f"  one update a second each   {tally.line()}   {cpu:.1f} ms server CPU each", flush=True)
            full = memory.now()
            print(f"  after dragging             {full:6.1f} MB, {(full - empty) / options.students:.2f} MB a session")
            if options.minutes:
                await soak(students, move, memory, options.minutes)
            tally = await drag(students[:EAGER], move, options.seconds / 2, eager=True)
            print(f"  capacity, {EAGER} never wait     {tally.line()}", flush=True)
        await settle(memory, empty, options.settle)


async def soak(students: list[Visitor], move: Move, memory: Memory, minutes: float) -> None:
    """Goes on for minutes, and prints each."""
    for minute in range(1, round(minutes) + 1):
        tally = await drag(students, move, 60)
        print(f"  minute {minute:2d}   {memory.now():6.1f} MB   {tally.line()}", flush=True)


async def settle(memory: Memory, empty: float, seconds: int) -> None:
    """How soon memory is back when all but the first five have left."""
    best = memory.now()
    for waited in range(seconds + 1):
        best = memory.now()
        if best <= 1.05 * empty:
            print(f"  they have left: {best:6.1f} MB after {waited} s, {best / empty - 1:+.1%}")
            return
        await asyncio.sleep(1)
    print(f"  they have left: still {best:6.1f} MB after {seconds} s, {best / empty - 1:+.1%}")


async def measure_running(urls: list[str], options: argparse.Namespace) -> None:
    async with contextlib.AsyncExitStack() as stack:
        students = await arrive(stack, urls, options.students, options.paths)
        print(
            f"  one update a second each   {(await drag(students, by_component, options.seconds)).line()}", flush=True
        )
        tally = await drag(students[: EAGER * 2], by_component, options.seconds / 2, eager=True)
        print(f"  capacity, {EAGER * 2} never wait     {tally.line()}", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--students", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--minutes", type=float, default=0, help="length of the soak")
    parser.add_argument("--settle", type=int, default=SETTLE, help="seconds to wait for memory to come back")
    parser.add_argument("--only", choices=["app", "peer"])
    parser.add_argument(
        "--mixed", dest="paths", action="store_const", const=PATHS, default=("",), help="students on all pages"
    )
    parser.add_argument("--url", action="append", help="a server that runs already; may be repeated")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    random.seed(1)
    if options.url:
        return asyncio.run(measure_running(options.url, options))
    apps: list[tuple[str, str, Path, Move]] = [
        ("app", "this app", ROOT / "app.py", by_component),
        ("peer", "stock widgets and charts", PEER, by_slider),
    ]
    for name, title, script, move in apps:
        if options.only in (None, name) and not (name == "peer" and options.paths == PATHS):
            print(title)
            with serve(script) as server:
                asyncio.run(measure(server, move, options))
    return None


if __name__ == "__main__":
    main()
