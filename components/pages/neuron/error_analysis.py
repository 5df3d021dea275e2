"""The step of a difference quotient, and the way from the loss back to z: a figure, and mathematics with numbers."""

import math
from typing import Any

from components.drawing import numbers
from components.drawing.explain import gradient, value
from components.losses import LOSSES
from components.pages.neuron.diagnosis import Diagnosis, central_differences
from components.pages.neuron.model import Run

STEPS = tuple(10.0 ** (exponent / 4) for exponent in range(-52, 1))
"""Steps from 1e-13 to 1 at which the central difference's error is shown."""

ERROR_RANGE = (-18.0, 2.0)
"""Powers of ten on the error's axis."""


def figure() -> dict[str, Any]:
    """All that stands still in the plot of the error against h: traces without numbers, log axes."""
    h = [float(f"{step:.4g}") for step in STEPS]
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


def dynamic(diagnosis: Diagnosis) -> dict[str, Any]:
    """The errors at every step (None for a gap on a log axis: 0, inf, nan), the one at `h`, and the lines of maths."""
    h = diagnosis.run.inputs.h
    (*dw, here), (*db, _) = difference_errors(diagnosis, (*STEPS, float(h)))
    return {"h": h, "dw": dw, "db": db, "here": [float(h), here], "lines": derivation(diagnosis.run)}


def difference_errors(diagnosis: Diagnosis, steps: tuple[float, ...]) -> list[list[float | None]]:
    """How far the central differences by w and by b are from the closed form, for each step, on a log axis."""
    if diagnosis.truth is None:
        return [[None] * len(steps)] * 2
    differences = central_differences(diagnosis.run.inputs, steps).tolist()
    pairs = zip(differences, diagnosis.truth, strict=True)
    return [[_on_log_axis(abs(number - truth)) for number in row] for row, truth in pairs]


def derivation(run: Run) -> list[dict[str, str]]:
    """How the gradient at z comes about, step by step, in symbols and with this run's numbers."""
    if LOSSES[run.inputs.loss].takes_logits:
        return _derivation_from_z(run)
    steps, y = LOSSES[run.inputs.loss].derivation, numbers.factor(run.inputs.y)
    y_pred, pull = value(run.y_pred), gradient(run.by_hand.dL_dy_pred)
    in_symbols, in_numbers = steps.dL_dy_pred.format(y_pred="ŷ", y="y"), steps.dL_dy_pred.format(y_pred=y_pred, y=y)
    slope = f"{y_pred}·(1 − {y_pred}) = {numbers.text(run.by_hand.dy_pred_dz)}"
    label, product = steps.product
    last, remark = steps.remark
    return [
        {"label": "the loss pulls at ŷ", "math": f"∂L/∂ŷ = {in_symbols} = {in_numbers} = {pull}"},
        {"label": "σ passes on its slope’s share", "math": f"∂ŷ/∂z = ŷ·(1 − ŷ) = {slope}"},
        {"label": label, "math": f"∂L/∂z = {product}"},
        {"label": "torch’s answer here", "math": f"∂L/∂z = {gradient(run.db)}"},
        {"label": last, "math": remark.format(y_pred=y_pred, y=y, error=gradient(run.y_pred - run.inputs.y))},
    ]


def _derivation_from_z(run: Run) -> list[dict[str, str]]:
    """The same where the loss takes z, and nothing is divided by ŷ·(1 − ŷ)."""
    y_pred, y = value(run.y_pred), numbers.factor(run.inputs.y)
    error = gradient(run.y_pred - run.inputs.y)
    return [
        {"label": "the loss takes z, not ŷ", "math": "L = max(z, 0) − z·y + log(1 + e^(−|z|))"},
        {"label": "its derivative by z", "math": f"∂L/∂z = σ(z) − y = {y_pred} − {y} = {error}"},
        {"label": "torch’s answer here", "math": f"∂L/∂z = {gradient(run.db)}"},
    ]


def _on_log_axis(error: float) -> float | None:
    return float(f"{error:.4g}") if math.isfinite(error) and error > 0 else None
