"""The training page's figures: what stands still is sent once, what moves is a row of numbers."""

import math
import struct
from collections.abc import Mapping
from typing import Any

from components.drawing import numbers
from components.drawing.colour_scale import HEIGHTS
from components.pages.training.descent import Point, State
from components.pages.training.model import Run
from components.pages.training.surface import sigmoid, surface

RUNS = (
    {"color": "ink", "dash": "solid"},
    {"color": "broken", "dash": "6px,3px"},
    {"color": "minus", "dash": "2px,3px"},
)
"""Colours and dashes of the runs, in their order."""

NICE = (1.0, 2.0, 5.0, 10.0)
SPANS = (4.0, 7.0, 10.5)
"""How far the axis of the points may go; the first that has room for all of them is taken."""

ROOM = 0.5


def name(of: str, number: int) -> str:
    """A trace's name: that of the first run, and with a number those of further runs."""
    return of if number == 0 else f"{of} {number + 1}"


def map_figure(runs: int, offers: Mapping[str, str]) -> dict[str, Any]:
    """The traces of the map of the loss: paths from the last to the first, so that the first lies on top.

    `offers` are titles of runs that can be compared, by what an address says of them.
    """
    return {
        "colours": HEIGHTS,
        "offers": list(offers.items()),
        "traces": [trace for number in reversed(range(runs)) for trace in _path(number)] + _marks(),
    }


def _path(number: int) -> list[dict[str, Any]]:
    look = RUNS[number]
    shared = {"hoverinfo": "skip", "run": number}
    halo = shared | {"name": name("halo", number), "role": "halo", "mode": "lines"}
    halo |= {"line": {"color": "surface", "width": 6}, "opacity": 0.75}
    line = shared | {"name": name("path", number), "role": "path", "mode": "lines+markers"}
    line |= {"line": look | {"width": 2.5}, "marker": {"color": look["color"], "size": 5}}
    return [halo, line]


def _marks() -> list[dict[str, Any]]:
    edge = {"color": "surface", "width": 2}
    shared: dict[str, Any] = {"hoverinfo": "skip", "mode": "markers"}
    start = shared | {"name": "start", "role": "start"}
    start |= {"marker": {"color": "surface", "size": 15, "line": {"color": "ink", "width": 3}}}
    here = shared | {"name": "here", "role": "here", "marker": {"color": "grab", "size": 15, "line": edge}}
    arrow = {"name": "step", "role": "arrow", "mode": "lines", "hoverinfo": "skip"}
    under = arrow | {"name": "halo of the step", "line": {"color": "surface", "width": 7}, "opacity": 0.85}
    return [start, under, arrow | {"line": {"color": "gradient", "width": 3}}, here]


def map_dynamic(run: Run) -> dict[str, Any]:
    """Where the map ends, and whether the loss is infinite or not a number anywhere on it; the cursor's step."""
    values = surface(run.inputs.points, run.inputs.loss, float(run.inputs.extent))
    cursor, lr = run.cursor, run.inputs.lr
    return {
        "extent": float(run.inputs.extent),
        "broken": {"infinite": int(values.isinf().sum()), "undefined": int(values.isnan().sum())},
        "here": [_finite(cursor.state.w), _finite(cursor.state.b)],
        "arrow": [_finite(-lr * cursor.dw), _finite(-lr * cursor.db)],
        "lengths": [len(path) for path in run.paths],
    }


def map_rows(run: Run, with_surface: bool) -> dict[str, bytes]:
    """The paths' places, and where the browser lacks it the surface, a row of it for each b, from the lowest b on."""
    rows = {f"{name('path', i)}.{axis}": _row(path, axis) for i, path in enumerate(run.paths) for axis in ("w", "b")}
    if with_surface:
        values = surface(run.inputs.points, run.inputs.loss, float(run.inputs.extent))
        rows["surface"] = values.numpy().tobytes()
    return rows


def _row(path: tuple[State, ...], axis: str) -> bytes:
    return struct.pack(f"<{len(path)}f", *(getattr(state, axis) for state in path))


def loss_figure(runs: int, is_logarithmic: bool) -> dict[str, Any]:
    """The loss by step, a line for each run."""
    shared: dict[str, Any] = {"xaxis": "x", "yaxis": "y", "mode": "lines"}
    position = shared | {"name": "position", "key": "position", "hoverinfo": "skip"}
    position |= {"line": {"color": "grab", "width": 1, "dash": "dot"}}
    hover = "step %{x}<br>%{y:.4f}<extra></extra>"
    lines = [
        shared
        | {"name": name("loss", i), "key": name("loss", i), "line": RUNS[i] | {"width": 2.5}, "hovertemplate": hover}
        for i in reversed(range(runs))
    ]
    here = shared | {"name": "here", "key": "here", "mode": "markers", "hoverinfo": "skip"}
    here |= {"marker": {"color": "grab", "size": 12, "line": {"color": "surface", "width": 2}}}
    layout = {
        "xaxis": {"domain": [0.0, 1.0], "anchor": "y", "nticks": 7},
        "yaxis": {
            "domain": [0.0, 0.88],
            "anchor": "x",
            "nticks": 5,
            "type": "log" if is_logarithmic else "linear",
            "title": {"text": "mean loss by step"},
        },
    }
    return {
        "traces": [position, *lines, here],
        "wide": layout,
        "narrow": layout,
        "alt": "The mean loss over all points, by step, a line for each run.",
    }


def loss_dynamic(run: Run) -> dict[str, Any]:
    """The losses of every run, the cursor, and the ends of the axes."""
    losses = [[_finite(state.loss) for state in path] for path in run.paths]
    known = [loss for row in losses for loss in row if loss is not None]
    axis = _log_axis(known) if run.inputs.log else [0.0, _nice(max(known, default=1.0) * 1.02)]
    bottom, top = (10.0**end for end in axis) if run.inputs.log else axis
    step = run.cursor.step
    moved: dict[str, Any] = {name("loss", i): {"x": list(range(len(row))), "y": row} for i, row in enumerate(losses)}
    moved["here"] = {"x": [step], "y": [losses[0][step]]}
    moved["position"] = {"x": [step, step], "y": [bottom, top]}
    moved["axes"] = {"xaxis": [-0.5, run.inputs.steps + 0.5], "yaxis": axis}
    return moved


def _nice(value: float) -> float:
    """The next number that is 1, 2 or 5 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step for step in NICE if step * power >= value) * power


def _log_axis(values: list[float]) -> list[float]:
    positive = [value for value in values if value > 0] or [1.0]
    return [math.floor(math.log10(min(positive)) * 2) / 2 - 0.02, math.ceil(math.log10(max(positive)) * 2) / 2 + 0.02]


def data_figure() -> dict[str, Any]:
    """The points, what the neuron predicts, and each point's error."""
    shared: dict[str, Any] = {"hoverinfo": "skip"}
    edge = {"color": "surface", "width": 2}
    line = shared | {"mode": "lines"}
    dots = shared | {"mode": "markers"}
    return {
        "traces": [
            line | {"name": "error", "role": "error", "line": {"color": "broken", "width": 2}},
            line | {"name": "prediction", "role": "curve", "line": {"color": "ink", "width": 2.5}},
            dots
            | {
                "name": "seen",
                "role": "seen",
                "marker": {"color": "surface", "size": 22, "line": {"color": "grab", "width": 3}},
            },
            dots | {"name": "points", "role": "points", "marker": {"color": "value", "size": 14, "line": edge}},
        ]
    }


def data_dynamic(run: Run) -> dict[str, Any]:
    """The points' predictions and shares in the gradient; `seen` are those of the last step, where not all are."""
    cursor, points = run.cursor, run.inputs.points
    seen = sorted(set(cursor.state.batch))
    return {
        "span": span(points),
        "predictions": [_finite(one) for one in cursor.predictions],
        "shares": [[numbers.signed(w), numbers.signed(b)] for w, b in cursor.shares],
        "texts": [numbers.text(one) for one in cursor.predictions],
        "sum": [numbers.signed(cursor.dw), numbers.signed(cursor.db)],
        "seen": seen if len(seen) < len(points) else [],
    }


def sigmoid_row(run: Run) -> bytes:
    """The neuron's predictions along the axis of the points, evenly spread."""
    return sigmoid(run.cursor.state.w, run.cursor.state.b, span(run.inputs.points)).numpy().tobytes()


def span(points: tuple[Point, ...]) -> float:
    """How far the axis of the points goes, to both sides."""
    reach = max(abs(x) for x, _ in points) + ROOM
    return next((span for span in SPANS if reach <= span), SPANS[-1])


def _finite(value: float | None) -> float | None:
    """A number as JSON takes it: what is not finite is a gap."""
    return value if value is not None and math.isfinite(value) else None
