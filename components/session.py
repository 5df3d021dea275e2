"""Memory: the only file that names Streamlit's session state and query parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic

import streamlit as st

from components.address import classroom as rooms
from components.address import state
from components.address.classroom import Classroom
from components.address.fields import Form, Record
from components.address.state import GraphView

FIRST_LOOK = GraphView()
FIRST_ROOM = Classroom()
CLASSROOM = "classroom"
"""The key under which the wishes to begin or end a projection or predictions arrive."""

TOUR = "tour"
"""The key under which the wish for a stop of the tour arrives."""

PREDICT = "predict"
"""The key under which predictions arrive."""

_OPENED = "opened"
_ADDRESSES = "addresses"
_GRANTED = "granted"
_REVEALED = "revealed"

Query = dict[str, list[str]]
"""An address's parameters, each with everything it is given."""


@dataclass(frozen=True, slots=True)
class Visit(Generic[Record]):
    """What the visitor has set on one page, and what the browser needs to hear about it.

    `answers` is the number of the event that led here (0: the address did), `drawn` names the standing parts of the
    page that the browser already holds, `released` tells that the address is due, `take` asks for a file.
    `walked` is the phase and the node of the step that it stood on before a change of view, `narrow` says that its
    screen is, `room` how the page is shown to a class. `asked` is the event itself, for what only one page's widgets
    ask for.
    """

    inputs: Record
    look: GraphView = FIRST_LOOK
    room: Classroom = FIRST_ROOM
    answers: int = 0
    drawn: str = ""
    released: bool = False
    narrow: bool = False
    walked: tuple[str, str] | None = None
    take: str = ""
    notices: tuple[str, ...] = ()
    asked: Mapping[str, Any] = field(default_factory=dict)


def events(page: str) -> str:
    """The key under which the events of a page arrive."""
    return f"live-{page}"


def open_page(page: str, form: Form[Record]) -> None:
    """Takes the state from the address; events that came before are history."""
    address = _address()
    inputs, notices = form.read(address)
    look, look_notices = state.read_view(address)
    _, room_notices = rooms.read_classroom(address, is_embedded())
    event = _event(page)
    notices += look_notices + room_notices
    visit = Visit(inputs, look, room(page), narrow=event.get("narrow") is True, notices=notices, asked=event)
    st.session_state[_OPENED] = (visit, _number(event))
    _remember(page, address)


def read(page: str, form: Form[Record]) -> Visit[Record]:
    """The newest event's state, or the address's where no event has come since the page was opened."""
    opened, seen = st.session_state[_OPENED]
    event = _event(page)
    inputs = form.take(event.get("values"))
    if inputs is None or _number(event) == seen:
        return opened  # type: ignore[no-any-return]  # session state is untyped
    return Visit(
        inputs=inputs,
        look=state.view_from_event(event.get("look")),
        room=opened.room,
        answers=_number(event),
        drawn=str(event.get("have")),
        released=event.get("released") is True,
        narrow=event.get("narrow") is True,
        walked=_walked(event.get("walked")),
        take=str(event.get("take") or ""),
        asked=event,
    )


def write_address(page: str, form: Form[Record], visit: Visit[Record], look: GraphView) -> None:
    """The state as the page's address, in one step of the browser's history; parameters of others stay."""
    before = _address()
    ours = form.write(visit.inputs) | state.write_view(look)
    after = {name: texts for name, texts in before.items() if name not in ours}
    after |= {name: [text] for name, text in ours.items() if text is not None}
    if after != before:
        st.query_params.from_dict(after)
    _remember(page, after)


def link(page: Any, name: str) -> None:
    """A link to one of the app's pages as this visitor last left it, shown to the class as this page is."""
    left = st.session_state.get(_ADDRESSES, {}).get(name, {})
    kept = {name: texts for name, texts in left.items() if name not in rooms.ROOM}
    here = {name: texts for name, texts in _address().items() if name in rooms.ROOM}
    st.page_link(page, query_params=(kept | here) or None)


def grant(page: str) -> None:
    """Does what the visitor has just asked of the page's head, and has the address say so: begins or ends a projection,
    or predictions, or goes to a stop of the tour.
    """
    for name, wish in _wishes():
        if _number(wish) != st.session_state.get(f"{_GRANTED}-{name}"):
            st.session_state[f"{_GRANTED}-{name}"] = _number(wish)
            if name != "tour":
                st.session_state[_REVEALED] = ""
            others = {other: texts for other, texts in _address().items() if other != name}
            text = _granted(name, wish, page)
            st.query_params.from_dict(others | ({name: [text]} if text else {}))


def _wishes() -> list[tuple[str, Mapping[str, Any]]]:
    places = {"present": CLASSROOM, "predict": CLASSROOM, "tour": TOUR}
    said = {name: st.session_state.get(place) for name, place in places.items()}
    wishes = {name: event.get(name) for name, event in said.items() if isinstance(event, Mapping)}
    return [(name, wish) for name, wish in wishes.items() if isinstance(wish, Mapping)]


def _granted(name: str, wish: Mapping[str, Any], page: str) -> str:
    """What the address says of it then ("" for nothing)."""
    if name == "tour":
        return rooms.read_classroom({"tour": [str(wish.get("at"))]})[0].tour
    ways = {"present": "1", "predict": ",".join(rooms.usual_questions(page))}
    return ways[name] if wish.get("isOn") is True else ""


def room(page: str = "") -> Classroom:
    """How this visitor's address has a page shown to a class, predictions that are still open covered."""
    read_there = rooms.read_classroom(_address(), is_embedded())[0]
    return read_there if st.session_state.get(_REVEALED) == page else rooms.cover(read_there, page)


def is_revealed(page: str) -> bool:
    """Whether the answers to a page's predictions have been shown."""
    return bool(st.session_state.get(_REVEALED) == page)


def reveal(page: str) -> None:
    """Shows a page's answers; with no page, covers them all again."""
    st.session_state[_REVEALED] = page


def inputs(form: Form[Record]) -> Record:
    """What the address says was set."""
    return form.read(_address())[0]


def prediction() -> Mapping[str, Any]:
    """The newest thing that was said to the questions: `seq`, and `guesses`, or a wish to `reveal` or ask `again`."""
    said = st.session_state.get(PREDICT)
    event = said.get("event") if isinstance(said, Mapping) else None
    return event if isinstance(event, Mapping) else {}


def is_untouched() -> bool:
    """Whether the address says nothing at all, as at a first visit."""
    return not _address()


def is_embedded() -> bool:
    """Whether the page stands in another one, without its own head."""
    return st.context.is_embedded is True


def _remember(page: str, address: Query) -> None:
    st.session_state[_ADDRESSES] = st.session_state.get(_ADDRESSES, {}) | {page: address}


def _address() -> Query:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _event(page: str) -> Mapping[str, Any]:
    sliders = st.session_state.get(events(page))
    event = sliders.get("event") if isinstance(sliders, Mapping) else None
    return event if isinstance(event, Mapping) else {}


def _walked(step: object) -> tuple[str, str] | None:
    return (str(step[0]), str(step[1])) if isinstance(step, list) and len(step) == 2 else None


def _number(event: Mapping[str, Any]) -> int:
    number = event.get("seq")
    return number if isinstance(number, int) else 0
