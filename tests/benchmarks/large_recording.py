"""Recordings of 5,000 nodes: opened, moved about in, searched, and the Neuron page beside them.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.large_recording

Graphs of several shapes without names of modules, so that all of each is drawn. Beside the seconds that a visitor waits
stand those of processor time, of the server and of the page, which a busy machine does not change so much. The
baselines, in the same run: what `json.loads` takes for the same text, and a recording of 300 nodes.
"""

import itertools
import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from components.drawing import graph_svg, layout
from components.drawing.layout import Plan
from components.recording.read import read
from components.recording.snapshots import opened
from tests import large_graphs
from tests.benchmarks.big_graph import COUNT, SHOWN, STOP, TURN
from tests.benchmarks.times import line, times
from tests.serving import CHROMIUM_FLAGS, ROOT, Server, chromium, serve

NODES = 5_000
FEW = 300
SECONDS = 3
PAD_MS = 8
WANTED = {"open": 3.0, "frames": 30.0, "search": 100.0}

WATCH = """
count => {
  document.querySelector("input[type=file]").addEventListener("change", () => { window.began = performance.now(); });
  const look = () => {
    const { length } = document.querySelectorAll("[data-graph] [data-node]");
    const isPainted = length === count && document.querySelector("[data-graph] [data-node][data-value]");
    if (!isPainted) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => { window.opened = performance.now(); }));
  };
  look();
}
"""
SEARCH = """
text => new Promise((tell) => {
  const field = document.querySelector("[data-page=recording] input[type=search]");
  const began = performance.now();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const marked = Number(document.querySelector("[data-graph] .matches")?.dataset.count ?? 0);
  requestAnimationFrame(() => setTimeout(() => tell([performance.now() - began, marked])));
})
"""
ENTER = """
() => new Promise((tell) => {
  const field = document.querySelector("[data-page=recording] input[type=search]");
  const pressed = () => document.querySelector("[data-graph] .node[aria-pressed=true]")?.dataset.node;
  const before = pressed();
  const began = performance.now();
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  const look = () => (pressed() === before ? requestAnimationFrame(look) : tell(performance.now() - began));
  look();
})
"""
DRAG = """
() => {
  window.answers = [];
  const field = document.querySelector("input[type=range][aria-label=w]");
  const shown = () => document.querySelector("[data-readout=dw]").dataset.value;
  let before = shown(), began = performance.now();
  const turn = () => {
    if (shown() !== before) {
      window.answers.push(performance.now() - began);
      before = shown();
      began = performance.now();
      field.value = -Number(field.value) || 1;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    window.dragging = requestAnimationFrame(turn);
  };
  field.value = -Number(field.value) || 1;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  turn();
}
"""


class Used(NamedTuple):
    """Seconds of processor time of the server and of the browser's pages."""

    server: float
    page: float


class Visitor:
    """A page for recordings in a browser, with what it costs."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.server, self.devtools = server, browser.new_browser_cdp_session()
        self.page = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True).new_page()
        self.page.goto(f"{server.url}/open?view=full")
        self.page.locator("[data-page=recording][data-state=empty]").wait_for()
        self.page.wait_for_timeout(1000)

    def used(self) -> Used:
        return Used(self.server.cpu_seconds(), pages_seconds(self.devtools))

    def open(self, text: str, count: int) -> tuple[float, Used]:
        """How long until the graph stands there with its numbers, and what that took."""
        self.page.evaluate(WATCH, count)
        before = self.used()
        file: Any = {"name": "graph.json", "mimeType": "application/json", "buffer": text.encode()}
        self.page.locator("input[type=file]").set_input_files(file)
        self.page.wait_for_function("window.opened", timeout=120_000)
        after = self.used()
        seconds = self.page.evaluate("window.opened - window.began") / 1000
        return seconds, Used(after.server - before.server, after.page - before.page)


def pages_seconds(devtools: CDPSession) -> float:
    processes = devtools.send("SystemInfo.getProcessInfo")["processInfo"]
    return sum(float(one["cpuTime"]) for one in processes if one["type"] == "renderer")


@contextmanager
def visiting(browser: Browser, server: Server) -> Iterator[Visitor]:
    visitor = Visitor(browser, server)
    yield visitor
    visitor.page.context.close()


def stages(name: str, text: str) -> None:
    """Prints the processor time of what the server does with a recording."""

    def taken(work: Callable[[], Any]) -> tuple[float, Any]:
        began = time.process_time()
        made = work()
        return time.process_time() - began, made

    plain, _ = taken(lambda: json.loads(text))
    reading, recorded = taken(lambda: read(text.encode()))
    making, found = taken(lambda: opened(recorded.moments[0]))
    structure = found.moment.snapshot.graph.structure
    wide = frozenset(node[0] for node in structure.nodes)
    placing, placed = taken(lambda: layout.place(Plan(structure, "LR", wide=wide)))
    drawing, (svg, _) = taken(lambda: graph_svg.bare(structure, wide=wide))
    whole = f"{placed.width / placed.height:.1f} wide by high, {len(svg) / 1e6:.1f} MB"
    parts = f"read {reading:.2f}  snapshot {making:.2f}  layout {placing:.2f}  SVG {drawing:.2f} s"
    line(f"{name}: json.loads {plain * 1000:.0f} ms", f"{parts}   {whole}")


def opening(browser: Browser, server: Server, name: str, text: str, count: int) -> float:
    with visiting(browser, server) as visitor:
        seconds, used = visitor.open(text, count)
    line(f"{name}: {count:,} nodes opened", f"{seconds:6.2f} s   server {used.server:.2f} s, page {used.page:.2f} s")
    return seconds


def frames(page: Page, name: str, act: Callable[[], None]) -> None:
    """What reaches the screen while `act` is called again and again: a frame counts where the view has moved."""
    shown = page.evaluate(SHOWN)
    page.evaluate(COUNT)
    began = time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        act()
    moved: list[float] = page.evaluate(STOP)
    found = [after - before for before, after in itertools.pairwise(moved)]
    rate = len(found) / (moved[-1] - moved[0]) * 1000
    line(name, f"{rate:6.1f} frames/s   {times(found).text()}   {shown:,} nodes in sight at first")


def moving(page: Page, name: str) -> None:
    box = page.locator("[data-graph]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] * 0.4, box["y"] + box["height"] / 2
    for notches in (1, 4, 9, 13):
        page.get_by_role("button", name="Fit").click()
        page.mouse.move(x, y)
        page.keyboard.down("Control")
        for _ in range(notches):
            page.mouse.wheel(0, -120)
        page.keyboard.up("Control")
        page.wait_for_timeout(900)
        page.mouse.down()
        corners = itertools.cycle([(x + 250, y), (x + 250, y + 150), (x, y + 150), (x, y)])
        frames(page, f"{name}: pan, {notches} notches in", lambda: page.mouse.move(*next(corners), steps=30))  # noqa: B023  # called at once
        page.mouse.up()
    page.get_by_role("button", name="Fit").click()
    page.wait_for_timeout(600)
    page.mouse.move(x, y)
    page.evaluate(TURN, [x, y, PAD_MS])
    frames(page, f"{name}: zoom with the wheel", lambda: page.wait_for_timeout(100))
    page.evaluate("clearInterval(window.turning)")
    page.get_by_role("button", name="Fit").click()
    page.wait_for_timeout(600)


def searching(page: Page, name: str) -> None:
    """From a key until after the frame in which the matches are marked; then from match to match."""
    for text in ("weight", "layer_3", "a", "backward0", "block 7"):
        taken, found = zip(*(page.evaluate(SEARCH, one) for one in (text, "", text)), strict=True)
        line(f"{name}: search for “{text}”", f"{max(taken):6.1f} ms   {found[-1]:,} marked")
    page.evaluate(SEARCH, "0")
    line(f"{name}: Enter, to the next match", times([page.evaluate(ENTER) for _ in range(5)]).text())


def beside(browser: Browser, server: Server, text: str) -> None:
    """The Neuron page's answers to a slider, alone and while a large recording is opened."""
    neuron = browser.new_context(viewport={"width": 1000, "height": 800}).new_page()
    neuron.goto(server.url)
    neuron.locator("[data-node=loss][data-value]").first.wait_for(state="attached")
    neuron.wait_for_timeout(2000)
    with visiting(browser, server) as visitor:
        for name in ("alone", "while 5,000 nodes are opened"):
            neuron.evaluate(DRAG)
            if name == "alone":
                neuron.wait_for_timeout(3000)
            else:
                visitor.open(text, NODES)
            answers: list[float] = neuron.evaluate("(cancelAnimationFrame(window.dragging), window.answers)")
            line(f"Neuron page’s slider, {name}", f"{times(answers[1:]).text()}   {len(answers)} answers")
    neuron.context.close()


def main() -> None:
    recordings = {name: large_graphs.recording(shape(NODES)) for name, shape in large_graphs.SHAPES.items()}
    for name, text in recordings.items():
        stages(name, text)
    with serve(ROOT / "app.py") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        few = large_graphs.chain(FEW)
        base = opening(browser, server, "chain", large_graphs.recording(few), len(few))
        taken = [
            opening(browser, server, name, text, len(large_graphs.SHAPES[name](NODES)))
            for name, text in recordings.items()
        ]
        ratio = statistics.median(taken) / base
        line(f"median ({WANTED['open']:.0f} s wanted)", f"{statistics.median(taken):6.2f} s   {ratio:.1f} x 300 nodes")
        for name in ("residual", "recurrent"):
            with visiting(browser, server) as visitor:
                visitor.open(recordings[name], len(large_graphs.SHAPES[name](NODES)))
                visitor.page.wait_for_timeout(1000)
                moving(visitor.page, f"{name} ({WANTED['frames']:.0f}/s wanted)")
                searching(visitor.page, f"{name} ({WANTED['search']:.0f} ms wanted)")
        beside(browser, server, recordings["chain"])
        browser.close()


if __name__ == "__main__":
    main()
