"""The playground's page in a browser: typed, dragged, and opened from a link."""

import re
import statistics
from typing import NamedTuple

from playwright.sync_api import Browser, Page

from components.address.packed import pack
from tests.benchmarks.playground_programs import DRAGGED_LINE, thousand_nodes, twenty_lines
from tests.benchmarks.times import Times, line, times
from tests.browser.conftest import STILL, poll, ready
from tests.serving import ROOT

WRITES = 15
OPENINGS = 3
ROUNDS = 2
DRAG_SECONDS = 5

REST_MS = int(
    re.findall(r"const REST_MS = (\d+)", (ROOT / "components/pages/playground/program_view.js").read_text("utf-8"))[0]
)
GRADIENT = '[data-readout="w.grad"]'

AFTER_FRAME = """
const afterFrame = (done) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = done;
  channel.port2.postMessage(0);
};
"""
"""For the callback of a frame: `done` is called once it has been painted."""

WATCH_TYPING = f"""(gradient) => {{ {AFTER_FRAME}
  window.shown = [];
  let typed = 0;
  document.addEventListener("input", () => {{ typed = performance.now(); }}, true);
  const painted = () => afterFrame(() => window.shown.push(performance.now() - typed));
  const changed = () => requestAnimationFrame(painted);
  new MutationObserver(changed).observe(document.querySelector(gradient), {{ attributeFilter: ["data-value"] }});
}}"""
DRAG = f"""async ([seconds, observed, number, x]) => {{ {AFTER_FRAME}
  const slider = document.querySelector("input[type=range][aria-label=w]");
  const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  const slide = (step) => {{
    setValue.call(slider, (step / 100).toFixed(2));
    slider.dispatchEvent(new Event("input", {{ bubbles: true }}));
  }};
  const pull = (step) => {{
    const how = {{ clientX: x + (step - 50) * 3, bubbles: true, pointerId: 1 }};
    document.querySelector(".editor .handles").dispatchEvent(new PointerEvent("pointermove", how));
  }};
  const move = x === null ? slide : pull;
  const sent = new Map(), latencies = [];
  let newest = null;
  const changed = () => {{
    if (newest === null) requestAnimationFrame(painted);
    newest = Math.round(Number(document.querySelector(number).dataset.value) * 100);
  }};
  const painted = () => {{
    const event = sent.get(newest);
    newest = null;
    if (event) afterFrame(() => latencies.push(performance.now() - event));
  }};
  const observer = new MutationObserver(changed);
  observer.observe(document.querySelector(observed), {{ attributeFilter: ["data-value"] }});
  const began = performance.now();
  let step = -499;
  await new Promise((done) => {{
    const timer = setInterval(() => {{
      if (performance.now() - began > seconds * 1000) {{ clearInterval(timer); return done(); }}
      step = step >= 499 ? -499 : step + 1;
      sent.set(step, performance.now());
      move(step);
    }}, 8);
  }});
  observer.disconnect();
  return {{ seconds: (performance.now() - began) / 1000, latencies }};
}}"""
WATCH_OPENING = f"""{AFTER_FRAME}
const look = () => {{
  const isThere = document.querySelector("[data-graph] [data-node=loss][data-value]");
  requestAnimationFrame(isThere ? () => afterFrame(() => {{ window.opened = performance.now(); }}) : look);
}};
look();
"""


def link(program: str) -> str:
    return f"playground?code={pack(program)}"


def open_program(browser: Browser, url: str, program: str) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{url}/{link(program)}")
    for place in (GRADIENT, "[data-graph] [data-node=loss][data-value]", ".editor .handle"):
        page.locator(place).first.wait_for(timeout=60_000)
    page.evaluate(STILL)
    return page


def typing(browser: Browser, url: str) -> Times:
    """From the end of the rest after the last key until after the frame with the new gradient."""
    page = open_program(browser, url, twenty_lines(other=900_000))
    page.evaluate(WATCH_TYPING, GRADIENT)
    field = page.get_by_role("textbox", name="program", exact=True)
    for number in range(WRITES):
        start = field.input_value().index("w = torch.tensor(0.") + len("w = torch.tensor(0.")
        field.focus()
        field.evaluate("(field, start) => field.setSelectionRange(start, start + 2)", start)
        page.keyboard.insert_text(f"{61 + number}")
        poll(page, "(count) => window.shown.length === count", arg=number + 1)
    shown = page.evaluate("window.shown")
    page.close()
    return times(each - REST_MS for each in shown)


class Drag(NamedTuple):
    """Updates a second that reached the screen, and from the event until after the frame that shows it."""

    rate: float
    latency: Times


def dragged(page: Page, observed: str, number: str, x: float | None) -> Drag:
    """Moves at 125 Hz; from `x` on where a number of a program is held, else the slider of `w`."""
    found = page.evaluate(DRAG, [DRAG_SECONDS, observed, number, x])
    return Drag(len(found["latencies"]) / found["seconds"], times(found["latencies"]))


def drag_number(browser: Browser, url: str, round_number: int) -> Drag:
    page = open_program(browser, url, twenty_lines(other=910_000 + round_number))
    handles = page.locator(".editor .handle")
    place = handles.evaluate_all("(all, line) => all.findIndex(({ literal }) => literal.line === line)", DRAGGED_LINE)
    box = handles.nth(place).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    drag = dragged(page, GRADIENT, "[data-readout=w]", x)
    page.close()
    return drag


def drag_slider(browser: Browser, url: str) -> Drag:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(url)
    ready(page)
    page.evaluate(STILL)
    drag = dragged(page, "[data-node=w]", "[data-node=w]", None)  # its gradient stands still beyond the clamp
    page.close()
    return drag


def dragging(browser: Browser, url: str) -> None:
    """Both pages in turn."""
    numbers, sliders = [], []
    for round_number in range(ROUNDS):
        sliders.append(drag_slider(browser, url))
        numbers.append(drag_number(browser, url, round_number))
    for name, drags in (("the Neuron page's slider dragged", sliders), ("a number of 20 lines dragged", numbers)):
        for drag in drags:
            line(name, f"{drag.rate:5.1f} updates/s   event to screen {drag.latency.text()}")
    ours, theirs = (statistics.median(drag.rate for drag in drags) for drags in (numbers, sliders))
    line("  beside the slider", f"{ours / theirs:.2f} of its updates/s; 25 updates/s wanted")


def opened(browser: Browser, address: str) -> tuple[float, int]:
    """Seconds until a visitor with an empty cache sees the graph, and how many nodes it has."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(WATCH_OPENING)
    page.goto(address)
    poll(page, "window.opened")
    page.evaluate(STILL)
    found: tuple[float, int] = page.evaluate("window.opened") / 1000, page.locator("[data-graph] [data-node]").count()
    context.close()
    return found


def opening(browser: Browser, url: str) -> None:
    """Links to large graphs of which none has been laid out yet, and to small ones, in turn."""
    large, small = [], []
    for more in range(OPENINGS):
        small.append(opened(browser, f"{url}/{link(twenty_lines(other=920_000 + more))}"))
        large.append(opened(browser, f"{url}/{link(thousand_nodes(more))}"))
    for visits in (small, large):
        seconds = " ".join(f"{taken:.2f}" for taken, _ in visits)
        middle = statistics.median(taken for taken, _ in visits)
        line(f"a link opened, {visits[0][1]:,} nodes drawn", f"{middle:.2f} s   each visit: {seconds}")
    ratio = statistics.median(one for one, _ in large) / statistics.median(one for one, _ in small)
    line("  beside the small graph", f"{ratio:.2f} times as long; 2 s wanted for the large one")


def measure(browser: Browser, url: str, alone: Times) -> None:
    """Prints all of it; `alone` is how long one visitor waits who has no browser."""
    shown = typing(browser, url)
    line(f"typed, {REST_MS} ms of rest over, until seen (120 ms wanted)", shown.text())
    line("  beside one who writes without a browser", f"{shown.p50 / alone.p50:.2f} times as long")
    dragging(browser, url)
    opening(browser, url)
