"""Over the whole slider box, both dtypes and all losses: how far torch is from the closed form, and the verdicts."""

import math
import struct
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from components.engine import check, neuron
from components.engine.check import VERDICTS
from components.engine.losses import DTYPES, EPSILON, LOSSES
from components.engine.neuron import Inputs

KINDS = list(product(LOSSES, DTYPES))
EPS = {"float32": 2.0**-23, "float64": 2.0**-52}
DIGITS = {"float32": 24, "float64": 53}

ROUNDINGS = 8.0
"""Roundings of relative size EPS that dL/dz may have gathered where nothing is cut and 1 - p is not 0."""

INPUT_ROUNDING = 1.5
"""z is w*x + b of rounded numbers: up to |w*x| + |b| times this many EPS away, times the slope of σ."""

states = st.builds(
    Inputs,
    x=st.integers(-100, 100).map(lambda n: n / 10),
    w=st.integers(-500, 500).map(lambda n: n / 100),
    b=st.integers(-100, 100).map(lambda n: n / 10),
    y=st.sampled_from([0.0, 1.0]),
)


def residual(inputs: Inputs) -> float:
    """σ(z) - y without cancelling, in the plainest arithmetic."""
    z = inputs.w * inputs.x + inputs.b
    small, large = math.exp(-abs(z)) / (1 + math.exp(-abs(z))), 1 / (1 + math.exp(-abs(z)))
    if inputs.y == 1:
        return -small if z >= 0 else -large
    return large if z >= 0 else small


def rounded(value: float, dtype: str) -> float:
    return float(np.float32(value)) if dtype == "float32" else value


def place(value: float, dtype: str) -> int:
    """The number's place among all of its dtype."""
    code = "<fi" if dtype == "float32" else "<dq"
    (bits,) = struct.unpack("<" + code[2], struct.pack("<" + code[1], value))
    return int(bits) if bits >= 0 else -int(bits & (2 ** (31 if dtype == "float32" else 63) - 1))


def is_cut(inputs: Inputs, p: float) -> bool:
    """Whether the notebook's clamp, whose limits are rounded to the dtype, is flat at p."""
    low, high = (rounded(limit, inputs.dtype) for limit in (EPSILON, 1 - EPSILON))
    return inputs.loss == "notebook" and not low <= p <= high


def expected_verdict(inputs: Inputs, gradient: float, truth: float, p: float) -> str:
    """The verdict from the numbers alone."""
    if not math.isfinite(gradient):
        return "undefined"
    nearest = rounded(truth, inputs.dtype)
    if gradient == nearest:
        return "identical"
    if gradient == 0 and is_cut(inputs, p):
        return "clamped"
    lost = abs(place(gradient, inputs.dtype) - place(nearest, inputs.dtype)) >= 2 ** (DIGITS[inputs.dtype] // 2)
    return "saturated" if lost else "rounding"


def allowed(inputs: Inputs) -> float:
    """How far dL/dz may be from the closed form where the chosen loss computes it at all."""
    z = inputs.w * inputs.x + inputs.b
    slope = math.exp(-abs(z)) / (1 + math.exp(-abs(z))) ** 2
    from_inputs = INPUT_ROUNDING * slope * (abs(inputs.w * inputs.x) + abs(inputs.b))
    return EPS[inputs.dtype] * (ROUNDINGS + from_inputs)


def computes(inputs: Inputs, p: float) -> bool:
    """Whether the loss can say anything here: nothing cut, and neither p nor 1 - p rounded to 0."""
    if inputs.loss == "logits":
        return True
    return not is_cut(inputs, p) and 0 < p < 1 and p * (1 - p) > 1e-12


@settings(max_examples=150, deadline=None)
@given(states, st.sampled_from(KINDS))
def test_torch_is_a_few_roundings_from_the_closed_form_where_the_loss_can_say_anything(
    inputs: Inputs, kind: tuple[str, str]
) -> None:
    inputs = replace(inputs, loss=kind[0], dtype=kind[1])
    run = neuron.run(inputs)
    if computes(inputs, run.y_pred):
        assert abs(run.db - residual(inputs)) <= allowed(inputs)
        assert abs(run.dw - residual(inputs) * inputs.x) <= 2 * abs(inputs.x) * allowed(inputs)


@settings(max_examples=150, deadline=None)
@given(states, st.sampled_from(KINDS))
def test_the_verdict_is_what_the_numbers_say(inputs: Inputs, kind: tuple[str, str]) -> None:
    inputs = replace(inputs, loss=kind[0], dtype=kind[1])
    run = neuron.run(inputs)
    truth = check.exact_gradients(inputs)
    assert truth == pytest.approx((residual(inputs) * inputs.x, residual(inputs)), rel=1e-13, abs=0)
    by_w, by_b = check.judge(run, truth)
    assert by_w == expected_verdict(inputs, run.dw, truth[0], run.y_pred)
    assert by_b == expected_verdict(inputs, run.db, truth[1], run.y_pred)


@settings(max_examples=50, deadline=None)
@given(states)
def test_a_gradient_a_thousandth_off_is_caught(inputs: Inputs) -> None:
    run = neuron.run(replace(inputs, loss="logits"))
    if abs(run.db) > 2000 * allowed(inputs):
        assert abs(run.db * 1.001 - residual(inputs)) > allowed(inputs)


GRID = torch.cartesian_prod(
    torch.arange(-100, 101, 8) / 10,
    torch.arange(-500, 501, 20) / 100,
    torch.arange(-100, 101, 5) / 10,
    torch.tensor([0.0, 1.0]),
).double()


def judged(loss: str, dtype: str) -> tuple[Tensor, Tensor, Tensor]:
    """Loss, dL/dw and the place in VERDICTS of dL/dw, for every state of the grid at once."""
    x, w, b, y = GRID.to(DTYPES[dtype]).unbind(1)
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    losses = neuron.losses(x, w, b, y, loss)
    dw, _ = torch.autograd.grad(losses, (w, b), torch.ones_like(losses))
    p = torch.sigmoid(w * x + b).detach()
    limits = torch.tensor([EPSILON, 1 - EPSILON], dtype=DTYPES[dtype])
    cut = ((p < limits[0]) | (p > limits[1])) & (loss == "notebook")
    return losses.detach(), dw, check.verdicts(dw, check.exact(*GRID.unbind(1))[0], cut)


MUST_OCCUR: dict[tuple[str, str], set[str]] = {
    ("notebook", "float32"): set(VERDICTS),
    ("notebook", "float64"): {"identical", "rounding", "clamped"},
    ("bce", "float32"): {"identical", "rounding", "saturated"},
    ("bce", "float64"): {"identical", "rounding", "saturated"},
    ("logits", "float32"): {"identical", "rounding", "saturated"},
    ("logits", "float64"): {"identical", "rounding", "saturated"},
}


@pytest.mark.parametrize(("loss", "dtype"), KINDS)
def test_every_state_of_a_fine_grid_gets_one_verdict(loss: str, dtype: str) -> None:
    assert len(GRID) > 100_000
    losses, dw, places = judged(loss, dtype)
    assert len(places) == len(GRID)
    counts = torch.bincount(places, minlength=len(VERDICTS))
    assert counts.sum() == len(GRID)
    occurring = {str(name) for name, count in zip(VERDICTS, counts.tolist(), strict=True) if count}
    assert occurring >= MUST_OCCUR[loss, dtype]
    assert torch.equal(places == VERDICTS.index("undefined"), ~torch.isfinite(dw))
    if loss == "logits":
        assert torch.isfinite(losses).all()
        assert torch.isfinite(dw).all()


@pytest.mark.parametrize(("loss", "dtype"), KINDS)
def test_the_grid_says_what_single_runs_say(loss: str, dtype: str) -> None:
    losses, dw, places = judged(loss, dtype)
    for i in range(0, len(GRID), len(GRID) // 60):
        x, w, b, y = GRID[i].tolist()
        inputs = Inputs(x, w, b, y, loss, dtype)
        run = neuron.run(inputs)
        truth = check.exact_gradients(inputs)
        assert math.isfinite(run.loss) == bool(torch.isfinite(losses[i]))
        assert math.isnan(run.dw) == bool(torch.isnan(dw[i]))
        by_w, _ = check.judge(run, truth)
        names = {by_w, VERDICTS[int(places[i])]}
        assert len(names) == 1 or names == {"identical", "rounding"}
