"""The neuron, live: sliders, headline, backward graph, curves, and the derivation by hand."""

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import streamlit as st

from components import session
from components.address.state import NEURON, GraphView
from components.drawing import controls, numbers, panel
from components.drawing.graph_svg import Group
from components.graph.read import Structure
from components.pages import frame, questions
from components.pages.neuron import curves
from components.pages.neuron import diagnosis as check
from components.pages.neuron import error_analysis as draw_opinions
from components.pages.neuron import figures as draw_curves
from components.pages.neuron import model as neuron
from components.pages.neuron import texts as verdicts
from components.pages.neuron.losses import LOSSES
from components.pages.neuron.model import Inputs, Run
from components.session import Visit
from components.widgets import curves_view, graph_view, inspector, live_sliders, opinions, readouts

PAGE = "neuron"
SPOKEN = (("loss", "loss"), ("gradient by w", "dw"), ("gradient by b", "db"))
"""What a screen reader hears once a change has settled: a word and the readout's name."""

OUTLINE = panel.Outline(frozenset(neuron.CONCEPT), neuron.GROUPS)


def show() -> None:
    """The page, from top to bottom."""
    frame.show(PAGE, NEURON, PARTS, questions.of_neuron)


@st.fragment
def _controls() -> None:
    visit = session.read(PAGE, NEURON)
    message, look = answer(visit)
    live_sliders.show(session.events(PAGE), message)
    if visit.released:
        session.write_address(PAGE, NEURON, visit, look)


PARTS: frame.Mounts = {
    "sliders": _controls,
    "headline": partial(readouts.show, "headline", PAGE),
    "answers": None,
    "graph": partial(graph_view.show, "graph", PAGE),
    "numbers": None,
    "gradients": None,
    "inspector": partial(inspector.show, "inspector", PAGE),
    "curves": partial(curves_view.show, "curves", PAGE),
    "by-hand": partial(readouts.show, "by_hand", PAGE),
    "opinions": partial(opinions.show, "opinions", PAGE),
}
"""The page, from top to bottom."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What this page's own widgets ask for.

    `with_x` asks for the curves of x, `other` for those of a second loss, `with_more` for the opinions; `held` are the
    inputs whose curves the browser has.
    """

    with_x: bool
    other: str
    with_more: bool
    held: Inputs | None


def asked(visit: Visit[Inputs]) -> Asked:
    """What an event asks for; whatever is not of its kind is left out."""
    other = visit.asked.get("other")
    return Asked(
        with_x=visit.asked.get("with_x") is True,
        other=other if other in tuple(LOSSES) and other != visit.inputs.loss else "",
        with_more=visit.asked.get("with_more") is True,
        held=NEURON.take(visit.asked.get("held")),
    )


def answer(visit: Visit[Inputs]) -> tuple[bytes, GraphView]:
    """All that one update says to the page's widgets, and the look that it shows."""
    wanted = asked(visit)
    hidden = visit.room.hidden
    names = () if "curves" in hidden else ("w", "b", "x") if wanted.with_x else ("w", "b")
    run = neuron.run(visit.inputs)
    shown = panel.arrange(run.reading, OUTLINE, frame.asked(visit))
    standing = _static(shown.graph.structure, shown.large, shown.groups, names, wanted.other)
    answers = _answers(run, visit.look)
    moved = curves.moved(visit.inputs, wanted.held if visit.drawn == standing["id"] else None, names)
    sweeps = curves.sweep(visit.inputs, moved)
    over = curves.sweep(replace(visit.inputs, loss=wanted.other), moved) if wanted.other else ()
    said: dict[str, Any] = frame.said(PAGE, visit, shown, standing) | {
        "readouts": frame.uncovered(visit, _readouts(run, answers.readouts)),
        "texts": {"loss_form": "−log(ŷ)" if run.inputs.y == 1 else "−log(1 − ŷ)"},
        "remark": _remark(answers) if "answers" not in hidden else {"text": "", "isWarning": False},
        "graph": panel.dynamic(shown, visit.take, check.faulty(run, answers.worst)),
    }
    if names:
        said["curves"] = draw_curves.dynamic(run, names)
        said["swept"] = moved
        said["stretches"] = [draw_curves.stretches(sweep, visit.inputs) for sweep in sweeps]
    if wanted.with_more and "opinions" not in hidden:
        said["opinions"] = draw_opinions.dynamic(run, visit.look.h)
    return live_sliders.encode(said, draw_curves.rows(sweeps + over)), shown.look


@lru_cache(maxsize=64)
def _static(
    structure: Structure, large: frozenset[str], groups: tuple[Group, ...], names: tuple[str, ...], other: str
) -> dict[str, Any]:
    """What stands still on the page while numbers change: sent once, named by `id`."""
    curves_figure = {"curves": draw_curves.figure(names, other)} if names else {}
    return frame.static(
        controls=controls.records(NEURON),
        graph=panel.drawings(structure, OUTLINE, large, groups),
        opinions=draw_opinions.figure(),
        spoken=SPOKEN,
        **curves_figure,
    )


def _readouts(run: Run, four: dict[str, frame.Said]) -> dict[str, dict[str, frame.Said]]:
    """Every number on the page beside the graph, by the part that it belongs to."""
    hand = run.by_hand
    values = {"z": run.z, "y_pred": run.y_pred, "loss": run.loss}
    factors = {"dy_pred_dz": hand.dy_pred_dz, "dz_dw": hand.dz_dw, "dz_db": hand.dz_db}
    return {
        "headline": frame.write(numbers.text, values) | _said_inputs(run.inputs),
        "answers": frame.write(numbers.signed, {"dw": run.dw, "db": run.db, "dx": run.dx}),
        "by-hand": frame.write(numbers.text, factors)
        | frame.write(numbers.signed, {"dL_dy_pred": hand.dL_dy_pred})
        | four,
    }


@dataclass(frozen=True, slots=True)
class Answers:
    """Four answers for each gradient beside the closed form: their readouts, the worst verdict and what it means."""

    readouts: dict[str, tuple[str, str]]
    worst: check.Verdict
    said: str


def _answers(run: Run, look: GraphView) -> Answers:
    truth = check.exact_gradients(run.inputs)
    numeric = tuple(float(by[0]) for by in check.numeric_gradients(run.inputs, (float(look.h),)))
    found = check.judge(run, truth)
    four = {
        "autograd": (run.dw, run.db),
        "manual": (run.by_hand.dw, run.by_hand.db),
        "numeric": numeric,
        "exact": truth,
    }
    said: dict[str, tuple[str, str]] = {}
    for i, of in enumerate(("dw", "db")):
        apart = {name: check.ulp_distance(pair[i], truth[i], run.inputs.dtype) for name, pair in four.items()}
        said |= {f"{name}_{of}": (numbers.exact(pair[i]), numbers.long(pair[i])) for name, pair in four.items()}
        said |= {f"ulps_{name}_{of}": (numbers.exact(apart[name]), numbers.distance(apart[name])) for name in apart}
        said[f"verdict_{of}"] = (found[i], found[i])
    worst = verdicts.worse(*found)
    which = found.index(worst)
    apart_there = check.ulp_distance((run.dw, run.db)[which], truth[which], run.inputs.dtype)
    return Answers(said, worst, verdicts.sentences(run, worst, apart_there))


def _remark(answers: Answers) -> dict[str, Any]:
    """A sentence about the whole state."""
    return {"text": answers.said, "isWarning": answers.worst in ("clamped", "saturated", "undefined")}


def _said_inputs(inputs: Inputs) -> dict[str, tuple[str, str]]:
    """What the visitor set, as it stands in the headline's mathematics, with as many decimals as its step."""
    said = {p.name: f"{getattr(inputs, p.name):.{p.decimals}f}".replace("-", numbers.MINUS) for p in NEURON.numbers}
    said["x"] = f"({said['x']})" if inputs.x < 0 else said["x"]
    said["b"] = f"{numbers.MINUS} {said['b'][1:]}" if inputs.b < 0 else f"+ {said['b']}"
    return {name: (numbers.exact(getattr(inputs, name)), text) for name, text in said.items()}
