"""The page of the hand-written MLP step: one slider, and its graph of about 1,000 nodes."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from components.address.fields import Parameter
from components.address.form import Form
from components.drawing import controls, panel
from components.graph.model import Structure
from components.pages import parts
from components.pages.content import static
from components.pages.neuron.page import PAGE as NEURON
from components.pages.page import Content, Page, Request
from tests.benchmarks import mlp

OUTLINE = panel.Outline()


@dataclass(frozen=True, slots=True)
class Inputs:
    """What can be set."""

    x1: float = 0.5


FORM = Form(
    make=Inputs,
    fields=(Parameter("x1", "first input", "-2", "2", "0.01", Inputs().x1),),
    presets={"Start": Inputs()},
)


def update(request: Request[Inputs]) -> Content:
    """The step at the requested input."""
    shown = panel.resolve_view(mlp.step(mlp.ABOUT_1000, request.inputs.x1).read(), OUTLINE, request.view)
    fields = {
        "texts": {},
        "remark": {"text": "", "isWarning": False},
        "graph": panel.dynamic(shown, request.export),
    }
    return Content(_static(shown.graph.structure), fields, panel=shown)


@lru_cache(maxsize=1)
def _static(structure: Structure) -> dict[str, Any]:
    return static(controls=controls.records(FORM), graph=panel.drawings(structure, OUTLINE), spoken=())


PAGE = Page(
    name=NEURON.name,
    title="MLP step",
    path=NEURON.path,
    form=FORM,
    parts=(parts.SLIDERS, *parts.GRAPH_PARTS),
    update=update,
)
"""It stands in the neuron's place, and so in its layout."""
