"""The one component of every page: it carries the first message, and events where the live line cannot be opened."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from components.browser import assets
from components.live import event as events
from components.live.event import Event, EventError
from components.live.update import first_message
from components.pages.page import Page

KEY = "app"
_ANSWERED = "answered"

_LOADER = """\
const address = new URL("{address}", document.baseURI).href;
const load = async (attempt) => {{
  try {{
    return await import(attempt ? `${{address}}?attempt=${{attempt}}` : address); // a failure may be kept
  }} catch {{
    if (attempt === 3) return null;
    await new Promise((done) => setTimeout(done, 1000 * 2 ** attempt));
    return load(attempt + 1);
  }}
}};
const app = load(0);
export default async (component) => {{
  const module = await app;
  if (module) return module.default(component);
  dispatchEvent(new Event("{missing}"));
}};
"""

_component = st.components.v2.component(
    "app", js=_LOADER.format(address=assets.address(assets.SCRIPT), missing=assets.MISSING), isolate_styles=False
)


def show(page: Page[Any]) -> None:
    """Mounts the component with the state of the page's address, or of an event that has come this way."""
    event = _new_event(page) or events.opening(page, _query())
    _component(key=KEY, data=first_message(event), on_event_change=lambda: None)


def _new_event(page: Page[Any]) -> Event[Any] | None:
    """The component's newest event, unless it has been answered, is none, or belongs to another page."""
    state = st.session_state.get(KEY)
    fields = state.get("event") if isinstance(state, Mapping) else None
    try:
        event = events.read(fields)
    except EventError:
        return None
    if event.page is not page or event.seq <= st.session_state.get(_ANSWERED, -1):
        return None
    st.session_state[_ANSWERED] = event.seq
    return event


def _query() -> str:
    """The address's query string, as the browser says it."""
    pairs = [(name, text) for name in st.query_params for text in st.query_params.get_all(name)]
    embedded = [("embed", "true")] if st.context.is_embedded else []
    return urlencode(pairs + embedded)
