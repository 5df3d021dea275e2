"""The playground: a program in its worker, typed, dragged, opened from a link, by a class, and among hostile ones.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.playground

Each figure stands beside a baseline of the same run: plain Python, the line without a browser, the Neuron page, a small
graph, one visitor alone. No program is run twice, since the server remembers what has run. It takes two minutes.
"""

import asyncio
import contextlib
import io
import itertools
import random
import time
from collections.abc import Iterator

import torch
from playwright.sync_api import sync_playwright

from components.sandbox.pool import Pool
from tests.benchmarks import playground_page
from tests.benchmarks.playground_programs import HOSTILE, thousand_nodes, twenty_lines, typed
from tests.benchmarks.times import Times, line, timed, times
from tests.serving import CHROMIUM_FLAGS, ROOT, chromium, serve
from tests.visitor import Answer, Visitor, steps, visiting

TIMES = 60
LARGE_TIMES = 5
CLASS, CLASS_SECONDS, AT_ONCE = 30, 12, 4
RESTS = (0.8, 1.6)
"""Seconds from an answer to the next time that a visitor's hand rests."""

ALONE_SECONDS, HOSTILE_SECONDS = 6, 12
FRAME = 1 / 60


def plain(program: str) -> None:
    """The program as Python itself runs it, without its output."""
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(program, "program", "exec"), {})


def work(pool: Pool, programs: list[str], wanted: str) -> None:
    """The same programs by plain Python and by a warm worker, in turn."""
    ours: list[float] = []
    theirs: list[float] = []
    for program in programs:
        with timed(theirs):
            plain(program)
        with timed(ours):
            answer = pool.run("visitor", {"code": program, "draw": True})
    lines, nodes = len(programs[-1].splitlines()), len(answer["moments"][-1]["nodes"])
    line(f"{lines} lines, {nodes:,} nodes, plain Python", times(theirs).text())
    line("the same in the warm worker", times(ours).text())
    over, ratio = times(ours).p50 - times(theirs).p50, times(ours).p50 / times(theirs).p50
    line("  over plain Python", f"{over:.1f} ms{wanted}, {ratio:.1f} times as long")


def working() -> None:
    with Pool() as pool:
        pool.run("visitor", {"code": twenty_lines(), "draw": True})
        work(pool, [twenty_lines(other=number) for number in range(TIMES)], " (at most 15 wanted)")
        work(pool, [thousand_nodes(more) for more in range(LARGE_TIMES)], "")


async def run(visitor: Visitor, program: str) -> Answer:
    """Has a program run, as when the hand rests, and waits for its page."""
    return await visitor.ask(visitor.event(code=program) | {"released": True})


async def write(visitor: Visitor, programs: Iterator[str], end: float) -> list[float]:
    """Milliseconds of each answer to somebody who writes until the time is over."""
    answers = []
    await asyncio.sleep(random.uniform(0, RESTS[1]))
    while time.monotonic() < end:
        answers.append((await run(visitor, next(programs))).seconds * 1000)
        await asyncio.sleep(random.uniform(*RESTS))
    return answers


async def writing(url: str) -> Times:
    """One who writes alone, then a class: each at a pace of his own, then all in the same moment."""
    async with contextlib.AsyncExitStack() as stack:
        visitors = [await stack.enter_async_context(visiting(url, page="playground")) for _ in range(CLASS)]
        programs = [typed(number) for number in range(CLASS)]
        alone = times([(await run(visitors[0], next(programs[0]))).seconds * 1000 for _ in range(TIMES)])
        line("one visitor writes, without a browser", alone.text())
        end = time.monotonic() + CLASS_SECONDS
        writers = zip(visitors, programs, strict=True)
        found = await asyncio.gather(*(write(visitor, own, end) for visitor, own in writers))
        paced = times(each for answers in found for each in answers)
        line(f"{CLASS} visitors write, {sum(map(len, found)) / CLASS_SECONDS:.0f} programs/s", paced.text())
        together: list[float] = []
        for _ in range(AT_ONCE):
            writers = zip(visitors, programs, strict=True)
            answers = await asyncio.gather(*(run(visitor, next(own)) for visitor, own in writers))
            together += [answer.seconds * 1000 for answer in answers]
        line(f"{CLASS} programs in the same moment, {AT_ONCE} times", times(together).text())
        line("  the class beside one who writes alone", f"p95 {paced.p95 / alone.p95:.1f} times as long; 300 ms wanted")
    return alone


async def slide(visitor: Visitor, seconds: float) -> Times:
    """Drags `w` on the Neuron page, an update a frame at most."""
    found, end = [], time.monotonic() + seconds
    for value in steps():
        answer = await visitor.drag(w=value)
        found.append(answer.seconds * 1000)
        await asyncio.sleep(max(0, FRAME - answer.seconds))
        if time.monotonic() > end:
            break
    return times(found)


async def attack(visitor: Visitor, program: str, end: float) -> list[bool]:
    """Runs a program again and again, each time with another comment; of each whether a limit stopped it."""
    ends: list[bool] = []
    while time.monotonic() < end:
        answer = await run(visitor, f"{program}\n# {len(ends)}")
        ends.append(answer.message["program"]["limit"] is not None)
    return ends


async def among_hostile(url: str) -> None:
    """The Neuron page alone, then beside ten visitors who run hostile programs."""
    async with contextlib.AsyncExitStack() as stack:
        neuron = await stack.enter_async_context(visiting(url))
        others = [await stack.enter_async_context(visiting(url, page="playground")) for _ in HOSTILE]
        await slide(neuron, 1)
        alone = await slide(neuron, ALONE_SECONDS)
        end = time.monotonic() + HOSTILE_SECONDS
        attacks = [attack(*each, end) for each in zip(others, HOSTILE, strict=True)]
        beside, ended = await asyncio.gather(slide(neuron, HOSTILE_SECONDS), asyncio.gather(*attacks))
    ends = list(itertools.chain.from_iterable(ended))
    line("the Neuron page's updates, alone", alone.text())
    line(f"the same, {len(HOSTILE)} hostile programs in a loop", beside.text())
    ratios = f"p50 {beside.p50 / alone.p50:.2f}, p95 {beside.p95 / alone.p95:.2f} times as long (1 wanted)"
    line("  beside alone", f"{ratios}; {len(ends)} programs ended, {sum(ends)} of them at a limit")


def main() -> None:
    torch.set_num_threads(1)
    random.seed(1)
    working()
    with serve(ROOT / "app.py", settings=("--logger.level=warning",)) as server:
        alone = asyncio.run(writing(server.url))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
            playground_page.measure(browser, server.url, alone)
            browser.close()
        asyncio.run(among_hostile(server.url))


if __name__ == "__main__":
    main()
