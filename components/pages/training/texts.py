"""What the training page says of its paths, in sentences of which every number is computed."""

import math
from itertools import pairwise
from typing import Any

from components.drawing import numbers
from components.losses import LOSSES
from components.pages.training import arithmetic
from components.pages.training.descent import EACH, EPOCH, NEVER, Setup, State, batches
from components.pages.training.model import Run
from components.pages.training.optimizers import KINDS, PLAIN
from components.pages.training.surface import bottom

SHORT = {name: kind.title for name, kind in KINDS.items()} | {"momentum": "momentum", "nesterov": "Nesterov"}
"""Optimisers' names where there is little room."""

TAIL = 10
"""The last steps of a path by which it is said whether it settles."""

SETTLED = 1e-3
"""A path has settled where all steps of its tail together change the loss by less than this part of it."""

STABLE_BELOW = 2.0


def run_names(run: Run) -> tuple[str, ...]:
    """What tells the runs apart: optimiser, and every setting in which one differs from the first."""
    return tuple(_name(one, run.setups) for one in run.setups)


def _name(one: Setup, setups: tuple[Setup, ...]) -> str:
    said = [SHORT[one.optimizer]]
    if one.zero != EACH:
        said.append("zero_grad forgotten" if one.zero == NEVER else "accumulated")
    if KINDS[one.optimizer].takes_momentum and any(o.momentum != one.momentum for o in setups):
        said.append(f"momentum {one.momentum:g}")
    if any(other.lr != one.lr for other in setups):
        said.append(f"lr {one.lr:g}")
    if any(other.loss != one.loss for other in setups):
        said.append(LOSSES[one.loss].title)
    return ", ".join(said)


def path(run: Run) -> str:
    """What the first run's path does, from its own numbers."""
    states, steps = run.paths[0], int(run.inputs.steps)
    if not states[-1].is_finite:
        return _ended(states)
    if not run.is_whole:
        return "The path grows while the hand moves."
    if len(states) == 1:
        return "No step yet."
    tail = [state.loss for state in states[-TAIL - 1 :]]
    first, last = numbers.text(states[0].loss), numbers.text(tail[-1])
    said, of_tail = f"From {first} to {last} in {_counted(steps)}", f"the last {_counted(len(tail) - 1)}"
    if len(tail) > TAIL and _spread(tail) <= SETTLED:
        return f"{said}. It has settled: {of_tail} hardly change the loss."
    if any(after > before for before, after in pairwise(tail)):
        low, high = numbers.text(min(tail)), numbers.text(max(tail))
        return f"{said}, and it does not settle: over {of_tail} the loss goes up and down between {low} and {high}."
    change = numbers.signed(tail[-1] - tail[-2])
    return f"{said}, and still on its way: the last step changed the loss by {change}."


def _counted(steps: int) -> str:
    return "1 step" if steps == 1 else f"{steps} steps"


def _spread(losses: list[float]) -> float:
    return (max(losses) - min(losses)) / max(abs(losses[-1]), 1e-12)


def _ended(states: tuple[State, ...]) -> str:
    last, before = states[-1], states[-2] if len(states) > 1 else states[-1]
    why = f"the loss before it was {numbers.text(before.loss)}, the gradient {numbers.text(last.w_grad)}"
    where = f"w = {numbers.text(last.w)} and b = {numbers.text(last.b)}"
    return f"The descent ends at step {len(states) - 1}, where {where}: {why}."


def stability(run: Run) -> str:
    """lr · sharpness at the cursor, and against 2 at the bottom; or why that does not decide."""
    setup, sharpness = run.setups[0], run.cursor.curvature.sharpness
    if (setup.optimizer, setup.zero) != (PLAIN, EACH) or setup.batch:
        rule = "Whether lr · sharpness is under 2 decides for plain SGD on all points."
        return f"{rule} Here {_otherwise(setup)}, and it does not."
    if math.isnan(sharpness):
        return "The curvature is no finite number here, so lr · sharpness says nothing."
    said = f"At the cursor lr · sharpness = {setup.lr:g} · {_factor(sharpness)} = {numbers.text(setup.lr * sharpness)}"
    lowest = bottom(setup.points, setup.loss)
    if lowest is None:
        return f"{said}. No bottom was found: the loss falls for ever, or a whole valley is lowest."
    product = setup.lr * lowest.sharpness
    where = f"at the bottom, w = {numbers.text(lowest.w)} and b = {numbers.text(lowest.b)}"
    said = f"{said}; {where}, it is {numbers.text(product)}"
    if product < STABLE_BELOW:
        return f"{said}, under 2: a path that comes near settles there."
    return f"{said}, not under 2: a step from near the bottom ends as far away or farther, and no path settles there."


def _factor(value: float) -> str:
    return f"({numbers.text(value)})" if value < 0 else numbers.text(value)


def _otherwise(setup: Setup) -> str:
    if setup.batch and setup.zero != EPOCH:
        return "each step sees a mini-batch"
    if setup.zero == NEVER:
        return "no gradient is ever cleared"
    if setup.zero == EPOCH:
        return "gradients are accumulated"
    return f"the optimiser is {SHORT[setup.optimizer]}"


def comparison(run: Run) -> str:
    """Which of the paths are the same, bit for bit."""
    if not run.is_whole:
        return ""
    same = [
        (i + 1, j + 1)
        for i in range(len(run.paths))
        for j in range(i + 1, len(run.paths))
        if run.setups[i] != run.setups[j] and _positions(run.paths[i]) == _positions(run.paths[j])
    ]
    if not same:
        return ""
    first, second = same[0]
    both = " and ".join(f"“{run_names(run)[number - 1]}”" for number in (first, second))
    return f"Paths {first} and {second}, {both}, are the same at every step, bit for bit. Why?"


def _positions(states: tuple[State, ...]) -> list[tuple[float, float]]:
    return [(state.w, state.b) for state in states]


def outside(run: Run) -> str:
    """How much of the first path the map does not show."""
    extent = float(run.inputs.extent)
    count = sum(not (abs(state.w) <= extent and abs(state.b) <= extent) for state in run.paths[0])
    if not count:
        return ""
    return f"{count} of {len(run.paths[0])} places of the path lie outside the map."


def step_heading(run: Run) -> str:
    """What the lines of the step are about."""
    setup, cursor = run.setups[0], run.cursor
    if not cursor.step:
        return "The start. The arrow is where −lr · ∇L points; no step has been taken."
    what = KINDS[setup.optimizer].title
    seen = "all points" if len(set(cursor.state.batch)) == len(setup.points) else _points(cursor.state.batch)
    held = " of all steps so far" if setup.zero == NEVER else ""
    many = f", in {batches(setup)} mini-batches" if setup.zero == EPOCH and setup.batch else ""
    return f"Step {cursor.step}, {what}: g is .grad{held}, from {seen}{many}."


def _points(batch: tuple[int, ...]) -> str:
    said = ", ".join(str(number + 1) for number in sorted(batch))
    return f"point {said}" if len(batch) == 1 else f"points {said}"


def step_lines(run: Run) -> list[list[str]]:
    """The lines of mathematics of w's step and of b's."""
    w, b = arithmetic.lines(run.setups[0], run.cursor.before, run.cursor.state)
    return [list(w), list(b)]


def remark(run: Run) -> dict[str, Any]:
    """What stands below the graph: the gradient as a sum over the points."""
    shares, points = run.cursor.shares, run.inputs.points
    if not math.isfinite(run.cursor.dw):
        return {"text": f"∂L/∂w is {numbers.text(run.cursor.dw)} here: no direction is down.", "isWarning": True}
    if len(points) == 1:
        return {"text": "One point: its gradient is the whole, and it always points along (x, 1).", "isWarning": False}
    largest = max(range(len(shares)), key=lambda i: abs(shares[i][0]))
    whose = f"point {largest + 1} (x = {numbers.factor(points[largest][0])})"
    whole, share = numbers.signed(run.cursor.dw), numbers.signed(shares[largest][0])
    return {"text": f"Each point has a share in ∂L/∂w = {whole}; {whose} has the largest, {share}.", "isWarning": False}
