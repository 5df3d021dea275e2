"""The front door: page settings, navigation, and the head of every page."""

import streamlit as st

from components.drawing import icon
from components.pages import frame
from components.pages.index import PAGES
from components.pages.lessons import LESSONS, PLAN
from components.pages.teach import page as teach

st.set_page_config(page_title="Autograd Explorer", page_icon=icon.address(), layout="wide")
pages = {
    name: st.Page(page.show, title=LESSONS[name].title, url_path=LESSONS[name].path, default=not LESSONS[name].path)
    for name, page in PAGES.items()
}
pages |= {name: st.Page(teach.show, title=plan.title, url_path=plan.path) for name, plan in PLAN.items()}
chosen = st.navigation(list(pages.values()), position="hidden")
name = next(name for name, page in pages.items() if page.url_path == chosen.url_path)
with st.container(key="page"):
    frame.head(pages, name, PAGES[name].parts if name in PAGES else {})
    chosen.run()
