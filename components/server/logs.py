"""What the server writes: one line for each event, and nothing in it that says who a visitor is."""

import contextlib
import ipaddress
import logging
import re
import traceback
from typing import Final

import streamlit as st

from components.server import streamlit_patches

LINE: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
QUIET = ("uvicorn", "uvicorn.access", "uvicorn.asgi", "uvicorn.error", "websockets")
"""Loggers that tell of every connection at level info; they speak from warning on, unless level is debug."""

_SESSION = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_MAYBE_ADDRESS = re.compile(
    r"\[?(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f.]{0,15}){2,8})(?![\w.])\]?", re.I
)


class OneLine(logging.Formatter):
    """One line: an exception is its type, its text and the place it comes from."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        plain = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None, "stack_info": None})
        said = super().format(plain)
        if record.exc_info and (error := record.exc_info[1]):
            said = f"{said.rstrip()} | {_brief(error)}"
        return anonymous(said.replace("\r", "\\r").replace("\n", "\\n"))


def _brief(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}: {error}{place}"


def anonymous(text: str) -> str:
    """The text without visitors' network addresses and without the ids of sessions, which open them."""
    return _MAYBE_ADDRESS.sub(_hidden, _SESSION.sub("(session)", text))


def _hidden(found: re.Match[str]) -> str:
    text = found[0].strip("[]")
    return "(address)" if _is_address(text) or _is_address(text.rpartition(":")[0]) else found[0]


def _is_address(text: str) -> bool:
    with contextlib.suppress(ValueError):
        return bool(ipaddress.ip_address(text))
    return False


def set_up() -> None:
    """Have every logger write such lines: Streamlit's and the server's, those to come as well, and ours."""
    streamlit_patches.set_log_handler(write_lines)
    logging.basicConfig(level=logging.WARNING, force=True)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(OneLine(LINE))
    logging.captureWarnings(capture=True)
    level = logging.getLevelName(str(st.get_option("logger.level")).upper())
    logging.getLogger("autograd_explorer").setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(level if level == logging.DEBUG else max(level, logging.WARNING))
    logging.getLogger("uvicorn.access").handlers.clear()  # a handler there has every request written


def write_lines(log: logging.Logger) -> None:
    """Give a logger one handler that writes to the error stream, in place of those it has."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(LINE))
    log.handlers[:] = [handler]
