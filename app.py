"""The server: `streamlit run app.py`."""

import streamlit as st

from components.server import files, guard, headers, start

app = st.App(
    "components/main.py",
    lifespan=start.lifespan,
    routes=[files.route()],
    middleware=[headers.middleware(), guard.middleware()],
)
