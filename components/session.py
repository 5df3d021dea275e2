"""Memory: the only file that names Streamlit's session state and query parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from components import state
from components.engine.neuron import Inputs
from components.state import Look

SLIDERS = "live"
"""The key under which the sliders' events arrive."""

FIRST_LOOK = Look()
_OPENED = "opened"


@dataclass(frozen=True, slots=True)
class Visit:
    """What the visitor has set, and what the browser needs to hear about it.

    `answers` is the number of the event that led here (0: the address did), `drawn` names the standing parts of the
    page that the browser already holds and `held` the inputs whose curves it has, `released` tells that the address is
    due, `with_x` asks for the curves of x, `other` for those of a second loss, `with_more` for the opinions, `take` for
    a file of the graph. `walked` is the phase and the node of the step that it stood on before a change of view,
    `narrow` says that its screen is.
    """

    inputs: Inputs
    look: Look = FIRST_LOOK
    answers: int = 0
    drawn: str = ""
    held: Inputs | None = None
    released: bool = False
    with_x: bool = False
    other: str = ""
    with_more: bool = False
    narrow: bool = False
    walked: tuple[str, str] | None = None
    take: str = ""
    notices: tuple[str, ...] = ()


def open_page() -> None:
    """Takes the state from the address; events that came before are history."""
    address = {name: st.query_params.get_all(name) for name in st.query_params}
    inputs, notices = state.read_inputs(address)
    look, look_notices = state.read_look(address)
    event = _event()
    with_x, with_more, narrow = (event.get(name) is True for name in ("with_x", "with_more", "narrow"))
    visit = Visit(inputs, look, notices=notices + look_notices, with_x=with_x, with_more=with_more, narrow=narrow)
    visit = replace(visit, other=_other(event))
    st.session_state[_OPENED] = (visit, _number(event))


def read() -> Visit:
    """The newest event's state, or the address's where no event has come since the page was opened."""
    opened, seen = st.session_state[_OPENED]
    event = _event()
    inputs = state.inputs_from(event.get("values"))
    if inputs is None or _number(event) == seen:
        return opened  # type: ignore[no-any-return]  # session state is untyped
    return Visit(
        inputs=inputs,
        look=state.look_from(event.get("look")),
        answers=_number(event),
        drawn=str(event.get("have")),
        held=state.inputs_from(event.get("held")),
        released=event.get("released") is True,
        with_x=event.get("with_x") is True,
        other=_other(event),
        with_more=event.get("with_more") is True,
        narrow=event.get("narrow") is True,
        walked=_walked(event.get("walked")),
        take=str(event.get("take") or ""),
    )


def write_address(inputs: Inputs, look: Look) -> None:
    """The state as the page's address, in one step of the browser's history; parameters of others stay."""
    before = {name: st.query_params.get_all(name) for name in st.query_params}
    ours = state.write_inputs(inputs) | state.write_look(look)
    after = {name: texts for name, texts in before.items() if name not in ours}
    after |= {name: [text] for name, text in ours.items() if text is not None}
    if after != before:
        st.query_params.from_dict(after)


def _event() -> Mapping[str, Any]:
    sliders = st.session_state.get(SLIDERS)
    event = sliders.get("event") if isinstance(sliders, Mapping) else None
    return event if isinstance(event, Mapping) else {}


def _other(event: Mapping[str, Any]) -> str:
    """The second loss that an event asks for, "" for none."""
    other = event.get("other")
    return other if other in state.CHOICES["loss"] else ""


def _walked(step: object) -> tuple[str, str] | None:
    return (str(step[0]), str(step[1])) if isinstance(step, list) and len(step) == 2 else None


def _number(event: Mapping[str, Any]) -> int:
    number = event.get("seq")
    return number if isinstance(number, int) else 0
