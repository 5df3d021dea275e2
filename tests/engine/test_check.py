"""Distances in units in the last place, second opinions on gradients, and verdicts at named states."""

import math
import struct
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from components.engine import check, neuron
from components.engine.check import ulps
from components.engine.neuron import Inputs

FLOATS = {"float32": st.floats(width=32), "float64": st.floats()}
TINY = {"float32": 2.0**-149, "float64": 2.0**-1074}
"""The smallest number above zero."""

VALUES = [0.0, 1.0, -1.0, 6.7, 1e-8, -1e-30, 1e30, 2.0, 0.5]
LARGEST_FLOAT32 = 3.4028234663852886e38


def in_float32(value: float) -> float:
    return torch.tensor(value, dtype=torch.float32).item()


def above32(value: float) -> float:
    return torch.nextafter(torch.tensor(value), torch.tensor(math.inf)).item()


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("value", [*VALUES, math.inf, -math.inf])
def test_a_number_is_nothing_apart_from_itself(value: float, dtype: str) -> None:
    assert ulps(value, value, dtype) == 0


@pytest.mark.parametrize("value", VALUES)
def test_neighbours_in_float32_are_one_apart(value: float) -> None:
    value = in_float32(value)
    assert ulps(value, above32(value)) == 1
    assert ulps(value, above32(above32(value))) == 2


@pytest.mark.parametrize("value", VALUES)
def test_neighbours_in_float64_are_one_apart(value: float) -> None:
    after = math.nextafter(value, math.inf)
    assert ulps(value, after, "float64") == 1
    assert ulps(value, math.nextafter(after, math.inf), "float64") == 2


def test_autograd_and_the_notebooks_hand_formula_are_one_apart() -> None:
    assert ulps(6.6917619705200195, 6.691762447357178) == 1
    assert ulps(0.9987704753875732, 0.998770534992218) == 1


@pytest.mark.parametrize("dtype", FLOATS)
def test_the_way_across_zero_has_no_gap(dtype: str) -> None:
    tiny = TINY[dtype]
    assert [ulps(-tiny, other, dtype) for other in (-tiny, -0.0, 0.0, tiny)] == [0, 1, 1, 2]


@pytest.mark.parametrize("dtype", FLOATS)
def test_both_zeros_are_one_number(dtype: str) -> None:
    assert ulps(-0.0, 0.0, dtype) == ulps(0.0, -0.0, dtype) == 0


def test_infinity_follows_the_largest_number() -> None:
    assert ulps(LARGEST_FLOAT32, math.inf) == 1
    assert ulps(-1.7976931348623157e308, -math.inf, "float64") == 1


@pytest.mark.parametrize(("dtype", "apart"), [("float32", 2 * 0x7F800000), ("float64", 2 * 0x7FF0 << 48)])
def test_the_infinities_are_all_numbers_apart(dtype: str, apart: int) -> None:
    assert ulps(-math.inf, math.inf, dtype) == apart


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize(("a", "b"), [(math.nan, 1.0), (1.0, math.nan), (math.nan, math.nan), (math.inf, math.nan)])
def test_what_is_not_a_number_has_no_distance(a: float, b: float, dtype: str) -> None:
    assert ulps(a, b, dtype) is None


@given(st.sampled_from(sorted(FLOATS)).flatmap(lambda dtype: st.tuples(FLOATS[dtype], FLOATS[dtype], st.just(dtype))))
def test_the_distance_is_the_same_both_ways(case: tuple[float, float, str]) -> None:
    a, b, dtype = case
    assert ulps(a, b, dtype) == ulps(b, a, dtype)
    assert ulps(a, b, dtype) == ulps(-a, -b, dtype)


@given(st.floats(width=32, allow_nan=False), st.floats(width=32, allow_nan=False))
def test_only_equal_numbers_are_nothing_apart(a: float, b: float) -> None:
    assert (ulps(a, b) == 0) == (a == b)


@given(st.integers(0, 0x7F7FFFFF), st.integers(0, 1000))
def test_the_distance_counts_the_numbers_between(bits: int, steps: int) -> None:
    later = min(bits + steps, 0x7F800000)
    a, b = struct.unpack("<2f", struct.pack("<2I", bits, later))
    assert ulps(a, b) == later - bits


@given(*[st.floats(width=32, allow_nan=False, allow_infinity=False)] * 3)
def test_distances_add_up_along_the_line(a: float, b: float, c: float) -> None:
    low, middle, high = sorted((a, b, c))
    first, second, whole = ulps(low, middle), ulps(middle, high), ulps(low, high)
    assert first is not None
    assert second is not None
    assert whole == first + second


SMOOTH = [Inputs(), Inputs(w=0.3, y=1.0), Inputs(x=-2.0, w=-0.5, b=1.0), Inputs(x=0.0, w=2.0, b=0.5, y=1.0)]


@pytest.mark.parametrize("inputs", SMOOTH, ids=str)
@pytest.mark.parametrize("loss", ["notebook", "bce", "logits"])
def test_the_central_difference_agrees_with_the_closed_form_where_the_loss_is_smooth(inputs: Inputs, loss: str) -> None:
    by_w, by_b = check.numeric_gradients(replace(inputs, loss=loss))
    assert (float(by_w), float(by_b)) == pytest.approx(check.exact_gradients(inputs), abs=3e-8)


def test_the_differences_error_falls_and_rises_again() -> None:
    """Truncation shrinks with the square of h; rounding grows as h shrinks."""
    by_w, _ = check.difference_errors(Inputs(), check.STEPS)
    error = dict(zip(check.STEPS, by_w, strict=True))
    assert error[1e-2] == pytest.approx(error[1e-1] / 100, rel=0.2)
    assert error[1e-13] > 100 * min(by_w)
    assert error[1.0] > 1e6 * min(by_w)
    assert 1e-7 < min(error, key=error.__getitem__) < 1e-3


@given(*[st.floats(width=32, allow_nan=False, allow_infinity=False)] * 2)
def test_a_tensors_distances_are_those_of_its_numbers(a: float, b: float) -> None:
    assert check.distance(torch.tensor([a]), torch.tensor([b])).item() == ulps(a, b)


@given(*[st.floats(allow_nan=False, allow_infinity=False)] * 2)
def test_a_float64_tensors_distances_are_those_of_its_numbers(a: float, b: float) -> None:
    first, second = torch.tensor([a], dtype=torch.float64), torch.tensor([b], dtype=torch.float64)
    apart = ulps(a, b, "float64")
    assert apart is not None
    if apart < 2**63:
        assert check.distance(first, second).item() == apart


def test_an_answer_that_is_not_finite_is_no_distance_from_anything() -> None:
    assert check.apart(math.nan, 1.0, "float32") is None
    assert check.apart(math.inf, 1.0, "float32") is None
    assert check.apart(6.6917619705200195, 6.691763029237442, "float32") == 2
    assert check.apart(6.691762447357178, 6.691763029237442, "float32") == 1


ROWS = [
    (Inputs(), "rounding", ()),
    (Inputs(w=3.0), "undefined", ("rsub", "log_2", "y_pred.0-z")),
    (Inputs(w=3.0, y=1.0), "undefined", ("rsub", "log_2", "log_2.0-rsub")),
    (Inputs(w=-3.0, y=1.0), "clamped", ("clamp", "clamp.0-y_pred")),
    (Inputs(w=3.0, dtype="float64"), "clamped", ("clamp", "clamp.0-y_pred")),
    (Inputs(w=3.0, loss="bce"), "saturated", ("y_pred", "y_pred.0-z")),
    (Inputs(w=3.0, loss="bce", dtype="float64"), "rounding", ()),
    (Inputs(w=3.0, loss="logits"), "identical", ()),
    (Inputs(w=3.0, y=1.0, loss="logits"), "saturated", ("loss", "loss.0-z")),
]


@pytest.mark.parametrize(("inputs", "found", "guilty"), ROWS, ids=str)
def test_verdicts_and_the_guilty(inputs: Inputs, found: str, guilty: tuple[str, ...]) -> None:
    run = neuron.run(inputs)
    by_w, by_b = check.judge(run, check.exact_gradients(inputs))
    assert by_w == by_b == found
    assert check.guilty(run, by_w) == guilty
