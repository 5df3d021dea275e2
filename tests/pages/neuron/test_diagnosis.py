"""Distances in units in the last place, second opinions on gradients, and verdicts at named states."""

import math
import struct
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from components.pages.neuron import diagnosis as check
from components.pages.neuron import model as neuron
from components.pages.neuron.diagnosis import Verdict, ulps
from components.pages.neuron.losses import DTYPES, LOSSES
from components.pages.neuron.model import Inputs

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
@pytest.mark.parametrize("loss", LOSSES)
def test_the_central_difference_agrees_with_the_closed_form_where_the_loss_is_smooth(inputs: Inputs, loss: str) -> None:
    by_w, by_b = check.numeric_gradients(replace(inputs, loss=loss))
    assert by_w.dtype == by_b.dtype == torch.float64
    assert (float(by_w), float(by_b)) == pytest.approx(check.exact_gradients(inputs), abs=3e-8)


@pytest.mark.parametrize("inputs", SMOOTH, ids=str)
@pytest.mark.parametrize("loss", LOSSES)
def test_the_central_difference_does_not_depend_on_the_dtype_nor_on_how_many_steps_are_asked(
    inputs: Inputs, loss: str
) -> None:
    chosen = replace(inputs, loss=loss)
    by_w, by_b = check.numeric_gradients(chosen, check.STEPS)
    assert len(by_w) == len(by_b) == len(check.STEPS)
    for place in (0, 26, -1):
        alone = check.numeric_gradients(replace(chosen, dtype="float64"), (check.STEPS[place],))
        assert [float(by) for by in alone] == pytest.approx([float(by_w[place]), float(by_b[place])], abs=1e-2)


def test_the_central_difference_by_hand() -> None:
    """The notebook's loss in plain Python; its difference is rounded by 1e-15 / 1e-5."""

    def loss(w: float, b: float) -> float:
        p = 1 / (1 + math.exp(-(w * 6.7 + b)))
        return -math.log(1 - p)

    h = 1e-5
    by_w, by_b = check.numeric_gradients(Inputs(), (h,))
    assert float(by_w) == pytest.approx((loss(1 + h, 0) - loss(1 - h, 0)) / (2 * h), abs=1e-7)
    assert float(by_b) == pytest.approx((loss(1, h) - loss(1, -h)) / (2 * h), abs=1e-7)


def test_where_the_clamp_is_flat_the_central_difference_is_zero_too() -> None:
    """It knows of the loss what torch knows, not what the closed form knows."""
    by_w, by_b = check.numeric_gradients(Inputs(w=-3.0, y=1.0))
    assert (float(by_w), float(by_b)) == (0.0, 0.0)
    truth = check.exact_gradients(Inputs(w=-3.0, y=1.0))
    assert truth == pytest.approx((-6.7, -1.0), rel=1e-8)
    for loss in ("bce", "logits"):
        by = check.numeric_gradients(Inputs(w=-3.0, y=1.0, loss=loss))
        assert [float(difference) for difference in by] == pytest.approx(truth, rel=1e-6)


def test_the_differences_error_falls_and_rises_again() -> None:
    """Truncation shrinks with the square of h; rounding grows as h shrinks."""
    by_w, by_b = check.difference_errors(Inputs(), check.STEPS)
    error = dict(zip(check.STEPS, by_w, strict=True))
    assert by_b[-1] > 1e4 * min(by_b) < by_b[0] / 100
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


@pytest.mark.parametrize("dtype", DTYPES)
def test_tensors_distances_are_entry_by_entry_and_whole_numbers(dtype: str) -> None:
    a = torch.tensor([[0.0, -1.0, 6.7], [1e-8, -TINY[dtype], -0.0]], dtype=DTYPES[dtype])
    b = torch.nextafter(a, torch.tensor(math.inf, dtype=DTYPES[dtype]))
    apart = check.distance(a, b)
    assert apart.dtype == torch.int64
    assert apart.tolist() == [[1, 1, 1], [1, 1, 1]]
    assert check.distance(b, a).tolist() == apart.tolist()
    assert not check.distance(a, a).any()


@given(st.sampled_from(sorted(DTYPES)), *[st.floats(-1e30, 1e30)] * 2)
def test_an_answers_distance_is_counted_in_its_dtype(dtype: str, answer: float, truth: float) -> None:
    near = [torch.tensor(value, dtype=DTYPES[dtype]).item() for value in (answer, truth)]
    assert check.ulp_distance(answer, truth, dtype) == ulps(near[0], near[1], dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
def test_a_broken_answer_has_no_distance_in_either_dtype(broken: float, dtype: str) -> None:
    assert check.ulp_distance(broken, 1.0, dtype) is None


def test_an_answer_that_is_not_finite_is_no_distance_from_anything() -> None:
    assert check.ulp_distance(math.nan, 1.0, "float32") is None
    assert check.ulp_distance(math.inf, 1.0, "float32") is None
    assert check.ulp_distance(6.6917619705200195, 6.691763029237442, "float32") == 2
    assert check.ulp_distance(6.691762447357178, 6.691763029237442, "float32") == 1


ROWS = [
    (Inputs(), "rounding", ()),
    (Inputs(w=3.0), "undefined", ("rsub", "log_2", "y_pred.0-z")),
    (Inputs(w=3.0, y=1.0), "undefined", ("rsub", "log_2", "log_2.0-rsub")),
    (Inputs(w=-3.0, y=1.0), "clamped", ("clamp", "clamp.0-y_pred")),
    (Inputs(w=3.0, dtype="float64"), "clamped", ("clamp", "clamp.0-y_pred")),
    (Inputs(w=2.0, y=1.0), "saturated", ("y_pred", "y_pred.0-z")),
    (Inputs(w=3.0, loss="bce"), "saturated", ("loss", "loss.0-y_pred", "y_pred", "y_pred.0-z")),
    (Inputs(w=-5.0, y=1.0, loss="bce"), "saturated", ("loss", "loss.0-y_pred")),
    (Inputs(w=-5.0, y=1.0, loss="bce", dtype="float64"), "saturated", ("loss", "loss.0-y_pred")),
    (Inputs(w=3.0, loss="bce", dtype="float64"), "rounding", ()),
    (Inputs(w=3.0, loss="logits"), "identical", ()),
    (Inputs(w=3.0, y=1.0, loss="logits"), "saturated", ("loss", "loss.0-z")),
]


@pytest.mark.parametrize(("inputs", "found", "faulty"), ROWS, ids=str)
def test_verdicts_and_the_guilty(inputs: Inputs, found: str, faulty: tuple[str, ...]) -> None:
    run = neuron.run(inputs)
    by_w, by_b = check.judge(run, check.exact_gradients(inputs))
    assert by_w == by_b == found
    assert check.faulty(run, by_w) == faulty


def test_the_two_gradients_are_judged_apart() -> None:
    """Where x is 0, dL/dw is 0 in truth too, so that only dL/db is cut."""
    inputs = Inputs(x=0.0, b=-10.0, w=5.0, y=1.0)
    run = replace(neuron.run(inputs), db=0.0)
    truth = check.exact_gradients(inputs)
    assert check.judge(neuron.run(inputs), truth)[0] == "identical"
    assert check.judge(run, truth) == ("identical", "saturated")


@pytest.mark.parametrize(
    ("dw", "verdict"),
    [
        (6.691763401031494, "rounding"),
        (math.nan, "undefined"),
        (math.inf, "undefined"),
        (-math.inf, "undefined"),
        (6.6917619705200195 * 1.001, "saturated"),
        (-6.6917619705200195, "saturated"),
        (0.0, "saturated"),
    ],
)
def test_a_run_is_judged_by_its_numbers(dw: float, verdict: str) -> None:
    run = replace(neuron.run(Inputs()), dw=dw)
    assert check.judge(run, check.exact_gradients(Inputs())) == (verdict, "rounding")


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_limit_between_rounding_and_saturated_is_half_of_the_digits(dtype: str) -> None:
    gradient = torch.tensor([1.0, 1.0, 1.0, 1.0], dtype=DTYPES[dtype])
    eps, limit = torch.finfo(DTYPES[dtype]).eps, 2 ** (12 if dtype == "float32" else 26)
    truth = torch.tensor([1.0, 1 + eps, 1 + (limit - 1) * eps, 1 + limit * eps], dtype=torch.float64)
    found = check.verdicts(gradient, truth, torch.tensor(False))
    assert [check.VERDICTS[place] for place in found.tolist()] == ["identical", "rounding", "rounding", "saturated"]


def test_a_zero_is_clamped_only_where_the_clamp_is_flat_and_the_truth_is_not_zero() -> None:
    gradient = torch.tensor([0.0, -0.0, 0.0, 0.0, 1.0, math.nan, 2.0])
    truth = torch.tensor([1.0] * 2 + [0.0] + [1.0] * 4, dtype=torch.float64)
    is_cut = torch.tensor([True, True, True, False, True, True, True])
    names = [check.VERDICTS[place] for place in check.verdicts(gradient, truth, is_cut).tolist()]
    assert names == ["clamped", "clamped", "identical", "saturated", "identical", "undefined", "saturated"]


@pytest.mark.parametrize(("inputs", "found", "faulty"), ROWS, ids=str)
def test_the_guilty_are_parts_of_the_graph(inputs: Inputs, found: Verdict, faulty: tuple[str, ...]) -> None:
    graph = neuron.run(inputs).graph
    assert set(faulty) <= {node.id for node in graph.nodes} | {edge.id for edge in graph.edges}
    assert bool(faulty) == (found not in ("identical", "rounding"))


@pytest.mark.parametrize("x", [0.5, -10.0, 6.7])
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_who_is_guilty_of_nan_is_where_the_first_nan_or_infinity_is_made(x: float, y: float) -> None:
    run = neuron.run(Inputs(x=x, w=math.copysign(5.0, x), b=18.0, y=y))
    nodes = {node.id: node for node in run.graph.nodes}
    source, broken, edge_id = check.faulty(run, "undefined")
    assert nodes[source].value == 0.0
    assert nodes[broken].value == -math.inf
    (edge,) = [edge for edge in run.graph.edges if edge.id == edge_id]
    assert not math.isnan(nodes[edge.consumer].gradient)  # type: ignore[arg-type]  # numbers of a neuron
    assert math.isnan(edge.gradient)  # type: ignore[arg-type]
