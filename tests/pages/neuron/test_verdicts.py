"""Over the whole slider box, both dtypes and all losses: how far torch is from the closed form, and the verdicts."""

import math
import struct
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

from components.losses import EPSILON, LOSSES
from components.pages.neuron import diagnosis as check
from components.pages.neuron import model as neuron
from components.pages.neuron.diagnosis import diagnose
from components.pages.neuron.model import Inputs
from components.precision import DTYPES, TINY, VERDICTS, Verdict
from tests.pages.neuron.exact import exact_at_z, exact_gradients
from tests.test_precision import classify_all

KINDS = list(product(LOSSES, DTYPES))
EPS = {"float32": 2.0**-23, "float64": 2.0**-52}
DIGITS = {"float32": 24, "float64": 53}

ROUNDINGS = 3.0
"""Roundings of relative size EPS that dL/dz may have gathered where nothing is cut and 1 - p is not 0."""

NEAR = 4.0
"""The largest |w*x| + |b| at which the answers are compared in ulps: beyond it, 1 - p loses digits."""

NEAR_ULPS = {"dw": 128, "db": 64}
"""Up to NEAR, 1 - p is at least 0.018: an ulp of p just below 1 is up to 32 ulps of it, and z itself is rounded."""

WRONG_SIDE_ULPS = 12
"""Beyond NEAR, where the prediction is wrong and dL/dz near 1 in size."""

BCE_FLOOR = 1e-12
"""torch's binary_cross_entropy divides by no less than this: below it, p*(1 - p) does not cancel."""

INPUT_ROUNDING = 1.5
"""z is w*x + b of rounded numbers: up to |w*x| + |b| times this many EPS away, times the slope of σ."""

FACTORS = 3
"""The squared error's gradient at z is a product of three numbers, each as precise as ŷ."""

states = st.builds(
    Inputs,
    x=st.integers(-100, 100).map(lambda n: n / 10),
    w=st.integers(-500, 500).map(lambda n: n / 100),
    b=st.integers(-100, 100).map(lambda n: n / 10),
    y=st.sampled_from([0.0, 1.0]),
)


def judged(run: neuron.Run) -> tuple[Verdict, Verdict]:
    found = diagnose(run).verdicts
    assert found is not None
    return found


def rounded(value: float, dtype: str) -> float:
    return float(np.float32(value)) if dtype == "float32" else value


def place(value: float, dtype: str) -> int:
    """The number's place among all of its dtype."""
    code = "<fi" if dtype == "float32" else "<dq"
    (bits,) = struct.unpack("<" + code[2], struct.pack("<" + code[1], value))
    return int(bits) if bits >= 0 else -int(bits & (2 ** (31 if dtype == "float32" else 63) - 1))


def ulps(gradient: float, truth: float, dtype: str) -> int:
    """Numbers of the dtype between a gradient and the closed form's nearest one."""
    return abs(place(gradient, dtype) - place(rounded(truth, dtype), dtype))


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
    is_lost = ulps(gradient, truth, inputs.dtype) >= 2 ** (DIGITS[inputs.dtype] // 2)
    return "saturated" if is_lost else "rounding"


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
    return not is_cut(inputs, p) and 0 < p < 1 and p * (1 - p) > BCE_FLOOR


@settings(max_examples=150)
@given(states, st.sampled_from(KINDS))
def test_torch_is_a_few_roundings_from_the_closed_form_where_the_loss_can_say_anything(
    inputs: Inputs, kind: tuple[str, str]
) -> None:
    inputs = replace(inputs, loss=kind[0], dtype=kind[1])
    run = neuron.run(inputs)
    if computes(inputs, run.y_pred):
        assert abs(run.db - exact_at_z(inputs)) <= allowed(inputs)
        assert abs(run.dw - exact_at_z(inputs) * inputs.x) <= 2 * abs(inputs.x) * allowed(inputs)


near_states = states.filter(lambda inputs: abs(inputs.w * inputs.x) + abs(inputs.b) <= NEAR)


@settings(suppress_health_check=[HealthCheck.filter_too_much], max_examples=150)
@given(near_states, st.sampled_from(KINDS))
def test_torch_is_some_ulps_from_the_closed_form_near_the_middle(inputs: Inputs, kind: tuple[str, str]) -> None:
    inputs = replace(inputs, loss=kind[0], dtype=kind[1])
    run, exact = neuron.run(inputs), exact_at_z(inputs)
    assert computes(inputs, run.y_pred)
    assert ulps(run.dw, exact * inputs.x, inputs.dtype) <= NEAR_ULPS["dw"]
    assert ulps(run.db, exact, inputs.dtype) <= NEAR_ULPS["db"]


@settings(max_examples=150)
@given(states, st.sampled_from([kind for kind in KINDS if kind[0] != "squared"]))
def test_where_the_prediction_is_wrong_few_digits_are_lost(inputs: Inputs, kind: tuple[str, str]) -> None:
    inputs = replace(inputs, loss=kind[0], dtype=kind[1])
    z = inputs.w * inputs.x + inputs.b
    run = neuron.run(inputs)
    if (z > NEAR if inputs.y == 0 else z < -NEAR) and computes(inputs, run.y_pred):
        assert ulps(run.db, exact_at_z(inputs), inputs.dtype) <= WRONG_SIDE_ULPS


@settings(max_examples=150)
@given(states, st.sampled_from(list(DTYPES)))
def test_of_the_squared_error_digits_are_lost_where_the_prediction_is_near_1_alone(state: Inputs, dtype: str) -> None:
    """Near 0 each factor is as precise as ŷ, whose own error is that of z."""
    inputs = replace(state, loss="squared", dtype=dtype)
    z = inputs.w * inputs.x + inputs.b
    truth = exact_at_z(inputs)
    if z < -NEAR and abs(truth) >= TINY[dtype]:
        of_z = INPUT_ROUNDING * (abs(inputs.w * inputs.x) + abs(inputs.b))
        assert abs(neuron.run(inputs).db - truth) <= abs(truth) * EPS[dtype] * (FACTORS * (of_z + ROUNDINGS))


CORNERS = [
    Inputs(x, w, b, y, "squared", dtype)
    for x, w, b, y, dtype in product((-10.0, -0.1, 0.0, 10.0), (-5.0, 0.0, 5.0), (-10.0, 0.0, 10.0), (0.0, 1.0), DTYPES)
]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_the_squared_error_at_the_corners_of_the_slider_box(dtype: str, y: float) -> None:
    """ŷ is never nan, so nothing is undefined; nothing is cut; a 0 that should be none is saturated."""
    for inputs in CORNERS:
        if (inputs.dtype, inputs.y) != (dtype, y):
            continue
        run = neuron.run(inputs)
        z = inputs.w * inputs.x + inputs.b
        found = judged(run)
        assert set(found) <= {"identical", "rounding", "saturated"}
        if run.y_pred == 1 and abs(exact_at_z(inputs)) >= TINY[dtype]:
            assert run.db == 0
            assert found[1] == "saturated"
        if z < 0:
            assert "saturated" not in found


@settings(max_examples=150)
@given(states, st.sampled_from(KINDS))
def test_the_verdict_is_what_the_numbers_say(inputs: Inputs, kind: tuple[str, str]) -> None:
    inputs = replace(inputs, loss=kind[0], dtype=kind[1])
    run = neuron.run(inputs)
    truth = check.closed_form(inputs)
    assert truth is not None
    assert truth == pytest.approx(exact_gradients(inputs), rel=1e-13, abs=0)
    by_w, by_b = judged(run)
    assert by_w == expected_verdict(inputs, run.dw, truth[0], run.y_pred)
    assert by_b == expected_verdict(inputs, run.db, truth[1], run.y_pred)


def is_off(local: object, exact: float, dtype: str) -> bool:
    """Whether half of a number's binary digits or more are gone."""
    assert isinstance(local, float)
    if not (math.isfinite(local) and math.isfinite(exact)):
        return repr(local) != repr(exact)
    return ulps(local, exact, dtype) >= int(2 ** (DIGITS[dtype] // 2))


def loss_slope(p: float, y: float, loss: str) -> float:
    """dL/dp at exactly this p: of the cross-entropy -1/p or 1/(1 - p)."""
    if loss == "squared":
        return 2 * (p - y)
    return -1 / p if y == 1 else 1 / (1 - p) if p < 1 else math.inf


AT_PREDICTION = {"bce": "loss.0-y_pred", "squared": "loss.0-sub"}
"""By loss: the arrow whose local derivative is dL/dp, where it is one arrow."""


def where_it_goes_wrong(run: neuron.Run) -> list[str]:
    """From the loss back to z: each arrow whose local derivative is not that of its formula at torch's own numbers.

    An arrow nearer z is not faulty if the arrows after it, put right, give the right gradient with it as it is: the
    digits that ŷ has lost cancel there. Of the squared error both arrows lack them: half may be gone only together.
    """
    i, edges = run.inputs, {edge.id: edge for edge in run.graph.edges}
    true = exact_at_z(i)
    if i.loss == "logits":
        return ["loss.0-z"] if is_off(edges["loss.0-z"].local, true, i.dtype) else []
    found, right = [], loss_slope(run.y_pred, i.y, i.loss)
    if i.loss in AT_PREDICTION and is_off(edges[AT_PREDICTION[i.loss]].local, right, i.dtype):
        found = [AT_PREDICTION[i.loss]]
    slope = edges["y_pred.0-z"].local
    z = i.w * i.x + i.b
    is_wrong = is_off(slope, math.exp(-abs(z)) / (1 + math.exp(-abs(z))) ** 2, i.dtype)
    assert isinstance(slope, float)
    if (is_wrong or i.loss == "squared") and is_off(right * slope, true, i.dtype):
        found += ["y_pred.0-z"]
    return found


def test_the_guilty_are_where_the_numbers_first_go_wrong() -> None:
    """Over the slider box, away from the seams, where half of the digits is a matter of one digit more or less."""
    seen = set()
    for n in range(3_000):
        x, w, b, y = (n * 37 % 201 - 100) / 10, (n * 733 % 1001 - 500) / 100, (n * 91 % 201 - 100) / 10, float(n % 2)
        loss, dtype = KINDS[n // 2 % len(KINDS)]
        inputs = Inputs(x, w, b, y, loss, dtype)
        run = neuron.run(inputs)
        verdict = judged(run)[1]
        if verdict != "saturated":
            continue
        faulty = [part for part in check.faulty(replace(diagnose(run), verdicts=(verdict, verdict))) if "-" in part]
        expected = where_it_goes_wrong(run)
        if not is_at_a_seam(run):
            assert faulty == expected, inputs
            seen.add((loss, dtype, y, tuple(faulty)))
    assert seen == BLAMED


SIGMOID, FLOOR = "y_pred.0-z", "loss.0-y_pred"
BLAMED = {
    ("notebook", "float32", 1.0, (SIGMOID,)),
    *(("bce", dtype, y, (FLOOR,)) for dtype in DTYPES for y in (0.0, 1.0)),
    *(("bce", dtype, y, (FLOOR, SIGMOID)) for dtype in DTYPES for y in (0.0, 1.0)),
    *(("bce", dtype, 1.0, (SIGMOID,)) for dtype in DTYPES),
    *(("logits", dtype, 1.0, ("loss.0-z",)) for dtype in DTYPES),
    *(("squared", dtype, y, (SIGMOID,)) for dtype in DTYPES for y in (0.0, 1.0)),
}
"""Every loss, dtype and label that loses its gradient without being clamped, and the arrows that lose it."""


def is_at_a_seam(run: neuron.Run) -> bool:
    """Where the loss is half of the digits on one reckoning and just less on the other."""
    i = run.inputs
    pairs = [(run.db, exact_at_z(i)), (run.by_hand.db, exact_at_z(i))]
    bound = 2 ** (DIGITS[i.dtype] // 2)
    off = [ulps(got, true, i.dtype) for got, true in pairs if math.isfinite(got)]
    return any(bound / 2 < distance < bound * 2 for distance in off)


GRID = torch.cartesian_prod(
    torch.arange(-100, 101, 8) / 10,
    torch.arange(-500, 501, 20) / 100,
    torch.arange(-100, 101, 5) / 10,
    torch.tensor([0.0, 1.0]),
).double()


def swept(loss: str, dtype: str) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Of every state of the grid at once: the loss, both gradients and their closed forms (two rows), what is cut."""
    x, w, b, y = GRID.to(DTYPES[dtype]).unbind(1)
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    losses = neuron.losses(x, w, b, y, loss)
    gradients = torch.stack(torch.autograd.grad(losses, (w, b), torch.ones_like(losses)))
    p = torch.sigmoid(w * x + b).detach()
    limits = torch.tensor([EPSILON, 1 - EPSILON], dtype=DTYPES[dtype])
    cut = ((p < limits[0]) | (p > limits[1])) & (loss == "notebook")
    return losses.detach(), gradients, truth_on_grid(loss), cut


def truth_on_grid(loss: str) -> Tensor:
    x, w, b, y = GRID.unbind(1)
    dL_dz = LOSSES[loss].dL_dz
    assert dL_dz is not None
    at_z = dL_dz(w * x + b, y)
    return torch.stack([at_z * x, at_z])


EXPECTED: dict[tuple[str, str], set[str]] = {
    ("notebook", "float32"): set(VERDICTS),
    ("notebook", "float64"): {"identical", "rounding", "clamped", "saturated"},
    ("bce", "float32"): {"identical", "rounding", "saturated"},
    ("bce", "float64"): {"identical", "rounding", "saturated"},
    ("logits", "float32"): {"identical", "rounding", "saturated"},
    ("logits", "float64"): {"identical", "rounding", "saturated"},
    ("squared", "float32"): {"identical", "rounding", "saturated"},
    ("squared", "float64"): {"identical", "rounding", "saturated"},
}


@pytest.mark.parametrize(("loss", "dtype"), KINDS)
def test_every_state_of_a_fine_grid_gets_one_verdict(loss: str, dtype: str) -> None:
    assert len(GRID) > 100_000
    losses, gradients, truth, cut = swept(loss, dtype)
    places = classify_all(gradients, truth, cut)
    assert places.shape == (2, len(GRID))
    for row in places:
        counts = torch.bincount(row, minlength=len(VERDICTS))
        assert len(counts) == len(VERDICTS)
        assert {str(name) for name, count in zip(VERDICTS, counts.tolist(), strict=True) if count} == EXPECTED[
            loss, dtype
        ]
    assert torch.equal(places == VERDICTS.index("undefined"), ~torch.isfinite(gradients))
    if "undefined" not in EXPECTED[loss, dtype]:
        assert torch.isfinite(losses).all()


@pytest.mark.parametrize(("loss", "dtype"), KINDS)
def test_a_gradient_a_thousandth_off_is_neither_identical_nor_rounding(loss: str, dtype: str) -> None:
    """Where the dtype has all its digits: next to 0 a thousandth is less than an ulp."""
    _, gradients, truth, cut = swept(loss, dtype)
    passed = (classify_all(gradients, truth, cut) <= VERDICTS.index("rounding")) & (truth.abs() >= 2 * TINY[dtype])
    assert passed.sum() > len(GRID) / 2
    for factor in (0.999, 1.001):
        wrong = classify_all(gradients * factor, truth, cut)
        assert (wrong[passed] > VERDICTS.index("rounding")).all()


@pytest.mark.parametrize(("loss", "dtype"), KINDS)
def test_the_grid_says_what_single_runs_say(loss: str, dtype: str) -> None:
    losses, gradients, truth, cut = swept(loss, dtype)
    places = classify_all(gradients, truth, cut)
    for i in range(0, len(GRID), len(GRID) // 200):
        x, w, b, y = GRID[i].tolist()
        inputs = Inputs(x, w, b, y, loss, dtype)
        run = neuron.run(inputs)
        assert math.isnan(run.loss) == bool(torch.isnan(losses[i])), inputs
        assert math.isinf(run.loss) == bool(torch.isinf(losses[i])), inputs
        assert [math.isfinite(run.dw), math.isfinite(run.db)] == torch.isfinite(gradients[:, i]).tolist(), inputs
        for single, place_on_grid in zip(judged(run), places[:, i], strict=True):
            names = {single, VERDICTS[int(place_on_grid)]}
            assert len(names) == 1 or names == {"identical", "rounding"}, inputs


NAMED = [
    (Inputs(w=1.0), 6.701176166534424, 6.6917619705200195, 6.691762447357178, ("rounding",)),
    (Inputs(w=3.0), math.inf, math.nan, math.nan, ("undefined",)),
    (Inputs(w=3.0, y=1.0), math.nan, math.nan, math.nan, ("undefined",)),
    (Inputs(w=-3.0, y=1.0), 18.42068099975586, 0.0, -6.699999809265137, ("clamped",)),
    (Inputs(w=3.0, loss="bce"), 100.0, 0.0, math.nan, ("saturated",)),
    (Inputs(w=3.0, loss="logits"), 20.099998474121094, 6.699999809265137, math.nan, ("identical", "rounding")),
]


@pytest.mark.parametrize(("inputs", "loss", "dw", "by_hand", "verdicts"), NAMED, ids=str)
def test_named_states_have_these_numbers_and_verdicts(
    inputs: Inputs, loss: float, dw: float, by_hand: float, verdicts: tuple[str, ...]
) -> None:
    """The hand formula multiplies as the notebook does, so that it divides by p*(1 - p) = 0 where p is 1."""
    run = neuron.run(inputs)
    assert [repr(n) for n in (run.loss, run.dw, run.by_hand.dw)] == [repr(n) for n in (loss, dw, by_hand)]
    assert set(verdicts).issuperset(judged(run))


def test_with_logits_is_within_two_ulps_where_the_other_losses_give_up() -> None:
    inputs = Inputs(w=3.0, loss="logits")
    run, truth = neuron.run(inputs), exact_gradients(inputs)
    assert ulps(run.dw, truth[0], "float32") <= 2
    assert ulps(run.db, truth[1], "float32") <= 2
