"""The page script: page settings, navigation, and the one component that shows every page."""

import streamlit as st

from components.browser import mount
from components.drawing import icon
from components.pages.index import PAGES, PATHS


def _run() -> None:
    """Streamlit wants something to run for each page; what it shows is mounted below, once for all."""


st.set_page_config(page_title="Autograd Explorer", page_icon=icon.address(), layout="wide")
chosen = st.navigation(
    [st.Page(_run, title=page.title, url_path=page.path, default=not page.path) for page in PAGES.values()],
    position="hidden",
)
mount.show(PATHS[chosen.url_path])
