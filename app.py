"""The server: `streamlit run app.py`."""

import streamlit as st

from components.server import files
from components.server import guard
from components.server import headers
from components.server import qr
from components.server import start

app = st.App(
    "components/main.py",
    lifespan=start.lifespan,
    routes=[files.route(), qr.route()],
    middleware=[headers.middleware(), guard.middleware()],
)
