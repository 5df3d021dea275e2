"""What happens once, before the first visitor: torch warm, caches filled, sockets and log set up."""

import contextlib
import gc
from collections.abc import AsyncIterator
from typing import Any, Final

import torch
from streamlit import config
from streamlit.logger import get_logger
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server import server_util

from components.address.state import VIEWS, GraphView
from components.pages.index import PAGES
from components.server import document, files, housekeeping, logs, mends, sockets, stop
from components.session import Visit

LOG: Final = get_logger("autograd_explorer")


@contextlib.asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """The server answers its health check only after this."""
    logs.set_up()
    housekeeping.keep_together()
    torch.set_num_threads(1)
    warm_up()
    sockets.set_up()
    mends.remember_themes()
    mends.keep_runs_whole()
    mends.run_one_at_a_time()
    only_our_navigation()
    stop.drain_on_sigterm()
    gc.collect()
    gc.freeze()
    async with housekeeping.running():
        LOG.info("Ready at %s", server_util.get_url(config.get_option("browser.serverAddress")))
        yield
    LOG.info("Stopped")


def warm_up() -> None:
    """Runs what a first visit runs, so that no visitor waits for imports, layouts or torch's first calls."""
    files.compressed()
    document.compressed()
    for page in PAGES.values():
        for inputs in page.form.presets.values():
            for view in VIEWS:
                page.answer(Visit(inputs, GraphView(view, node="w", step=1)))


def only_our_navigation() -> None:
    """Keeps Streamlit from taking `components/pages/` for pages of its own, and a first visitor's link for none."""
    PagesManager.uses_pages_directory = False
