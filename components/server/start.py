"""What happens once, before the first visitor: torch warm, caches filled, the socket told not to wait."""

import contextlib
import gc
import socket
from collections.abc import AsyncIterator
from typing import Any

import torch
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.pages_manager import PagesManager

from components.pages import PAGES
from components.server import files
from components.session import Visit
from components.state import VIEWS, Look


@contextlib.asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """The server answers its health check only after this."""
    torch.set_num_threads(1)
    warm_up()
    send_at_once()
    remember_themes()
    only_our_navigation()
    gc.collect()
    gc.freeze()
    yield


def warm_up() -> None:
    """Runs what a first visit runs, so that no visitor waits for imports, layouts or torch's first calls."""
    files.compressed()
    for page in PAGES.values():
        for inputs in page.form.presets.values():
            for view in VIEWS:
                page.answer(Visit(inputs, Look(view, node="w", step=1)))


def send_at_once() -> None:
    """Switches Nagle's delay off on the listening socket; the sockets that it accepts inherit that.

    Streamlit opens the socket itself and hands it to nobody, so it is looked for among the objects of the process.
    """
    for sock in [thing for thing in gc.get_objects() if type(thing) is socket.socket]:
        with contextlib.suppress(OSError):
            if sock.type == socket.SOCK_STREAM and sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def only_our_navigation() -> None:
    """Keeps Streamlit from taking `components/pages/` for pages of its own, and a first visitor's link for none."""
    PagesManager.uses_pages_directory = False


def remember_themes() -> None:
    """Makes Streamlit spell the theme out once; it does so at every update, a sixth of the server's time."""
    spell_out = app_session._populate_theme_msg
    known: dict[str, CustomThemeConfig] = {}

    def recall(message: CustomThemeConfig, section: str = "theme") -> None:
        if section not in known:
            known[section] = CustomThemeConfig()
            spell_out(known[section], section)
        if known[section].ListFields():
            message.MergeFrom(known[section])

    setattr(app_session, spell_out.__name__, recall)
