"""How long until the app is ready, and until a visitor sees the first picture.

    python -m tests.benchmarks.opening

The picture is there when the graph is drawn with its numbers and the readouts show theirs; the curves follow when the
browser has read Plotly's script. Each visitor comes with an empty cache; the baseline is the same page with stock
widgets and charts, counted until its first chart is drawn.
"""

import statistics
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.serving import CHROMIUM_FLAGS, ROOT, chromium, serve

VISITORS = 5

WATCH = """
window.seen = {};
const look = () => {
  for (const [name, selector] of Object.entries(SELECTORS)) {
    if (!(name in window.seen) && document.querySelector(selector)) window.seen[name] = performance.now();
  }
  if (Object.keys(window.seen).length < Object.keys(SELECTORS).length) requestAnimationFrame(look);
};
look();
"""
APP = {"picture": "[data-node=loss][data-value]", "curves": ".js-plotly-plot .scatterlayer .trace path"}
PEER = {"picture": ".stGraphVizChart svg", "curves": ".js-plotly-plot .scatterlayer .trace path"}


def seconds_until(browser: Browser, url: str, selectors: dict[str, str]) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.add_init_script(f"const SELECTORS = {selectors!r};{WATCH}")
    page.goto(url)
    page.wait_for_function("count => Object.keys(window.seen).length === count", arg=len(selectors))
    seen: dict[str, float] = page.evaluate("window.seen")
    context.close()
    return {name: milliseconds / 1000 for name, milliseconds in seen.items()}


def measure(browser: Browser, script: Path, selectors: dict[str, str]) -> str:
    with serve(script) as server:
        visits = [seconds_until(browser, server.url, selectors) for _ in range(VISITORS)]
    first, rest = visits[0]["picture"], visits[1:]
    picture, curves = (statistics.median(visit[name] for visit in rest) for name in ("picture", "curves"))
    return (
        f"healthy after {server.start_seconds:4.1f} s   first visitor's picture {first:4.2f} s   "
        f"later ones {picture:4.2f} s   curves {curves:4.2f} s"
    )


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        print(f"this app                  {measure(browser, ROOT / 'app.py', APP)}")
        peer = ROOT / "tests" / "benchmarks" / "apps" / "peer.py"
        print(f"stock widgets and charts  {measure(browser, peer, PEER)}")
        browser.close()


if __name__ == "__main__":
    main()
