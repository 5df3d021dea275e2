"""The chain against the notebook, the closed form, central differences, and the code that is shown."""

import math
import warnings
from pathlib import Path
from typing import Any

import pytest

from components.pages.chain_rule import code as chain_code
from components.pages.chain_rule import model as chain
from components.pages.chain_rule.model import Inputs

STEPS = [i / 10 for i in range(-100, 101)]
"""Everywhere that the slider can stand."""


def test_the_notebooks_numbers() -> None:
    run = chain.run(Inputs())
    assert (run.y, f"{run.z:.4f}", f"{run.dz_dx:.4f}") == (9.0, "0.4121", "-5.4668")
    assert chain.dy_dx(3) == 6
    assert chain.by_notebook(2) == 3.346356379136388
    assert f"{chain.by_hand(2):.4f}" == "-2.6146"


def test_the_notebooks_functions_stand_as_they_are() -> None:
    said = chain.sources()
    assert said["dy_dx"] == "def dy_dx(x):\n    return 2 * x"
    assert said["dz_dx"] == "def dz_dx(x):\n    return 2 * x + math.cos(x ** 2)"


@pytest.mark.parametrize("name", chain.sources())
def test_the_code_shown_is_the_code_run(name: str) -> None:
    """The shown text by itself is the very program that runs."""
    own: dict[str, Any] = {}
    exec(f"import math, torch\n{chain.sources()[name]}", own)
    shown, run = own[name].__code__, getattr(chain_code, name).__code__
    assert (shown.co_code, shown.co_consts, shown.co_names) == (run.co_code, run.co_consts, run.co_names)


def test_torchs_graph() -> None:
    graph = chain.run(Inputs()).snapshot.graph
    assert [(node.id, node.op) for node in graph.nodes] == [
        ("x", "AccumulateGrad"),
        ("y", "PowBackward0"),
        ("z", "SinBackward0"),
    ]
    run = chain.run(Inputs(x=-1.3))
    assert run.snapshot.graph.node("x").gradient == run.dz_dx
    assert run.snapshot.graph.node("y").gradient == run.dz_dy == run.y_grad.item()


def test_y_alone() -> None:
    run = chain.run(Inputs(result="y"))
    assert [(node.id, node.op) for node in run.snapshot.graph.nodes] == [("x", "AccumulateGrad"), ("y", "PowBackward0")]
    assert run.snapshot.graph.node("x").gradient == run.dy_dx == run.dy_dx_by_hand == 6


def exact(x: float) -> float:
    return 2 * x * math.cos(x * x)


def difference(x: float, h: float = 1e-6) -> float:
    return (math.sin((x + h) ** 2) - math.sin((x - h) ** 2)) / (2 * h)


@pytest.mark.parametrize("x", STEPS)
def test_second_opinions(x: float) -> None:
    run = chain.run(Inputs(x))
    assert run.dz_dx_by_hand == pytest.approx(exact(x), abs=1e-12)
    assert run.dz_dx_by_hand == pytest.approx(difference(x), abs=1e-6)
    assert run.dz_dx == pytest.approx(exact(x), abs=2.5e-4)  # x² = 98 is off by 4e-6 in float32
    assert run.dy_dx == pytest.approx(2 * x, rel=1e-7)
    assert run.dz_dx == pytest.approx(run.dy_dx * run.dz_dy, rel=1e-6)
    assert run.dz_dx_by_notebook == 2 * x + math.cos(x**2)


def test_a_gradient_that_is_off_by_a_thousandth_would_be_noticed() -> None:
    wrong = 1.001 * chain.by_hand(3.0)
    assert wrong != pytest.approx(exact(3.0), abs=2.5e-4)
    assert wrong != pytest.approx(difference(3.0), abs=1e-6)


def test_the_curves_are_the_runs() -> None:
    curves = chain.curves()
    for i in range(201):
        run = chain.run(Inputs(STEPS[i]))
        assert curves.y[i].item() == run.y
        assert curves.dy_dx[i].item() == run.dy_dx
        assert curves.z[10 * i].item() == pytest.approx(run.z, abs=1e-6)
        assert curves.dz_dx[10 * i].item() == pytest.approx(run.dz_dx, abs=1e-5)
        assert curves.dz_dx_by_notebook[10 * i].item() == pytest.approx(run.dz_dx_by_notebook, abs=1e-4)


def test_the_fastest_wave_is_met_often_enough() -> None:
    """Between two neighbouring points z turns by less than a quarter of a radian."""
    edge, before = 10.0, 10.0 - 20.0 / (chain.FINE - 1)
    assert edge**2 - before**2 < 0.25


def test_where_sum_and_product_meet() -> None:
    met = chain.crossings()
    assert all(chain.by_notebook(x) == pytest.approx(chain.by_hand(x), abs=1e-10) for x in met)
    assert met == tuple(sorted(met))
    assert met[-1] == pytest.approx(-0.929015, abs=1e-6)


def test_no_meeting_is_missed() -> None:
    """2x + c = 2xc where c = cos(x²) is 2x / (2x − 1): solved for x² on every branch of arccos, by iteration."""
    found = set()
    for turn in range(17):
        for sign in (1, -1):
            x = -math.sqrt(max(2 * math.pi * turn, 0.5))
            for _ in range(200):
                square = 2 * math.pi * turn + sign * math.acos(2 * x / (2 * x - 1))
                if square <= 0:
                    break
                x = -math.sqrt(square)
            else:
                found.add(round(x, 6))
    inside = sorted(x for x in found if x >= -10 and abs(exact(x) - 2 * x - math.cos(x * x)) < 1e-3)
    assert inside == pytest.approx(list(chain.crossings()), abs=2e-6)


def test_right_of_zero_they_never_meet() -> None:
    assert all(chain.by_notebook(i / 1000) > chain.by_hand(i / 1000) for i in range(10_001))


@pytest.mark.parametrize(("x", "at"), [(-0.9, -0.9290), (-1.0, None), (3.0, None), (-2.4, -2.3844), (-9.7, -9.6919)])
def test_standing_on_a_meeting(x: float, at: float | None) -> None:
    assert chain.meeting_near(x) == (None if at is None else pytest.approx(at, abs=1e-4))


def test_asking_for_the_gradient_of_a_non_leaf() -> None:
    with pytest.warns(UserWarning, match="not a leaf Tensor") as caught:
        assert chain.y_grad(3.0) is None
    assert f"UserWarning: {caught[0].message}" == chain.Y_GRAD_WARNING
    assert chain.Y_GRAD_WARNING.startswith("UserWarning: The .grad attribute of a Tensor that is not a leaf Tensor is")
    assert chain.Y_GRAD is None


def test_retain_grad_keeps_it_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert f"{chain.run(Inputs()).y_grad.item():.4f}" == "-0.9111"


def test_warnings_are_caught_at_import_alone() -> None:
    """No update of a visitor's may swap the process's list of warnings."""
    source = Path(chain.__file__).read_text("utf-8")
    assert source.count("catch_warnings") == 1
    calls = [line for line in source.splitlines() if "_ask_for_y_grad()" in line and not line.startswith("def ")]
    assert calls == ["Y_GRAD_WARNING, Y_GRAD = _ask_for_y_grad()"]
