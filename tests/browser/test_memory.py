"""What is kept from page to page: nothing."""

from playwright.sync_api import CDPSession

from tests.browser.conftest import Visit, ready

PAGES = ("Chain rule", "Vectors", "Gradient lab", "Neuron")
SLACK = {"Nodes": 300, "JSEventListeners": 30}
"""Less than a fifth of one page."""


def counted(devtools: CDPSession) -> dict[str, int]:
    """Nodes and listeners that are left once everything that nobody holds is gone."""
    devtools.send("HeapProfiler.collectGarbage")
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return {metric["name"]: int(metric["value"]) for metric in metrics if metric["name"] in SLACK}


def test_page_changes_leave_nothing_behind(visit: Visit) -> None:
    page = visit()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    counts = []
    for _ in range(5):
        for name in PAGES:
            page.get_by_role("navigation", name="Pages").get_by_text(name, exact=True).click()
            page.locator(f"[data-page={name.lower().replace(' ', '_')}]").wait_for()
            ready(page)
        counts.append(counted(devtools))
    for kind, slack in SLACK.items():
        first, *_, last = [count[kind] for count in counts]
        assert last - first < slack, (kind, counts)
