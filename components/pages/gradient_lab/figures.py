"""`x.grad` after each press as a Plotly figure; the calls stand below it."""

import math
from typing import Any

from components.graph.model import Number
from components.pages.gradient_lab.model import EXPERIMENTS

LEAST_SHOWN = 8
"""Presses that the axis has room for from the start."""

ALT = "x.grad after each press; where torch holds none, the word None stands instead of a point."
LONGEST = {"wide": 96, "narrow": 40}
"""Characters that all calls together may take below the axis."""


def figure(experiment: str, run: tuple[str, ...]) -> dict[str, Any]:
    """All that stands still while x moves: traces without their points, and the axes with the calls."""
    return {
        "traces": [
            {
                "key": "grads",
                "name": "x.grad",
                "mode": "lines+markers",
                "line": {"color": "gradient", "width": 2.5, "shape": "hv"},
                "marker": {"color": "gradient", "size": 9},
                "hovertemplate": "x.grad = %{y}<extra></extra>",
            },
            {"key": "none", "name": "None", "mode": "text", "textposition": "top center", "hoverinfo": "skip"},
            {
                "key": "here",
                "name": "here",
                "mode": "markers",
                "marker": {"color": "grab", "size": 15, "line": {"color": "surface", "width": 2}},
                "hoverinfo": "skip",
            },
        ],
        "wide": _layout(experiment, run, LONGEST["wide"]),
        "narrow": _layout(experiment, run, LONGEST["narrow"]),
        "alt": ALT,
    }


def dynamic(history: tuple[Number, ...]) -> dict[str, dict[str, list[Any]]]:
    """The points, by the trace's key; where there is no number is a gap, and the word None on the axis."""
    grads = [grad if isinstance(grad, float) and math.isfinite(grad) else None for grad in history]
    none = [press for press, grad in enumerate(history) if grad is None]
    last = len(grads) - 1
    return {
        "grads": {"x": list(range(len(grads))), "y": grads},
        "none": {"x": none, "y": [0] * len(none), "text": ["None"] * len(none)},
        "here": {"x": [last], "y": [grads[last]]},
    }


def _layout(experiment: str, run: tuple[str, ...], room: int) -> dict[str, Any]:
    calls = ["start", *(EXPERIMENTS[experiment].presses[name].call for name in run)]
    shown = max(LEAST_SHOWN, len(run))
    longest = room // (shown + 1)
    return {
        "xaxis": {
            "range": [-0.5, shown + 0.5],
            "tickvals": list(range(len(calls))) if longest > 2 else [],
            "ticktext": [call if len(call) <= longest else call[: longest - 1] + "…" for call in calls],
            "tickangle": 0,
            "zeroline": False,
        },
        "yaxis": {
            "title": {"text": "x.grad after each press"},
            "domain": [0, 0.86],
            "rangemode": "tozero",
            "zerolinewidth": 2,
            "nticks": 5,
        },
    }
