"""The chain rule, live: one slider, two slopes, and three answers of which one is wrong."""

from functools import lru_cache
from typing import Any

import streamlit as st

from components import session
from components.drawing import chain as draw_chain
from components.drawing import controls, numbers, panel
from components.engine import chain
from components.engine.chain import Inputs, Run
from components.engine.graph import Structure
from components.pages import frame
from components.session import Visit
from components.state import CHAIN, Look
from components.widgets import graph_view, inspector, live_sliders, plots, readouts

PAGE = "chain_rule"
SPOKEN = (("slope of y by x", "dy_dx"), ("slope of z by y", "dz_dy"), ("slope of z by x", "dz_dx"))
"""What a screen reader hears once a change has settled: a word and the readout's name."""

OUTLINE = panel.Outline()


def show() -> None:
    """The page, from top to bottom."""
    with frame.page(PAGE, CHAIN):
        _controls()
        readouts.show("chain_headline", PAGE)
        graph_view.show("graph", PAGE)
        inspector.show("inspector", PAGE)
        readouts.show("speeds", PAGE)
        plots.show("plots", PAGE)
        readouts.show("three_answers", PAGE)
        readouts.show("chain_code", PAGE)


@st.fragment
def _controls() -> None:
    visit = session.read(PAGE, CHAIN)
    message, look = answer(visit)
    live_sliders.show(session.events(PAGE), message)
    if visit.released:
        session.write_address(PAGE, CHAIN, visit, look)


def answer(visit: Visit[Inputs]) -> tuple[bytes, Look]:
    """All that one update says to the page's widgets, and the look that it shows."""
    run = chain.run(visit.inputs)
    shown = panel.arrange(run.reading, OUTLINE, frame.asked(visit))
    standing = _standing(shown.graph.structure, visit.inputs.result)
    said: dict[str, Any] = frame.said(PAGE, visit, shown, standing) | {
        "readouts": _readouts(run),
        "texts": {"meeting": draw_chain.meeting(run), "y_grad": repr(run.y_grad)},
        "remark": {"text": draw_chain.sentence(run), "isWarning": False},
        "graph": panel.moving(shown, visit.take),
        "plots": draw_chain.moving(run),
    }
    return live_sliders.encode(said), shown.look


@lru_cache(maxsize=8)
def _standing(structure: Structure, result: str) -> dict[str, Any]:
    """What stands still on the page while numbers change: sent once, named by `id`."""
    texts = {f"code_{name}": text for name, text in chain.sources().items()}
    texts |= {f"returned_{name}": text.rpartition("return ")[2] for name, text in chain.sources().items()}
    texts |= {"warning": chain.Y_GRAD_WARNING, "y_grad_none": repr(chain.Y_GRAD)}
    return frame.standing(
        controls=controls.records(CHAIN),
        graph=panel.drawings(structure, OUTLINE),
        plots=draw_chain.figure(result),
        texts=texts,
        spoken=SPOKEN if result == "z" else SPOKEN[:1],
    )


def _readouts(run: Run) -> dict[str, tuple[str, str]]:
    """Every number on the page beside the graph: all its digits, and the text for people."""
    values = {"y": run.y, "z": run.z}
    slopes = {
        "dy_dx": run.dy_dx,
        "dz_dy": run.dz_dy,
        "dz_dx": run.dz_dx,
        "manual_dy_dx": run.dy_dx_by_hand,
        "manual_dz_dx": run.dz_dx_by_hand,
        "notebook_dz_dx": run.dz_dx_by_notebook,
    }
    said = {name: (numbers.exact(value), numbers.text(value)) for name, value in values.items()}
    said |= {name: (numbers.exact(slope), numbers.signed(slope)) for name, slope in slopes.items()}
    off = abs(run.dz_dx_by_notebook - run.dz_dx)
    x = f"{run.inputs.x:.1f}".replace("-", numbers.MINUS)
    return said | {
        "x": (numbers.exact(run.inputs.x), x),
        "notebook_off": (numbers.exact(off), numbers.text(off)),
    }
