"""What can be predicted of a training: where the next point lands, and where the usual mistakes would put it."""

import math
import re
from dataclasses import replace
from typing import NamedTuple

from components.address.fields import parse, shown
from components.drawing import numbers
from components.drawing.predict import Said
from components.graph.mistakes import Question, Questions
from components.pages.training import descent, model
from components.pages.training.descent import EACH, NEVER, Setup, State
from components.pages.training.model import Cursor, Inputs
from components.pages.training.optimizers import PLAIN

NEXT = "next"
SYMBOL = "(w, b)"
_BETWEEN = re.compile(r"\s*[;\s]\s*|,\s+")

NEAR = 0.2
"""How near to a place a guess must be, as a part of the step; and of the map, which is never asked more exactly."""
NEAR_ON_MAP = 0.03

SAME = 0.05
"""A mistake that leads so near to the right place, as a part of the step, is none."""


class Place(NamedTuple):
    """A place (w, b) that a mistake leads to, and what is said to it."""

    w: float
    b: float
    words: str


def questions(inputs: Inputs) -> Questions:
    """The place after the next step."""
    cursor = _cursor(inputs)
    return (Question(NEXT, SYMBOL, math.nan),), cursor.snapshot.graph


def answer(inputs: Inputs, text: str) -> Said:
    """What is said to a guess at the next place, two numbers with a space or a semicolon between them."""
    said = [parse(one) for one in _BETWEEN.split(text.strip().strip("()"))]
    if len(said) != 2 or said[0] is None or said[1] is None:
        return Said("none", f"“{shown(text)}” is no place; press on the map, or write w and b, as in “1.5; −2”.")
    setup, cursor = model.setup(inputs), _cursor(inputs)
    states = descent.states(setup, cursor.step + 1)
    if len(states) == cursor.step + 1 or not states[-1].is_finite:
        return Said("none", "There is no next point: the descent ends here.")
    truth = Place(states[-1].w, states[-1].b, "")
    reach = max(NEAR * _distance(truth, cursor.state.w, cursor.state.b), NEAR_ON_MAP * float(inputs.extent))
    near = [place for place in (truth, *places(setup, cursor, truth)) if _distance(place, said[0], said[1]) <= reach]
    if not near:
        return Said("wrong", "That is not where it lands, nor where a usual mistake leads. Start from −lr · ∇L.")
    nearest = min(near, key=lambda place: _distance(place, said[0] or 0.0, said[1] or 0.0))
    if nearest is truth:
        return Said("right", f"Right: {SYMBOL} = ({numbers.text(truth.w)}, {numbers.text(truth.b)}).")
    return Said("wrong", nearest.words)


def places(setup: Setup, cursor: Cursor, truth: Place) -> list[Place]:
    """Where the usual mistakes lead from the cursor, those of plain SGD from its gradient."""
    state, points = cursor.state, len(setup.points)
    found = [Place(2 * state.w - truth.w, 2 * state.b - truth.b, "That is up: a descent goes against the gradient.")]
    if setup.optimizer != PLAIN:
        words = "That is a step of plain SGD, by the gradient alone. This optimiser remembers what came before."
        found.append(_step(setup, state, (cursor.dw, cursor.db), words))
        return _apart(found, state, truth)
    if setup.zero == NEVER:
        words = (
            "That is the step of this gradient alone. zero_grad() is forgotten: the earlier ones are still in .grad."
        )
        found.append(_step(setup, state, (cursor.dw, cursor.db), words))
    else:
        found += _kept(setup, state, (cursor.dw, cursor.db))
    forgot_lr = "That is the whole gradient: the learning rate is still to be multiplied."
    found.append(Place(state.w - cursor.dw, state.b - cursor.db, forgot_lr))
    forgot_mean = "That is the sum over the points. The loss is their mean, and so is its gradient."
    found.append(_step(setup, state, (points * cursor.dw, points * cursor.db), forgot_mean))
    for number, (w, b) in enumerate(cursor.shares, 1):
        words = f"That is the step of point {number} alone. The gradient is the mean over all points."
        found.append(_step(setup, state, (points * w, points * b), words))
    return _apart(found, state, truth)


def _apart(found: list[Place], state: State, truth: Place) -> list[Place]:
    """The places that are not the right one."""
    least = SAME * _distance(truth, state.w, state.b)
    return [place for place in found if _distance(place, truth.w, truth.b) > least]


def _kept(setup: Setup, state: State, gradient: tuple[float, float]) -> list[Place]:
    """The step where the last gradient was not cleared."""
    if setup.zero != EACH or state.w_grad is None or state.b_grad is None:
        return []
    words = "That is with the last step’s gradient still in .grad. Here it is cleared first."
    return [_step(setup, state, (gradient[0] + state.w_grad, gradient[1] + state.b_grad), words)]


def _step(setup: Setup, state: State, gradient: tuple[float, float], words: str) -> Place:
    return Place(state.w - setup.lr * gradient[0], state.b - setup.lr * gradient[1], words)


def _distance(place: Place, w: float, b: float) -> float:
    return math.hypot(place.w - w, place.b - b)


def _cursor(inputs: Inputs) -> Cursor:
    """The cursor of the first run, of which no step beyond it is needed."""
    return model.run(replace(inputs, steps=inputs.at), (model.setup(inputs),)).cursor
