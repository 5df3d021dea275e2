"""Drags `w` for six seconds in a real browser and counts what reaches the screen.

    python -m tests.benchmarks.dragging              # three rounds
    python -m tests.benchmarks.dragging --rounds 1

The range input is set at 125 Hz; in every animation frame the shown `w` is read, and each new one is an update, its
latency the time from its own event until after the frame that shows it. Bytes are those of all frames of all sockets.

Each round drags this app and the barest live fragment (one slider, one line of text: what Streamlit itself can do at
most) in turn, then both behind a network whose round trip takes 80 and 160 ms. The figures are the rounds' medians. The
same page with stock widgets and charts is dragged once.
"""

import argparse
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.network import network
from tests.serving import CHROMIUM_FLAGS, ROOT, Server, chromium, serve

SECONDS = 6
ROUND_TRIPS = (0, 80, 160)
"""Milliseconds."""

DRAG = """
async ([seconds, slider, shown]) => {
  const range = document.querySelector(slider);
  const read = () => {
    const place = document.querySelector(shown);
    return place && Math.round(Number(place.dataset.value ?? place.textContent) * 100);
  };
  const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  const sent = new Map(), latencies = [];
  let last = read(), running = true, step = -499;
  const channel = new MessageChannel(), drawn = [];
  channel.port1.onmessage = () => latencies.push(performance.now() - drawn.shift());
  const frame = () => {
    const now = read();
    if (now !== last) {
      last = now;
      if (sent.has(now)) { drawn.push(sent.get(now)); channel.port2.postMessage(0); }
    }
    if (running) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const began = performance.now();
  await new Promise((done) => {
    const timer = setInterval(() => {
      if (performance.now() - began > seconds * 1000) { clearInterval(timer); return done(); }
      step = step >= 499 ? -499 : step + 1;
      setValue.call(range, (step / 100).toFixed(2));
      sent.set(step, performance.now());
      range.dispatchEvent(new Event("input", { bubbles: true }));
    }, 8);
  });
  const elapsed = performance.now() - began;
  const shownBy = performance.now() + 2000;
  while (read() !== step && performance.now() < shownBy) await new Promise(requestAnimationFrame);
  running = false;
  return { elapsed, latencies, settled: read() === step };
}
"""


@dataclass(frozen=True)
class Subject:
    """An app that is dragged: its script, and where it shows `w`, its curves as well where it has some."""

    title: str
    script: Path
    shown: str
    ready: str


APPS = ROOT / "tests" / "benchmarks" / "apps"
CURVES = ".js-plotly-plot .scatterlayer .trace path"
SLIDER = 'input[aria-label="w"]'
APP = Subject("this app", ROOT / "app.py", '[data-node="w"]', CURVES)
BAREST = Subject("barest live fragment", APPS / "barest.py", "[data-shown]", "[data-shown]")
PEER = Subject("stock widgets and charts", APPS / "peer.py", "[data-shown]", CURVES)


@dataclass(frozen=True)
class Drag:
    """One drag: updates a second, their median and 95th percentile in ms, bytes and server milliseconds for each."""

    rate: float
    median: float
    p95: float
    bytes_each: float
    cpu_ms_each: float
    settled: bool

    def line(self, name: str) -> str:
        if not self.rate:
            return f"{name:<36} 0.0 updates/s"
        return (
            f"{name:<36}{self.rate:5.1f} updates/s   median {self.median:5.1f} ms   p95 {self.p95:5.1f} ms   "
            f"{self.bytes_each / 1000:5.2f} kB/update   {self.cpu_ms_each:5.2f} ms server CPU/update   "
            f"last value {'shown' if self.settled else 'LOST'}"
        )


def drag(page: Page, url: str, server: Server, subject: Subject) -> Drag:
    """Opens the page at `url` and drags it; `server` is the one whose time it takes."""
    received: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda payload: received.append(len(payload))))
    page.goto(url)
    for selector in (subject.shown, subject.ready):
        page.wait_for_selector(selector, state="attached", timeout=60_000)
    page.wait_for_timeout(2000)  # what follows the first picture
    received.clear()
    cpu = server.cpu_seconds()
    result: dict[str, Any] = page.evaluate(DRAG, [SECONDS, SLIDER, subject.shown])
    return summary(result, sum(received), server.cpu_seconds() - cpu)


def summary(result: dict[str, Any], size: int, cpu: float) -> Drag:
    latencies: list[float] = result["latencies"] or [0.0, 0.0]
    count = max(len(result["latencies"]), 1)
    return Drag(
        rate=len(result["latencies"]) / result["elapsed"] * 1000,
        median=statistics.median(latencies),
        p95=statistics.quantiles(latencies, n=20)[-1] if len(latencies) > 1 else latencies[0],
        bytes_each=size / count,
        cpu_ms_each=cpu / count * 1000,
        settled=result["settled"],
    )


def middle(drags: Iterable[Drag]) -> Drag:
    """The median of each figure."""
    rounds = list(drags)

    def of(figure: Callable[[Drag], float]) -> float:
        return statistics.median(map(figure, rounds))

    return Drag(
        of(lambda drag: drag.rate),
        of(lambda drag: drag.median),
        of(lambda drag: drag.p95),
        of(lambda drag: drag.bytes_each),
        of(lambda drag: drag.cpu_ms_each),
        all(drag.settled for drag in rounds),
    )


def visit(browser: Browser, server: Server, subject: Subject, round_trip: int) -> Drag:
    """One drag by a new visitor, so many milliseconds away."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    try:
        if not round_trip:
            return drag(page, server.url, server, subject)
        with network(server.url, round_trip / 1000) as between:
            return drag(page, between.url, server, subject)
    finally:
        page.close()


def measure(browser: Browser, rounds: int) -> dict[tuple[Subject, int], Drag]:
    """The figures by app and round trip, both apps in turn."""
    drags: dict[tuple[Subject, int], list[Drag]] = defaultdict(list)
    with ExitStack() as stack:
        servers = {subject: stack.enter_context(quiet(subject)) for subject in (APP, BAREST)}
        for number in range(rounds):
            for round_trip in ROUND_TRIPS:
                for subject, server in servers.items():
                    found = visit(browser, server, subject, round_trip)
                    drags[subject, round_trip].append(found)
                    print(found.line(f"round {number + 1}: {name(subject, round_trip)}"), flush=True)
    with quiet(PEER) as server:
        drags[PEER, 0].append(visit(browser, server, PEER, 0))
    return {what: middle(found) for what, found in drags.items()}


def quiet(subject: Subject) -> Any:
    """The app, served without words."""
    return serve(subject.script, settings=("--logger.level=warning",))


def name(subject: Subject, round_trip: int) -> str:
    return f"{subject.title}, {round_trip} ms away" if round_trip else subject.title


def verdicts(found: dict[tuple[Subject, int], Drag]) -> list[str]:
    """What is wanted, beside what was found."""
    here, barest, away = found[APP, 0], found[BAREST, 0], found[APP, 80]
    figures = [
        ("updates/s, beside the barest fragment", here.rate / barest.rate, "at least", 1.0),
        ("median latency in ms", here.median, "at most", 25),
        ("server CPU an update, beside the barest fragment", here.cpu_ms_each / barest.cpu_ms_each, "at most", 1.0),
        ("updates/s 80 ms away, beside those here", away.rate / here.rate, "at least", 0.85),
        ("median latency 80 ms away, in ms", away.median, "at most", 110),
    ]
    return [f"{what:<52}{figure:7.2f}   {bound} {wanted} wanted" for what, figure, bound, wanted in figures]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        found = measure(browser, rounds)
        browser.close()
    print(f"median of {rounds} rounds")
    for (subject, round_trip), figures in found.items():
        print(figures.line(name(subject, round_trip)))
    print(*verdicts(found), sep="\n")


if __name__ == "__main__":
    main()
