"""The neuron's script: short, plain torch, and at home it prints the very numbers that the model computes."""

import itertools
from pathlib import Path

import pytest

from components.drawing import numbers, script
from components.losses import LOSSES
from components.pages.neuron import model as neuron
from components.pages.neuron import script as take_home
from components.pages.neuron.model import Inputs, Run
from components.precision import DTYPES
from tests.interpreter import labelled
from tests.pages import programs

PLACES = [
    (6.7, 1.0, 0.0),
    (2.0, -4.0, 0.0),
    (6.7, 3.0, 0.0),
    (6.7, -3.0, 0.0),
    (6.7, -5.0, -10.0),
    (10.0, 5.0, 10.0),
    (-0.1, 0.01, 0.3),
    (0.0, 1.0, 0.0),
]
STATES = [Inputs(*at, y, loss, dtype) for at, y, loss, dtype in itertools.product(PLACES, (0.0, 1.0), LOSSES, DTYPES)]
PROGRAMS = [script.program(take_home.script(inputs)) for inputs in STATES]


def expected(run: Run) -> dict[str, str]:
    """The page's readouts by the label that the script prints."""
    values = {
        "z": run.z,
        "y_pred": run.y_pred,
        "loss": run.loss,
        "w.grad": run.dw,
        "b.grad": run.db,
        "dL/dw by hand": run.by_hand.dw,
        "dL/db by hand": run.by_hand.db,
    }
    return {label: numbers.exact(value) for label, value in values.items()}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_is_short_and_plain_torch(program: str) -> None:
    programs.check_text(program)


def test_each_state_has_a_program_of_its_own() -> None:
    assert len(set(PROGRAMS)) == len(STATES)


def test_the_notebooks_numbers_are_printed(tmp_path: Path) -> None:
    (said,) = programs.run_all([take_home.script(Inputs())], tmp_path)
    assert said.splitlines() == [
        "z = 6.699999809265137",
        "y_pred = 0.998770534992218",
        "loss = 6.701176166534424",
        "w.grad = 6.6917619705200195",
        "b.grad = 0.9987704753875732",
        "dL/dw by hand = 6.691762447357178",
        "dL/db by hand = 0.998770534992218",
    ]


def test_the_program_prints_the_models_numbers(tmp_path: Path) -> None:
    texts = programs.run_all([take_home.script(inputs) for inputs in STATES], tmp_path)
    found = [labelled(text) for text in texts]
    assert found == [expected(neuron.run(inputs)) for inputs in STATES]
    assert {"nan", "inf"} <= {number for by_label in found for number in by_label.values()}
