"""The surface is the loss at every point; its curvature has a closed form."""

import math

import pytest
import torch

from components.losses import LOSSES
from components.pages.training.surface import CURVE_POINTS, RESOLUTION, axis, bottom, curvature, sigmoid, surface

FIVE = ((-2.0, 0.0), (-1.0, 1.0), (0.0, 0.0), (1.0, 1.0), (2.0, 1.0))
PLACES = ((-4.0, 3.0), (0.0, 0.0), (1.09, 0.62), (2.5, -1.0))


@pytest.mark.parametrize("name", LOSSES)
def test_the_surface_is_the_mean_loss_at_each_place(name: str) -> None:
    values = surface(FIVE, name, 5.0)
    x, y = (torch.tensor(row) for row in zip(*FIVE, strict=True))
    assert values.shape == (RESOLUTION, RESOLUTION)
    ticks = axis(5.0).tolist()
    assert (ticks[0], ticks[50], ticks[100]) == (-5.0, 0.0, 5.0)
    for row, column in ((0, 0), (100, 0), (0, 100), (50, 50), (13, 77), (80, 10)):
        expected = LOSSES[name].mean(ticks[column] * x + ticks[row], y)
        torch.testing.assert_close(values[row, column], expected, rtol=1e-5, atol=1e-7)


def test_inf_and_nan_stay_what_they_are() -> None:
    values = surface(((10.0, 0.0),), "notebook", 10.0)
    assert values.isinf().any()
    assert surface(((10.0, 0.0),), "logits", 10.0).isfinite().all()


@pytest.mark.parametrize(("w", "b"), PLACES)
def test_the_curvature_of_the_cross_entropy_has_a_closed_form(w: float, b: float) -> None:
    """The Hessian is the mean of σ(1 − σ)·(x, 1)(x, 1)ᵀ."""
    slopes = [1 / (2 + 2 * math.cosh(w * x + b)) for x, _ in FIVE]
    a = sum(s * x * x for s, (x, _) in zip(slopes, FIVE, strict=True)) / 5
    c = sum(s * x for s, (x, _) in zip(slopes, FIVE, strict=True)) / 5
    d = sum(slopes) / 5
    root = math.sqrt((a - d) ** 2 / 4 + c * c)
    for name in ("logits", "bce", "notebook"):
        found = curvature(FIVE, name, w, b)
        assert found.sharpness == pytest.approx((a + d) / 2 + root, rel=2e-4), name
        assert found.least == pytest.approx((a + d) / 2 - root, rel=2e-3, abs=1e-6), name


@pytest.mark.parametrize("name", ["logits", "squared"])
@pytest.mark.parametrize(("w", "b"), PLACES)
def test_the_curvature_is_that_of_central_differences(name: str, w: float, b: float) -> None:
    x, y = (torch.tensor(row, dtype=torch.float64) for row in zip(*FIVE, strict=True))
    h = 1e-4

    def loss(dw: float, db: float) -> float:
        return LOSSES[name].mean((w + dw) * x + b + db, y).item()

    ww = (loss(h, 0) - 2 * loss(0, 0) + loss(-h, 0)) / h**2
    bb = (loss(0, h) - 2 * loss(0, 0) + loss(0, -h)) / h**2
    wb = (loss(h, h) - loss(h, -h) - loss(-h, h) + loss(-h, -h)) / (4 * h**2)
    expected = torch.linalg.eigvalsh(torch.tensor([[ww, wb], [wb, bb]], dtype=torch.float64)).tolist()
    assert list(curvature(FIVE, name, w, b)) == pytest.approx(expected, abs=2e-5)
    assert list(curvature(FIVE, name, w, b)) != pytest.approx([one * 1.001 for one in expected], abs=1e-7)


def test_one_point_has_no_curvature_along_its_valley() -> None:
    assert curvature(((6.7, 0.0),), "logits", 0.1, 0.0).least == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_the_bottom_is_where_no_direction_leads_down(name: str) -> None:
    found = bottom(FIVE, name)
    assert found is not None
    x, y = (torch.tensor(row, dtype=torch.float64) for row in zip(*FIVE, strict=True))

    def loss(w: float, b: float) -> float:
        return LOSSES[name].mean(w * x + b, y).item()

    around = [loss(found.w + 0.01 * math.cos(angle), found.b + 0.01 * math.sin(angle)) for angle in range(12)]
    assert min(around) > loss(found.w, found.b)
    assert found.sharpness == pytest.approx(curvature(FIVE, name, found.w, found.b).sharpness, rel=1e-4)


def test_where_the_loss_falls_for_ever_there_is_no_bottom() -> None:
    apart = ((-2.0, 0.0), (-1.0, 0.0), (1.0, 1.0), (2.0, 1.0))
    for points in (apart, ((6.7, 0.0),), ((2.0, 1.0),), ((1.0, 1.0), (3.0, 1.0))):
        assert [bottom(points, name) for name in LOSSES] == [None] * len(LOSSES), points


def test_what_is_not_finite_has_no_curvature() -> None:
    assert all(math.isnan(one) for one in curvature(FIVE, "logits", math.nan, 0.0))
    assert all(math.isnan(one) for one in curvature(((10.0, 0.0),), "notebook", 5.0, 10.0))


def test_the_curve_is_what_the_neuron_predicts() -> None:
    curve = sigmoid(1.5, -0.5, 4.0)
    assert curve.shape == (CURVE_POINTS,)
    assert curve[0].item() == pytest.approx(1 / (1 + math.exp(6.5)), rel=1e-5)
    assert curve[60].item() == pytest.approx(1 / (1 + math.exp(0.5)), rel=1e-6)
