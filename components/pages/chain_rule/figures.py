"""The chain's curves as one Plotly figure, sent once; what moves on it; and what is said about the three answers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.drawing import numbers
from components.drawing.figure import widened
from components.graph.model import Seen
from components.pages.chain_rule import model as chain
from components.pages.chain_rule.model import Run

TANGENT = 0.13
"""Half a tangent's length, as a fraction of its plot's width."""

GAP = 0.075

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """One subplot: its heading, the range of its y-axis, and its place (column, row)."""

    heading: str
    range: Range
    place: tuple[int, int]


SPOTS = {
    "y": Spot("y = x²", (-12.0, 110.0), (0, 0)),
    "dy": Spot("dy/dx = 2x", (-23.0, 23.0), (0, 1)),
    "z": Spot("z = sin(x²)", (-1.5, 1.5), (1, 0)),
    "dz": Spot("dz/dx, and the notebook’s answer, dashed", (-23.0, 23.0), (1, 1)),
}
"""By name, in the order of the axes."""

SHOWN = {"z": ("y", "dy", "z", "dz"), "y": ("y", "dy")}
"""The subplots of each result."""

BORDER = 0.5
WINDOWS = ((-4.5, 4.5), (3.5, 6.5), (5.5, 8.5), (7.5, 10.5), (-6.5, -3.5), (-8.5, -5.5), (-10.5, -7.5))
"""Stretches of x in which the slope of sin(x²) can be seen; each shows a BORDER on either side of where x may be."""

ALT = {
    "z": "Curves of y = x² and its derivative over x from −10 to 10, of z = sin(x²) and its derivative around x, with"
    " tangents where x stands; over dz/dx, dashed, the notebook’s answer, and a ring wherever the two cross.",
    "y": "Curves of y = x² and its derivative over x from −10 to 10, with the tangent where x stands.",
}


def window(x: float) -> Range:
    """The stretch of x that is shown of the waves: the first in whose middle x is."""
    return next(ends for ends in WINDOWS if ends[0] + BORDER <= x <= ends[1] - BORDER)


def figure(result: str) -> dict[str, Any]:
    """All that stands still: traces (a `span` has its x evenly spread), and a layout for wide and narrow places."""
    shown = SHOWN[result]
    return {
        "traces": [trace for name in shown for trace in _traces(name, _axis(shown.index(name)))],
        "wide": _layout(shown, stacked=False),
        "narrow": _layout(shown, stacked=True),
        "alt": ALT[result],
    }


Places = dict[str, list[float | None]]
"""Where a trace's points are: its x and y; None: not drawn."""


def dynamic(run: Run, reached: Seen | None = None) -> dict[str, Any]:
    """Where the markers, tangents and lines through them are now, by the trace's key; `axes` are ranges by axis.

    What a walk has not `reached` (None: all is known) is not drawn.
    """
    x = run.inputs.x
    heights = {"y": run.y, "dy": run.dy_dx, "z": run.z, "dz": run.dz_dx}
    slopes = {"y": run.dy_dx, "z": run.dz_dx}
    known = _known(reached)
    moved: dict[str, Any] = {}
    for name in SHOWN[run.inputs.result]:
        moved[f"here {name}"] = _drawn({"x": [x], "y": [heights[name]]}, name in known)
        moved[f"position {name}"] = {"x": [x, x]}
        if name in slopes:
            moved[f"tangent {name}"] = _drawn(_tangent(name, x, heights[name], slopes[name]), f"d{name}" in known)
    if run.inputs.result == "z":
        moved["summed"] = _drawn({"x": [x], "y": [run.dz_dx_by_notebook]}, "dz" in known)
        moved["axes"] = {f"xaxis{_axis(SHOWN['z'].index(name))}": widened(window(x)) for name in ("z", "dz")}
    return moved


def _known(reached: Seen | None) -> frozenset[str]:
    """The subplots whose height a walk has come to: slopes are known once x has its gradient."""
    if reached is None:
        return frozenset(SPOTS)
    return reached.values | (frozenset({"dy", "dz"}) if "x" in reached.gradients else frozenset())


def _drawn(places: Mapping[str, list[float]], is_known: bool) -> Places:
    return {"x": [*places["x"]], "y": [*places["y"]] if is_known else [None] * len(places["y"])}


def sentence(run: Run) -> str:
    """What the chain does here, in one sentence."""
    first = f"y {_moves(run.dy_dx, 'x')}"
    if run.inputs.result == "y":
        return f"{first}: the nearer x is to 0, the slower."
    factors = f"{numbers.factor(run.dy_dx)} × {_bracketed(run.dz_dy)} = {numbers.text(run.dz_dx)}"
    return f"{first}, z {_moves(run.dz_dy, 'y')}; so z moves {factors} times as fast as x."


def meeting(run: Run) -> str:
    """Where adding and multiplying give the same: beside the slider, or else on the whole axis."""
    near = chain.meeting_near(run.inputs.x)
    if near is not None:
        both = numbers.text(chain.by_hand(near))
        return f"Close by, at x = {numbers.text(near)}, sum and product are equal by accident: both are {both}."
    times = len(chain.crossings())
    return f"Sum and product are equal by accident at {times} places left of 0 (the rings), at none right of it."


def _moves(slope: float, other: str) -> str:
    if slope == 0:
        return f"stands still while {other} moves"
    return f"moves as fast as {other}" if slope == 1 else f"moves {numbers.factor(slope)} times as fast as {other}"


def _bracketed(slope: float) -> str:
    said = numbers.factor(slope)
    return f"({said})" if slope < 0 else said


def _tangent(name: str, x: float, height: float, slope: float) -> dict[str, list[float]]:
    """Both ends of the tangent, equally far apart at every slope."""
    (low, high), (bottom, top) = window(x) if name == "z" else chain.RANGE, SPOTS[name].range
    steepness = slope * (high - low) / (top - bottom) * 0.5
    reach = TANGENT * (high - low) / math.hypot(1, steepness)
    return {"x": [x - reach, x + reach], "y": [height - reach * slope, height + reach * slope]}


def _traces(name: str, axis: str) -> list[dict[str, Any]]:
    shared: dict[str, Any] = {"xaxis": f"x{axis}", "yaxis": f"y{axis}", "hoverinfo": "skip", "mode": "lines"}
    dots = shared | {"mode": "markers"}
    position = shared | {"name": "position", "key": f"position {name}", "y": list(SPOTS[name].range)}
    position |= {"line": {"color": "grab", "width": 1, "dash": "dot"}}
    here = dots | {"name": "here", "key": f"here {name}"}
    here |= {"marker": {"color": "grab", "size": 12, "line": {"color": "surface", "width": 2}}}
    traces = [position, *(shared | curve for curve in _curves(name))]
    if name in ("y", "z"):
        line = {"color": "gradient", "width": 3}
        return [*traces, shared | {"name": "tangent", "key": f"tangent {name}", "line": line}, here]
    if name == "dz":
        summed = dots | {"name": "the notebook here", "key": "summed"}
        summed |= {"marker": {"color": "broken", "size": 10, "line": {"color": "surface", "width": 2}}}
        return [*traces, dots | _crossings(), summed, here]
    return [*traces, here]


def _curves(name: str) -> list[dict[str, Any]]:
    curves = chain.curves()
    found: dict[str, list[dict[str, Any]]] = {
        "y": [_curve("y", curves.y.tolist(), "value")],
        "dy": [_curve("dy/dx", curves.dy_dx.tolist(), "gradient")],
        "z": [_curve("z", curves.z.tolist(), "value")],
        "dz": [
            _curve("dz/dx", curves.dz_dx.tolist(), "gradient"),
            _curve("the notebook’s answer", curves.dz_dx_by_notebook.tolist(), "broken", dash="5px,3px"),
        ],
    }
    return found[name]


def _curve(name: str, values: list[float], colour: str, dash: str = "solid") -> dict[str, Any]:
    return {
        "name": name,
        "role": "curve",
        "span": chain.RANGE,
        "y": [float(f"{value:.5g}") for value in values],
        "line": {"color": colour, "width": 2, "dash": dash, "simplify": False},
        "hoverinfo": "all",
        "hovertemplate": f"x = %{{x:.2f}}<br>{name} = %{{y:.4f}}<extra></extra>",
    }


def _crossings() -> dict[str, Any]:
    """A ring wherever adding and multiplying happen to give the same."""
    at = chain.crossings()
    return {
        "name": "they meet",
        "role": "curve",
        "x": [round(x, 4) for x in at],
        "y": [round(chain.by_hand(x), 4) for x in at],
        "marker": {"color": "surface", "size": 7, "line": {"color": "ink", "width": 1.5}},
        "hoverinfo": "all",
        "hovertemplate": "they meet at x = %{x:.4f}<br>both %{y:.4f}<extra></extra>",
    }


def _axis(number: int) -> str:
    """What Plotly puts behind `x` and `y` to name a subplot's axes."""
    return "" if number == 0 else str(number + 1)


def _layout(shown: tuple[str, ...], stacked: bool) -> dict[str, Any]:
    axes: dict[str, Any] = {}
    for number, name in enumerate(shown):
        spot, axis = SPOTS[name], _axis(number)
        across, upwards = _stacked(number, len(shown)) if stacked else _beside(spot.place, len(shown) > 2)
        axes[f"xaxis{axis}"] = {"domain": across, "anchor": f"y{axis}", "range": widened(chain.RANGE), "nticks": 6}
        axes[f"yaxis{axis}"] = {
            "domain": upwards,
            "anchor": f"x{axis}",
            "range": list(spot.range),
            "nticks": 5,
            "title": {"text": spot.heading},
        }
    return axes


def _beside(place: tuple[int, int], two: bool) -> tuple[list[float], list[float]]:
    """A subplot's share of the figure's width and height, from 0 to 1: the second column, full of waves, is wider."""
    column, row = place
    middle = 0.34
    across = ([0.0, middle] if column == 0 else [middle + GAP, 1.0]) if two else [0.0, 1.0]
    return across, [[0.55, 0.92], [0.0, 0.37]][row]


def _stacked(number: int, count: int) -> tuple[list[float], list[float]]:
    top = 1 - number / count
    return [0.0, 1.0], [round(top - (1 - 0.12) / count, 4), round(top - 0.13 / count, 4)]
