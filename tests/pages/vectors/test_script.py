"""The vector's script: short, plain torch, and at home it prints the very numbers that the model computes."""

from pathlib import Path

from components.drawing import numbers, script
from components.pages.vectors import model as vectors
from components.pages.vectors import script as take_home
from components.pages.vectors.model import Inputs, Run
from tests.interpreter import labelled
from tests.pages import programs

EIGHT = (-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0)
STATES = [
    *(Inputs(reduce=reduce) for reduce in ("mean", "sum", "none")),
    *(Inputs((0.0, -9.9, 0.1), reduce, (0.0, -1.5, 10.0)) for reduce in ("mean", "sum", "none")),
    Inputs((-0.3,), "none", (-1.0,)),
    Inputs(EIGHT, v=(1.0,) * 8),
]


def expected(run: Run) -> dict[str, str]:
    """The page's readouts by the label that the script prints."""
    values = {"y": run.y, "x.grad": run.grad, "jacobian": run.jacobian}
    return {label: numbers.exact(value) for label, value in values.items()}


def test_programs_are_short_and_plain_torch_and_each_state_has_its_own() -> None:
    texts = [script.program(take_home.script(inputs)) for inputs in STATES]
    for text in texts:
        programs.check_text(text)
    assert len(set(texts)) == len(STATES)


def test_the_program_prints_the_models_numbers_and_what_torch_refuses(tmp_path: Path) -> None:
    texts = programs.run_all([take_home.script(inputs) for inputs in STATES], tmp_path)
    runs = [vectors.run(inputs) for inputs in STATES]
    assert [labelled(text) for text in texts] == [expected(run) for run in runs]
    caught = [[line for line in text.splitlines() if "Error: " in line] for text in texts]
    assert caught == [[run.error] if run.error else [] for run in runs]
    assert any(caught)
