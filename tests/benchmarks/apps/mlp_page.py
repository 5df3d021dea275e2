"""A hand-written MLP step with about 1,000 backward nodes, live, in the app's own widgets."""

import streamlit as st
from components.widgets import graph_view, inspector, live_sliders

from tests.benchmarks import mlp_message


@st.fragment
def live() -> None:
    live_sliders.show("live", mlp_message.answer(st.session_state.get("live", {}).get("event") or {}))


st.set_page_config(page_title="MLP step", layout="wide")
with st.container(key="page"), st.container(key="neuron"):
    st.html("<h1>MLP step</h1>")
    live()
    graph_view.show("graph", "mlp")
    inspector.show("inspector", "mlp")
