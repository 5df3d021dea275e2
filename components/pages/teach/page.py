"""The teacher's page: a plan of twenty minutes with the links that it needs."""

import streamlit as st

from components.pages import lessons
from components.widgets import readouts

PAGE = "teach"


def show() -> None:
    """The page, from top to bottom."""
    text = lessons.read(PAGE)
    with st.container(key=PAGE):
        st.html(f"<h1>{text.question}</h1>")
        readouts.lesson(PAGE, text.body)
