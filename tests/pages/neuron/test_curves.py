"""Whole ranges at once against one state at a time, and against central differences."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from components.losses import LOSSES
from components.pages.neuron import curves
from components.pages.neuron import model as neuron
from components.pages.neuron.curves import POINTS, Sweep
from components.pages.neuron.model import Inputs
from components.precision import DTYPES, TINY, ulps
from tests.pages.neuron.exact import exact_at_z, exact_loss

NAMES = ("w", "b", "x")
STATES = [
    Inputs(),
    Inputs(w=3.0, y=1.0),
    Inputs(x=-10.0, w=2.5, b=1.3),
    Inputs(x=0.0, w=5.0, b=-10.0, y=1.0),
]
SMOOTH_STATES = [Inputs(), Inputs(y=1.0), Inputs(x=-10.0, w=0.5, b=1.3), Inputs(x=0.0, w=5.0, b=-10.0, y=1.0)]
CORNERS = [Inputs(x, w, b, y) for x in (-10.0, 10.0) for w in (-5.0, 5.0) for b in (-10.0, 10.0) for y in (0.0, 1.0)]

FEW_ULPS = 16
ROUNDING = 2.0**-22
"""Four roundings near 1: where 1 - p was made from p, one rounding of p is many of 1 - p."""

SMOOTH = 10.0
STEP = 1e-5


def same(ours: float, expected: float, dtype: str = "float32") -> bool:
    """Equal to within a few roundings, and inf or nan together."""
    distance = ulps(ours, expected, dtype)
    if distance is None or math.isinf(ours) or math.isinf(expected):
        return repr(ours) == repr(expected)
    return distance <= FEW_ULPS or abs(ours - expected) <= (ROUNDING if dtype == "float32" else ROUNDING * 2.0**-29)


def points(sweep: Sweep, inputs: Inputs) -> Iterator[tuple[Inputs, float, float]]:
    """For each point of a sweep: its inputs, and the loss and the gradient there."""
    at = curves.axis(sweep.over).tolist()
    for place, loss, gradient in zip(at, sweep.loss.tolist(), sweep.gradient.tolist(), strict=True):
        yield replace(inputs, **{sweep.over: place}), loss, gradient


def only(inputs: Inputs, name: str) -> Sweep:
    (sweep,) = curves.sweep(inputs, (name,))
    return sweep


def central_difference(inputs: Inputs, name: str) -> float:
    here = getattr(inputs, name)
    after, before = (exact_loss(replace(inputs, **{name: here + step})) for step in (STEP, -STEP))
    return (after - before) / (2 * STEP)


def finite(row: Tensor) -> Tensor:
    return row[torch.isfinite(row)]


@pytest.mark.parametrize("inputs", STATES, ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_a_sweep_is_torch_at_every_point(inputs: Inputs, name: str) -> None:
    for there, loss, gradient in points(only(inputs, name), inputs):
        run = neuron.run(there)
        assert same(loss, run.loss), (there, loss, run.loss)
        assert same(gradient, getattr(run, f"d{name}")), (there, gradient)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("state", "name"), [(Inputs(), "w"), (Inputs(x=-10.0, w=2.5, b=1.3, y=1.0), "b")], ids=str)
def test_a_sweep_of_every_loss_and_dtype_is_torch_at_its_points(
    state: Inputs, name: str, loss: str, dtype: str
) -> None:
    inputs = replace(state, loss=loss, dtype=dtype)
    sweep = only(inputs, name)
    assert sweep.loss.dtype == sweep.gradient.dtype == DTYPES[dtype]
    for there, swept_loss, gradient in list(points(sweep, inputs))[::4]:
        run = neuron.run(there)
        assert same(swept_loss, run.loss, dtype), (there, swept_loss, run.loss)
        assert same(gradient, getattr(run, f"d{name}"), dtype), (there, gradient)


def test_the_compared_sweeps_have_finite_points_and_broken_ones() -> None:
    rows = torch.cat([row for s in STATES for sweep in curves.sweep(s, NAMES) for row in (sweep.loss, sweep.gradient)])
    assert torch.isnan(rows).any()
    assert torch.isinf(rows).any()
    assert torch.isfinite(rows).sum() > len(rows) / 2


@pytest.mark.parametrize(
    ("ours", "expected"), [(math.inf, math.nan), (math.inf, 3e38), (1.0, 1.001), (-math.inf, math.inf), (0.0, 1e-6)]
)
def test_the_comparison_tells_points_apart(ours: float, expected: float) -> None:
    assert not same(ours, expected)
    assert same(ours, ours)


@pytest.mark.parametrize("state", SMOOTH_STATES, ids=str)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("loss", LOSSES)
def test_gradients_agree_with_central_differences(state: Inputs, name: str, loss: str) -> None:
    inputs = replace(state, loss=loss)
    checked = 0
    for there, _, gradient in points(only(inputs, name), inputs):
        if abs(there.w * there.x + there.b) <= SMOOTH:
            assert gradient == pytest.approx(central_difference(there, name), rel=1e-5, abs=3e-5), there
            checked += 1
    assert checked >= 20


def test_several_sweeps_at_once_are_the_same_as_each_alone() -> None:
    for sweep in curves.sweep(Inputs(w=-2.0, y=1.0), NAMES):
        alone = only(Inputs(w=-2.0, y=1.0), sweep.over)
        assert all(map(same, sweep.loss.tolist(), alone.loss.tolist()))
        assert all(map(same, sweep.gradient.tolist(), alone.gradient.tolist()))


@pytest.mark.parametrize("names", [("w",), ("w", "b"), ("w", "b", "x"), ("x",)])
def test_a_sweep_for_each_name_in_order(names: tuple[str, ...]) -> None:
    sweeps = curves.sweep(Inputs(), names)
    assert tuple(sweep.over for sweep in sweeps) == names
    assert all(row.shape == (POINTS,) for sweep in sweeps for row in (sweep.loss, sweep.gradient))
    assert not any(row.requires_grad for sweep in sweeps for row in (sweep.loss, sweep.gradient))


def test_without_names_the_parameters_are_swept() -> None:
    assert [sweep.over for sweep in curves.sweep(Inputs())] == ["w", "b"]


@pytest.mark.parametrize(("name", "end"), [("x", 10.0), ("w", 5.0), ("b", 10.0)])
def test_an_axis_covers_its_sliders_range_evenly(name: str, end: float) -> None:
    axis = curves.axis(name)
    assert axis.dtype == torch.float32
    assert axis.tolist() == pytest.approx(torch.linspace(-end, end, POINTS, dtype=torch.float64).tolist(), abs=1e-6)
    assert curves.RANGES[name] == (axis[0].item(), axis[-1].item()) == (-end, end)


def test_a_sweep_leaves_the_axes_as_they_were() -> None:
    before = {name: curves.axis(name).clone() for name in NAMES}
    curves.sweep(Inputs(w=3.0), NAMES)
    assert all(torch.equal(curves.axis(name), before[name]) for name in NAMES)
    assert not any(curves.axis(name).requires_grad for name in NAMES)


@pytest.mark.parametrize("state", CORNERS, ids=str)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_no_finite_gradient_exceeds_the_steepest(state: Inputs, loss: str, dtype: str) -> None:
    inputs = replace(state, loss=loss, dtype=dtype)
    factors = {"w": abs(inputs.x), "b": 1.0, "x": abs(inputs.w)}
    for sweep in curves.sweep(inputs, NAMES):
        largest = LOSSES[loss].steepest * factors[sweep.over] * (1 + 1e-6)
        assert (finite(sweep.gradient).abs() <= largest).all()
        assert (finite(sweep.loss) >= 0).all()


@pytest.mark.parametrize(("changed", "moved"), [("w", ("b", "x")), ("b", ("w", "x")), ("x", ("w", "b")), ("y", NAMES)])
def test_a_sweep_does_not_depend_on_the_input_it_runs_along(changed: str, moved: tuple[str, ...]) -> None:
    before = Inputs(w=0.7, b=-0.5)
    values: dict[str, Any] = {changed: 1.0}
    after = replace(before, **values)
    assert curves.moved(after, before, NAMES) == moved
    old, new = curves.sweep(before, NAMES), curves.sweep(after, NAMES)
    stayed = tuple(a.over for a, b in zip(old, new, strict=True) if torch.equal(a.loss, b.loss))
    assert stayed == tuple(name for name in NAMES if name not in moved)


OTHERS = [Inputs(loss=loss) for loss in LOSSES if loss != Inputs().loss]


@pytest.mark.parametrize("after", [*OTHERS, Inputs(dtype="float64")], ids=str)
def test_another_loss_or_dtype_moves_every_sweep(after: Inputs) -> None:
    assert curves.moved(after, Inputs(), NAMES) == NAMES


@pytest.mark.parametrize("after", [Inputs(h="1e-3"), Inputs(with_x=True), Inputs(other="logits")], ids=str)
def test_what_is_shown_beside_the_model_moves_no_sweep(after: Inputs) -> None:
    assert curves.moved(after, Inputs(), NAMES) == ()
    assert curves.moved(replace(after, w=2.0), Inputs(), NAMES) == ("b", "x")


def test_without_a_before_every_sweep_is_new() -> None:
    assert curves.moved(Inputs(), None, NAMES) == NAMES
    assert curves.moved(Inputs(), Inputs(), NAMES) == ()
    assert curves.sweep(Inputs(), ()) == ()


def kind_at(there: Inputs, over: str, loss: float, gradient: float) -> str:
    """What one point's own numbers say: the loss first, then the gradient beside the closed form's."""
    if math.isinf(loss):
        return "infinite"
    if math.isnan(loss):
        return "undefined"
    exact = exact_at_z(there) * {"w": there.x, "b": 1.0, "x": there.w}[over]
    if abs(exact) < TINY[there.dtype]:
        return ""
    if gradient == 0:
        return "dead"
    return "lost" if abs(gradient) < abs(exact) / 10 else ""


def read_stretches(sweep: Sweep, inputs: Inputs) -> list[tuple[str, int, int]]:
    kinds = [kind_at(there, sweep.over, loss, gradient) for there, loss, gradient in points(sweep, inputs)]
    found: list[tuple[str, int, int]] = []
    for place, kind in enumerate(kinds):
        if found and found[-1][0] == kind and found[-1][2] == place - 1:
            found[-1] = (kind, found[-1][1], place)
        elif kind:
            found.append((kind, place, place))
    return found


def written(sweep: Sweep, inputs: Inputs) -> list[tuple[str, int, int]]:
    return [(run.kind, run.first, run.last) for run in curves.stretches(sweep, inputs)]


BROKEN_STATES = [*STATES, *CORNERS, Inputs(w=3.0), Inputs(w=-3.0, y=1.0), Inputs(x=0.0, b=9.9), Inputs(w=0.0, b=-10.0)]


@pytest.mark.parametrize("inputs", BROKEN_STATES, ids=str)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_stretches_are_what_the_numbers_say_point_by_point(inputs: Inputs, loss: str, dtype: str) -> None:
    chosen = replace(inputs, loss=loss, dtype=dtype)
    for sweep in curves.sweep(chosen, NAMES):
        assert written(sweep, chosen) == read_stretches(sweep, chosen)


def test_the_compared_stretches_are_of_every_kind() -> None:
    states = [replace(s, loss=loss) for s in BROKEN_STATES for loss in LOSSES]
    kinds = {run.kind for s in states for sweep in curves.sweep(s, NAMES) for run in curves.stretches(sweep, s)}
    assert kinds == set(curves.KINDS)


@pytest.mark.parametrize(
    ("y", "expected"),
    [(0.0, [("dead", -5.0, -2.75), ("infinite", 2.5, 5.0)]), (1.0, [("dead", -5.0, -2.75), ("undefined", 2.5, 5.0)])],
)
def test_where_the_notebooks_loss_breaks_along_w(y: float, expected: list[tuple[str, float, float]]) -> None:
    inputs, at = Inputs(w=3.0, y=y), curves.axis("w").tolist()
    found = [(run.kind, at[run.first], at[run.last]) for run in curves.stretches(only(inputs, "w"), inputs)]
    assert [kind for kind, _, _ in found] == [kind for kind, _, _ in expected]
    assert [end for _, *ends in found for end in ends] == pytest.approx([e for _, *ends in expected for e in ends])


def test_where_the_floor_of_binary_cross_entropy_takes_most_of_the_gradient() -> None:
    inputs, at = Inputs(w=-5.0, y=1.0, loss="bce"), curves.axis("w").tolist()
    lost, dead = curves.stretches(only(inputs, "w"), inputs)
    assert (lost.kind, dead.kind) == ("lost", "dead")
    assert [at[lost.first], at[lost.last], at[dead.first]] == pytest.approx([-5.0, -4.5, 2.5])
    other = replace(inputs, loss="logits")
    assert [stretch.kind for stretch in curves.stretches(only(other, "w"), other)] == ["dead"]


def test_the_squared_errors_gradient_is_dead_where_it_is_0_in_float32_and_not_where_it_is_small() -> None:
    at = curves.axis("w").tolist()
    (dead,) = curves.stretches(only(Inputs(loss="squared"), "w"), Inputs(loss="squared"))
    assert (dead.kind, at[dead.last]) == ("dead", 5.0)
    assert at[dead.first] == pytest.approx(2.5)
    assert 6.7 * at[dead.first] > math.log(2**24) > 6.7 * at[dead.first - 1] - 0.7
    assert curves.stretches(only(Inputs(x=2.0, y=1.0, loss="squared"), "w"), Inputs(x=2.0, y=1.0, loss="squared")) == ()


def test_what_is_smaller_than_the_dtypes_normal_numbers_is_not_dead() -> None:
    inputs = Inputs(x=10.0, b=-10.0, loss="squared")
    sweep = only(inputs, "w")
    assert sweep.gradient[0] == 0
    assert curves.stretches(sweep, inputs)[0].first > POINTS / 2


def test_a_gradient_that_is_zero_in_truth_is_not_dead() -> None:
    inputs = Inputs(x=0.0, b=-2.0)
    sweep = only(inputs, "w")
    assert not sweep.gradient.any()
    assert curves.stretches(sweep, inputs) == ()


@pytest.mark.parametrize(
    ("loss", "gradient", "expected"),
    [
        ("111", "111", []),
        ("i11", "n1n", [("infinite", 0, 0)]),
        ("iin", "nnn", [("infinite", 0, 1), ("undefined", 2, 2)]),
        ("11i", "00n", [("dead", 0, 1), ("infinite", 2, 2)]),
        ("111", "010", [("dead", 0, 0), ("dead", 2, 2)]),
        ("i11", "010", [("infinite", 0, 0), ("dead", 2, 2)]),
        ("111", "1n1", []),
    ],
)
def test_stretches_begin_and_end_where_the_kind_changes(
    loss: str, gradient: str, expected: list[tuple[str, int, int]]
) -> None:
    meaning = {"1": 1.0, "0": 0.0, "i": math.inf, "n": math.nan}
    rows = [torch.ones(POINTS), torch.ones(POINTS)]
    for row, letters in zip(rows, (loss, gradient), strict=True):
        row[:3] = torch.tensor([meaning[letter] for letter in letters])
    assert written(Sweep("w", *rows), Inputs()) == expected


def test_without_a_closed_form_only_the_loss_itself_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = Inputs(w=3.0, y=1.0)
    assert {run.kind for run in curves.stretches(only(inputs, "w"), inputs)} == {"dead", "undefined"}
    monkeypatch.setitem(LOSSES, "notebook", replace(LOSSES["notebook"], dL_dz=None))
    assert {run.kind for run in curves.stretches(only(inputs, "w"), inputs)} == {"undefined"}
