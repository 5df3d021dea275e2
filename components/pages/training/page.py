"""Training: points, the loss over (w, b), and the path that torch.optim takes there, step by step."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from components.address.fields import Choice, Flag, Parameter, write
from components.address.form import Form
from components.address.lists import Points, Runs
from components.address.scale import Scale
from components.drawing import controls, numbers, panel
from components.graph.model import Structure
from components.losses import LOSSES, SQUARED, STABLE
from components.pages import parts
from components.pages.content import readouts, static
from components.pages.page import Content, Page, Part, Place, Predictable, Readout, Request
from components.pages.training import figures, model, texts
from components.pages.training.descent import EACH, EPOCH, NEVER, ZEROS, Setup
from components.pages.training.model import EXTENTS, Inputs, Run
from components.pages.training.optimizers import KINDS, PLAIN
from components.pages.training.questions import NEXT, answer, questions
from components.pages.training.script import script

SPOKEN = (("step", "step"), ("loss", "loss"), ("w", "w"), ("b", "b"))
"""What a screen reader hears once a change has settled: a word and the readout's name."""

OUTLINE = panel.Outline(wide=True)

MOST_STEPS_MOVING = 36
"""Steps that all paths together newly take in one update while the hand moves."""

_LOSSES = {name: LOSSES[name].title for name in (STABLE, *LOSSES)}
_MOMENTUM = Parameter("momentum", "", "0", "1", "0.01", 0.9)
_LR = Scale("lr", "learning rate", "0.001", "100", 3, 0.5)
_OPTIMIZER = Choice("optimizer", {name: kind.title for name, kind in KINDS.items()})
_ZERO = Choice("zero", dict(ZEROS), label="zero_grad()")
_LOSS = Choice("loss", _LOSSES)
_COMPARE = Runs("compare", (_OPTIMIZER, _ZERO, _MOMENTUM, _LR, _LOSS))

_FORGOTTEN = f"{PLAIN}:{NEVER}"
_MOMENTUM_ONE = "momentum::1"


_OFFERS = {name: kind.title for name, kind in KINDS.items()} | {
    _FORGOTTEN: "zero_grad() forgotten",
    _MOMENTUM_ONE: "momentum 1",
    f"{PLAIN}::::{SQUARED}": "the squared error",
}
"""Runs that can be compared by a choice on the page, and their titles."""


def _settle(inputs: Inputs) -> tuple[Inputs, tuple[str, ...]]:
    """Fields that fit each other: the cursor on the path, a map with the start on it, what torch refuses left out."""
    notices = []
    if inputs.at > inputs.steps:
        last = write(inputs.steps)
        notices.append(f"at = {write(inputs.at)} is beyond the last step; it stands on {last}.")
        inputs = replace(inputs, at=inputs.steps)
    if inputs.batch > len(inputs.points):
        notices.append(f"batch = {write(inputs.batch)} is more than there are points; it is all.")
    if inputs.batch >= len(inputs.points):
        inputs = replace(inputs, batch=0.0)
    if inputs.optimizer == "nesterov" and not inputs.momentum:
        notices.append("momentum = 0 is refused by torch for Nesterov’s; momentum is 0.01.")
        inputs = replace(inputs, momentum=0.01)
    refused = tuple(run for run in inputs.compare if _is_refused(inputs, run))
    if refused:
        notices.append(f"compare = “{refused[0]}” is refused by torch: Nesterov’s needs a momentum; it is left out.")
        inputs = replace(inputs, compare=tuple(run for run in inputs.compare if run not in refused))
    reach = max(abs(inputs.w), abs(inputs.b))
    if reach > float(inputs.extent):
        inputs = replace(inputs, extent=next(extent for extent in EXTENTS if reach <= float(extent)))
    return inputs, tuple(notices)


def _is_refused(inputs: Inputs, run: str) -> bool:
    settings = {"momentum": inputs.momentum} | _COMPARE.settings(run)
    return settings["optimizer"] == "nesterov" and not settings["momentum"]


_RAVINE = tuple((float(x), float(y)) for x, y in ((6, 0), (7, 1), (8, 0), (9, 1), (10, 1)))
_MIXED = ((-2.0, 0.0), (-1.0, 0.0), (0.5, 1.0), (1.5, 0.0), (3.0, 1.0))
_APART = ((-2.0, 0.0), (-1.0, 0.0), (1.0, 1.0), (2.0, 1.0))

FORM = Form(
    make=Inputs,
    fields=(
        Points(
            "points",
            Parameter("x", "", "-10", "10", "0.1", 0.0),
            Parameter("y", "", "0", "1", "1", 0.0),
            Inputs().points,
        ),
        Parameter("w", "start", "-5", "5", "0.01", -4.0),
        Parameter("b", "start", "-10", "10", "0.1", 3.0),
        _LOSS,
        _OPTIMIZER,
        _LR,
        _MOMENTUM,
        Parameter("steps", "steps", "1", "200", "1", 60.0, part="cursor"),
        Parameter("at", "step", "0", "200", "1", 0.0, part="cursor"),
        _ZERO,
        Parameter("batch", "points a step", "0", "20", "1", 0.0, part="cursor", word="all"),
        Parameter("seed", "of the draw", "0", "99", "1", 0.0, part="cursor"),
        _COMPARE,
        Choice("extent", {extent: f"±{extent}" for extent in EXTENTS}, part="map"),
        Flag("log"),
    ),
    presets={
        "five points": Inputs(),
        "one point": Inputs(points=((6.7, 0.0),), w=1.0, b=0.0, lr=0.05),
        "separable": Inputs(points=_APART, lr=5.0, steps=200.0, extent="10"),
        "badly scaled": Inputs(points=_RAVINE, w=-2.0, b=3.0, lr=0.05, steps=200.0),
        "an outlier": Inputs(points=(*_APART, (8.0, 0.0)), lr=0.5),
        "too far": Inputs(points=_MIXED, lr=5.0, compare=("sgd:::4",)),
        "forgotten": Inputs(zero=NEVER, compare=(_MOMENTUM_ONE,)),
        "mini-batches": Inputs(batch=1.0, lr=1.0),
        "accumulate": Inputs(batch=1.0, zero=EPOCH, lr=1.0, compare=("sgd",)),
        "SGD, momentum, Adam": Inputs(compare=("momentum", "adam")),
        "clean, forgotten, momentum 1": Inputs(compare=(_FORGOTTEN, _MOMENTUM_ONE)),
        "three learning rates": Inputs(compare=("sgd:::7", "sgd:::8")),
        "two losses": Inputs(points=((2.0, 1.0),), w=-4.0, b=0.0, compare=(f"sgd::::{SQUARED}",)),
    },
    settle=_settle,
    groups={"five points": "Points", "too far": "Steps", "SGD, momentum, Adam": "Compare"},
)
"""What is set; the first of the presets is where Reset goes."""


def setups(inputs: Inputs) -> tuple[Setup, ...]:
    """What each run depends on, the first one's before those that are compared."""
    first = model.setup(inputs)
    return (first, *(replace(first, **{"zero": EACH} | _COMPARE.settings(run)) for run in inputs.compare))


def update(request: Request[Inputs]) -> Content:
    """The training at the requested inputs."""
    inputs, hidden = request.inputs, request.hidden
    run = model.run(inputs, setups(inputs), MOST_STEPS_MOVING if request.is_moving else None)
    whole, is_covered = run.is_whole, "ahead" in hidden
    run = model.until_cursor(run) if is_covered else run
    shown = panel.resolve_view(run.snapshot, OUTLINE, request.view)
    content: dict[str, Any] = {
        "texts": {},
        "remark": {"text": "", "isWarning": False} if "answers" in hidden else texts.remark(run),
        "graph": panel.dynamic(shown, request.export),
        "runs": texts.run_names(run),
        "whole": whole,
    }
    arrays: dict[str, bytes] = {}
    if "map" not in hidden:
        content["map"] = figures.map_dynamic(run) | {"says": texts.outside(run)}
        if is_covered:
            content["map"] |= {"arrow": [None, None], "says": ""}
        has_surface = _surface_of(request.held) == _surface_of(inputs)
        arrays |= figures.map_rows(run, with_surface=not has_surface)
        content["kept"] = ["surface"] if has_surface else []
    if "data" not in hidden:
        content["data"] = figures.data_dynamic(run)
        arrays["sigmoid"] = figures.sigmoid_row(run)
    if "losses" not in hidden:
        content["losses"] = figures.loss_dynamic(run)
    if "cursor" not in hidden:
        content["cursor"] = _cursor(run, is_covered)
    return Content(
        static=_static(shown.graph.structure, shown.wide, len(run.setups), inputs.log),
        fields=content,
        readouts=_readouts(run),
        arrays=arrays,
        panel=shown,
    )


def _surface_of(inputs: Inputs | None) -> tuple[Any, ...] | None:
    """What the surface depends on."""
    return (inputs.points, inputs.loss, inputs.extent) if inputs else None


def _cursor(run: Run, is_covered: bool) -> dict[str, Any]:
    """The step under the cursor, in words and as lines of mathematics; where it is asked, nothing of what follows."""
    return {
        "last": int(run.inputs.steps) if is_covered else len(run.paths[0]) - 1,
        "heading": texts.step_heading(run),
        "lines": texts.step_lines(run),
        "path": "" if is_covered else texts.path(run),
        "stability": "" if is_covered else texts.stability(run),
        "comparison": "" if is_covered else texts.comparison(run),
    }


@lru_cache(maxsize=64)
def _static(structure: Structure, wide: frozenset[str], runs: int, is_logarithmic: bool) -> dict[str, Any]:
    return static(
        controls=controls.records(FORM),
        graph=panel.drawings(structure, OUTLINE, wide=wide),
        map=figures.map_figure(runs, _OFFERS),
        data=figures.data_figure(),
        losses=figures.loss_figure(runs, is_logarithmic),
        spoken=SPOKEN,
    )


def _readouts(run: Run) -> dict[str, dict[str, Readout]]:
    """Every number on the page beside the graph, by the part that it belongs to."""
    cursor, state = run.cursor, run.cursor.state
    product = run.inputs.lr * cursor.curvature.sharpness
    position = {"w": state.w, "b": state.b, "loss": cursor.loss}
    gradients = {"dw": cursor.dw, "db": cursor.db, "w_grad": state.w_grad, "b_grad": state.b_grad}
    return {
        "headline": readouts(numbers.text, position) | {"step": (str(cursor.step), str(cursor.step))},
        "answers": readouts(numbers.signed, gradients),
        "cursor": readouts(numbers.text, {"sharpness": cursor.curvature.sharpness, "lr_sharpness": product}),
        "data": readouts(numbers.brief, {"y_pred": cursor.predictions})
        | readouts(
            numbers.brief, {"dw_shares": [w for w, _ in cursor.shares], "db_shares": [b for _, b in cursor.shares]}
        ),
    }


PAGE = Page(
    name="training",
    title="Training",
    path="training",
    form=FORM,
    parts=(
        parts.SLIDERS,
        parts.headline("training"),
        parts.ANSWERS,
        Part("map", "map of the loss", "pages/training/map_view.js", shows_answers=True),
        Part("cursor", "the step under the cursor", "pages/training/cursor_view.js", shows_answers=True),
        Part("ahead", "the path ahead of the cursor", shows_answers=True, hides=("take-home",)),
        Part("data", "points", "pages/training/data_view.js"),
        parts.plot("losses", "loss by step"),
        *parts.GRAPH_PARTS,
        *parts.LAST_PARTS,
    ),
    update=update,
    predictable={NEXT: Predictable("the next point", ("ahead",), usual=True)},
    questions=questions,
    judges={NEXT: answer},
    script=script,
    places={"loss": Place("value", "loss"), "dw": Place("gradient", "w"), "db": Place("gradient", "b")},
)
