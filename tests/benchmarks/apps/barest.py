"""Serves the barest live fragment with this app's own server settings, so that only the page differs."""

import streamlit as st

from components.server import start

app = st.App("barest_page.py", lifespan=start.lifespan)
