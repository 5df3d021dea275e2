"""One update: (page, event) -> message. Pure: nothing is remembered between two of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from components.address.state import write_state
from components.drawing import script
from components.drawing.panel import ViewRequest
from components.live.event import Event
from components.live.message import encode
from components.live.skeleton import skeleton
from components.pages import predictions
from components.pages.page import Asker, Content, Page, Place, Request
from components.pages.predictions import Shown

NO_REMARK = {"text": "", "isWarning": False}
"""Said of a state while a walk through it is under way."""


OPENING_SECONDS = 0.3
"""How long a page that is being opened waits for what it wants to have prepared: others are opened after it."""


def prepare(event: Event[Any], visitor: str, patience: float | None = None) -> Any:
    """What the event's page wants to have done before its update; None where it wants nothing."""
    asker = Asker(visitor, patience, event.is_moving, _view(event))
    return event.page.prepare(event.state.inputs, asker) if event.page.prepare else None


def update(event: Event[Any], prepared: Any = None) -> bytes:
    """The message that answers an event, of which the page has `prepared` so much."""
    fields, content = _message(event, prepared)
    return encode(fields, content.arrays)


def first_message(event: Event[Any]) -> bytes:
    """The message that a page begins with, or begins anew: with its skeleton."""
    fields, content = _message(event, prepare(event, "", OPENING_SECONDS))
    fields["skeleton"] = skeleton(event.page, event.state.is_untouched)
    return encode(fields, content.arrays)


def _message(event: Event[Any], prepared: Any = None) -> tuple[dict[str, Any], Content]:
    page, state = event.page, event.state
    asked = page.open_questions(state.classroom)
    judgement = predictions.judge(page, asked, state.inputs, event.guesses or {}, Shown(event.revealed, event.answered))
    hidden = page.hidden(state.classroom, judgement.revealed)
    answered = page.answers_shown(state.classroom, judgement.answered)
    content = page.update(_request(event, hidden, page.places_of(answered), prepared))
    covered = hidden - page.hidden(state.classroom, revealed=True)
    opened = page.parts_opened(covered, answered, content.readouts)
    fields = _common_fields(event, content, hidden - opened) | dict(content.fields)
    fields["readouts"] = _visible_readouts(page, content, hidden, dict.fromkeys(covered, answered))
    is_walking = bool(content.panel and content.panel.reached)
    if is_walking:
        fields["remark"] = NO_REMARK
    if judgement.questions:
        fields["predict"] = judgement.record()
    if event.export == "script" and "take-home" not in hidden and page.script and not is_walking:
        fields["script"] = script.files(page.script(state.inputs))
    return fields, content


def _request(event: Event[Any], hidden: frozenset[str], answered: frozenset[Place], prepared: Any) -> Request[Any]:
    state, view = event.state, replace(_view(event), hidden=hidden, answered=answered)
    return Request(state.inputs, view, event.open, event.held, event.export, event.is_moving, prepared)


def _view(event: Event[Any]) -> ViewRequest:
    return ViewRequest(event.state.graph_view, event.linked, event.walked, folding=event.folding)


def _common_fields(event: Event[Any], content: Content, hidden: frozenset[str]) -> dict[str, Any]:
    """What every page's message says; `static` where the browser lacks it, `address` where it is due."""
    state, static_id = event.state, content.static["id"]
    panel_notices = content.panel.notices if content.panel else ()
    fields: dict[str, Any] = {
        "page": event.page.name,
        "seq": event.seq,
        "values": event.page.form.values(state.inputs),
        "notices": state.notices + panel_notices,
        "static_id": static_id,
    }
    if event.static_id != static_id:
        fields["static"] = content.static
    if event.released:
        shown = content.panel.graph_view if content.panel else state.graph_view
        fields["address"] = write_state(event.page.form, state.inputs, shown)
    if classroom := state.classroom.record():
        fields["classroom"] = classroom
    if hidden:
        fields["hidden"] = sorted(hidden)
    return fields


def _visible_readouts(
    page: Page[Any], content: Content, hidden: frozenset[str], answered: Mapping[str, frozenset[str]]
) -> dict[str, Any]:
    """The numbers of all parts that are not hidden, as far as a walk has come, and what has been `answered`, by the
    part that it stands in: the others never leave the server.
    """
    seen = content.panel.reached if content.panel else None
    return {
        name: number
        for part, readouts in content.readouts.items()
        for name, number in readouts.items()
        if (part not in hidden or name in answered.get(part, ())) and page.is_reached(part, name, seen)
    }
