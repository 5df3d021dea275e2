"""The neuron, live: sliders, headline, backward graph, curves, and the derivation by hand."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

import streamlit as st

from components import session, state
from components.drawing import curves as draw_curves
from components.drawing import numbers, panel, verdicts
from components.drawing import opinions as draw_opinions
from components.drawing.graph import Group
from components.engine import check, curves, neuron
from components.engine.graph import Number, Structure
from components.engine.losses import DTYPES, LOSSES
from components.engine.neuron import Inputs, Run
from components.session import Visit
from components.state import Look
from components.widgets import curves_view, graph_view, inspector, lifeline, live_sliders, opinions, readouts

OUTLINE = panel.Outline(frozenset(neuron.CONCEPT), neuron.GROUPS)


def show() -> None:
    """The page, from top to bottom."""
    session.open_page()
    lifeline.show("lifeline")
    with st.container(key="neuron"):
        with st.container(key="title"):
            st.html("<h1>Autograd Explorer</h1>")
        _controls()
        readouts.headline("headline")
        graph_view.show("graph")
        inspector.show("inspector")
        curves_view.show("curves")
        readouts.by_hand("by-hand")
        opinions.show("opinions")


@st.fragment
def _controls() -> None:
    visit = session.read()
    message, look = answer(visit)
    live_sliders.show(session.SLIDERS, message)
    if visit.released:
        session.write_address(visit.inputs, look)


def answer(visit: Visit) -> tuple[bytes, Look]:
    """All that one update says to the page's widgets, and the look that it shows."""
    names = ("w", "b", "x") if visit.with_x else ("w", "b")
    other = "" if visit.other == visit.inputs.loss else visit.other
    run = neuron.run(visit.inputs)
    asked = panel.Asked(visit.look, visit.narrow, not visit.answers, visit.walked)
    shown = panel.arrange(run.reading, OUTLINE, asked)
    standing = _standing(shown.graph.structure, shown.large, shown.groups, names, other)
    held = visit.held if visit.drawn == standing["id"] else None
    answers = _answers(run, visit.look)
    moved = curves.moved(visit.inputs, held, names)
    sweeps = curves.sweep(visit.inputs, moved)
    over = curves.sweep(replace(visit.inputs, loss=other), moved) if other else ()
    said: dict[str, Any] = {
        "seq": visit.answers,
        "inputs": asdict(visit.inputs),
        "readouts": _readouts(run) | answers.readouts,
        "texts": {"loss_form": "−log(ŷ)" if run.inputs.y == 1 else "−log(1 − ŷ)"},
        "remark": {"text": answers.said, "isWarning": answers.worst in ("clamped", "saturated", "undefined")},
        "graph": panel.moving(shown, visit.take, check.guilty(run, answers.worst)),
        "curves": draw_curves.moving(run, names),
        "swept": moved,
        "stretches": [draw_curves.stretches(sweep, visit.inputs) for sweep in sweeps],
        "notices": visit.notices + shown.notices,
    }
    if visit.with_more:
        said["opinions"] = draw_opinions.moving(run, visit.look.h)
    if visit.drawn != standing["id"]:
        said["static"] = standing
    return live_sliders.encode(said, draw_curves.rows(sweeps + over)), shown.look


@lru_cache(maxsize=64)
def _standing(
    structure: Structure, large: frozenset[str], groups: tuple[Group, ...], names: tuple[str, ...], other: str
) -> dict[str, Any]:
    """What stands still on the page while numbers change: sent once, named by `id`."""
    drawings = panel.drawings(structure, large, groups)
    standing = {"controls": _control_records(), "graph": drawings, "curves": draw_curves.figure(names, other)}
    standing["opinions"] = draw_opinions.figure()
    return standing | {"id": hashlib.sha256(repr(standing).encode()).hexdigest()[:12]}


def _control_records() -> dict[str, Any]:
    return {
        "sliders": [
            {
                "name": p.name,
                "meaning": p.meaning,
                "min": float(p.minimum),
                "max": float(p.maximum),
                "step": float(p.step),
                "decimals": p.decimals,
            }
            for p in state.NEURON
        ],
        "presets": [{"name": name, "values": asdict(inputs)} for name, inputs in state.PRESETS.items()],
        "choices": [
            {"name": "loss", "options": [(name, loss.title) for name, loss in LOSSES.items()]},
            {"name": "dtype", "options": [(name, name) for name in DTYPES]},
        ],
    }


def _readouts(run: Run) -> dict[str, tuple[str, str]]:
    """Every number on the page beside the graph: all its digits, and the text for people."""
    hand = run.by_hand
    table: tuple[tuple[Callable[[Number], str], dict[str, Number]], ...] = (
        (numbers.text, {"z": run.z, "y_pred": run.y_pred, "loss": run.loss}),
        (numbers.text, {"dy_pred_dz": hand.dy_pred_dz, "dz_dw": hand.dz_dw, "dz_db": hand.dz_db}),
        (numbers.signed, {"dw": run.dw, "db": run.db, "dx": run.dx, "dL_dy_pred": hand.dL_dy_pred}),
    )
    said = {name: (numbers.exact(v), write(v)) for write, values in table for name, v in values.items()}
    return said | _said_inputs(run.inputs)


@dataclass(frozen=True, slots=True)
class Answers:
    """Four answers for each gradient beside the closed form: their readouts, the worst verdict and what it means."""

    readouts: dict[str, tuple[str, str]]
    worst: check.Verdict
    said: str


def _answers(run: Run, look: Look) -> Answers:
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
        apart = {name: check.apart(pair[i], truth[i], run.inputs.dtype) for name, pair in four.items()}
        said |= {f"{name}_{of}": (numbers.exact(pair[i]), numbers.long(pair[i])) for name, pair in four.items()}
        said |= {f"ulps_{name}_{of}": (numbers.exact(apart[name]), numbers.distance(apart[name])) for name in apart}
        said[f"verdict_{of}"] = (found[i], found[i])
    worst = verdicts.worse(*found)
    which = found.index(worst)
    apart_there = check.apart((run.dw, run.db)[which], truth[which], run.inputs.dtype)
    return Answers(said, worst, verdicts.sentences(run, worst, apart_there))


def _said_inputs(inputs: Inputs) -> dict[str, tuple[str, str]]:
    """What the visitor set, as it stands in the headline's mathematics, with as many decimals as its step."""
    said = {p.name: f"{getattr(inputs, p.name):.{p.decimals}f}".replace("-", numbers.MINUS) for p in state.NEURON}
    said["x"] = f"({said['x']})" if inputs.x < 0 else said["x"]
    said["b"] = f"{numbers.MINUS} {said['b'][1:]}" if inputs.b < 0 else f"+ {said['b']}"
    return {name: (numbers.exact(getattr(inputs, name)), text) for name, text in said.items()}
