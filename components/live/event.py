"""What a browser may say: one event, validated, with the whole state that it asks for."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic

from components.address.form import Record
from components.address.state import PageState, read_state, take_state
from components.pages.index import PAGES, PATHS, VOCABULARY
from components.pages.page import Page

LONGEST = 256 * 1024
"""Characters of an event; the longest of ours has a program of 60,000 bytes in it, twice."""

MOST_SEQ = 2**53
"""Up to here every integer is a number of JavaScript's."""

LONGEST_NAME = 40
MOST_NAMES = 16

_PING: Final = re.compile(r'\{"ping":(\d{1,16})\}', re.ASCII)


class EventError(ValueError):
    """An event that no page of ours sends: no JSON object, no known page, or no number."""


@dataclass(frozen=True, slots=True)
class Event(Generic[Record]):
    """One event, whole: any replica can answer it.

    `seq` grows from event to event (0: the page is being opened), `state` is what it asks for; `linked` tells that all
    of that stands in the address. `released`: the control was let go, so the address is due; `settled`: the hand rests,
    so what takes long is due. `walked` is the step (phase and node) that the walk stood on before the view changed;
    `folding`: a handle, or another view, was chosen. `open` names parts whose folded contents are wanted, `export` the
    kind of a file. `guesses` are predictions by name, `revealed` tells that the answers have been shown. `static_id`
    and `held` say what the browser holds: the id of the static part, and the inputs that its arrays belong to.
    """

    page: Page[Record]
    seq: int
    state: PageState[Record]
    linked: bool
    released: bool = False
    settled: bool = False
    walked: tuple[str, str] | None = None
    folding: bool = False
    open: frozenset[str] = frozenset()
    export: str = ""
    guesses: Mapping[str, str] | None = None
    revealed: bool = False
    answered: frozenset[str] = frozenset()
    static_id: str = ""
    held: Record | None = None

    @property
    def is_moving(self) -> bool:
        """Whether the hand is still on a control, and about to ask for more."""
        return not (self.linked or self.released or self.settled)


def opening(page: Page[Record], query: str) -> Event[Record]:
    """The event of a page that is being opened at an address."""
    return Event(page, 0, read_state(query, page.form, VOCABULARY), linked=True)


def parse(text: str) -> Event[Any]:
    """The event that a JSON text describes; EventError where it is none. Whatever else is strange is left out."""
    if len(text) > LONGEST:
        raise EventError("an event too long")
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        raise EventError("an event that is no JSON") from None
    return read(fields)


def parse_ping(text: str) -> int | None:
    """The number of the newest event that a browser has sent, where it asks what has arrived; else None."""
    found = _PING.fullmatch(text)
    return int(found[1]) if found else None


def read(fields: object) -> Event[Any]:
    """The same, of an event that has been read from JSON."""
    if not isinstance(fields, Mapping):
        raise EventError("an event that is no object")
    name, seq = fields.get("page"), fields.get("seq")
    page = (PAGES.get(name) or PATHS.get(name)) if isinstance(name, str) else None
    if page is None:
        raise EventError("an event of an unknown page")
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 <= seq < MOST_SEQ:
        raise EventError("an event without a number")
    return _event(page, seq, fields)


def _event(page: Page[Any], seq: int, fields: Mapping[str, Any]) -> Event[Any]:
    base = read_state(_text(fields.get("query")), page.form, VOCABULARY)
    values, view = _mapping(fields.get("values")), _mapping(fields.get("graph_view"))
    linked = not values and not view
    return Event(
        page=page,
        seq=seq,
        state=base if linked else take_state(base, page.form, values, view or None),
        linked=linked,
        released=fields.get("released") is True,
        settled=fields.get("settled") is True,
        walked=_walked(fields.get("walked")),
        folding=fields.get("folding") is True,
        open=_names(fields.get("open")),
        export=_text(fields.get("export"))[:LONGEST_NAME],
        guesses=_guesses(fields.get("guesses")),
        revealed=fields.get("revealed") is True,
        answered=_names(fields.get("answered")),
        static_id=_text(fields.get("static_id"))[:LONGEST_NAME],
        held=_held(page, base.inputs, fields.get("held")),
    )


def _held(page: Page[Any], current: Any, said: object) -> Any:
    """The inputs that the browser's arrays belong to; None where it does not name every one of them."""
    values = _mapping(said)
    complete = {field.name for field in page.form.fields} <= values.keys()
    return page.form.take(values, current)[0] if complete else None


def _walked(step: object) -> tuple[str, str] | None:
    if not isinstance(step, list) or len(step) != 2:
        return None
    phase, node = (_text(name)[: LONGEST_NAME * 2] for name in step)
    return phase, node


def _names(said: object) -> frozenset[str]:
    names = said[:MOST_NAMES] if isinstance(said, list) else []
    return frozenset(name for name in names if isinstance(name, str) and len(name) <= LONGEST_NAME)


def _guesses(said: object) -> dict[str, str] | None:
    if not isinstance(said, Mapping):
        return None
    return {
        name: guess[: LONGEST_NAME * 2] for name, guess in list(said.items())[:MOST_NAMES] if isinstance(guess, str)
    }


def _mapping(said: object) -> Mapping[str, Any]:
    return said if isinstance(said, Mapping) else {}


def _text(said: object) -> str:
    return said if isinstance(said, str) else ""
