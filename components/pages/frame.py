"""What every page has in common: its head, its address, its line to the server, and the frame of its messages."""

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import streamlit as st

from components import lessons, session
from components.drawing import script
from components.drawing.panel import Asked, Panel
from components.drawing.scripts import SCRIPTS
from components.session import Visit
from components.state import Form, Record
from components.widgets import lifeline, readouts, take_home


def head(pages: Mapping[str, Any]) -> None:
    """The app's name and the way to its pages, each as this visitor left it."""
    with st.container(key="head", horizontal=True):
        st.html("<span>Autograd Explorer</span>")
        for name, page in pages.items():
            session.link(page, name)


@contextlib.contextmanager
def page(name: str, form: Form[Record]) -> Iterator[None]:
    """The question that a page answers, a place for its parts, then its lesson and its script to take home."""
    session.open_page(name, form)
    lifeline.show("lifeline", name)
    with st.container(key=name):
        st.html(f"<h1>{lessons.read(name).question}</h1>")
        yield
        readouts.lesson(name, lessons.read(name).body)
        take_home.show("take-home", name)


def asked(visit: Visit[Any]) -> Asked:
    """What a visit asks of its graph."""
    return Asked(visit.look, visit.narrow, linked=not visit.answers, walked=visit.walked)


def standing(**parts: Any) -> dict[str, Any]:
    """What stands still on a page while numbers change, named by its `id`: sent once."""
    return parts | {"id": hashlib.sha256(repr(parts).encode()).hexdigest()[:12]}


def said(page: str, visit: Visit[Any], shown: Panel, standing: dict[str, Any]) -> dict[str, Any]:
    """What every message says, whatever its page; the state as a script where it is asked for."""
    message = {
        "page": page,
        "seq": visit.answers,
        "inputs": asdict(visit.inputs),
        "notices": visit.notices + shown.notices,
    }
    if visit.take == "script":
        message["script"] = script.files(SCRIPTS[page](visit.inputs))
    return message if visit.drawn == standing["id"] else message | {"static": standing}
