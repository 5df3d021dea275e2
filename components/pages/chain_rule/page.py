"""The chain rule, live: one slider, two slopes, and three answers of which one is wrong."""

from functools import lru_cache
from typing import Any

from components.address.fields import Choice, Parameter
from components.address.form import Form
from components.drawing import controls, numbers, panel
from components.graph.model import Structure
from components.pages import parts
from components.pages.chain_rule import figures, model
from components.pages.chain_rule.model import Inputs, Run
from components.pages.chain_rule.questions import questions
from components.pages.chain_rule.script import script
from components.pages.content import readouts, static
from components.pages.page import Content, Page, Part, Place, Predictable, Readout, Request

SPOKEN = (("slope of y by x", "dy_dx"), ("slope of z by y", "dz_dy"), ("slope of z by x", "dz_dx"))
"""What a screen reader hears once a change has settled: a word and the readout's name."""

OUTLINE = panel.Outline()

FORM = Form(
    make=Inputs,
    fields=(
        Parameter("x", "input", "-10", "10", "0.1", 3.0),
        Choice("result", {"z": "z = sin(x²)", "y": "y = x²"}),
    ),
    presets={
        "the notebook": Inputs(),
        "dz_dx(2)": Inputs(x=2.0),
        "nearly equal": Inputs(x=-0.9),
        "flat": Inputs(x=0.0),
    },
)
"""What is set; `result` is what `backward()` is called on."""


def update(request: Request[Inputs]) -> Content:
    """The chain at the requested input."""
    run = model.run(request.inputs)
    shown = panel.resolve_view(run.snapshot, OUTLINE, request.view)
    is_open = "answers" not in request.hidden and not shown.reached
    content: dict[str, Any] = {
        "texts": {
            "meeting": figures.meeting(run) if is_open else "",
            "y_grad": repr(run.y_grad) if is_open else "?",
        },
        "remark": {"text": figures.sentence(run) if is_open else "", "isWarning": False},
        "graph": panel.dynamic(shown, request.export),
    }
    if "curves" not in request.hidden:
        content["curves"] = figures.dynamic(run, shown.reached)
    return Content(
        static=_static(shown.graph.structure, request.inputs.result, "curves" not in request.hidden),
        fields=content,
        readouts=_readouts(run),
        panel=shown,
    )


@lru_cache(maxsize=8)
def _static(structure: Structure, result: str, has_curves: bool) -> dict[str, Any]:
    texts = {f"code_{name}": text for name, text in model.sources().items()}
    texts |= {f"returned_{name}": text.rpartition("return ")[2] for name, text in model.sources().items()}
    texts |= {"warning": model.Y_GRAD_WARNING, "y_grad_none": repr(model.Y_GRAD)}
    return static(
        controls=controls.records(FORM),
        graph=panel.drawings(structure, OUTLINE),
        texts=texts,
        spoken=SPOKEN if result == "z" else SPOKEN[:1],
        **({"curves": figures.figure(result)} if has_curves else {}),
    )


def _readouts(run: Run) -> dict[str, dict[str, Readout]]:
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
        "headline": readouts(numbers.text, {"y": run.y, "z": run.z}) | {"x": (numbers.exact(run.inputs.x), x)},
        "answers": readouts(numbers.signed, slopes),
        "by-hand": readouts(numbers.signed, by_hand) | readouts(numbers.text, {"notebook_off": off}),
    }


PAGE = Page(
    name="chain_rule",
    title="Chain rule",
    path="chain-rule",
    form=FORM,
    parts=(
        parts.SLIDERS,
        parts.headline("chain_rule"),
        parts.ANSWERS,
        *parts.GRAPH_PARTS,
        Part("speeds", "speeds", parts.READOUTS, "pages/chain_rule/speeds.html", shows_answers=True),
        parts.plot("curves", "curves"),
        Part("by-hand", "answers by hand", parts.READOUTS, "pages/chain_rule/three_answers.html", shows_answers=True),
        Part("code", "code and what it prints", parts.READOUTS, "pages/chain_rule/code.html", shows_answers=True),
        *parts.LAST_PARTS,
    ),
    update=update,
    predictable={"dz_dx": Predictable("dz/dx", ("answers", "lesson"), usual=True)},
    questions=questions,
    script=script,
    places={
        "y": Place("value", "y"),
        "z": Place("value", "z"),
        "dy_dx": Place("gradient", "x"),
        "dz_dy": Place("gradient", "y"),
        "dz_dx": Place("gradient", "x"),
    },
)
