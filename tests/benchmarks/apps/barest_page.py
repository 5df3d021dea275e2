"""The barest live fragment: one slider of our own, one line of text. What this platform can do at most."""

import streamlit as st

SLIDER = st.components.v2.component(
    "barest",
    isolate_styles=False,
    html='<input type="range" aria-label="w" min="-5" max="5" step="0.01"><span data-shown></span>',
    js="""
    export default ({parentElement, data, setStateValue}) => {
      const range = parentElement.querySelector("input");
      const state = parentElement.state ??= {number: 0, inFlight: null, waiting: null};
      const pump = () => {
        if (state.inFlight !== null || state.waiting === null) return;
        state.inFlight = ++state.number;
        const w = state.waiting;
        state.waiting = null;
        setStateValue("event", {number: state.inFlight, w});
      };
      range.oninput = () => { state.waiting = Number(range.value); pump(); };
      if (data.number === state.inFlight) { state.inFlight = null; pump(); }
      parentElement.querySelector("[data-shown]").textContent = data.w;
    };
    """,
)


@st.fragment
def live() -> None:
    event = st.session_state.get("live", {}).get("event") or {"number": 0, "w": 1.0}
    SLIDER(key="live", data=event, on_event_change=lambda: None)


live()
