"""The browsers other than Chromium: one session for each of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.browsers import DOWNLOADS, ENGINES
from tests.engines.page import Page
from tests.serving import Server


@pytest.fixture(scope="session", params=ENGINES, ids=lambda engine: engine.name)
def session(request: pytest.FixtureRequest, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A window of one browser; a browser that cannot be had is named at the end of the run."""
    engine = request.param
    if engine.missing:
        pytest.skip(engine.missing)
    folder: Path = tmp_path_factory.mktemp(engine.name)
    (folder / DOWNLOADS).mkdir()
    with engine.start(folder) as driver:
        yield Page(driver, server.url, folder / DOWNLOADS)


@pytest.fixture
def page(session: Page) -> Iterator[Page]:
    """The window as the first visitor finds it; at the end the browser may have logged no error."""
    session.errors()
    yield session
    assert session.errors() == []
