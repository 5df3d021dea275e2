"""The front door: page settings and navigation."""

import streamlit as st

from components.drawing import icon
from components.pages import neuron

st.set_page_config(page_title="Autograd Explorer", page_icon=icon.address(), layout="wide")
pages = [st.Page(neuron.show, title="Neuron", default=True)]
st.navigation(pages, position="top").run()
