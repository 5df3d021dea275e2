"""The worksheets: states to set, blanks to fill in, and the answers, all computed by the page of the lesson."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from components.address.view import GraphView
from components.drawing import numbers
from components.drawing.panel import ViewRequest
from components.losses import DEFAULT, LOSSES
from components.pages.chain_rule.model import Inputs as Chain
from components.pages.chain_rule.page import PAGE as CHAIN_RULE
from components.pages.gradient_lab.model import EXPERIMENTS, Lab
from components.pages.gradient_lab.page import PAGE as GRADIENT_LAB
from components.pages.neuron.model import Inputs as Neuron
from components.pages.neuron.page import PAGE as NEURON
from components.pages.page import Page, Readout, Request
from components.pages.training.descent import ZEROS
from components.pages.training.model import Inputs as Training
from components.pages.training.optimizers import KINDS
from components.pages.training.page import PAGE as TRAINING
from components.pages.vectors.model import Inputs as Vector
from components.pages.vectors.page import PAGE as VECTORS

FIELD = re.compile(r"\{(\d+)\.(\w+)\}")
DIRECTIONS = ("falls", "stays", "rises")
"""What a result does while an input is turned up a little; one of them is marked on the sheet."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: the page that it belongs to, the states to set, and what is to be read off, by the readout's name.

    `blanks` are readouts with their symbols; `turned` names the gradient whose direction is asked ("" for none).
    `questions` are pairs of a question and its answer, in which `{1.dw}` is the number `dw` of the first state.
    """

    title: str
    page: Page[Any]
    states: tuple[Any, ...]
    blanks: Mapping[str, str]
    questions: tuple[tuple[str, str], ...]
    turned: str = ""


SHEETS: Mapping[str, Sheet] = {
    "neuron": Sheet(
        "Which way does the loss pull w?",
        NEURON,
        (Neuron(), Neuron(y=1.0), Neuron(x=2.0, w=0.0, y=1.0), Neuron(x=2.0, w=-4.0, y=1.0)),
        {"z": "z", "y_pred": "ŷ", "loss": "L", "dw": "∂L/∂w", "db": "∂L/∂b"},
        (
            (
                "States 1 and 2 differ in the label alone. Subtract the second ∂L/∂w from the first. What is it?",
                "{1.dw} minus {2.dw} is x = {1.x}: ∂L/∂w = (ŷ − y) · x, and y has gone from 0 to 1.",
            ),
            (
                "In state 1, divide ∂L/∂w by ∂L/∂b. Why is it that number?",
                "{1.dw} divided by {1.db} is x = {1.x}: what arrives at z is the same for both, and then ∂z/∂w = x "
                "where ∂z/∂b = 1.",
            ),
        ),
        turned="dw",
    ),
    "chain-rule": Sheet(
        "Two steps, two slopes: do they add or multiply?",
        CHAIN_RULE,
        (Chain(2.0), Chain(-0.9), Chain(0.0), Chain(3.0)),
        {
            "y": "y",
            "z": "z",
            "dy_dx": "dy/dx",
            "dz_dy": "dz/dy",
            "dz_dx": "dz/dx",
            "notebook_dz_dx": "the notebook, by hand",
        },
        (
            (
                "Which column is made of two others, and how?",
                "dz/dx = dz/dy · dy/dx: in state 1, {1.dz_dy} times {1.dy_dx} is {1.dz_dx}.",
            ),
            (
                "Where is the notebook’s answer by hand nearly right, and does that make its rule right?",
                "In state 2: {2.notebook_dz_dx} beside {2.dz_dx}. It adds the slopes, and there sum and product happen "
                "to be close; in state 1 they are {1.notebook_dz_dx} and {1.dz_dx}.",
            ),
        ),
    ),
    "vectors": Sheet(
        "What does backward() do with a vector?",
        VECTORS,
        (
            Vector(),
            Vector(reduce="sum"),
            Vector(reduce="none"),
            Vector(reduce="none", v=(0.0, 1.0, 0.0)),
        ),
        {"y": "y", "upstream": "what arrives at x²", "grad": "x.grad"},
        (
            (
                "Why do states 3 and 4 need a vector v?",
                "y is {3.y} there, not one number. torch goes back from one number; v says how much each entry counts.",
            ),
            (
                "Which part of the Jacobian does x.grad show in state 4?",
                "Its second row alone, {4.grad}: v = {4.upstream} takes the other rows 0 times.",
            ),
        ),
    ),
    "gradient-lab": Sheet(
        "Where does a gradient stay, and what cuts its way?",
        GRADIENT_LAB,
        (
            Lab(run=("backward",)),
            Lab(run=("backward", "backward")),
            Lab(run=("backward", "backward", "zero")),
            Lab(experiment="detach", run=("detach", "y1-backward")),
            Lab(experiment="no-grad", run=("no-grad", "use", "z-backward")),
        ),
        {"grad": "x.grad", "error": "torch’s error, if any"},
        (
            (
                "Why is x.grad in state 2 not what it is in state 1?",
                "backward() adds to x.grad: {1.grad} and {1.grad} make {2.grad}. zero_() takes it back to {3.grad}.",
            ),
            (
                "In state 5 y is computed inside no_grad(). Why is there a gradient all the same?",
                "z = x · y still has one way to x, with y as a plain number: dz/dx = y = {5.grad}.",
            ),
        ),
    ),
    "limits": Sheet(
        "When do the numbers break?",
        NEURON,
        (
            Neuron(w=3.0),
            Neuron(w=3.0, y=1.0),
            *(Neuron(w=3.0, loss=name) for name in LOSSES if name != DEFAULT),
        ),
        {"z": "z", "y_pred": "ŷ", "loss": "L", "dw": "∂L/∂w"},
        (
            (
                "In state 2 the prediction is right. What makes the loss {2.loss}?",
                "ŷ is {2.y_pred} in float32, so 1 − ŷ is 0 and its logarithm −∞. The label multiplies that by 0, and "
                "0 · (−∞) is not a number.",
            ),
            (
                "All states but the second are equally wrong. Which loss still says how w is to be turned, and why?",
                "The one with logits: its ∂L/∂w is {4.dw}, where binary_cross_entropy says {3.dw}. It takes z itself "
                "and never forms 1 − ŷ.",
            ),
        ),
    ),
    "training": Sheet(
        "Which way is down, and how far do I dare to go?",
        TRAINING,
        (
            Training(),
            Training(at=1.0),
            replace(TRAINING.form.presets["too far"], lr=4.0, at=60.0, compare=()),
            replace(TRAINING.form.presets["too far"], at=60.0, compare=()),
            Training(zero="never", at=60.0),
        ),
        {"w": "w", "b": "b", "loss": "L", "dw": "∂L/∂w"},
        (
            (
                "In state 1, what does w − lr · ∂L/∂w give, and where do you find that number?",
                "lr times {1.dw} taken from {1.w} is {2.w}: w in state 2, one step further.",
            ),
            (
                "States 3 and 4 differ in lr alone. Which path has settled, and how can you see that?",
                "State 3: its ∂L/∂w is {3.dw}, as good as 0, where state 4 still has {4.dw} and hops for ever.",
            ),
            (
                "In state 5 zero_grad() is forgotten. Has its path arrived anywhere?",
                "No: its loss is {5.loss}, and it rolls on, since .grad is the sum of all gradients so far.",
            ),
        ),
    ),
}
"""By name, in the order of the lessons."""


@lru_cache(maxsize=8)
def record(name: str) -> dict[str, Any]:
    """A worksheet as a browser shows it: each state's settings and answers, then the questions with theirs."""
    sheet = SHEETS[name]
    found = tuple(answers(sheet.page, inputs) for inputs in sheet.states)
    return {
        "title": sheet.title,
        "path": sheet.page.path,
        "blanks": tuple(sheet.blanks.values()),
        "direction": {"asked": _direction_title(sheet), "choices": DIRECTIONS} if sheet.turned else None,
        "states": [_state(sheet, *both) for both in zip(sheet.states, found, strict=True)],
        "questions": [[_filled(text, found) for text in pair] for pair in sheet.questions],
    }


def answers(page: Page[Any], inputs: Any) -> dict[str, Readout]:
    """Every number that a page reads out at these inputs."""
    content = page.update(Request(inputs, ViewRequest(GraphView())))
    return {name: readout for part in content.readouts.values() for name, readout in part.items()}


def _state(sheet: Sheet, inputs: Any, found: Mapping[str, Readout]) -> dict[str, Any]:
    said = [found[name][1] or "none" for name in sheet.blanks]
    if sheet.turned:
        said.append(_direction(sheet, inputs))
    return {"set": settings(sheet.page, inputs), "answers": said}


def settings(page: Page[Any], inputs: Any) -> list[str]:
    """What is to be set for these inputs, one control after the other."""
    form = page.form
    said = [f"{f.name} = {f.spell(getattr(inputs, f.name)).replace('-', numbers.MINUS)}" for f in form.numbers]
    if isinstance(inputs, Vector):
        said = [f"x = {_list(inputs.values)}", f"reduce: {inputs.reduce}"]
        said += [f"v = {_list(inputs.v)}"] if inputs.reduce == "none" else []
    if isinstance(inputs, Neuron):
        said.append(f"loss: {LOSSES[inputs.loss].title}")
    if isinstance(inputs, Training):
        points = " ".join(f"({x:g}, {label:g})" for x, label in inputs.points).replace("-", numbers.MINUS)
        start = f"w = {inputs.w:g}, b = {inputs.b:g}".replace("-", numbers.MINUS)
        said = [f"points {points}; {start}", f"{KINDS[inputs.optimizer].title}, lr = {inputs.lr:g}"]
        said += [f"zero_grad(): {ZEROS[inputs.zero]}", f"step {inputs.at:g}"]
    if isinstance(inputs, Lab):
        experiment = EXPERIMENTS[inputs.experiment]
        presses = ", ".join(experiment.presses[name].call for name in inputs.run)
        said += [f"experiment: {experiment.title}", f"press {presses}"]
    return said


def _list(values: tuple[float, ...]) -> str:
    return f"[{', '.join(f'{value:g}'.replace('-', numbers.MINUS) for value in values)}]"


def _asked(sheet: Sheet, inputs: Any) -> Any:
    assert sheet.page.questions
    return next(one for one in sheet.page.questions(inputs)[0] if one.name == sheet.turned)


def _direction_title(sheet: Sheet) -> str:
    asked = _asked(sheet, sheet.states[0])
    return f"{asked.turned} up a little: {asked.result} …"


def _direction(sheet: Sheet, inputs: Any) -> str:
    truth = _asked(sheet, inputs).truth
    return DIRECTIONS[1 + (truth > 0) - (truth < 0)]


def _filled(text: str, found: tuple[dict[str, Readout], ...]) -> str:
    return FIELD.sub(lambda field: found[int(field[1]) - 1][field[2]][1], text)
