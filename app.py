"""The server: `streamlit run app.py`."""

import streamlit as st

from components.live import route as live
from components.server import files, guard, headers, paths, qr, recorder, start, static, uploads

app = st.App(
    "components/main.py",
    lifespan=start.lifespan,
    routes=[
        *(files.route(), qr.route(), recorder.route(), uploads.route()),
        live.route(paths.route(live.PATH)),
    ],
    middleware=[headers.middleware(), guard.middleware(), static.middleware()],
)
