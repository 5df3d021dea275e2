"""The step of a difference quotient and the cancellation behind ŷ − y: figures and mathematics with the numbers in."""

import math
from typing import Any

from components.drawing import numbers
from components.drawing.explain import gradient, value
from components.pages.neuron import diagnosis as check
from components.pages.neuron.model import Run

ERROR_RANGE = (-18.0, 2.0)
"""Powers of ten on the error's axis."""


def figure() -> dict[str, Any]:
    """All that stands still in the plot of the error against h: traces without numbers, log axes."""
    h = [float(f"{step:.4g}") for step in check.STEPS]
    shared = {"mode": "lines+markers", "marker": {"size": 5}}
    here = {"name": "here", "mode": "markers", "marker": {"size": 13, "color": "grab"}}
    traces = [
        shared | {"name": "dL/dw", "x": h, "line": {"color": "gradient", "width": 2.5}},
        shared | {"name": "dL/db", "x": h, "line": {"color": "value", "width": 2.5, "dash": "dot"}},
        here,
    ]
    layout = {
        "xaxis": {"type": "log", "title": {"text": "step h"}, "range": [-13.2, 0.2], "exponentformat": "power"},
        "yaxis": {
            "type": "log",
            "title": {"text": "distance from the closed form"},
            "range": list(ERROR_RANGE),
            "exponentformat": "power",
        },
    }
    return {"traces": traces, "layout": layout}


def dynamic(run: Run, h: str) -> dict[str, Any]:
    """The errors at every step (None for a gap on a log axis: 0, inf, nan), the one at `h`, and the lines of maths."""
    by_w, by_b = check.difference_errors(run.inputs, check.STEPS)
    here_w, _ = check.difference_errors(run.inputs, (float(h),))
    return {
        "h": h,
        "dw": [_on_log_axis(error) for error in by_w],
        "db": [_on_log_axis(error) for error in by_b],
        "here": [float(h), _on_log_axis(here_w[0])],
        "lines": cancellation(run),
    }


def cancellation(run: Run) -> list[dict[str, str]]:
    """Why the gradient at z is ŷ − y, step by step, in symbols and with this run's numbers."""
    hand, y = run.by_hand, numbers.factor(run.inputs.y)
    p, dz = value(run.y_pred), gradient(run.db)
    slope = f"{p}·(1 − {p}) = {numbers.text(hand.dy_pred_dz)}"
    return [
        {
            "label": "the loss pulls at ŷ",
            "math": f"∂L/∂ŷ = (ŷ − y) / (ŷ·(1 − ŷ)) = ({p} − {y}) / ({p}·(1 − {p})) = {gradient(hand.dL_dy_pred)}",
        },
        {"label": "σ passes on its slope’s share", "math": f"∂ŷ/∂z = ŷ·(1 − ŷ) = {slope}"},
        {"label": "in the product, ŷ·(1 − ŷ) cancels", "math": "∂L/∂z = (ŷ − y) / (ŷ·(1 − ŷ))·ŷ·(1 − ŷ) = ŷ − y"},
        {"label": "torch’s answer here", "math": f"∂L/∂z = {dz}"},
        {
            "label": "with_logits never divides by ŷ·(1 − ŷ)",
            "math": 'L = max(z, 0) − z·y + log(1 + e^(−|z|)) "," ∂L/∂z = σ(z) − y',
        },
    ]


def _on_log_axis(error: float) -> float | None:
    return float(f"{error:.4g}") if math.isfinite(error) and error > 0 else None
