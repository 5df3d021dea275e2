"""What happens once, before the first visitor: torch warm, caches filled, server and log set up."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import Any, Final

import torch

from components.address.view import VIEWS, GraphView
from components.browser import assets
from components.live.event import opening
from components.live.update import first_message
from components.pages.index import PAGES
from components.pages.page import Asker, Page
from components.server import document, files, logs, sockets, static, stop, streamlit_patches

COLLECTING: Final = (10_000, 5, 5)
"""Objects after which Python looks for garbage, and how many looks at new ones come before one at older ones: with its
own 700 a tenth of the time in which a large graph is drawn is spent on looking, and none is found.
"""

LOG: Final = logging.getLogger("autograd_explorer")


@contextlib.asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """The server answers its health check only after this."""
    logs.set_up()
    torch.set_num_threads(1)
    warm_up()
    sockets.raise_file_limit()
    apply_patches()
    stop.drain_on_sigterm()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTING)
    preparing = asyncio.create_task(asyncio.to_thread(prepare_rest))
    LOG.info("Ready at %s", streamlit_patches.app_url())
    yield
    await preparing
    LOG.info("Stopped")


def apply_patches() -> None:
    """Replace what has to be replaced in Streamlit and uvicorn."""
    streamlit_patches.run_scripts_one_at_a_time()
    streamlit_patches.ignore_pages_folder()
    streamlit_patches.never_look_up_external_address()
    if server := streamlit_patches.uvicorn_server():
        streamlit_patches.use_own_connections(server.config)
    else:
        LOG.warning("Not run by uvicorn: connections keep the options that their server gives them")


def warm_up() -> None:
    """Run what a first visit runs, so that no visitor waits for imports, layouts or torch's first calls."""
    document.compressed()
    for page in PAGES.values():
        if not page.prepare:
            run_presets(page, list(page.form.presets)[:1])


def run_presets(page: Page[Any], names: Iterable[str]) -> None:
    """Run these presets of a page in every view, without what takes long."""
    for name in names:
        for view in VIEWS:
            event = opening(page, "")
            state = replace(event.state, inputs=page.form.presets[name], graph_view=GraphView(view, node="w", step=1))
            first_message(replace(event, state=state, linked=False))


def prepare_rest() -> None:
    """Compress what every first visitor fetches, in the order of its need; then run the other presets."""
    pack_files()
    for page in PAGES.values():
        names = list(page.form.presets)
        if page.prepare:
            page.prepare(page.form.presets[names[0]], Asker())
        run_presets(page, names[:1] if page.prepare else names[1:])


def pack_files() -> None:
    """Compress what every first visitor fetches, in the order of its need."""
    for name in document.static_names():
        static.FILES.packed(name)
    for name in (assets.STYLES, assets.SCRIPT, files.PLOTLY):
        files.FILES.packed(name)
