"""What a verdict means here, with these numbers, and what a practitioner does about it."""

import math

from components.drawing import numbers
from components.pages.neuron import diagnosis as check
from components.pages.neuron.diagnosis import VERDICTS, Verdict
from components.pages.neuron.losses import EPSILON
from components.pages.neuron.model import Run

REMEDY = "In practice: binary_cross_entropy_with_logits, which takes z, not ŷ."
HARMLESS = "The prediction is right and the true gradient tiny: nothing is lost by it."
LOST = "1 − ŷ has lost half of its digits or more"

FEW = 10
"""Ulps that need no other reason than that every operation rounds."""


def worse(a: Verdict, b: Verdict) -> Verdict:
    """The one of two verdicts that has more to say."""
    return max(a, b, key=VERDICTS.index)


def sentences(run: Run, found: Verdict, apart: int | None) -> str:
    """One to three sentences about a run's gradients; `apart` is autograd's distance from the closed form in ulps."""
    if found == "identical":
        return f"Autograd gives the closed form’s nearest {run.inputs.dtype}, to the last digit."
    if found == "rounding":
        return _rounding(run, apart or 1)
    return {"undefined": _undefined, "clamped": _clamped, "saturated": _saturated}[found](run)


def _rounding(run: Run, apart: int) -> str:
    dtype = run.inputs.dtype
    if apart <= FEW:
        return (
            f"{'One ulp' if apart == 1 else f'{apart} ulps'} from the closed form: every operation rounds to {dtype},"
            " and each way of computing rounds at other places."
        )
    alike = f"agree in {_digits(apart, dtype)} digits ({numbers.distance(apart)} ulps apart)"
    if check.is_moved_by_z(run):
        why = f"rounding w, x, b and z to {dtype} already changes ŷ − y in the digits after these. It is harmless."
    else:
        why = "ŷ is near y, and ŷ − y keeps only the digits in which the two differ. It is harmless: ŷ is right."
    return f"Autograd and the closed form {alike}: {why}"


def _digits(apart: int, dtype: str) -> int:
    """How many decimal digits two numbers have in common that are so many ulps apart."""
    return math.floor(-math.log10(apart * check.EPS[dtype]))


def _is_right(run: Run) -> bool:
    return abs(run.y_pred - run.inputs.y) < 0.5


def _consequence(run: Run) -> str:
    return HARMLESS if _is_right(run) else REMEDY


def _undefined(run: Run) -> str:
    dtype = run.inputs.dtype
    effect = "and 0 · −∞ is nan, though the prediction is right" if run.inputs.y else "the loss is ∞, and 0 · ∞ is nan"
    return f"In {dtype}, 1 − 1e−8 is 1: the clamp lets ŷ = 1 through, log(1 − p) is −∞, {effect}. {REMEDY}"


def _clamped(run: Run) -> str:
    limit = "below 1e−8" if run.y_pred < EPSILON else "above 1 − 1e−8"
    by_hand = _reported_gradient(run, run.by_hand.dw, run.by_hand.db)
    unaware = "dividing by ŷ(1 − ŷ) = 0" if math.isnan(by_hand) else "without the clamp"
    cut = f"ŷ is {limit}, where the clamp is flat: torch passes back exactly 0"
    return f"{cut} (by hand, {unaware}: {numbers.signed(by_hand)}). {_consequence(run)}"


def _saturated(run: Run) -> str:
    if run.inputs.loss == "logits":
        left = numbers.signed(run.db)
        return f"σ(z) and y agree in half of their digits or more, and subtracting them leaves {left}. {HARMLESS}"
    if run.by_hand.dy_pred_dz == 0:
        cap = "" if _is_right(run) else "log(1 − ŷ) is capped at −100, and "
        cause = f"In {run.inputs.dtype}, ŷ is exactly {numbers.factor(run.y_pred)}: {cap}σ, flat there, passes back 0"
    elif check.is_floored(run):
        lost = f"{LOST}, and " if check.is_flat(run) else ""
        cause = f"{lost}binary_cross_entropy divides by at least 1e−12, not by ŷ(1 − ŷ) = {_slope(run)}"
    else:
        cause = f"σ is nearly flat here, with slope {_slope(run)}: {LOST}"
    return f"{cause}{_instead(run)}. {_consequence(run)}"


def _slope(run: Run) -> str:
    return numbers.text(run.by_hand.dy_pred_dz)


def _instead(run: Run) -> str:
    """Torch's gradient beside the true one, where the loss would still have to fall."""
    if _is_right(run):
        return ""
    got, truth = _reported_gradient(run, run.dw, run.db), _reported_gradient(run, *check.exact_gradients(run.inputs))
    return f", so ∂L/∂{'w' if run.inputs.x else 'b'} is {numbers.signed(got)}, not {numbers.signed(truth)}"


def _reported_gradient(run: Run, dw: float, db: float) -> float:
    """The gradient by w, or by b where x is 0 and w has none."""
    return dw if run.inputs.x else db
