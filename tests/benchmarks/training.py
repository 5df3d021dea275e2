"""The Training page: surface, each optimiser's path beside a bare forward and backward, and lr dragged in a browser.

OMP_NUM_THREADS=1 python -m tests.benchmarks.training
"""

from functools import partial

import torch
from playwright.sync_api import Browser, sync_playwright

from components.losses import LOSSES, STABLE
from components.pages.training import surface
from components.pages.training.descent import Descent, Setup, data
from components.pages.training.model import Inputs
from components.pages.training.optimizers import KINDS
from tests.benchmarks.engine import milliseconds
from tests.browser.conftest import STILL
from tests.serving import CHROMIUM_FLAGS, ROOT, chromium, serve

POINTS = Inputs().points
TWENTY = POINTS * 4
STEPS = 60
SECONDS = 5
COMPARED = ("", "adam", "adam;momentum")
"""Further runs."""

DRAG = """
async (seconds) => {
  const range = document.querySelector('input[type=range][aria-label=lr]');
  const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  const read = () => document.querySelector('[data-readout=w]').dataset.value;
  let last = read(), updates = 0, running = true;
  const frame = () => {
    const now = read();
    if (now !== last) { last = now; updates += 1; }
    if (running) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const began = performance.now();
  let step = 0;
  await new Promise((done) => {
    const timer = setInterval(() => {
      if (performance.now() - began > seconds * 1000) { clearInterval(timer); return done(); }
      step += 1;
      setValue.call(range, (-1 + ((step % 200) / 100)).toFixed(2));
      range.dispatchEvent(new Event("input", { bubbles: true }));
    }, 8);
  });
  running = false;
  return updates / (performance.now() - began) * 1000;
}
"""


def bare_pass() -> None:
    """What every step of a training has: forward and backward over five points."""
    x, y = data(POINTS)
    w, b = torch.tensor(-4.0, requires_grad=True), torch.tensor(3.0, requires_grad=True)
    torch.autograd.backward(LOSSES[STABLE].mean(w * x + b, y))


def new_surface() -> None:
    surface.surface.cache_clear()
    surface.surface(TWENTY, STABLE, 5.0)


def path(optimizer: str) -> None:
    Descent(Setup(POINTS, -4.0, 3.0, optimizer=optimizer)).go(STEPS)


def updates_per_second(browser: Browser, url: str, compare: str) -> float:
    """How often a drag of lr changes what is on the screen."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{url}/training?at=20&compare={compare}")
    page.locator(".map-view .js-plotly-plot .point").first.wait_for(state="attached", timeout=60_000)
    page.evaluate(STILL)
    rate: float = page.evaluate(DRAG, SECONDS)
    page.close()
    return rate


def main() -> None:
    torch.set_num_threads(1)
    bare = milliseconds(bare_pass, 300)
    print(f"a bare forward and backward              {bare:8.3f} ms")
    print(f"surface of 101 x 101 over 20 points      {milliseconds(new_surface, 20):8.3f} ms")
    curved = milliseconds(lambda: surface.curvature(POINTS, STABLE, 1.0, 1.0), 50)
    print(f"curvature at the cursor                  {curved:8.3f} ms")
    for name in KINDS:
        took = milliseconds(partial(path, name), 5)
        print(f"{STEPS} steps of {name:10}                  {took:8.3f} ms  {took / bare:6.1f} bare passes")
    with serve(ROOT / "app.py") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        for compare in COMPARED:
            rate = updates_per_second(browser, server.url, compare)
            print(f"lr dragged, beside it “{compare}”: {rate:.1f} updates/s")
        browser.close()


if __name__ == "__main__":
    main()
