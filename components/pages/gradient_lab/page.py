"""The gradient lab: five experiments as a notebook, with their graph, `.grad`, and torch's own output."""

from functools import lru_cache, partial
from typing import Any

import streamlit as st

from components import session
from components.address.state import LAB, GraphView
from components.drawing import controls, numbers, panel
from components.drawing import torch_errors as faults
from components.graph.read import Structure
from components.pages import frame, lessons
from components.pages.gradient_lab import cells as notebook
from components.pages.gradient_lab import figures as history
from components.pages.gradient_lab import model as experiments
from components.pages.gradient_lab.model import MOST, Done, Lab
from components.session import Visit
from components.widgets import graph_view, inspector, live_sliders, plots, readouts
from components.widgets import notebook as notebook_widget

PAGE = "gradient_lab"
OUTLINE = panel.Outline(walks=False)
FULL = f"{MOST} presses is as far as a run goes. Undo, or reset."


def show() -> None:
    """The page, from top to bottom."""
    frame.show(PAGE, LAB, PARTS)


@st.fragment
def _controls() -> None:
    visit = session.read(PAGE, LAB)
    message, look = answer(visit)
    live_sliders.show(session.events(PAGE), message)
    if visit.released:
        session.write_address(PAGE, LAB, visit, look)


PARTS: frame.Mounts = {
    "sliders": _controls,
    "code": partial(notebook_widget.show, "notebook", PAGE),
    "headline": partial(readouts.show, "lab", PAGE),
    "answers": None,
    "graph": partial(graph_view.show, "graph", PAGE),
    "numbers": None,
    "gradients": None,
    "inspector": partial(inspector.show, "inspector", PAGE),
    "curves": partial(plots.show, "history", PAGE, "history"),
}
"""The page, from top to bottom."""


def answer(visit: Visit[Lab]) -> tuple[bytes, GraphView]:
    """All that one update says to the page's widgets, and the look that it shows."""
    lab = visit.inputs
    done = experiments.run(lab)
    shown = panel.arrange(done.picture.reading, OUTLINE, frame.asked(visit), done.picture.seen)
    said = frame.said(PAGE, visit, shown, _static(shown.graph.structure, lab.experiment, lab.run)) | {
        "readouts": frame.uncovered(visit, _readouts(lab, done)),
        "texts": _texts(lab, done),
        "remark": {"text": FULL if len(lab.run) == MOST else "", "isWarning": True},
        "graph": panel.dynamic(shown, visit.take),
    }
    if "code" not in visit.room.hidden:
        said["notebook"] = notebook.dynamic(done.cells)
    if "curves" not in visit.room.hidden:
        said["history"] = history.dynamic(done.history)
    return live_sliders.encode(said), shown.look


@lru_cache(maxsize=256)
def _static(structure: Structure, experiment: str, run: tuple[str, ...]) -> dict[str, Any]:
    """What stands still on the page while numbers change: sent once, named by `id`."""
    return frame.static(
        controls=controls.records(LAB) | {"presets": [], "choices": []},
        notebook=notebook.static(experiment, lessons.note(PAGE, experiment).idea),
        graph=panel.drawings(structure, OUTLINE),
        history=history.figure(experiment, run),
    )


def _readouts(lab: Lab, done: Done) -> dict[str, dict[str, frame.Said]]:
    """Every number on the page beside the graph, by the part that it belongs to."""
    grad = "None" if done.grad is None else numbers.text(done.grad)
    return {
        "headline": frame.write(numbers.text, {"x": lab.x}) | {"error": (done.error, done.error)},
        "answers": {"grad": (numbers.exact(done.grad), grad)},
    }


def _texts(lab: Lab, done: Done) -> dict[str, str]:
    """Cause and cure of an error, or the line about the last press."""
    cause, cure = faults.explain(done.error, lab.experiment)
    presses = lessons.note(PAGE, lab.experiment).presses
    note = presses.get(lab.run[-1], "") if lab.run else "Nothing has been pressed yet."
    return {"cause": cause, "cure": cure, "note": "" if done.error else note}
