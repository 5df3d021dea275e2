"""A vector, its squares, their mean: the Jacobian, the vector-Jacobian product, and what backward() needs to begin."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from components.address.fields import Choice, Parameter
from components.address.form import Form
from components.address.lists import Numbers
from components.drawing import controls, numbers, panel
from components.graph.model import Number, Structure
from components.pages import parts
from components.pages.content import readouts, static
from components.pages.page import Content, Page, Part, Place, Predictable, Readout, Request
from components.pages.vectors import cells, jacobian, model
from components.pages.vectors.model import Inputs, Run
from components.pages.vectors.questions import questions
from components.pages.vectors.script import script

SPOKEN = (("y", "y"), ("gradient", "grad"))
"""What a screen reader hears once a change has settled: a word and the readout's name."""

OUTLINE = panel.Outline(wide=True)
FEW = 4
"""Entries that are said with all the digits that a notebook prints."""

ENTRY = Parameter("x", "", "-10", "10", "0.1", 0.0)
FORM = Form(
    make=Inputs,
    fields=(
        Numbers("values", ENTRY, Inputs().values),
        Choice("reduce", {"mean": "mean: y is a number", "sum": "sum: y is a number", "none": "none: y is a vector"}),
        Numbers("v", replace(ENTRY, name="v"), (1.0,), of="values", when=("reduce", "none")),
    ),
    presets={
        "the notebook": Inputs(),
        "sum": Inputs(reduce="sum"),
        "a vector": Inputs(reduce="none"),
        "one row of J": Inputs(reduce="none", v=(0.0, 1.0, 0.0)),
        "eight entries": Inputs((-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0), v=(1.0,) * 8),
    },
)
"""What is set; the first of the presets is where Reset goes."""


def update(request: Request[Inputs]) -> Content:
    """The vector at the requested entries."""
    run = model.run(request.inputs)
    shown = panel.resolve_view(run.snapshot, OUTLINE, request.view)
    content: dict[str, Any] = {
        "texts": {},
        "remark": {"text": "" if "answers" in request.hidden else _remark(run), "isWarning": False},
        "graph": panel.dynamic(shown, request.export),
    }
    if "jacobian" not in request.hidden:
        content["jacobian"] = jacobian.dynamic(run, is_covered=bool(shown.reached))
    if "code" not in request.hidden:
        content["code"] = cells.lines(run.lines, shown.reached)
    return Content(
        static=_static(shown.graph.structure, shown.wide, run.inputs.reduce, len(run.inputs.values)),
        fields=content,
        readouts=_readouts(run),
        panel=shown,
    )


@lru_cache(maxsize=64)
def _static(structure: Structure, wide: frozenset[str], reduce: str, length: int) -> dict[str, Any]:
    return static(
        controls=controls.records(FORM),
        graph=panel.drawings(structure, OUTLINE, wide=wide),
        jacobian=jacobian.static(reduce, length),
        spoken=SPOKEN,
    )


def _readouts(run: Run) -> dict[str, dict[str, Readout]]:
    """Every number on the page beside the graph, by the part that it belongs to."""
    way = numbers.text if len(run.inputs.values) <= FEW else numbers.brief
    products: dict[str, Number] = {
        "jacobian": run.jacobian,
        "squares": run.squares,
        "upstream": run.upstream,
        "vjp": run.grad,
    }
    return {
        "headline": readouts(way, {"y": run.y}),
        "answers": readouts(way, {"grad": run.grad}),
        "jacobian": readouts(way, products),
    }


def _remark(run: Run) -> str:
    """What the picture shows, in one sentence."""
    length = len(run.inputs.values)
    if run.inputs.reduce != "none" and length == 1:
        return f"{run.inputs.reduce}() of one square passes 1 back to it; times 2·x, that is x.grad."
    if run.inputs.reduce == "mean":
        return f"mean() passes 1/{length} back to every square; times 2·x, that is x.grad."
    if run.inputs.reduce == "sum":
        return "sum() passes 1 back to every square; times 2·x, that is x.grad."
    if length == 1:
        return "A vector of one entry counts as a number: y.backward() would run without v."
    return "Row i of the Jacobian is taken v[i] times, and all rows are added: that is x.grad."


PAGE = Page(
    name="vectors",
    title="Vectors",
    path="vectors",
    form=FORM,
    parts=(
        parts.SLIDERS,
        parts.headline("vectors"),
        parts.ANSWERS,
        Part("jacobian", "Jacobian", "pages/vectors/jacobian.js", shows_answers=True),
        Part("code", "code and what it prints", "browser/cells/program.js", shows_answers=True),
        *parts.GRAPH_PARTS,
        *parts.LAST_PARTS,
    ),
    update=update,
    predictable={"grad": Predictable("x.grad", ("answers", "lesson"), usual=True)},
    questions=questions,
    script=script,
    places={"y": Place("value", "y"), "grad": Place("gradient", "x")},
)
