"""One thread for torch, as on the server; the same examples of a property every time; one Chromium and one server.

The run's last lines name the browsers that were not tried.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from tests.serving import CHROMIUM_FLAGS, ROOT, Server, chromium, serve

torch.set_num_threads(1)
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")

FOLDER = Path(__file__).parent
MARKED = {"browser": pytest.mark.browser, "engines": pytest.mark.browser, "hosting": pytest.mark.server}
"""Folders whose tests need more than Python, and how they are marked; they come last, in this order."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks each test by its folder, before any is left out by its mark.

    Those with a browser come after those without: Playwright keeps an event loop running in the tests' thread, beside
    which there can be no other.
    """
    places = [*MARKED]
    items.sort(key=lambda item: places.index(folder(item)) if folder(item) in places else -1)
    for item in items:
        if folder(item) in MARKED:
            item.add_marker(MARKED[folder(item)])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says which browsers were not tried, and why: a skipped test alone is easily overlooked."""
    skipped = [report for report in terminalreporter.getreports("skipped") if "/engines/" in report.nodeid]
    for reason in sorted({report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple)}):
        terminalreporter.write_line(reason.removeprefix("Skipped: "), red=True, bold=True)


def folder(item: pytest.Item) -> str:
    return item.path.relative_to(FOLDER).parts[0]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The app for all tests that look at its pages; those of hosting have their own."""
    with serve(ROOT / "app.py") as running:
        yield running
