"""What a verdict means here, with these numbers, and what a practitioner does about it."""

from components.drawing import numbers
from components.engine.check import VERDICTS, Verdict
from components.engine.losses import EPSILON
from components.engine.neuron import Run

REMEDY = "In practice: binary_cross_entropy_with_logits, which never forms 1 − ŷ."


def worse(a: Verdict, b: Verdict) -> Verdict:
    """The one of two verdicts that has more to say."""
    return max(a, b, key=VERDICTS.index)


def sentences(run: Run, found: Verdict, apart: int | None) -> str:
    """One to three sentences about a run's gradients; `apart` is autograd's distance from the closed form in ulps."""
    if found == "identical":
        return f"Autograd gives the closed form’s nearest {run.inputs.dtype}, to the last digit."
    if found == "rounding":
        return (
            f"{'One ulp' if apart == 1 else f'{apart} ulps'} from the closed form: every operation rounds to"
            f" {run.inputs.dtype}, and each way of computing rounds at other places."
        )
    return {"undefined": _undefined, "clamped": _clamped, "saturated": _saturated}[found](run)


def _undefined(run: Run) -> str:
    dtype = run.inputs.dtype
    effect = "0 · −∞ is nan, though the prediction is right" if run.inputs.y == 1 else "the loss is ∞, and 0 · ∞ is nan"
    return f"In {dtype}, 1 − 1e−8 is 1: the clamp lets ŷ = 1 through, log(1 − p) is −∞, {effect}. {REMEDY}"


def _clamped(run: Run) -> str:
    limit = "below 1e−8" if run.y_pred < EPSILON else "above 1 − 1e−8"
    unaware = f" The factors by hand do not know the clamp: {numbers.signed(run.by_hand.dw)}."
    cut = f"ŷ is {limit}, where the clamp is flat: torch passes back exactly 0."
    return f"{cut}{'' if run.by_hand.dw == 0 else unaware} {REMEDY}"


def _saturated(run: Run) -> str:
    if run.inputs.loss == "logits":
        return (
            f"σ(z) and y agree in half of their digits or more, and subtracting them leaves {numbers.signed(run.db)}."
            " The prediction is right and the true gradient tiny: nothing is lost by it."
        )
    slope = numbers.text(run.by_hand.dy_pred_dz)
    if run.by_hand.dy_pred_dz == 0:
        flat = f"ŷ is exactly {numbers.factor(run.y_pred)}, where σ is flat"
        cause = f"In {run.inputs.dtype}, {flat}: its slope 0 stops every gradient."
    else:
        cause = f"σ is nearly flat here, with slope {slope}: 1 − ŷ has lost half of its digits or more."
    return f"{cause} {REMEDY}"
