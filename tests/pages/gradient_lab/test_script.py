"""The lab's script: short, plain torch, and at home it prints and raises what the cells did here."""

import itertools
from pathlib import Path

import pytest

from components.drawing import script
from components.pages.gradient_lab import model as experiments
from components.pages.gradient_lab import script as take_home
from components.pages.gradient_lab.model import EXPERIMENTS, Lab
from tests.interpreter import printed, run_file
from tests.pages import programs

STATES = [
    Lab(),
    Lab(run=("backward", "backward", "zero")),
    Lab(x=-1.3, run=("backward",) * 3),
    Lab(run=("zero",)),
    Lab(run=("backward", "again", "retain", "again", "none")),
    Lab(experiment="leaf", run=("retain-grad", "backward", "y-grad")),
    Lab(experiment="leaf", run=("is-leaf", "grad-fn", "backward", "backward")),
    Lab(experiment="requires-grad", run=("backward", "off", "backward", "on", "backward")),
    Lab(experiment="detach", run=("detach", "same-data", "write", "backward")),
    Lab(experiment="detach", run=("detach", "y1-backward")),
    Lab(experiment="no-grad", run=("no-grad", "backward", "use", "z-backward")),
]


@pytest.mark.parametrize("lab", STATES, ids=str)
def test_a_program_is_short_and_plain_torch(lab: Lab) -> None:
    programs.check_text(script.program(take_home.script(lab)))


def test_each_state_has_a_program_of_its_own() -> None:
    assert len({script.program(take_home.script(lab)) for lab in STATES}) == len(STATES)


def test_the_notebook_prints_what_the_program_prints(tmp_path: Path) -> None:
    assert all(programs.run_all([take_home.script(lab) for lab in STATES], tmp_path))


def test_the_program_prints_what_its_cells_say(tmp_path: Path) -> None:
    """Every run of up to two presses, and of three where x is 2: values, printed lines and torch's own errors."""
    labs = [lab for name, experiment in EXPERIMENTS.items() for lab in short_runs(name, tuple(experiment.presses))]
    labs += STATES
    said = printed([[script.program(take_home.script(lab))] for lab in labs], tmp_path)
    for lab, text in zip(labs, said, strict=True):
        done = experiments.run(lab)
        shown = [line for cell in done.cells for line in (cell.printed, cell.value, cell.error) if line]
        assert text == "\n".join([*shown, f"x.grad = {done.grad!r}", ""]), lab


def short_runs(experiment: str, presses: tuple[str, ...]) -> list[Lab]:
    runs = [run for length in range(3) for run in itertools.product(presses, repeat=length)]
    labs = [Lab(x, experiment, run) for run in runs for x in (2.0, -1.3)]
    return labs + [Lab(2.0, experiment, run) for run in itertools.product(presses, repeat=3)]


def test_what_torch_warns_of_is_heard_at_home_too(tmp_path: Path) -> None:
    lab = Lab(experiment="leaf", run=("backward", "y-grad"))
    path = tmp_path / "gradient_lab.py"
    path.write_text(script.program(take_home.script(lab)), "utf-8")
    _, heard = run_file(path)
    (warned,) = [cell.warned for cell in experiments.run(lab).cells if cell.warned]
    assert warned in heard
