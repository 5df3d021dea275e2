"""What is chosen on each page and how its graph is looked at, and how an address spells it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from components.address.fields import Choice, Form, Names, Numbers, Parameter, read_one, said_once, shown
from components.pages.chain_rule import model as chain
from components.pages.gradient_lab import model as experiments
from components.pages.gradient_lab.model import EXPERIMENTS, Lab
from components.pages.neuron.losses import DTYPES, LOSSES
from components.pages.neuron.model import Inputs
from components.pages.vectors.model import Inputs as VectorInputs


@dataclass(frozen=True, slots=True)
class GraphView:
    """How a graph is looked at: `view` (full, concept, or "" for what suits the screen), ids of `opened` groups, the
    selected part's id (`node`, "" for none), the step of the walk (None outside it), and the central difference's `h`.
    """

    view: str = ""
    opened: tuple[str, ...] = ()
    node: str = ""
    step: int | None = None
    h: str = "1e-5"


WIDTHS = Choice("h", {name: name for name in ("1e-5", *(f"1e-{digits}" for digits in range(1, 14) if digits != 5))})
"""Steps of the central difference."""

VIEWS = ("full", "concept")
LONGEST_ID = 80


def read_view(address: Mapping[str, Sequence[str]]) -> tuple[GraphView, tuple[str, ...]]:
    """The look that an address asks for, and a sentence for each parameter that says nothing that can be shown."""
    texts, notices = said_once(address, ("view", "open", "node", "step"))
    view, step = texts.get("view", ""), texts.get("step", "")
    if view not in ("", *VIEWS):
        notices.append(f"view = “{shown(view)}” is neither full nor concept; the usual view is shown.")
        view = ""
    if step and not re.fullmatch(r"\d{1,5}", step, re.ASCII):
        notices.append(f"step = “{shown(step)}” is not a step of the walk; the walk is not begun.")
        step = ""
    h, notice = read_one(WIDTHS, address.get("h", ()))
    opened = tuple(name for name in texts.get("open", "").split(",") if name)[:8]
    notices += [notice] if notice else []
    return GraphView(view, opened, texts.get("node", ""), int(step) if step else None, h), tuple(notices)


def write_view(look: GraphView) -> dict[str, str | None]:
    """The look as address parameters; None where nothing needs to be said."""
    return {
        "view": look.view or None,
        "open": ",".join(look.opened) or None,
        "node": look.node or None,
        "step": None if look.step is None else str(look.step),
        "h": None if look.h == WIDTHS.default else look.h,
    }


def view_from_event(said: object) -> GraphView:
    """The look that an event describes; whatever is not of its kind is left out."""
    look = said if isinstance(said, Mapping) else {}
    view, opened, node, step, h = (look.get(name) for name in ("view", "opened", "node", "step", "h"))
    return GraphView(
        view=view if view in VIEWS else "",
        opened=tuple(name[:LONGEST_ID] for name in opened[:8] if isinstance(name, str))
        if isinstance(opened, list)
        else (),
        node=node[:LONGEST_ID] if isinstance(node, str) else "",
        step=step if type(step) is int and 0 <= step < 10**5 else None,
        h=WIDTHS.take(h),
    )


NEURON = Form(
    make=Inputs,
    fields=(
        Parameter("x", "input", "-10", "10", "0.1", 6.7),
        Parameter("w", "weight", "-5", "5", "0.01", 1.0),
        Parameter("b", "bias", "-10", "10", "0.1", 0.0),
        Parameter("y", "label", "0", "1", "1", 0.0),
        Choice("loss", {name: loss.title for name, loss in LOSSES.items()}),
        Choice("dtype", {name: name for name in DTYPES}),
    ),
    presets={
        "the notebook": Inputs(),
        "undecided": Inputs(x=2.0, w=0.0, b=0.0, y=1.0),
        "right and sure": Inputs(x=6.7, w=1.0, b=0.0, y=1.0),
        "wrong and sure": Inputs(x=2.0, w=-4.0, b=0.0, y=1.0),
    },
)
"""The Neuron page; the first of its presets is where Reset goes."""

CHAIN = Form(
    make=chain.Inputs,
    fields=(
        Parameter("x", "input", "-10", "10", "0.1", 3.0),
        Choice("result", {"z": "z = sin(x²)", "y": "y = x²"}),
    ),
    presets={
        "the notebook": chain.Inputs(),
        "dz_dx(2)": chain.Inputs(x=2.0),
        "nearly equal": chain.Inputs(x=-0.9),
        "flat": chain.Inputs(x=0.0),
    },
)
"""The Chain rule page; `result` is what `backward()` is called on."""

ENTRY = Parameter("x", "", "-10", "10", "0.1", 0.0)
VECTORS = Form(
    make=VectorInputs,
    fields=(
        Numbers("values", ENTRY, VectorInputs().values),
        Choice("reduce", {"mean": "mean: y is a number", "sum": "sum: y is a number", "none": "none: y is a vector"}),
        Numbers("v", replace(ENTRY, name="v"), (1.0,), of="values", when=("reduce", "none")),
    ),
    presets={
        "the notebook": VectorInputs(),
        "sum": VectorInputs(reduce="sum"),
        "a vector": VectorInputs(reduce="none"),
        "one row of J": VectorInputs(reduce="none", v=(0.0, 1.0, 0.0)),
        "eight entries": VectorInputs((-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0), v=(1.0,) * 8),
    },
)
"""The Vectors page; the first of its presets is where Reset goes."""


def _settle_lab(lab: Lab) -> tuple[Lab, tuple[str, ...]]:
    """The same with only those presses that the chosen experiment has."""
    presses = EXPERIMENTS[lab.experiment].presses
    strange = list(dict.fromkeys(name for name in lab.run if name not in presses))
    if not strange:
        return lab, ()
    said = f"“{shown(strange[0])}”" + (f" and {len(strange) - 1} more" if len(strange) > 1 else "")
    verb = "are no steps" if len(strange) > 1 else "is no step"
    kept = replace(lab, run=tuple(name for name in lab.run if name in presses))
    return kept, (f"run: {said} {verb} of {lab.experiment}; the others are kept.",)


LAB = Form(
    make=Lab,
    fields=(
        Parameter("x", "the leaf", "-5", "5", "0.1", 2.0),
        Choice("experiment", {name: experiment.title for name, experiment in EXPERIMENTS.items()}),
        Names("run", experiments.MOST),
    ),
    presets={
        "add up": Lab(run=("backward", "backward", "zero")),
        "twice on one graph": Lab(run=("backward", "again")),
        "a non-leaf": Lab(experiment="leaf", run=("retain-grad", "backward", "y-grad")),
        "not tracked": Lab(experiment="requires-grad", run=("off", "backward")),
        "cut off": Lab(experiment="detach", run=("detach", "y1-backward")),
        "inside the block": Lab(experiment="no-grad", run=("no-grad", "use", "z-backward")),
    },
    settle=_settle_lab,
)
"""The Gradient lab; its presets are what a first visitor finds warm."""
