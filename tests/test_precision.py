"""Distances in units in the last place, central differences, and verdicts by the numbers alone."""

import math
import struct

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from components import precision
from components.precision import DTYPES, VERDICTS, ulps

FLOATS = {"float32": st.floats(width=32), "float64": st.floats()}
TINY = {"float32": 2.0**-149, "float64": 2.0**-1074}
"""The smallest number above zero."""

VALUES = [0.0, 1.0, -1.0, 6.7, 1e-8, -1e-30, 1e30, 2.0, 0.5]
LARGEST_FLOAT32 = 3.4028234663852886e38


def in_float32(value: float) -> float:
    return torch.tensor(value, dtype=torch.float32).item()


def distances(a: Tensor, b: Tensor) -> Tensor:
    """Distances in ulps, entry by entry, of finite numbers of one dtype (int64): the bits themselves, subtracted."""
    return (_places(a) - _places(b)).abs()


def _places(values: Tensor) -> Tensor:
    as_integer = {torch.float32: torch.int32, torch.float64: torch.int64}[values.dtype]
    bits = values.view(as_integer).long()
    return torch.where(bits < 0, torch.iinfo(as_integer).min - bits, bits)


def classify_all(gradient: Tensor, truth: Tensor, is_cut: Tensor) -> Tensor:
    """The place in VERDICTS of each gradient beside the closed form (float64): the same rules, for many at once."""
    nearest = truth.to(gradient.dtype)
    digits = {torch.float32: 24, torch.float64: 53}[gradient.dtype]
    found = torch.where(distances(gradient.nan_to_num(), nearest) >= 2 ** (digits // 2), 3, 1)
    found = torch.where(is_cut & (gradient == 0), 2, found)
    found = torch.where(gradient == nearest, 0, found)
    return torch.where(torch.isfinite(gradient), found, 4)


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


@given(*[st.floats(width=32, allow_nan=False, allow_infinity=False)] * 2)
def test_a_tensors_distances_are_those_of_its_numbers(a: float, b: float) -> None:
    assert distances(torch.tensor([a]), torch.tensor([b])).item() == ulps(a, b)


@given(*[st.floats(allow_nan=False, allow_infinity=False)] * 2)
def test_a_float64_tensors_distances_are_those_of_its_numbers(a: float, b: float) -> None:
    first, second = torch.tensor([a], dtype=torch.float64), torch.tensor([b], dtype=torch.float64)
    apart = ulps(a, b, "float64")
    assert apart is not None
    if apart < 2**63:
        assert distances(first, second).item() == apart


@pytest.mark.parametrize("dtype", DTYPES)
def test_tensors_distances_are_entry_by_entry_and_whole_numbers(dtype: str) -> None:
    a = torch.tensor([[0.0, -1.0, 6.7], [1e-8, -TINY[dtype], -0.0]], dtype=DTYPES[dtype])
    b = torch.nextafter(a, torch.tensor(math.inf, dtype=DTYPES[dtype]))
    apart = distances(a, b)
    assert apart.dtype == torch.int64
    assert apart.tolist() == [[1, 1, 1], [1, 1, 1]]
    assert distances(b, a).tolist() == apart.tolist()
    assert not distances(a, a).any()


@given(st.sampled_from(sorted(DTYPES)), *[st.floats(-1e30, 1e30)] * 2)
def test_an_answers_distance_is_counted_in_its_dtype(dtype: str, answer: float, truth: float) -> None:
    near = [torch.tensor(value, dtype=DTYPES[dtype]).item() for value in (answer, truth)]
    assert precision.ulp_distance(answer, truth, dtype) == ulps(near[0], near[1], dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
def test_a_broken_answer_has_no_distance_in_either_dtype(broken: float, dtype: str) -> None:
    assert precision.ulp_distance(broken, 1.0, dtype) is None


def test_an_answer_that_is_not_finite_is_no_distance_from_anything() -> None:
    assert precision.ulp_distance(math.nan, 1.0, "float32") is None
    assert precision.ulp_distance(math.inf, 1.0, "float32") is None
    assert precision.ulp_distance(6.6917619705200195, 6.691763029237442, "float32") == 2
    assert precision.ulp_distance(6.691762447357178, 6.691763029237442, "float32") == 1


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_limit_between_rounding_and_saturated_is_half_of_the_digits(dtype: str) -> None:
    eps, limit = torch.finfo(DTYPES[dtype]).eps, 2 ** (12 if dtype == "float32" else 26)
    truths = [1.0, 1 + eps, 1 + (limit - 1) * eps, 1 + limit * eps]
    found = [precision.classify(1.0, truth, dtype, is_cut=False) for truth in truths]
    assert found == ["identical", "rounding", "rounding", "saturated"]


def test_a_zero_is_clamped_only_where_the_clamp_is_flat_and_the_truth_is_not_zero() -> None:
    gradients, truths = [0.0, -0.0, 0.0, 0.0, 1.0, math.nan, 2.0], [1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0]
    is_cut = [True, True, True, False, True, True, True]
    triples = zip(gradients, truths, is_cut, strict=True)
    names = [precision.classify(gradient, truth, "float32", cut) for gradient, truth, cut in triples]
    assert names == ["clamped", "clamped", "identical", "saturated", "identical", "undefined", "saturated"]


@given(
    st.sampled_from(sorted(DTYPES)),
    st.floats() | st.sampled_from([0.0, -0.0, 1.0]),
    st.floats(-1e30, 1e30) | st.sampled_from([0.0, 1.0, 1.0000001]),
    st.booleans(),
)
def test_one_verdict_is_that_of_many_at_once(dtype: str, gradient: float, truth: float, is_cut: bool) -> None:
    tensor = torch.tensor([gradient], dtype=DTYPES[dtype])
    (place,) = classify_all(tensor, torch.tensor([truth], dtype=torch.float64), torch.tensor([is_cut])).tolist()
    assert precision.classify(tensor.item(), truth, dtype, is_cut) == VERDICTS[place]


def test_verdicts_are_ordered_by_what_they_have_to_say() -> None:
    assert VERDICTS == ("identical", "rounding", "clamped", "saturated", "undefined")


@pytest.mark.parametrize("dtype", DTYPES)
def test_digits_are_lost_where_half_of_them_are_gone(dtype: str) -> None:
    eps, limit = precision.EPS[dtype], 2 ** (12 if dtype == "float32" else 26)
    assert not precision.is_lost(1 + (limit - 1) * eps, 1.0, dtype)
    assert precision.is_lost(1 + limit * eps, 1.0, dtype)
    assert precision.is_lost(math.nan, 1.0, dtype)
    assert precision.is_lost(1.0, math.inf, dtype)


def test_the_smallest_number_with_all_digits_has_neighbours_as_near_as_others() -> None:
    for dtype, tiny in precision.TINY.items():
        value = torch.tensor(tiny, dtype=DTYPES[dtype])
        below = torch.nextafter(value, torch.zeros_like(value))
        assert (value - below).item() == tiny * precision.EPS[dtype]
        assert (below - torch.nextafter(below, torch.zeros_like(value))).item() == tiny * precision.EPS[dtype]


def test_many_distances_are_those_of_each() -> None:
    answers = [1.0, 1.0000001, -1.0, math.nan, math.inf, 0.0, 1e308]
    expected = [precision.ulp_distance(answer, 1.0, "float64") for answer in answers]
    assert precision.ulp_distances(answers, 1.0, "float64") == expected
    assert expected[3:5] == [None, None]
    assert precision.ulp_distances([-6.7], 6.7, "float64") == [ulps(-6.7, 6.7, "float64")]


def sine_and_square(a: Tensor, b: Tensor) -> Tensor:
    return torch.sin(a) * b**2


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_a_central_difference_is_the_derivative_by_each_argument(a: float, b: float) -> None:
    by_a, by_b = precision.central_differences(sine_and_square, (a, b), (1e-5, 1e-4))
    assert by_a.dtype == by_b.dtype == torch.float64
    assert by_a.tolist() == pytest.approx([math.cos(a) * b**2] * 2, abs=1e-7)
    assert by_b.tolist() == pytest.approx([math.sin(a) * 2 * b] * 2, abs=1e-9)


def test_a_central_difference_is_what_two_values_say() -> None:
    h = 0.25
    (by,) = precision.central_differences(torch.exp, (1.0,), (h,)).tolist()
    assert by == [pytest.approx((math.exp(1 + h) - math.exp(1 - h)) / (2 * h), rel=1e-15)]
