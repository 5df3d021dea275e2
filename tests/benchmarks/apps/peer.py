"""The same page written with stock widgets and charts."""

import graphviz
import plotly.graph_objects as go
import streamlit as st
import torch

from components.pages.neuron import curves
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs

torch.set_num_threads(1)


@st.fragment
def live() -> None:
    x = st.slider("x", -10.0, 10.0, 6.7, 0.1)
    w = st.slider("w", -5.0, 5.0, 1.0, 0.01)
    b = st.slider("b", -10.0, 10.0, 0.0, 0.1)
    y = st.slider("y", 0, 1, 0)
    inputs = Inputs(x, w, b, float(y))
    run = neuron.run(inputs)
    st.html(f"<span data-shown>{w}</span> loss {run.loss:.4f}, dw {run.dw:.4f}, db {run.db:.4f}")
    drawing = graphviz.Digraph(graph_attr={"rankdir": "LR"})
    for node in run.graph.nodes:
        drawing.node(node.id, f"{node.op}\n{node.value}\n{node.gradient}")
    for edge in run.graph.edges:
        drawing.edge(edge.input, edge.consumer)
    st.graphviz_chart(drawing)
    for sweep in curves.sweep(inputs):
        for name, values in (("loss", sweep.loss), ("gradient", sweep.gradient)):
            figure = go.Figure(go.Scatter(x=curves.axis(sweep.over).tolist(), y=values.tolist()))
            st.plotly_chart(figure, key=f"{name} over {sweep.over}")


live()
