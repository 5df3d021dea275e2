"""What every page has in common: its head, its address, its line to the server, and the frame of its messages."""

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import streamlit as st

from components import session
from components.address.classroom import ASKED, IMPLIED, PARTS, PREDICTABLE, TOUR, TOUR_PAGE, Classroom, usual_questions
from components.address.fields import Form, Record
from components.drawing import numbers, predict, script
from components.drawing.panel import Asked, Panel
from components.graph.mistakes import Question
from components.graph.read import Graph, Number
from components.pages import lessons
from components.pages.scripts import SCRIPTS
from components.session import Visit
from components.widgets import classroom, lifeline, readouts, take_home, tour
from components.widgets import predict as predict_view

Mounts = Mapping[str, Callable[[], None] | None]
"""The parts of a page, by the names that an address may hide: what mounts each (None: it is inside another one)."""

Ask = Callable[[Record], tuple[tuple[Question, ...], Graph]]
"""What can be predicted of a state, and the graph that its mistakes are found in."""

Said = tuple[str, str]
"""A number: all its digits, and the text for people."""

TAKE_HOME = "take-home"
"""The part below every page's lesson."""


def head(pages: Mapping[str, Any], shown: str, parts: Mounts) -> None:
    """The app's name, the way to its pages, each as this visitor left it, and what a teacher needs in a class."""
    session.grant(shown)
    room = session.room()
    with st.container(key="head", horizontal=True):
        if not room.embedded:
            st.html("<span>Autograd Explorer</span>")
            with st.container(key="pages", horizontal=True):
                for name, page in pages.items():
                    session.link(page, name)
            if shown == TOUR_PAGE:
                _offer_tour(room)
        classroom.show(
            session.CLASSROOM,
            shown,
            {
                "present": room.present,
                "embedded": room.embedded,
                "named": room.named,
                "asks": len(usual_questions(shown)),
                "predicts": bool(_open_questions(room, shown)),
                "predicted": room.predict,
                "predictable": [{"name": name, "title": PREDICTABLE[name]} for name in ASKED.get(shown, ())],
                "tours": shown == TOUR_PAGE,
            },
            _ticks(parts),
        )


def _offer_tour(room: Classroom) -> None:
    offer, texts = lessons.tour()
    stops = [
        {"title": title, "html": html, "part": stop.part, "change": stop.change}
        for stop, (title, html) in zip(TOUR, texts, strict=True)
    ]
    tour.show(session.TOUR, TOUR_PAGE, room.tour, offer if session.is_untouched() else "", stops)


def _open_questions(room: Classroom, page: str) -> tuple[str, ...]:
    return tuple(name for name in ASKED.get(page, {}) if name in room.predict)


def _ticks(parts: Mounts) -> list[dict[str, Any]]:
    """What can be hidden on a page, as the sharing panel lists it."""
    names = (*parts, lessons.PART, TAKE_HOME)
    return [{"name": name, "title": PARTS[name], "takes": IMPLIED.get(name, ())} for name in names]


@contextlib.contextmanager
def page(name: str, form: Form[Record]) -> Iterator[None]:
    """The question that a page answers, a place for its parts, then its lesson and its script to take home."""
    session.open_page(name, form)
    lifeline.show("lifeline", name)
    with st.container(key=name):
        st.html(f"<h1>{lessons.read(name).question}</h1>")
        yield
        hidden = session.room(name).hidden
        if lessons.PART not in hidden:
            readouts.lesson(name, lessons.read(name).body)
        if TAKE_HOME not in hidden:
            take_home.show(TAKE_HOME, name)


def show(name: str, form: Form[Record], parts: Mounts, ask: Ask[Record] | None = None) -> None:
    """A page with those of its parts that the address does not hide; `ask` is what can be predicted of a state.

    The controls are the line to the server too: they are mounted always, and hide themselves.
    """
    asked = _open_questions(session.room(), name)
    said = _judge(name, asked, *ask(session.inputs(form))) if ask and asked else []
    hidden = session.room(name).hidden - {"sliders"}
    if said:
        predict_view.show(session.PREDICT, name, said, session.is_revealed(name), session.prediction().get("seq"))
    with page(name, form):
        for part, mount in parts.items():
            if mount and part not in hidden:
                mount()


def _judge(page: str, asked: tuple[str, ...], questions: tuple[Question, ...], graph: Graph) -> list[dict[str, str]]:
    """What is said to the newest predictions; once all are right, or the visitor gives up, the answers are shown."""
    event = session.prediction()
    guesses = event.get("guesses")
    guesses = guesses if isinstance(guesses, Mapping) else {}
    if event.get("again") is True:
        session.reveal("")
    said = []
    for question in questions:
        if question.name in asked:
            guess = guesses.get(question.name)
            answer = predict.answer(question, guess, graph) if isinstance(guess, str) else predict.Said("", "")
            said.append({"name": question.name, "symbol": question.symbol, **answer._asdict()})
    if event.get("reveal") is True or all(one["verdict"] == "right" for one in said):
        session.reveal(page)
    return said


def asked(visit: Visit[Any]) -> Asked:
    """What a visit asks of its graph; a projector shows the concept where the address says nothing else."""
    room = visit.room
    return Asked(
        visit.look, visit.narrow or room.present, linked=not visit.answers, walked=visit.walked, hidden=room.hidden
    )


def uncovered(visit: Visit[Any], by_part: Mapping[str, Mapping[str, Said]]) -> dict[str, Said]:
    """The numbers of all parts that are not hidden: the others never leave the server."""
    shown = (said for part, said in by_part.items() if part not in visit.room.hidden)
    return {name: number for said in shown for name, number in said.items()}


def write(way: Callable[[Number], str], values: Mapping[str, Number]) -> dict[str, Said]:
    """Numbers by name, with all their digits and as `way` writes them for people."""
    return {name: (numbers.exact(value), way(value)) for name, value in values.items()}


def static(**parts: Any) -> dict[str, Any]:
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
    if visit.take == "script" and TAKE_HOME not in visit.room.hidden:
        message["script"] = script.files(SCRIPTS[page](visit.inputs))
    if visit.room.hidden:
        message["hidden"] = sorted(visit.room.hidden)
    return message if visit.drawn == standing["id"] else message | {"static": standing}
