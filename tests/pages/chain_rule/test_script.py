"""The chain's script: short, plain torch, and at home it prints the very numbers that the model computes."""

from pathlib import Path

from components.drawing import numbers, script
from components.pages.chain_rule import model as chain
from components.pages.chain_rule import script as take_home
from components.pages.chain_rule.model import Inputs, Run
from tests.interpreter import labelled
from tests.pages import programs

STATES = [Inputs(x / 10, result) for x in (30, -9, 0, *range(-100, 101, 7)) for result in ("z", "y")]


def expected(run: Run) -> dict[str, str]:
    """The page's readouts by the label that the script prints."""
    whole = {
        "y": run.y,
        "z": run.z,
        "dz/dy": run.dz_dy,
        "dz/dx": run.dz_dx,
        "dz/dx by hand": run.dz_dx_by_hand,
        "dz/dx by the notebook": run.dz_dx_by_notebook,
    }
    first_step = {"y": run.y, "dy/dx": run.dy_dx, "dy/dx by hand": run.dy_dx_by_hand}
    values = whole if run.inputs.result == "z" else first_step
    return {label: numbers.exact(value) for label, value in values.items()}


def test_programs_are_short_and_plain_torch_and_each_state_has_its_own() -> None:
    texts = [script.program(take_home.script(inputs)) for inputs in STATES]
    for text in texts:
        programs.check_text(text)
    assert len(set(texts)) == len(set(STATES))


def test_the_program_prints_the_models_numbers(tmp_path: Path) -> None:
    texts = programs.run_all([take_home.script(inputs) for inputs in STATES], tmp_path)
    assert [labelled(text) for text in texts] == [expected(chain.run(inputs)) for inputs in STATES]
