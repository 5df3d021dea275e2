"""The chosen loss's formulas, four answers for each gradient, and what a verdict means here, with these numbers."""

import math
from typing import Any

from components.drawing import numbers
from components.losses import LOSSES, Faults
from components.pages.neuron import diagnosis as check
from components.pages.neuron.diagnosis import ByParameter, Diagnosis
from components.pages.neuron.model import Inputs, Run
from components.precision import EPS, TINY, ulp_distance, ulp_distances

WARNINGS = ("clamped", "saturated", "undefined")
"""Verdicts on gradients that are not to be trusted."""

HIDDEN_REMARK = {"text": "", "isWarning": False}

NOT_JUDGED = "This loss has no closed form here: nothing to judge the gradients by."

FACTORS_NOTE = "By hand, over ŷ. This loss itself starts from z, and never divides:"

FEW = 10
"""Ulps that need no other reason than that every operation rounds."""

SURE = 0.95
"""The distance of ŷ from the other label above which a wrong prediction is a sure one."""


UNDECIDED = 0.05
"""The distance of ŷ from one half below which a prediction is none."""

STEPS = {"w": 0.01, "b": 0.1}
"""A step of each slider."""


def formulas(inputs: Inputs) -> dict[str, str]:
    """The chosen loss's mathematics: the loss at this label, its derivative by hand, what the way back to z shows."""
    loss = LOSSES[inputs.loss]
    return {
        "loss_form": loss.formulas[int(inputs.y)],
        "dL_dy_pred_form": loss.derivation.dL_dy_pred.format(y_pred="ŷ", y="y"),
        "derivation_title": loss.derivation.title,
        "factors_note": FACTORS_NOTE if loss.takes_logits else "",
    }


def answers(diagnosis: Diagnosis) -> dict[str, tuple[str, str]]:
    """Readouts of each gradient by autograd, by hand and by central difference; by the closed form, if there is one,
    with everybody's distance from it and the verdict.
    """
    run = diagnosis.run
    by_w, by_b = check.central_differences(run.inputs, (float(run.inputs.h),))
    pairs = {"autograd": (run.dw, run.db), "manual": (run.by_hand.dw, run.by_hand.db)}
    pairs["numeric"] = (by_w.item(), by_b.item())
    if diagnosis.truth:
        pairs["exact"] = diagnosis.truth
    readouts = {
        f"{name}_{of}": (numbers.exact(number), numbers.long(number))
        for name, pair in pairs.items()
        for of, number in zip(("dw", "db"), pair, strict=True)
    }
    return readouts | _distances(diagnosis, pairs)


WAYS = ("autograd", "manual", "numeric", "exact")
"""How each gradient is found: in this order its answers stand below each other."""


def answers_of(gradient: str) -> tuple[str, ...]:
    """The readouts that say one gradient, `dw` or `db`, as each way has it, with its distance and the verdict."""
    return (*(f"{kind}{way}_{gradient}" for kind in ("", "ulps_") for way in WAYS), f"verdict_{gradient}")


def _distances(diagnosis: Diagnosis, pairs: dict[str, ByParameter]) -> dict[str, tuple[str, str]]:
    readouts: dict[str, tuple[str, str]] = {}
    for i, (of, verdict) in enumerate(zip(("dw", "db"), diagnosis.verdicts or (), strict=False)):
        truth = pairs["exact"][i]
        ulps = ulp_distances([pair[i] for pair in pairs.values()], truth, diagnosis.run.inputs.dtype)
        readouts |= {
            f"ulps_{name}_{of}": (numbers.exact(off), numbers.distance(off))
            for name, off in zip(pairs, ulps, strict=True)
        }
        readouts[f"verdict_{of}"] = (verdict, verdict)
    return readouts


def remark(diagnosis: Diagnosis) -> dict[str, Any]:
    """What matters in this state, in plain words, why the gradients are not to be trusted, and whether that warns."""
    is_warning = diagnosis.worst in WARNINGS
    more = sentences(diagnosis) if is_warning else _vanishing(diagnosis.run)
    return {"text": f"{summary(diagnosis)} {more}".strip(), "isWarning": is_warning}


def summary(diagnosis: Diagnosis) -> str:
    """How right the neuron is; where no more is to be said, its loss, and what a small step does to that."""
    run = diagnosis.run
    if diagnosis.worst == "undefined":
        return "Nothing can be learned here."
    if diagnosis.worst in WARNINGS or _vanishing(run):
        return f"{_stance(run).capitalize()}."
    return f"The neuron is {_stance(run)}: the loss is {numbers.text(run.loss)}, and {_effect(run)}."


def _stance(run: Run) -> str:
    """How near ŷ is to the label, in words."""
    error = abs(run.y_pred - run.inputs.y)
    if abs(error - 0.5) < UNDECIDED:
        return "undecided"
    is_sure = not 1 - SURE < error < SURE
    return f"{'right' if error < 0.5 else 'wrong'}{' and' if is_sure else ', but not'} sure"


def _effect(run: Run) -> str:
    """What a step of the slider of w does to the loss; of b where w has no part in it."""
    by = _reported_by(run)
    step = STEPS[by]
    change = step * _reported_gradient(run, run.dw, run.db)
    if change == 0:
        return f"raising {by} by {step:g} does not noticeably change it"
    about = numbers.signed_text(f"{abs(change):.2g}")
    return f"raising {by} by {step:g} {'raises' if change > 0 else 'lowers'} it by about {about}"


def sentences(diagnosis: Diagnosis) -> str:
    """One to three sentences about a run's gradients beside the closed form, by the verdict that has more to say."""
    run, found = diagnosis.run, diagnosis.worst
    if found is None:
        return NOT_JUDGED
    if found in ("identical", "rounding") and (vanishing := _vanishing(run)):
        return vanishing
    if found == "identical":
        return f"Autograd gives the closed form’s nearest {run.inputs.dtype}, to the last digit."
    if found == "rounding":
        return _rounding(diagnosis)
    return {"undefined": _undefined, "clamped": _clamped, "saturated": _saturated}[found](diagnosis)


def _vanishing(run: Run) -> str:
    """Where a wrong prediction is sure and its gradient small in truth: why; "" elsewhere, or for other losses."""
    if abs(run.y_pred - run.inputs.y) < SURE:
        return ""
    got, error = _reported_gradient(run, run.dw, run.db), run.y_pred - run.inputs.y
    return _faults(run).vanishing.format(
        by=_reported_by(run),
        gradient=numbers.signed(got),
        slope=_slope(run),
        error=numbers.signed(error * run.inputs.x if run.inputs.x else error),
    )


def _rounding(diagnosis: Diagnosis) -> str:
    run, (truth, off) = diagnosis.run, _worse_off(diagnosis)
    dtype = run.inputs.dtype
    if off <= FEW:
        return (
            f"{'One ulp' if off == 1 else f'{off} ulps'} from the closed form: every operation rounds to {dtype},"
            " and each way of computing rounds at other places."
        )
    if abs(truth) < TINY[dtype]:
        return f"Here {dtype} has fewer digits than elsewhere: next to 0 they run out. {_faults(run).right}"
    alike = f"agree in {_digits(off, dtype)} digits ({numbers.distance(off)} ulps apart)"
    if check.is_moved_by_z(diagnosis):
        why = f"rounding w, x, b and z to {dtype} already changes ŷ − y in the digits after these. It is harmless."
    else:
        why = _faults(run).rounded
    return f"Autograd and the closed form {alike}: {why}"


def _worse_off(diagnosis: Diagnosis) -> tuple[float, int]:
    """Of the two gradients the first with the worse verdict: its truth, and autograd's distance from it in ulps."""
    assert diagnosis.truth is not None
    assert diagnosis.verdicts is not None
    assert diagnosis.worst is not None
    which = diagnosis.verdicts.index(diagnosis.worst)
    run, truth = diagnosis.run, diagnosis.truth[which]
    return truth, ulp_distance((run.dw, run.db)[which], truth, run.inputs.dtype) or 1


def _digits(off: int, dtype: str) -> int:
    """How many decimal digits two numbers have in common that are so many ulps apart."""
    return math.floor(-math.log10(off * EPS[dtype]))


def _faults(run: Run) -> Faults:
    return LOSSES[run.inputs.loss].faults


def _is_right(run: Run) -> bool:
    return abs(run.y_pred - run.inputs.y) < 0.5


def _consequence(run: Run) -> str:
    return _faults(run).right if _is_right(run) else _faults(run).wrong


def _undefined(diagnosis: Diagnosis) -> str:
    inputs = diagnosis.run.inputs
    return _faults(diagnosis.run).undefined[int(inputs.y)].format(dtype=inputs.dtype)


def _clamped(diagnosis: Diagnosis) -> str:
    run = diagnosis.run
    clamp = _faults(run).clamp
    limit = f"below {clamp}" if run.y_pred < 0.5 else f"above 1 − {clamp}"
    by_hand = _reported_gradient(run, run.by_hand.dw, run.by_hand.db)
    unaware = "dividing by ŷ(1 − ŷ) = 0" if math.isnan(by_hand) else "without the clamp"
    cut = f"ŷ is {limit}, where the clamp is flat: torch passes back exactly 0"
    return f"{cut} (by hand, {unaware}: {numbers.signed(by_hand)}). {_consequence(run)}"


def _saturated(diagnosis: Diagnosis) -> str:
    run = diagnosis.run
    return f"{_cause(diagnosis)}{_instead(diagnosis)}. {_consequence(run)}"


def _cause(diagnosis: Diagnosis) -> str:
    """Where half of the gradient's digits or more went."""
    run, faults = diagnosis.run, _faults(diagnosis.run)
    few = "1 − ŷ has lost half of its digits or more"
    if faults.lost:
        return faults.lost.format(left=numbers.signed(run.db))
    if run.by_hand.dy_pred_dz == 0:
        limit = "" if _is_right(run) or not faults.log_limit else f"log(1 − ŷ) is capped at {faults.log_limit}, and "
        return f"In {run.inputs.dtype}, ŷ is exactly {numbers.factor(run.y_pred)}: {limit}σ, flat there, passes back 0"
    if check.is_floored(run):
        both = f"{few}, and " if check.is_flat(diagnosis) else ""
        title = LOSSES[run.inputs.loss].title
        return f"{both}{title} divides by at least {faults.floor}, not by ŷ(1 − ŷ) = {_slope(run)}"
    return f"σ is nearly flat here, with slope {_slope(run)}: {few}"


def _slope(run: Run) -> str:
    return numbers.text(run.by_hand.dy_pred_dz)


def _instead(diagnosis: Diagnosis) -> str:
    """Torch's gradient beside the true one, where the loss would still have to fall."""
    run = diagnosis.run
    if _is_right(run) or diagnosis.truth is None:
        return ""
    got, truth = _reported_gradient(run, run.dw, run.db), _reported_gradient(run, *diagnosis.truth)
    return f", so ∂L/∂{_reported_by(run)} is {numbers.signed(got)}, not {numbers.signed(truth)}"


def _reported_by(run: Run) -> str:
    return "w" if run.inputs.x else "b"


def _reported_gradient(run: Run, dw: float, db: float) -> float:
    """The gradient by w, or by b where x is 0 and w has none."""
    return dw if run.inputs.x else db
