"""Drags `w` for six seconds in a real browser and counts what reaches the screen.

    python -m tests.benchmarks.dragging

The range input is set at 125 Hz; in every animation frame the shown `w` is read, and each new one is an update, its
latency the time from its own event until after the frame that shows it. The baselines run in the same browser: the
barest live fragment (one slider, one line of text), and the same page with stock widgets and charts.
"""

import statistics
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.serving import CHROMIUM_FLAGS, ROOT, Server, chromium, serve

SECONDS = 6
APPS = ROOT / "tests" / "benchmarks" / "apps"

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
  await new Promise((done) => setTimeout(done, 500));
  running = false;
  return { elapsed, latencies, settled: read() === step };
}
"""


@dataclass(frozen=True)
class Drag:
    """One drag: updates a second, their latencies in ms, bytes and server milliseconds for each."""

    rate: float
    latencies: list[float]
    bytes_each: float
    cpu_ms_each: float
    settled: bool

    def line(self, name: str) -> str:
        if not self.latencies:
            return f"{name:<28} 0.0 updates/s"
        median = statistics.median(self.latencies)
        p95 = statistics.quantiles(self.latencies, n=20)[-1] if len(self.latencies) > 1 else median
        return (
            f"{name:<28}{self.rate:5.1f} updates/s   median {median:5.1f} ms   p95 {p95:5.1f} ms   "
            f"{self.bytes_each / 1000:5.2f} kB/update   {self.cpu_ms_each:5.2f} ms server CPU/update   "
            f"last value {'shown' if self.settled else 'LOST'}"
        )


def drag(page: Page, server: Server, slider: str, shown: str) -> Drag:
    received: list[int] = []
    page.on("websocket", lambda ws: ws.on("framereceived", lambda payload: received.append(len(payload))))
    page.goto(server.url)
    page.wait_for_selector(shown, state="attached")
    page.wait_for_timeout(2500)
    received.clear()
    cpu = server.cpu_seconds()
    result: dict[str, Any] = page.evaluate(DRAG, [SECONDS, slider, shown])
    cpu = server.cpu_seconds() - cpu
    count = max(len(result["latencies"]), 1)
    rate = len(result["latencies"]) / result["elapsed"] * 1000
    return Drag(rate, result["latencies"], sum(received) / count, cpu / count * 1000, result["settled"])


def measure(browser: Browser, script: Any, slider: str, shown: str, settings: tuple[str, ...] = ()) -> Drag:
    with serve(script, settings=settings) as server:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        try:
            return drag(page, server, slider, shown)
        finally:
            page.close()


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        app = measure(browser, ROOT / "app.py", 'input[aria-label="w"]', '[data-node="w"]')
        barest = measure(browser, APPS / "barest.py", 'input[aria-label="w"]', "[data-shown]")
        peer = measure(browser, APPS / "peer.py", 'input[aria-label="w"]', "[data-shown]")
        browser.close()
    print(app.line("this app"))
    print(barest.line("barest live fragment"))
    print(peer.line("stock widgets and charts"))
    print(f"ratio to the barest fragment: {app.rate / barest.rate:.2f} (at least 0.55 wanted)")


if __name__ == "__main__":
    main()
