"""The chain rule, live: one slider, two slopes, and three answers of which one is wrong."""

from functools import lru_cache, partial
from typing import Any

import streamlit as st

from components import session
from components.address.state import CHAIN, GraphView
from components.drawing import controls, numbers, panel
from components.graph.read import Structure
from components.pages import frame, questions
from components.pages.chain_rule import figures as draw_chain
from components.pages.chain_rule import model as chain
from components.pages.chain_rule.model import Inputs, Run
from components.session import Visit
from components.widgets import graph_view, inspector, live_sliders, plots, readouts

PAGE = "chain_rule"
SPOKEN = (("slope of y by x", "dy_dx"), ("slope of z by y", "dz_dy"), ("slope of z by x", "dz_dx"))
"""What a screen reader hears once a change has settled: a word and the readout's name."""

OUTLINE = panel.Outline()


def show() -> None:
    """The page, from top to bottom."""
    frame.show(PAGE, CHAIN, PARTS, questions.of_chain)


@st.fragment
def _controls() -> None:
    visit = session.read(PAGE, CHAIN)
    message, look = answer(visit)
    live_sliders.show(session.events(PAGE), message)
    if visit.released:
        session.write_address(PAGE, CHAIN, visit, look)


PARTS: frame.Mounts = {
    "sliders": _controls,
    "headline": partial(readouts.show, "chain_headline", PAGE),
    "answers": None,
    "graph": partial(graph_view.show, "graph", PAGE),
    "numbers": None,
    "gradients": None,
    "inspector": partial(inspector.show, "inspector", PAGE),
    "speeds": partial(readouts.show, "speeds", PAGE),
    "curves": partial(plots.show, "plots", PAGE),
    "by-hand": partial(readouts.show, "three_answers", PAGE),
    "code": partial(readouts.show, "chain_code", PAGE),
}
"""The page, from top to bottom."""


def answer(visit: Visit[Inputs]) -> tuple[bytes, GraphView]:
    """All that one update says to the page's widgets, and the look that it shows."""
    run = chain.run(visit.inputs)
    shown = panel.arrange(run.reading, OUTLINE, frame.asked(visit))
    standing = _static(shown.graph.structure, visit.inputs.result)
    is_open = "answers" not in visit.room.hidden
    said: dict[str, Any] = frame.said(PAGE, visit, shown, standing) | {
        "readouts": frame.uncovered(visit, _readouts(run)),
        "texts": {
            "meeting": draw_chain.meeting(run) if is_open else "",
            "y_grad": repr(run.y_grad) if is_open else "?",
        },
        "remark": {"text": draw_chain.sentence(run) if is_open else "", "isWarning": False},
        "graph": panel.dynamic(shown, visit.take),
    }
    if "curves" not in visit.room.hidden:
        said["plots"] = draw_chain.dynamic(run)
    return live_sliders.encode(said), shown.look


@lru_cache(maxsize=8)
def _static(structure: Structure, result: str) -> dict[str, Any]:
    """What stands still on the page while numbers change: sent once, named by `id`."""
    texts = {f"code_{name}": text for name, text in chain.sources().items()}
    texts |= {f"returned_{name}": text.rpartition("return ")[2] for name, text in chain.sources().items()}
    texts |= {"warning": chain.Y_GRAD_WARNING, "y_grad_none": repr(chain.Y_GRAD)}
    return frame.static(
        controls=controls.records(CHAIN),
        graph=panel.drawings(structure, OUTLINE),
        plots=draw_chain.figure(result),
        texts=texts,
        spoken=SPOKEN if result == "z" else SPOKEN[:1],
    )


def _readouts(run: Run) -> dict[str, dict[str, frame.Said]]:
    """Every number on the page beside the graph, by the part that it belongs to."""
    slopes = {"dy_dx": run.dy_dx, "dz_dy": run.dz_dy, "dz_dx": run.dz_dx}
    by_hand = {
        "manual_dy_dx": run.dy_dx_by_hand,
        "manual_dz_dx": run.dz_dx_by_hand,
        "notebook_dz_dx": run.dz_dx_by_notebook,
    }
    off = abs(run.dz_dx_by_notebook - run.dz_dx)
    x = f"{run.inputs.x:.1f}".replace("-", numbers.MINUS)
    return {
        "headline": frame.write(numbers.text, {"y": run.y, "z": run.z}) | {"x": (numbers.exact(run.inputs.x), x)},
        "answers": frame.write(numbers.signed, slopes),
        "by-hand": frame.write(numbers.signed, by_hand) | frame.write(numbers.text, {"notebook_off": off}),
    }
