"""The server: `streamlit run app.py`."""

import streamlit as st

from components.live import route as live
from components.server import files, guard, headers, qr, start

app = st.App(
    "components/main.py",
    lifespan=start.lifespan,
    routes=[files.route(), qr.route(), live.route()],
    middleware=[headers.middleware(), guard.middleware()],
)
