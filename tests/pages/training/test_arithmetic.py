"""The lines of a step: their numbers, worked out as they say, give the place where torch's step ended."""

import math
import re

import pytest

from components.pages.training import arithmetic, descent
from components.pages.training.descent import Setup
from components.pages.training.optimizers import KINDS

FIVE = ((-2.0, 0.0), (-1.0, 1.0), (0.0, 0.0), (1.0, 1.0), (2.0, 1.0))


def lines(setup: Setup, step: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    states = descent.states(setup, step)
    return arithmetic.lines(setup, states[step - 1] if step else None, states[step])


def worked_out(side: str) -> float:
    """One side of a line that has only numbers in it."""
    said = re.sub(r"[‹›«»]", "", side).replace("−", "-").replace("·", "*").replace("^", "**")
    said = re.sub(r"√([\d.e-]+)", r"math.sqrt(\1)", re.sub(r"√\(([^()]*)\)", r"math.sqrt(\1)", said))
    assert re.fullmatch(r"(?:[\d.e+\-*/() ]|math\.sqrt)+", said), said
    return float(eval(said, {"math": math}))  # nothing but digits and signs, as asserted


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("step", [1, 2, 7])
def test_each_line_is_right_as_it_stands(name: str, step: int) -> None:
    for own in lines(Setup(FIVE, -4.0, 3.0, optimizer=name), step):
        assert own
        for line in own:
            *_, numbers, result = line.split(" = ")
            if re.search(r"[a-zμλε]", numbers.replace("e−", "")):
                continue  # a correction stands in symbols: below
            assert worked_out(numbers) == pytest.approx(worked_out(result), rel=1e-3, abs=1e-5), line


@pytest.mark.parametrize("name", ["adam", "adamw"])
@pytest.mark.parametrize("step", [1, 5])
def test_the_corrections_of_adam_are_right(name: str, step: int) -> None:
    setup = Setup(FIVE, -4.0, 3.0, optimizer=name)
    state = descent.states(setup, step)[step]
    for kept, own in zip(state.kept, lines(setup, step), strict=True):
        (m_line,) = [line for line in own if line.startswith("m̂")]
        (v_line,) = [line for line in own if line.startswith("v̂")]
        assert worked_out(m_line.split(" = ")[-1]) == pytest.approx(kept["exp_avg"] / (1 - 0.9**step), rel=1e-3)
        assert worked_out(v_line.split(" = ")[-1]) == pytest.approx(kept["exp_avg_sq"] / (1 - 0.999**step), rel=1e-3)
        assert kept["step"] == step


def test_the_step_of_plain_sgd_is_one_line() -> None:
    w, b = lines(Setup(FIVE, -4.0, 3.0), 1)
    assert w == ("w ← w − lr · g = ‹(−4)› − 0.5 · «(−0.94335)» = ‹(−3.5283)›",)
    assert b == ("b ← b − lr · g = ‹3› − 0.5 · «0.045456» = ‹2.9773›",)


def test_the_first_velocity_is_the_gradient_itself() -> None:
    assert lines(Setup(FIVE, -4.0, 3.0, optimizer="momentum"), 1)[0][0] == "v = g = «(−0.94335)»"


def test_the_start_has_no_step() -> None:
    assert lines(Setup(FIVE, -4.0, 3.0), 0) == ((), ())


def test_what_is_no_number_is_written_as_it_is() -> None:
    ((line,), _) = lines(Setup(((10.0, 0.0),), 5.0, 10.0, loss="notebook"), 1)
    assert line == "w ← w − lr · g = ‹5› − 0.5 · «nan» = ‹nan›"
