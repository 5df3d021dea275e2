"""Loss and gradient curves as one Plotly figure: what stands still is sent once, what moves is a row of numbers."""

import math
from typing import Any

from components.pages.neuron import curves
from components.pages.neuron.curves import POINTS, Sweep
from components.pages.neuron.losses import LOSSES
from components.pages.neuron.model import Inputs, Run

LOSS_RANGE = (-0.8, 21.5)
GRADIENT_RANGES = {"w": (-11.0, 11.0), "b": (-1.1, 1.1), "x": (-5.5, 5.5)}
"""The axes stand still: these hold every finite value that the sliders can reach."""

EDGE = 0.035
"""What an axis adds to a slider's range at either end, as a fraction of it."""

TANGENT = 0.16
"""Half the tangent's length, as a fraction of the plot's width."""

ROWS = ("loss", "gradient")


def figure(names: tuple[str, ...], other: str = "") -> dict[str, Any]:
    """All that stands still in sweeps over `names`: traces with their constant x, and a layout for wide and narrow.

    `other` names a second loss, whose curves are laid over those of the chosen one.
    """
    spots = [(column, row) for column in range(len(names)) for row in range(len(ROWS))]
    return {
        "names": names,
        "points": POINTS,
        "other": other,
        "losses": [(name, loss.title) for name, loss in LOSSES.items()],
        "traces": [
            trace for column, row in spots for trace in _traces(names[column], ROWS[row], _axis(column, row), other)
        ],
        "beside": _layout(names, spots, stacked=False),
        "stacked": _layout(names, spots, stacked=True),
    }


def dynamic(run: Run, names: tuple[str, ...]) -> list[dict[str, float | None]]:
    """For each swept input, where the visitor stands: `at`, `loss`, `gradient`, and `reach`, half the tangent's width.

    None stands for inf and nan: a gap.
    """
    gradients = {"w": run.dw, "b": run.db, "x": run.dx}
    return [
        {
            "at": getattr(run.inputs, name),
            "loss": _finite(run.loss),
            "gradient": _finite(gradients[name]),
            "reach": _tangent_reach(name, gradients[name]),
        }
        for name in names
    ]


def rows(sweeps: tuple[Sweep, ...]) -> bytes:
    """The curves' y-values: little-endian float32, POINTS each, loss then gradient of each sweep."""
    return b"".join(row.numpy().astype("<f4").tobytes() for sweep in sweeps for row in (sweep.loss, sweep.gradient))


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


def _tangent_reach(name: str, slope: float) -> float | None:
    """How far the tangent reaches to either side, in units of x, so that it looks equally long at every slope."""
    if not math.isfinite(slope):
        return None
    low, high = curves.RANGES[name]
    steepness = slope * (high - low) / (LOSS_RANGE[1] - LOSS_RANGE[0]) * 0.5
    return round(TANGENT * (high - low) / math.hypot(1, steepness), 4)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _label(name: str, kind: str) -> str:
    return "loss" if kind == "loss" else f"dL/d{name}"


def _traces(name: str, kind: str, axis: str, other: str) -> list[dict[str, Any]]:
    """The line where the visitor stands, the curve (over the other loss's), under the loss its tangent, the marker."""
    shared: dict[str, Any] = {
        "xaxis": f"x{axis}",
        "yaxis": f"y{axis}",
        "hoverinfo": "skip",
        "mode": "lines",
        "part": name,
        "of": kind,
    }
    colour = "value" if kind == "loss" else "gradient"
    label = _label(name, kind)
    curve = shared | _curve(name, label, "curve", {"color": colour, "width": 2.5})
    over = shared | _curve(name, f"{label} of {other}", "other", {"color": colour, "width": 1.5, "dash": "6px,4px"})
    low, high = LOSS_RANGE if kind == "loss" else GRADIENT_RANGES[name]
    position = shared | {
        "name": "position",
        "role": "position",
        "y": [low, high],
        "line": {"color": "grab", "width": 1, "dash": "dot"},
    }
    here = shared | {"name": "here", "role": "here", "mode": "markers"}
    here |= {"marker": {"color": "grab", "size": 12, "line": {"color": "surface", "width": 2}}}
    tangent = shared | {"name": "tangent", "role": "tangent", "line": {"color": "gradient", "width": 3}}
    return [position, *([over] if other else []), curve, *([tangent] if kind == "loss" else []), here]


def _curve(name: str, label: str, role: str, line: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": label,
        "role": role,
        "x": [round(float(v), 4) for v in curves.axis(name)],
        "line": line | {"simplify": False},
        "hoverinfo": "all",
        "hovertemplate": f"{name} = %{{x:.2f}}<br>{label} = %{{y:.4f}}<extra></extra>",
    }


def _axis(column: int, row: int) -> str:
    """What Plotly puts behind `x` and `y` to name a subplot's axes."""
    number = len(ROWS) * column + row + 1
    return "" if number == 1 else str(number)


def _layout(names: tuple[str, ...], spots: list[tuple[int, int]], stacked: bool) -> dict[str, Any]:
    axes: dict[str, Any] = {}
    for column, row in spots:
        name, kind, axis = names[column], ROWS[row], _axis(column, row)
        across, upwards = _domains(column, row, len(names), stacked)
        axes[f"xaxis{axis}"] = {
            "domain": across,
            "anchor": f"y{axis}",
            "range": widened(curves.RANGES[name]),
            "nticks": 6,
        }
        axes[f"yaxis{axis}"] = {
            "domain": upwards,
            "anchor": f"x{axis}",
            "range": LOSS_RANGE if kind == "loss" else GRADIENT_RANGES[name],
            "nticks": 5,
            "title": {"text": f"{_label(name, kind)} against {name}"},
        }
    return axes


def widened(span: tuple[float, float]) -> list[float]:
    """What an axis shows of a slider's range and beyond it, so that the marker is whole at both ends."""
    low, high = span
    return [low - EDGE * (high - low), high + EDGE * (high - low)]


def _domains(column: int, row: int, columns: int, stacked: bool) -> tuple[list[float], list[float]]:
    """A subplot's share of the figure's width and height, from 0 to 1."""
    if not stacked:
        share, gap = 1 / columns, 0.07
        left = column * share + (gap if column else 0.0) / 2
        return [round(left, 4), round((column + 1) * share - (gap if column + 1 < columns else 0.0) / 2, 4)], [
            [0.55, 0.92],
            [0.0, 0.37],
        ][row]
    count = 2 * columns
    place = 2 * column + row
    top = 1 - place / count
    return [0.0, 1.0], [round(top - 1 / count + 0.045, 4), round(top - 0.03, 4)]
