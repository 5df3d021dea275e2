"""The teacher's page: lessons that fill twenty minutes, twice; a plan of them, and a worksheet for each."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from components.address.fields import Choice
from components.address.form import Form
from components.pages import parts
from components.pages.chain_rule.model import Inputs as Chain
from components.pages.chain_rule.page import PAGE as CHAIN_RULE
from components.pages.content import static
from components.pages.gradient_lab.model import Lab
from components.pages.gradient_lab.page import PAGE as GRADIENT_LAB
from components.pages.neuron.model import Inputs as Neuron
from components.pages.neuron.page import PAGE as NEURON
from components.pages.page import Content, Page, Part, Readout, Request
from components.pages.teach import worksheets
from components.pages.teach.worksheets import SHEETS
from components.pages.training.model import Inputs as Training
from components.pages.training.page import PAGE as TRAINING
from components.pages.vectors.model import Inputs as Vector
from components.pages.vectors.page import PAGE as VECTORS

NUMBERS: tuple[tuple[str, Page[Any], Any, tuple[str, ...]], ...] = (
    ("neuron", NEURON, Neuron(), ("dw", "y_pred")),
    ("chain_rule", CHAIN_RULE, Chain(2.0), ("dz_dx", "notebook_dz_dx")),
    ("vectors", VECTORS, Vector(reduce="none"), ("grad",)),
    ("gradient_lab", GRADIENT_LAB, Lab(run=("backward", "backward")), ("grad",)),
    ("limits", NEURON, Neuron(w=3.0, y=1.0), ("loss",)),
    ("training", TRAINING, Training(at=60.0), ("loss",)),
)
"""The numbers by which lessons are recognised: the lesson's name, the page and its state, the readouts."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The worksheet that is shown, by its name ("" for none)."""

    worksheet: str = ""


def update(request: Request[Inputs]) -> Content:
    """The lessons with their numbers, and the worksheet that is asked for."""
    sheet = request.inputs.worksheet
    fields = {"worksheet": worksheets.record(sheet)} if sheet and "worksheet" not in request.hidden else {}
    return Content(static=static(), fields={"texts": {}, **fields}, readouts={"lessons": _readouts()})


@lru_cache(maxsize=1)
def _readouts() -> dict[str, Readout]:
    return {
        f"{lesson}_{name}": worksheets.answers(page, inputs)[name]
        for lesson, page, inputs, names in NUMBERS
        for name in names
    }


PAGE = Page(
    name="teach",
    title="Teach",
    path="teach",
    form=Form(
        make=Inputs,
        fields=(
            Choice("worksheet", {"": ""} | {name: sheet.title for name, sheet in SHEETS.items()}, is_control=False),
        ),
        presets={"the plan": Inputs()},
    ),
    parts=(
        Part("worksheet", "worksheet", "pages/teach/worksheet.js"),
        Part("lessons", "six lessons", parts.READOUTS, "pages/teach/lessons.html"),
        parts.LESSON,
    ),
    update=update,
)
