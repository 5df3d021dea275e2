"""A vector, its squares, their mean: the Jacobian, the vector-Jacobian product, and what backward() needs to begin."""

from functools import lru_cache, partial
from typing import Any

import streamlit as st

from components import session
from components.address.state import VECTORS, GraphView
from components.drawing import controls, numbers, panel
from components.graph.read import Structure
from components.pages import frame, questions
from components.pages.vectors import cells as program
from components.pages.vectors import jacobian as heat_map
from components.pages.vectors import model as vectors
from components.pages.vectors.model import Inputs, Run
from components.session import Visit
from components.widgets import graph_view, inspector, live_sliders, readouts
from components.widgets import heat_map as heat_map_view
from components.widgets import program as program_view

PAGE = "vectors"
SPOKEN = (("y", "y"), ("gradient", "grad"))
"""What a screen reader hears once a change has settled: a word and the readout's name."""

OUTLINE = panel.Outline(wide=True)
FEW = 4
"""Entries that are said with all the digits that a notebook prints."""


def show() -> None:
    """The page, from top to bottom."""
    frame.show(PAGE, VECTORS, PARTS, questions.of_vectors)


@st.fragment
def _controls() -> None:
    visit = session.read(PAGE, VECTORS)
    message, look = answer(visit)
    live_sliders.show(session.events(PAGE), message)
    if visit.released:
        session.write_address(PAGE, VECTORS, visit, look)


PARTS: frame.Mounts = {
    "sliders": _controls,
    "headline": partial(readouts.show, "vector_headline", PAGE),
    "answers": None,
    "jacobian": partial(heat_map_view.show, "heat-map", PAGE),
    "code": partial(program_view.show, "program", PAGE),
    "graph": partial(graph_view.show, "graph", PAGE),
    "numbers": None,
    "gradients": None,
    "inspector": partial(inspector.show, "inspector", PAGE),
}
"""The page, from top to bottom."""


def answer(visit: Visit[Inputs]) -> tuple[bytes, GraphView]:
    """All that one update says to the page's widgets, and the look that it shows."""
    run = vectors.run(visit.inputs)
    shown = panel.arrange(run.reading, OUTLINE, frame.asked(visit))
    standing = _static(shown.graph.structure, shown.wide, visit.inputs.reduce, len(visit.inputs.values))
    said = frame.said(PAGE, visit, shown, standing) | {
        "readouts": frame.uncovered(visit, _readouts(run)),
        "texts": {},
        "remark": {"text": _remark(run), "isWarning": False},
        "graph": panel.dynamic(shown, visit.take),
    }
    if "jacobian" not in visit.room.hidden:
        said["heat"] = heat_map.dynamic(run)
    if "code" not in visit.room.hidden:
        said["program"] = program.lines(run.lines)
    return live_sliders.encode(said), shown.look


@lru_cache(maxsize=64)
def _static(structure: Structure, wide: frozenset[str], reduce: str, length: int) -> dict[str, Any]:
    """What stands still on the page while numbers change: sent once, named by `id`."""
    return frame.static(
        controls=controls.records(VECTORS),
        graph=panel.drawings(structure, OUTLINE, wide=wide),
        heat=heat_map.static(reduce, length),
        spoken=SPOKEN,
    )


def _readouts(run: Run) -> dict[str, dict[str, frame.Said]]:
    """Every number on the page beside the graph, by the part that it belongs to."""
    way = numbers.text if len(run.inputs.values) <= FEW else numbers.brief
    return {
        "headline": frame.write(way, {"y": run.y}),
        "answers": frame.write(way, {"grad": run.grad}),
        "jacobian": frame.write(
            way, {"jacobian": run.jacobian, "squares": run.squares, "upstream": run.upstream, "vjp": run.grad}
        ),
    }


def _remark(run: Run) -> str:
    """What the picture shows, in one sentence."""
    length = len(run.inputs.values)
    if run.inputs.reduce == "mean":
        return f"mean() passes 1/{length} back to every square; times 2·x, that is x.grad."
    if run.inputs.reduce == "sum":
        return "sum() passes 1 back to every square; times 2·x, that is x.grad."
    if length == 1:
        return "A vector of one entry passes for a number: y.backward() would run without v."
    return "Row i of the Jacobian is taken v[i] times, and all rows are added: x.grad."
