"""The neuron, live: controls, headline, backward graph, curves, and four answers for each gradient."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from components.address.fields import Choice, Flag, Parameter
from components.address.form import Form
from components.address.view import CONCEPT
from components.drawing import controls, numbers, panel
from components.drawing.groups_svg import Group
from components.graph.model import Seen, Structure
from components.losses import LOSSES
from components.pages import parts
from components.pages.content import readouts, static
from components.pages.neuron import beside, curves, error_analysis, figures, model, texts
from components.pages.neuron.diagnosis import Diagnosis, diagnose, faulty
from components.pages.neuron.model import Inputs, Run
from components.pages.neuron.questions import questions
from components.pages.neuron.script import script
from components.pages.page import Content, Page, Part, Place, Predictable, Readout, Request, Stop
from components.precision import DTYPES

SPOKEN = (("loss", "loss"), ("gradient by w", "dw"), ("gradient by b", "db"))
"""What a screen reader hears once a change has settled: a word and the readout's name."""

OUTLINE = panel.Outline(frozenset(model.CONCEPT), model.GROUPS, usual=CONCEPT)


def _settle(inputs: Inputs) -> tuple[Inputs, tuple[str, ...]]:
    """The same without a second loss, on the curves or beside it, where that is the first."""
    if inputs.loss not in (inputs.other, inputs.beside):
        return inputs, ()
    other, second = ("" if name == inputs.loss else name for name in (inputs.other, inputs.beside))
    return replace(inputs, other=other, beside=second), ()


FORM = Form(
    make=Inputs,
    fields=(
        Parameter("x", "input", "-10", "10", "0.1", 6.7),
        Parameter("w", "weight", "-5", "5", "0.01", 1.0),
        Parameter("b", "bias", "-10", "10", "0.1", 0.0),
        Parameter("y", "label", "0", "1", "1", 0.0),
        Choice("loss", {name: loss.title for name, loss in LOSSES.items()}),
        Choice("dtype", {name: name for name in DTYPES}, part="precision"),
        Choice("h", {name: name for name in model.STEPS}, is_control=False),
        Choice("other", {"": ""} | {name: loss.title for name, loss in LOSSES.items()}, is_control=False),
        Flag("with_x"),
        Flag("precision"),
        Choice("beside", beside.OPTIONS),
    ),
    presets={
        "the notebook": Inputs(),
        "undecided": Inputs(x=2.0, w=0.0, b=0.0, y=1.0),
        "right and sure": Inputs(x=6.7, w=1.0, b=0.0, y=1.0),
        "wrong and sure": Inputs(x=2.0, w=-4.0, b=0.0, y=1.0),
    },
    settle=_settle,
)
"""What is set; the first of the presets is where Reset goes."""


def update(request: Request[Inputs]) -> Content:
    """The neuron at the requested inputs."""
    inputs, hidden = request.inputs, request.hidden
    run = model.run(inputs, panel.needs_details(OUTLINE, request.view))
    shown = panel.resolve_view(run.snapshot, OUTLINE, request.view)
    diagnosis = diagnose(run)
    content: dict[str, Any] = {
        "texts": texts.formulas(inputs) | {"precision": _precision(request, shown, diagnosis)},
        "remark": texts.HIDDEN_REMARK if "answers" in hidden else texts.remark(diagnosis),
        "graph": panel.dynamic(shown, request.export, faulty(diagnosis)),
    }
    drawn = _Curves(request) if "curves" not in hidden else None
    if drawn:
        content |= drawn.fields(run, shown.reached)
    if "opinions" in request.open and "opinions" not in hidden:
        content["opinions"] = error_analysis.dynamic(diagnosis)
    names = drawn.names if drawn else ()
    structure, second_readouts = None, {}
    if inputs.beside and "beside" not in hidden and request.view.graph_view.step is None:
        second, second_panel = beside.shown(inputs, request.view.graph_view.arrows)
        content["beside"] = beside.dynamic(inputs, second_panel)
        structure, second_readouts = second_panel.graph.structure, {"beside": beside.numbers_of(second)}
    return Content(
        static=_static(shown.graph.structure, shown.large, shown.groups, structure, names, inputs.loss, inputs.other),
        fields=content,
        readouts=_readouts(run, texts.answers(diagnosis)) | second_readouts,
        arrays=drawn.arrays() if drawn else {},
        panel=shown,
    )


def _precision(request: Request[Inputs], shown: panel.Panel, diagnosis: Diagnosis) -> str:
    """How exact the gradients are, where that may be said."""
    is_covered = {"answers", "by-hand"} & request.hidden or shown.reached
    return "" if is_covered else texts.sentences(diagnosis)


class _Curves:
    """The curves that one update shows, and of them those that the browser does not hold."""

    def __init__(self, request: Request[Inputs]) -> None:
        inputs = request.inputs
        self.inputs = inputs
        self.names = ("w", "b", "x") if inputs.with_x else ("w", "b")
        self.swept = curves.moved(inputs, request.held if _holds_same(inputs, request.held) else None, self.names)
        self.sweeps = curves.sweep(inputs, self.swept)
        self.others = curves.sweep(replace(inputs, loss=inputs.other), self.swept) if inputs.other else ()

    def fields(self, run: Run, reached: Seen | None) -> dict[str, Any]:
        return {
            "curves": figures.dynamic(run, self.names, reached),
            "swept": self.swept,
            "stretches": [figures.stretches(sweep, self.inputs) for sweep in self.sweeps],
        }

    def arrays(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for prefix, sweeps in (("", self.sweeps), ("other.", self.others)):
            for name, sweep in zip(self.swept, sweeps, strict=False):
                found |= {f"{name}.{prefix}{row}": values for row, values in figures.rows(sweep).items()}
        return found


def _holds_same(inputs: Inputs, held: Inputs | None) -> bool:
    """Whether the browser's arrays are those of the same inputs' names and second loss."""
    return held is not None and (held.with_x, held.other) == (inputs.with_x, inputs.other)


@lru_cache(maxsize=64)
def _static(
    structure: Structure,
    large: frozenset[str],
    groups: tuple[Group, ...],
    second: Structure | None,
    names: tuple[str, ...],
    *losses: str,
) -> dict[str, Any]:
    curves_figure = {"curves": figures.figure(names, *losses)} if names else {}
    second_graph = {"beside": beside.drawing(second)} if second else {}
    return static(
        controls=controls.records(FORM),
        graph=panel.drawings(structure, OUTLINE, large, groups),
        opinions=error_analysis.figure(),
        spoken=SPOKEN,
        **curves_figure,
        **second_graph,
    )


def _readouts(run: Run, four: dict[str, Readout]) -> dict[str, dict[str, Readout]]:
    """Every number on the page beside the graph, by the part that it belongs to."""
    hand = run.by_hand
    values = {"z": run.z, "y_pred": run.y_pred, "loss": run.loss}
    factors = {"dy_pred_dz": hand.dy_pred_dz, "dz_dw": hand.dz_dw, "dz_db": hand.dz_db}
    return {
        "headline": readouts(numbers.text, values) | _input_readouts(run.inputs),
        "answers": readouts(numbers.signed, {"dw": run.dw, "db": run.db, "dx": run.dx}),
        "by-hand": readouts(numbers.text, factors) | readouts(numbers.signed, {"dL_dy_pred": hand.dL_dy_pred}) | four,
    }


def _input_readouts(inputs: Inputs) -> dict[str, Readout]:
    """What the visitor set, as it stands in the headline's mathematics, with as many decimals as its step."""
    spelled = {p.name: f"{getattr(inputs, p.name):.{p.decimals}f}".replace("-", numbers.MINUS) for p in FORM.numbers}
    spelled["x"] = f"({spelled['x']})" if inputs.x < 0 else spelled["x"]
    spelled["b"] = f"{numbers.MINUS} {spelled['b'][1:]}" if inputs.b < 0 else f"+ {spelled['b']}"
    return {name: (numbers.exact(getattr(inputs, name)), text) for name, text in spelled.items()}


_GRADIENTS, _VALUES = ("answers", "lesson"), ("answers", "headline", "numbers", "lesson")

_PLACES = {
    "z": Place("value", "z"),
    "y_pred": Place("value", "y_pred"),
    "loss": Place("value", "loss"),
    "dL_dy_pred": Place("gradient", "y_pred"),
    "dy_pred_dz": Place("gradient", "z"),
    "dz_dw": Place("gradient", "w"),
    "dz_db": Place("gradient", "b"),
    "dw": Place("gradient", "w"),
    "db": Place("gradient", "b"),
}

PAGE = Page(
    name="neuron",
    title="Neuron",
    path="",
    form=FORM,
    parts=(
        parts.SLIDERS,
        parts.headline("neuron"),
        parts.ANSWERS,
        *parts.GRAPH_PARTS,
        Part(
            "beside",
            "a second state beside it",
            "pages/neuron/beside_view.js",
            "pages/neuron/beside.html",
            shows_answers=True,
        ),
        Part("curves", "curves", "pages/neuron/curves_view.js", shows_answers=True),
        parts.LESSON,
        Part("precision", "precision: four answers, dtype", "pages/neuron/precision.js", hides=("by-hand", "opinions")),
        Part(
            "by-hand",
            "answers by hand",
            parts.READOUTS,
            "pages/neuron/by_hand.html",
            inside="precision",
            shows_answers=True,
        ),
        Part(
            "opinions",
            "how far to trust them",
            "pages/neuron/error_analysis.js",
            "pages/neuron/error_analysis.html",
            inside="precision",
            shows_answers=True,
        ),
        parts.TAKE_HOME,
    ),
    update=update,
    predictable={
        "dw": Predictable("∂L/∂w", _GRADIENTS, usual=True, same=texts.answers_of("dw")),
        "db": Predictable("∂L/∂b", _GRADIENTS, usual=True, same=texts.answers_of("db")),
        "z": Predictable("z", _VALUES),
        "y_pred": Predictable("ŷ", _VALUES),
        "loss": Predictable("L", _VALUES),
    },
    questions=questions,
    script=script,
    tour=(
        Stop("formula"),
        Stop("sliders", "w"),
        Stop("gradients", "y"),
        Stop("graph", "node"),
        Stop("inspector", "node", node="z"),
        Stop("walk", "step"),
        Stop("curves", "w"),
        Stop("pages"),
    ),
    places=_PLACES,
)
