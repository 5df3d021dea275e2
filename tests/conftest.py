"""One thread for torch, as on the server; properties tried on the same examples every time; one Chromium for all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from tests.serving import CHROMIUM_FLAGS, chromium

torch.set_num_threads(1)
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


FOLDER = Path(__file__).parent
MARKED = {"browser": pytest.mark.browser, "hosting": pytest.mark.server}
"""Folders whose tests need more than Python, and how they are marked."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks each test by its folder, before any is left out by its mark."""
    for item in items:
        mark = MARKED.get(item.path.relative_to(FOLDER).parts[0])
        if mark:
            item.add_marker(mark)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield launched
        launched.close()
