"""Loss and gradient curves as one Plotly figure: what stands still is sent once, what moves is a row of numbers."""

import math
from typing import Any, NamedTuple

from components.drawing.figure import widened
from components.graph.model import Seen
from components.losses import LOSSES
from components.pages.neuron import curves
from components.pages.neuron.curves import POINTS, Sweep
from components.pages.neuron.model import Inputs, Run

Range = tuple[float, float]

MARGIN = 1.1
"""A gradient's axis in units of the steepest gradient that the sliders can reach."""

TANGENT = 0.16
"""Half the tangent's length, as a fraction of the plot's width."""

ROWS = ("loss", "gradient")

_FACTORS = {"w": "x", "b": "", "x": "w"}
"""By swept input: the one that its gradient is in proportion to."""


class _Subplot(NamedTuple):
    """One pair of axes: the curve of a `kind` (loss or gradient) against an input, `axis` as Plotly numbers it."""

    name: str
    kind: str
    axis: str
    range: Range

    @property
    def label(self) -> str:
        return "loss" if self.kind == "loss" else f"dL/d{self.name}"


def figure(names: tuple[str, ...], loss: str, other: str = "") -> dict[str, Any]:
    """All that stands still in sweeps over `names`: traces with their constant x, and a layout for wide and narrow.

    `loss` is the chosen one, whose values the axes hold; `other` names a second one, whose curves are laid over its.
    """
    shown = (loss, other) if other else (loss,)
    places = [(name, kind) for name in names for kind in ROWS]
    subplots = [_subplot(number, *place, shown) for number, place in enumerate(places, 1)]
    return {
        "names": names,
        "points": POINTS,
        "other": other,
        "losses": [(name, loss.title) for name, loss in LOSSES.items()],
        "traces": [trace for subplot in subplots for trace in _traces(subplot, other)],
        "beside": _layout(subplots, stacked=False),
        "stacked": _layout(subplots, stacked=True),
    }


def _subplot(number: int, name: str, kind: str, losses: tuple[str, ...]) -> _Subplot:
    span = loss_range(*losses) if kind == "loss" else gradient_range(name, *losses)
    return _Subplot(name, kind, "" if number == 1 else str(number), span)


def loss_range(*losses: str) -> Range:
    """The axis that holds the values of all these losses. It stands still."""
    lows, highs = zip(*(LOSSES[loss].loss_range for loss in losses), strict=True)
    return min(lows), max(highs)


def gradient_range(name: str, *losses: str) -> Range:
    """The axis that holds every finite gradient by an input that the sliders can reach. It stands still."""
    factor = curves.RANGES[_FACTORS[name]][1] if _FACTORS[name] else 1.0
    end = round(MARGIN * factor * max(LOSSES[loss].steepest for loss in losses), 4)
    return -end, end


def dynamic(run: Run, names: tuple[str, ...], reached: Seen | None = None) -> list[dict[str, float | None]]:
    """For each swept input, where the visitor stands: `at`, `loss`, `gradient`, and `reach`, half the tangent's width.

    None stands for inf and nan, and for what a walk has not `reached` (None: all is known): a gap.
    """
    gradients = {"w": run.dw, "b": run.db, "x": run.dx}
    if reached:
        known = reached.gradients - {"x"}  # which is not tracked: no step of the walk brings its gradient
        gradients = {name: slope if name in known else math.nan for name, slope in gradients.items()}
    loss = run.loss if reached is None or "loss" in reached.values else math.nan
    span = loss_range(*filter(None, (run.inputs.loss, run.inputs.other)))
    return [
        {
            "at": getattr(run.inputs, name),
            "loss": _finite(loss),
            "gradient": _finite(gradients[name]),
            "reach": _tangent_reach(name, gradients[name], span),
        }
        for name in names
    ]


def rows(sweep: Sweep) -> dict[str, bytes]:
    """The y-values of a sweep's two curves, by name: little-endian float32, whatever dtype they were computed in."""
    values = zip(ROWS, (sweep.loss, sweep.gradient), strict=True)
    return {name: row.numpy().astype("<f4").tobytes() for name, row in values}


def stretches(sweep: Sweep, inputs: Inputs) -> list[tuple[str, float, float]]:
    """Where the loss is inf or nan or its gradient dead: kind, from, to, each end halfway to the next point."""
    return [
        (run.kind, _between(sweep.over, run.first - 0.5), _between(sweep.over, run.last + 0.5))
        for run in curves.stretches(sweep, inputs)
    ]


def _between(name: str, point: float) -> float:
    """The value of an input at a point of its axis, or halfway to the next one, within its range."""
    low, high = curves.RANGES[name]
    return round(min(max(low + (high - low) * point / (POINTS - 1), low), high), 4)


def _tangent_reach(name: str, slope: float, span: Range) -> float | None:
    """How far the tangent reaches to either side, in units of x, so that it looks equally long at every slope."""
    if not math.isfinite(slope):
        return None
    low, high = curves.RANGES[name]
    steepness = slope * (high - low) / (span[1] - span[0]) * 0.5
    return round(TANGENT * (high - low) / math.hypot(1, steepness), 4)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _traces(subplot: _Subplot, other: str) -> list[dict[str, Any]]:
    """The line where the visitor stands, the curve (over the other loss's), under the loss its tangent, the marker."""
    shared: dict[str, Any] = {
        "xaxis": f"x{subplot.axis}",
        "yaxis": f"y{subplot.axis}",
        "hoverinfo": "skip",
        "mode": "lines",
        "part": subplot.name,
        "of": subplot.kind,
    }
    colour, label = "value" if subplot.kind == "loss" else "gradient", subplot.label
    curve = shared | _curve(subplot.name, label, "curve", {"color": colour, "width": 2.5})
    dashed = {"color": colour, "width": 1.5, "dash": "6px,4px"}
    over = shared | _curve(subplot.name, f"{label} of {other}", "other", dashed)
    position = shared | {
        "name": "position",
        "role": "position",
        "y": list(subplot.range),
        "line": {"color": "grab", "width": 1, "dash": "dot"},
    }
    here = shared | {"name": "here", "role": "here", "mode": "markers"}
    here |= {"marker": {"color": "grab", "size": 12, "line": {"color": "surface", "width": 2}}}
    tangent = shared | {"name": "tangent", "role": "tangent", "line": {"color": "gradient", "width": 3}}
    return [position, *([over] if other else []), curve, *([tangent] if subplot.kind == "loss" else []), here]


def _curve(name: str, label: str, role: str, line: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": label,
        "role": role,
        "x": [round(float(v), 4) for v in curves.axis(name)],
        "line": line | {"simplify": False},
        "hoverinfo": "all",
        "hovertemplate": f"{name} = %{{x:.2f}}<br>{label} = %{{y:.4f}}<extra></extra>",
    }


def _layout(subplots: list[_Subplot], stacked: bool) -> dict[str, Any]:
    axes: dict[str, Any] = {}
    for place, subplot in enumerate(subplots):
        across, upwards = _stacked(place, len(subplots)) if stacked else _beside(place, len(subplots))
        axes[f"xaxis{subplot.axis}"] = {
            "domain": across,
            "anchor": f"y{subplot.axis}",
            "range": widened(curves.RANGES[subplot.name]),
            "nticks": 6,
        }
        if subplot.kind != "loss":
            axes[f"xaxis{subplot.axis}"]["matches"] = f"x{subplots[place - 1].axis}"
        axes[f"yaxis{subplot.axis}"] = {
            "domain": upwards,
            "anchor": f"x{subplot.axis}",
            "range": subplot.range,
            "nticks": 5,
            "title": {"text": f"{subplot.label} against {subplot.name}"},
        }
    return axes


Domains = tuple[list[float], list[float]]
"""A subplot's share of the figure's width and height, from 0 to 1."""


def _beside(place: int, count: int) -> Domains:
    """A column for each input, the loss above its gradient."""
    column, row = divmod(place, len(ROWS))
    columns, gap = count // len(ROWS), 0.07
    left = column / columns + (gap if column else 0.0) / 2
    right = (column + 1) / columns - (gap if column + 1 < columns else 0.0) / 2
    return [round(left, 4), round(right, 4)], [[0.55, 0.92], [0.0, 0.37]][row]


def _stacked(place: int, count: int) -> Domains:
    """All subplots below each other."""
    top = 1 - place / count
    return [0.0, 1.0], [round(top - 1 / count + 0.045, 4), round(top - 0.03, 4)]
