"""The gradient lab: five experiments as a notebook, with their graph, `.grad`, and torch's own output."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from components.address.fields import Choice, Names, Parameter, shown
from components.address.form import Form
from components.drawing import controls, numbers, panel, torch_errors
from components.graph.model import Structure
from components.pages import lessons, parts
from components.pages.content import readouts, static
from components.pages.gradient_lab import cells, figures, model
from components.pages.gradient_lab.model import EXPERIMENTS, MOST, Done, Lab
from components.pages.gradient_lab.script import script
from components.pages.page import Content, Page, Part, Readout, Request

NAME = "gradient_lab"
OUTLINE = panel.Outline(walks=False)
FULL = f"{MOST} presses is as far as a run goes. Undo, or reset."


def _settle(lab: Lab) -> tuple[Lab, tuple[str, ...]]:
    """The same with only those presses that the chosen experiment has."""
    presses = EXPERIMENTS[lab.experiment].presses
    strange = list(dict.fromkeys(name for name in lab.run if name not in presses))
    if not strange:
        return lab, ()
    named = f"“{shown(strange[0])}”" + (f" and {len(strange) - 1} more" if len(strange) > 1 else "")
    verb = "are no steps" if len(strange) > 1 else "is no step"
    kept = replace(lab, run=tuple(name for name in lab.run if name in presses))
    return kept, (f"run: {named} {verb} of {lab.experiment}; the others are kept.",)


FORM = Form(
    make=Lab,
    fields=(
        Parameter("x", "where x starts", "-5", "5", "0.1", 2.0),
        Choice("experiment", {name: experiment.title for name, experiment in EXPERIMENTS.items()}),
        Names("run", MOST),
    ),
    presets={
        "add up": Lab(run=("backward", "backward", "zero")),
        "twice on one graph": Lab(run=("backward", "again")),
        "a non-leaf": Lab(experiment="leaf", run=("retain-grad", "backward", "y-grad")),
        "not tracked": Lab(experiment="requires-grad", run=("off", "backward")),
        "cut off": Lab(experiment="detach", run=("detach", "y1-backward")),
        "inside the block": Lab(experiment="no-grad", run=("no-grad", "use", "z-backward")),
    },
    settle=_settle,
)
"""What is set; the presets are what a first visitor finds warm."""


def update(request: Request[Lab]) -> Content:
    """The run of the requested presses."""
    lab = request.inputs
    done = model.run(lab)
    graph = panel.resolve_view(done.snapshot, OUTLINE, request.view)
    content: dict[str, Any] = {
        "texts": _texts(lab, done),
        "remark": {"text": FULL if len(lab.run) == MOST else "", "isWarning": True},
        "graph": panel.dynamic(graph, request.export),
    }
    if "code" not in request.hidden:
        content["code"] = cells.dynamic(done.cells)
    if "curves" not in request.hidden:
        content["curves"] = figures.dynamic(done.history)
    return Content(
        static=_static(graph.graph.structure, lab.experiment, lab.run),
        fields=content,
        readouts=_readouts(done),
        panel=graph,
    )


@lru_cache(maxsize=256)
def _static(structure: Structure, experiment: str, run: tuple[str, ...]) -> dict[str, Any]:
    return static(
        controls=controls.records(FORM) | {"presets": [], "choices": []},
        code=cells.static(experiment, lessons.note(NAME, experiment).idea),
        graph=panel.drawings(structure, OUTLINE),
        curves=figures.figure(experiment, run),
    )


def _readouts(done: Done) -> dict[str, dict[str, Readout]]:
    """Every number on the page beside the graph, by the part that it belongs to."""
    grad = "None" if done.grad is None else numbers.text(done.grad)
    return {
        "headline": readouts(numbers.text, {"x": done.x}) | {"error": (done.error, done.error)},
        "answers": {"grad": (numbers.exact(done.grad), grad)},
    }


def _texts(lab: Lab, done: Done) -> dict[str, str]:
    """Cause and cure of an error, or the line about the last press."""
    cause, cure = torch_errors.explain(done.error, lab.experiment)
    presses = lessons.note(NAME, lab.experiment).presses
    note = presses.get(lab.run[-1], "") if lab.run else "Nothing has been pressed yet."
    return {"cause": cause, "cure": cure, "note": "" if done.error else note}


PAGE = Page(
    name=NAME,
    title="Gradient lab",
    path="gradient-lab",
    form=FORM,
    parts=(
        parts.SLIDERS,
        Part("code", "code and what it prints", "browser/cells/notebook.js", shows_answers=True),
        parts.headline(NAME),
        parts.ANSWERS,
        *parts.GRAPH_PARTS,
        parts.plot("curves", "curves"),
        *parts.LAST_PARTS,
    ),
    update=update,
    script=script,
)
