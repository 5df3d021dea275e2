"""How long until the app is ready, and until a visitor with an empty cache sees the first picture, and what is fetched.

    python -m tests.benchmarks.opening

The graph is there when it is drawn with its numbers; the curves follow when the browser has read Plotly's script. The
baseline is the same page with stock widgets and charts, in turn with ours. `far` is a network of 80 ms and 10 Mbit/s.
"""

import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks.devtools import Chromium, launch
from tests.serving import ROOT, Server, serve

VISITORS: Final = 5
NETWORKS: Final = {
    "near": None,
    "far": {"offline": False, "latency": 80, "downloadThroughput": 1.25e6, "uploadThroughput": 1.25e6},
}
WATCH: Final = """
window.seen = {};
const look = () => {
  for (const [name, selector] of Object.entries(SELECTORS)) {
    if (!(name in window.seen) && document.querySelector(selector)) window.seen[name] = performance.now();
  }
  if (Object.keys(window.seen).length < Object.keys(SELECTORS).length) requestAnimationFrame(look);
};
look();
"""
CURVES: Final = ".js-plotly-plot .scatterlayer .trace path"
APP: Final = {"graph": "[data-node=loss][data-value]", "curves": CURVES}
PEER: Final = {"graph": ".stGraphVizChart svg g", "curves": CURVES}


@dataclass(frozen=True)
class Visit:
    """Seconds until the graph and the curves are there, and what was fetched for all of the page."""

    graph: float
    curves: float
    requests: int
    megabytes: float


def visit(browser: Chromium, server: Server, selectors: dict[str, str], network: str) -> Visit:
    with browser.visitor() as tab:
        if conditions := NETWORKS[network]:
            tab.call("Network.emulateNetworkConditions", **conditions)
        tab.call("Page.addScriptToEvaluateOnNewDocument", source=f"const SELECTORS = {selectors!r};{WATCH}")
        tab.call("Page.navigate", url=server.url)
        tab.wait_for(f"window.seen && Object.keys(window.seen).length === {len(selectors)}")
        seen = tab.evaluate("window.seen")
        tab.wait_until_quiet()
        bytes_fetched = sum(tab.requests.values())
        return Visit(seen["graph"] / 1000, seen["curves"] / 1000, len(tab.requests), bytes_fetched / 1e6)


def median(visits: list[Visit]) -> Visit:
    """Of each figure by itself."""
    columns = zip(*((one.graph, one.curves, one.requests, one.megabytes) for one in visits), strict=True)
    graph, curves, requests, megabytes = map(statistics.median, columns)
    return Visit(graph, curves, round(requests), megabytes)


def line(name: str, one: Visit) -> str:
    fetched = f"{one.requests:3d} requests, {one.megabytes:4.2f} MB"
    return f"  {name:<26} graph {one.graph:5.2f} s   curves {one.curves:5.2f} s   {fetched}"


def compare(browser: Chromium, ours: Server, peer: Server, network: str) -> None:
    visits: dict[str, list[Visit]] = {"ours": [], "peer": []}
    for _ in range(VISITORS):
        visits["ours"].append(visit(browser, ours, APP, network))
        visits["peer"].append(visit(browser, peer, PEER, network))
    app, stock = median(visits["ours"]), median(visits["peer"])
    print(network)
    print(line("this app", app))
    print(line("stock widgets and charts", stock))
    ratios = f"graph {app.graph / stock.graph:5.2f}     curves {app.curves / stock.curves:5.2f}"
    print(f"  {'ours of theirs':<26} {ratios}     (at most 0.5 wanted far away)")


def main() -> None:
    apps = Path("tests") / "benchmarks" / "apps"
    with launch() as browser, serve(ROOT / "app.py") as ours, serve(ROOT / apps / "peer.py") as peer:
        first = visit(browser, ours, APP, "near")
        print(f"healthy after {ours.start_seconds:.1f} s (stock: {peer.start_seconds:.1f} s)")
        print(line("the very first visitor", first))
        for network in NETWORKS:
            compare(browser, ours, peer, network)


if __name__ == "__main__":
    main()
