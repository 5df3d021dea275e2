"""Everything undocumented of Streamlit and uvicorn that this app reads or replaces, each with its reason.

`requirements.txt` pins the versions that this was written for. Of every name here, a test in
`tests/server/test_streamlit_patches.py` fails when it is gone, and one when the patch is no longer needed.
"""

import asyncio
import json
import logging
import re
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import streamlit as st
from google.protobuf.message import DecodeError
from streamlit import file_util, logger, net_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import get_instance
from streamlit.runtime.app_session import AppSessionState
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.web.server import server_util
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from components.server import sockets
from components.server.lease_lock import LeaseLock

SCRIPT_SECONDS: Final = 0.5
"""A page that is opened takes a fraction of them."""
FIRST_REQUEST_SECONDS: Final = 10
"""For the head of a connection's first request."""

CLOSED_PATHS: Final = (
    "_stcore/metrics",
    "_stcore/agent/",
    "_stcore/upload_file/",
    "_stcore/bidi-components/",
    "component/",
)
"""Paths of Streamlit's that no page of ours needs: figures about the host, uploads, ways in for programs."""
HEALTH_PATH: Final = "_stcore/health"
PAGE_MESSAGES: Final = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
"""What a page of ours sends. Other messages ask for the host's git state, write files or empty everyone's caches."""


# Scripts and pages


def run_scripts_one_at_a_time(seconds: float = SCRIPT_SECONDS) -> None:
    """Let page scripts follow one another; Streamlit gives each a thread, and Python computes in one at a time anyway.

    When a hundred visitors open the page at once, their threads and the one that answers live events take turns every
    few milliseconds, and every live event waits for all of them: 5 answers in two seconds, instead of 100. A script
    that hangs (in the layout program, say) holds the others for `seconds` only.
    """
    run, lock = ScriptRunner._run_script, LeaseLock(seconds)

    def run_script(self: ScriptRunner, rerun_data: Any) -> None:
        with lock.held():
            run(self, rerun_data)

    ScriptRunner._run_script = run_script  # type: ignore[method-assign]  # to replace it is the purpose


def ignore_pages_folder() -> None:
    """Keep Streamlit from taking the folder `pages/` beside the main script for pages of its own.

    The first visitor's link to one of ours would be answered with "page not found".
    """
    if PagesManager.uses_pages_directory is not False:
        PagesManager.uses_pages_directory = False


def app_url() -> str:
    """The app's address, as Streamlit's own banner spells it."""
    return server_util.get_url(str(st.get_option("browser.serverAddress")))


# The network


def never_look_up_external_address() -> None:
    """Give Streamlit an external address, which it else asks the internet for.

    It does so at every handshake with a foreign origin, while everybody waits, and does not remember a failure.
    """
    net_util._external_ip = net_util._external_ip or "127.0.0.1"


def uvicorn_server() -> Server | None:
    """The server that runs this app, found by its handler of SIGTERM; Streamlit hands it to nobody."""
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return server if isinstance(server, Server) else None


class Connection(H11Protocol):
    """An HTTP connection with the options of ours, closed where no request comes in time.

    Streamlit binds its socket without naming TCP, so that asyncio leaves Nagle's algorithm on; uvicorn keeps a
    connection open that never asks for anything, and thousands of them would use up the server's files.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Set up a connection that has been accepted."""
        super().connection_made(transport)
        if connection := transport.get_extra_info("socket"):
            sockets.set_tcp_nodelay(connection)
            if self.config.ws_ping_interval:
                sockets.set_tcp_user_timeout(connection, 2 * self.config.ws_ping_interval)
        self.loop.call_later(FIRST_REQUEST_SECONDS, self.close_if_idle)

    def close_if_idle(self) -> None:
        """Drop the connection if it has asked for nothing; one that became a WebSocket is no longer listed here."""
        if self in self.connections and self.cycle is None:
            self.transport.abort()


def use_own_connections(config: Config) -> None:
    """Serve with `Connection`, before the server begins to listen.

    Streamlit leaves the choice to uvicorn, which takes another class wherever `httptools` is installed.
    """
    if config.http_protocol_class is not Connection:
        config.http_protocol_class = Connection


# Sessions


def has_visitors() -> bool:
    """Whether a browser is connected to Streamlit."""
    return bool(_active_sessions())


def is_busy() -> bool:
    """Whether a page script is running, or a part of its page lies unsent."""
    return any(
        info.session._state is AppSessionState.APP_IS_RUNNING
        or not info.session._browser_queue.is_empty()
        or info.client._send_queue.qsize() > 0
        for info in _active_sessions()
    )


def _active_sessions() -> list[Any]:
    manager: Any = get_instance()._session_mgr
    return list(manager.list_active_sessions())


# Messages, files and the log


def message_type(data: bytes) -> str:
    """The kind of a message that a browser sends to Streamlit; ValueError where it is not one.

    Streamlit itself would write a traceback into the log for a component's state that is no JSON.
    """
    message = BackMsg()
    try:
        message.ParseFromString(data)
        for widget in message.rerun_script.widget_states.widgets:
            json.loads(widget.json_value or widget.json_trigger_value or "null")
    except (DecodeError, RecursionError) as error:
        raise ValueError("not a message of Streamlit's") from error
    return message.WhichOneof("type") or "empty"


def static_folder() -> Path:
    """The folder of Streamlit's page, scripts, styles and fonts."""
    return Path(file_util.get_static_dir())


def page_settings(page_paths: Iterable[str]) -> str:
    """JavaScript that tells Streamlit's page what it else asks the server for before it connects, in two round trips.

    Its base address, whatever prefix a proxy adds: it would try the page's own path first. What its host may do: the
    answer of `_stcore/host-config`, but no dialogs: where the connection is lost, it would cover the page with how to
    start the server. And to load itself anew where it meets a server of another version.
    """
    base = f'location.origin + location.pathname.replace(/({"|".join(page_paths)})?\\/?$/, "")'
    host = {
        "allowedOrigins": list(st.get_option("client.allowedOrigins")),
        "useExternalAuthToken": False,
        "enableCustomParentMessages": False,
        "enforceDownloadInNewTab": False,
        "metricsUrl": "",
        "blockErrorDialogs": True,
        "resourceCrossOriginMode": None,
    }
    settings = {"HOST_CONFIG": host, "ENABLE_RELOAD_BASED_ON_HARDCODED_STREAMLIT_VERSION": True}
    return f"window.__streamlit = {{ BACKEND_BASE_URL: {base}, ...{json.dumps(settings)} }};"


def skip_icon_font() -> str:
    """JavaScript that keeps Streamlit's page from fetching its icon font, 375 kB, before it shows an icon.

    Where one is shown, the browser fetches the font all the same, by the style sheet.
    """
    return """\
const load = document.fonts.load.bind(document.fonts);
document.fonts.load = (font, ...text) => font.includes("Material Symbols") ? Promise.resolve([]) : load(font, ...text);
"""


def hide_web_assembly() -> str:
    """JavaScript that takes WebAssembly from the page, whose policy forbids it.

    Streamlit's scripts try it and go on without it, but Firefox logs an error at every try.
    """
    return "delete globalThis.WebAssembly;"


def keep_theme(key: str) -> str:
    """JavaScript that has Streamlit's page show the theme (System, Light or Dark) that this browser keeps under `key`.

    Streamlit itself keeps one for each path of the app, and its own menu, where it can be chosen, is not shown.
    """
    return f"""\
try {{
  const theme = localStorage.getItem({json.dumps(key)});
  if (theme) localStorage.setItem(`stActiveTheme-${{location.pathname}}-v2`, JSON.stringify(theme));
}} catch {{
  // The browser keeps nothing for this page.
}}
"""


def component_scripts() -> list[str]:
    """Streamlit's scripts for a component, which its page fetches only when one is to be shown."""
    folder = static_folder()
    known = set(re.findall(r'"\./(static/js/[^"]+)"', (folder / "index.html").read_text("utf-8")))
    found = [path.relative_to(folder).as_posix() for path in (folder / "static" / "js").glob("BidiComponent.*.js")]
    for name in found:
        text = (folder / name).read_text("utf-8")
        imported = {f"static/js/{file}" for file in re.findall(r'(?:from|import)"\./([^"]+)"', text)}
        found += sorted(imported - known - set(found))
    return found


def set_log_handler(set_up: Callable[[logging.Logger], None]) -> None:
    """Have `set_up` give Streamlit's loggers their handlers, those to come as well.

    Its own write an exception over many lines, and visitors' addresses and session ids into them.
    """
    logger.setup_formatter = set_up  # type: ignore[assignment]  # to replace it is the purpose
    logger.update_formatter()
