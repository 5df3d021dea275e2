"""Simulated students dragging on one server: how fast, how many, how much memory.

    python -m tests.benchmarks.load                 # 100 students: the line, reruns in its place, stock widgets
    python -m tests.benchmarks.load --mixed         # a quarter of the students on each page of this app
    python -m tests.benchmarks.load --minutes 15    # a soak
    python -m tests.benchmarks.load --url http://127.0.0.1:8080   # a server that runs already, several replicas

Every student opens the page over a socket of Streamlit's, then a line, and drags: four updates a quarter of a second
apart, then looks at the page for three seconds. The next update is sent when the last one has been answered. Two
baselines in the same run: the same page where no line can be opened, so that each update is a rerun of Streamlit's
script, and the same page with stock widgets and charts. Everything stays on this machine. It ends by itself.
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

from components.pages.index import PATHS
from tests.serving import ROOT, Server, serve
from tests.visitor import Answer, PageVisitor, Visitor, opening, steps, visiting

PEER = ROOT / "tests" / "benchmarks" / "apps" / "peer.py"
LIVE_PATHS = tuple(path for path, page in PATHS.items() if page.form.fields)
BURST, APART, PERIOD = 4, 0.25, 4.0
SETTLE = 120
EAGER = 16
"""Students who never wait: as many as keep the server busy without a queue of their own."""

WANTED_PER_SECOND, WANTED_RATIO = 400, 2


@dataclass
class Student:
    """An open page, and its line where it has one."""

    page: PageVisitor
    line: Visitor | None = None


Move = Callable[[Student, float], Awaitable[Answer]]
Paths = tuple[str, ...]


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


async def by_line(student: Student, value: float) -> Answer:
    """Drags over the line."""
    assert student.line
    return await dragged(student.line, value)


async def by_rerun(student: Student, value: float) -> Answer:
    """Drags by the state of the page's component, each update a rerun of the page's script."""
    return await dragged(student.page, value)


async def by_slider(student: Student, value: float) -> Answer:
    """Drags a slider of Streamlit's."""
    return await student.page.slide("w", value)


async def dragged(visitor: Visitor | PageVisitor, value: float) -> Answer:
    """Drags `w`, on the other pages `x` or the first entry, which go by tenths."""
    values = visitor.message["values"]
    name = next(name for name in ("w", "values", "x") if name in values)
    wanted: Any = value if name == "w" else round(value, 1)
    if name == "values":
        wanted = [wanted, *values[name][1:]]
    answer = await visitor.drag(**{name: wanted})
    if answer.values[name] != wanted:
        answer.errors.append(f"asked for {wanted}, got {answer.values[name]}")
    return answer


async def attend(student: Student, move: Move, tally: Tally, end: float, eager: bool) -> None:
    """Drags until the time is over."""
    places = itertools.islice(steps(), random.randrange(1000), None)
    await asyncio.sleep(0 if eager else random.uniform(0, PERIOD))
    try:
        while time.monotonic() < end:
            began = time.monotonic()
            for i in range(BURST):
                tally.add(await move(student, next(places)))
                if not eager:
                    await asyncio.sleep(max(0, began + (i + 1) * APART - time.monotonic()))
            if not eager:
                await asyncio.sleep(max(0, began + PERIOD - time.monotonic()))
    except Exception as error:
        tally.failures.append(f"{type(error).__name__}: {error}")


async def drag(students: list[Student], move: Move, seconds: float, eager: bool = False) -> Tally:
    """All of them drag for so long."""
    tally, began = Tally(), time.monotonic()
    await asyncio.gather(*(attend(student, move, tally, began + seconds, eager) for student in students))
    tally.seconds = time.monotonic() - began
    return tally


async def arrive(
    stack: contextlib.AsyncExitStack, urls: list[str], move: Move, count: int, paths: Paths
) -> list[Student]:
    """Opens pages, a few at a time as a class comes in, on all servers and the pages at these paths in turn."""
    gate = asyncio.Semaphore(4)

    async def one(url: str, path: str) -> Student:
        async with gate:
            page = await stack.enter_async_context(opening(url, path=path))
            if move is not by_line:
                return Student(page)
            return Student(page, await stack.enter_async_context(visiting(url, page=page.message["page"])))

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


async def measure(server: Server, move: Move, options: argparse.Namespace) -> float:
    """Prints what this app costs; its capacity in updates a second."""
    memory = Memory([server])
    async with contextlib.AsyncExitStack() as stack:
        warm = await arrive(stack, [server.url], move, 5, ("",))
        await drag(warm, move, 2, eager=True)
        empty = memory.now()
        print(f"  memory with {len(warm)} students      {empty:6.1f} MB", flush=True)
        async with contextlib.AsyncExitStack() as hour:
            students = await arrive(hour, [server.url], move, options.students, options.paths)
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
            cpu = server.cpu_seconds()
            eager = await drag(students[:EAGER], move, options.seconds / 2, eager=True)
            cpu = (server.cpu_seconds() - cpu) * 1000 / max(1, len(eager.latencies))
            print(f"  capacity, {EAGER} never wait     {eager.line()}   {cpu:.1f} ms server CPU each", flush=True)
        await settle(memory, empty, options.settle)
    return len(eager.latencies) / eager.seconds


async def soak(students: list[Student], move: Move, memory: Memory, minutes: float) -> None:
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
    """The same of servers that run already, of which only the answers can be seen."""
    async with contextlib.AsyncExitStack() as stack:
        students = await arrive(stack, urls, by_line, options.students, options.paths)
        tally = await drag(students, by_line, options.seconds)
        print(f"  one update a second each   {tally.line()}", flush=True)
        tally = await drag(students[: EAGER * 2], by_line, options.seconds / 2, eager=True)
        print(f"  capacity, {EAGER * 2} never wait     {tally.line()}", flush=True)


APPS: dict[str, tuple[str, Path, Move]] = {
    "app": ("this app", ROOT / "app.py", by_line),
    "reruns": ("this app without its line: each update a rerun", ROOT / "app.py", by_rerun),
    "peer": ("stock widgets and charts", PEER, by_slider),
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--students", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--minutes", type=float, default=0, help="length of the soak")
    parser.add_argument("--settle", type=int, default=SETTLE, help="seconds to wait for memory to come back")
    parser.add_argument("--only", choices=list(APPS), action="append")
    parser.add_argument(
        "--mixed", dest="paths", action="store_const", const=LIVE_PATHS, default=("",), help="students on all pages"
    )
    parser.add_argument("--url", action="append", help="a server that runs already; may be repeated")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    random.seed(1)
    if options.url:
        return asyncio.run(measure_running(options.url, options))
    capacity: dict[str, float] = {}
    for name, (title, script, move) in APPS.items():
        if (options.only and name not in options.only) or (name == "peer" and options.paths == LIVE_PATHS):
            continue
        print(title)
        with serve(script, settings=("--logger.level=warning",)) as server:
            capacity[name] = asyncio.run(measure(server, move, options))
    if "app" in capacity:
        print(f"capacity {capacity['app']:.0f} updates/s ({WANTED_PER_SECOND} wanted)")
    if {"app", "reruns"} <= capacity.keys():
        print(f"beside reruns {capacity['app'] / capacity['reruns']:.2f} ({WANTED_RATIO} wanted)")
    return None


if __name__ == "__main__":
    main()
