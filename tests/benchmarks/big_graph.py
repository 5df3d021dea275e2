"""Big graphs: reading one of 50,000 nodes, laying out and showing one of 1,000.

    python -m tests.benchmarks.big_graph

The page is the hand-written MLP step in apps/mlp.py, its graph over the whole screen while it is panned and zoomed.
A frame counts where the view has moved since the one before. The baselines, in the same run: torchviz's `make_dot`
(pip install -r tests/benchmarks/requirements.txt) and the `dot` program of Graphviz.
"""

import itertools
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from functools import partial

import torch
from playwright.sync_api import Browser, Page, sync_playwright
from torch import Tensor

from components.drawing import layout
from components.drawing.layout import Direction, Plan
from components.graph.record import topological_order
from tests.benchmarks import mlp
from tests.serving import CHROMIUM_FLAGS, ROOT, chromium, serve

VISITS = 5
SECONDS = 3
TIMES = 5
PAD_MS = 8

WATCH = """
const look = () => {
  if (!document.querySelector("[data-node=loss][data-value]")) return requestAnimationFrame(look);
  requestAnimationFrame(() => setTimeout(() => { window.opened = performance.now(); }));
};
look();
"""
COUNT = """
() => {
  const sheet = document.querySelector("[data-graph] .sheet");
  const read = () => sheet.style.transform + sheet.firstElementChild.getAttribute("viewBox");
  let before = read();
  window.frames_moved = [];
  const frame = (now) => {
    const view = read();
    if (view !== before) window.frames_moved.push(now);
    before = view;
    window.counting = requestAnimationFrame(frame);
  };
  frame(performance.now());
}
"""
TURN = """
([clientX, clientY, every]) => {
  const began = performance.now();
  const turn = () => {
    const deltaY = (performance.now() - began) % 1000 < 500 ? -3 : 2.7;
    const how = { clientX, clientY, deltaY, ctrlKey: true, bubbles: true, cancelable: true };
    document.querySelector("[data-graph]").dispatchEvent(new WheelEvent("wheel", how));
  };
  window.turning = setInterval(turn, every);
}
"""
STOP = "() => { cancelAnimationFrame(window.counting); return window.frames_moved; }"
SHOWN = "() => document.querySelectorAll('[data-graph] .node:not(.culled)').length"


def seconds(work: Callable[[], object], times: int = TIMES) -> float:
    """The median of several runs."""

    def once() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    return statistics.median(once() for _ in range(times))


def compare(name: str, ours: float, other: str, theirs: float | None) -> None:
    beside = "not installed" if theirs is None else f"{theirs:6.3f} s   ratio {theirs / ours:5.1f}"
    print(f"{name:<44}{ours:6.3f} s   {other} {beside}")


def torchviz_seconds(result: Tensor) -> float | None:
    try:
        from torchviz import make_dot
    except ImportError:
        return None
    return seconds(lambda: make_dot(result))


def torchviz_on(result: Tensor) -> str:
    try:
        taken = torchviz_seconds(result)
    except RecursionError:
        return "RecursionError"
    return "not installed" if taken is None else f"{taken:6.3f} s"


def reading() -> None:
    step = mlp.step(mlp.ABOUT_50_000)
    theirs = torchviz_seconds(step.loss)
    walked = len(topological_order(step.loss))
    taken = seconds(lambda: topological_order(step.loss))
    compare(f"walk of {walked:,} nodes (under 1 s wanted)", taken, "make_dot", theirs)
    compare("the same read with every number", seconds(step.read, 3), "make_dot", theirs)
    chain = mlp.chain(10_000)
    held = topological_order(chain)
    deep = seconds(partial(topological_order, chain))
    print(f"{f'walk of {len(held):,} nodes in one chain':<44}{deep:6.3f} s   make_dot {torchviz_on(chain)}")


def layouts() -> None:
    structure = mlp.step(mlp.ABOUT_1000).read().graph.structure
    system = shutil.which("dot")
    directions: tuple[Direction, ...] = ("LR", "TB")
    for direction in directions:
        source = layout.dot(Plan(structure, direction)).encode()
        ours, theirs = (
            seconds(lambda: subprocess.run([path, "-Tjson"], input=source, stdout=subprocess.DEVNULL, check=True))  # noqa: B023  # called at once
            if path
            else None
            for path in (layout.program(), system)
        )
        assert ours is not None
        compare(f"layout of {len(structure.nodes):,} nodes, {direction}", ours, "dot", theirs)


def open_page(browser: Browser, url: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True).new_page()
    page.add_init_script(WATCH)
    page.goto(url)
    page.wait_for_function("window.opened")
    return page


def opening(browser: Browser, url: str) -> None:
    visits = []
    for _ in range(VISITS):
        page = open_page(browser, url)
        visits.append(page.evaluate("window.opened") / 1000)
        nodes = page.locator("[data-graph] [data-node]").count()
        page.context.close()
    each = " ".join(f"{visit:.2f}" for visit in visits)
    print(f"{f'opening {nodes:,} nodes (2 s wanted)':<44}{statistics.median(visits):6.3f} s   each visit: {each}")


def frames(page: Page, name: str, act: Callable[[float], None]) -> None:
    """What reaches the screen while `act` is called again and again with the seconds that have passed."""
    shown = page.evaluate(SHOWN)
    page.evaluate(COUNT)
    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < SECONDS:
        act(passed)
    moved: list[float] = page.evaluate(STOP)
    times = [after - before for before, after in itertools.pairwise(moved)]
    p95 = statistics.quantiles(times, n=20)[-1]
    rate = len(times) / (moved[-1] - moved[0]) * 1000
    print(
        f"{name:<44}{rate:6.1f} frames/s   median {statistics.median(times):5.1f} ms"
        f"   p95 {p95:5.1f} ms   longest {max(times):5.1f} ms   {shown} nodes in sight at first"
    )


def pan(page: Page, name: str, zoom: int) -> None:
    """Zooms in from the whole by so many notches of the wheel, then drags round a rectangle."""
    box = page.locator("[data-graph]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] * 0.4, box["y"] + box["height"] / 2
    page.get_by_role("button", name="Fit").click()
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    for _ in range(zoom):
        page.mouse.wheel(0, -120)
    page.keyboard.up("Control")
    page.wait_for_timeout(300)
    page.mouse.down()
    corners = itertools.cycle([(x + 250, y), (x + 250, y + 200), (x, y + 200), (x, y)])
    frames(page, name, lambda _passed: page.mouse.move(*next(corners), steps=30))
    page.mouse.up()


def wheel(page: Page) -> None:
    """In for half a second and out again, three times, as fast as a touch pad reports.

    Playwright's own wheel waits for two frames at every notch: 30 a second at the very most, on an empty page too.
    """
    page.get_by_role("button", name="Fit").click()
    page.mouse.move(620, 500)
    page.wait_for_timeout(300)
    page.evaluate(TURN, [620, 500, PAD_MS])
    frames(page, "zoom with the wheel", lambda _passed: page.wait_for_timeout(100))
    page.evaluate("clearInterval(window.turning)")


def moving(browser: Browser, url: str) -> None:
    page = open_page(browser, url)
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_timeout(1000)
    pan(page, "pan, a corner cut off (30 frames/s wanted)", 2)
    pan(page, "pan, medium zoom", 6)
    pan(page, "pan, zoomed in", 10)
    wheel(page)
    page.context.close()


def main() -> None:
    torch.set_num_threads(1)
    reading()
    layouts()
    with serve(ROOT / "tests" / "benchmarks" / "apps" / "mlp.py") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        opening(browser, server.url)
        moving(browser, server.url)
        browser.close()


if __name__ == "__main__":
    main()
