"""An experiment as it travels: buttons with their code once, and a text once however often it is said."""

import pytest

from components.pages.gradient_lab import cells as notebook
from components.pages.gradient_lab import model as experiments
from components.pages.gradient_lab.model import EXPERIMENTS, Lab


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_code_on_a_button_is_the_code_that_it_runs(name: str) -> None:
    standing = notebook.static(name, "idea")
    shown = {press[0]: press[3] for press in standing["presses"]}
    for press in EXPERIMENTS[name].presses:
        cells = experiments.run(Lab(experiment=name, run=(press,))).cells[2:]
        assert shown[press].startswith("\n".join(cell.source for cell in cells))
    assert [title for _, title in standing["experiments"]]
    assert standing["experiment"] == name


def test_cells_can_be_read_back() -> None:
    cells = experiments.run(Lab(run=("backward", "again", "again"))).cells
    said = notebook.dynamic(cells)
    assert [tuple(said["texts"][n] for n in cell) for cell in said["cells"]] == list(map(tuple, cells))
    assert len(said["texts"]) == len(set(said["texts"]))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_buttons_are_named_by_their_call(name: str) -> None:
    calls = [press.call for press in EXPERIMENTS[name].presses.values()]
    assert len(set(calls)) == len(calls)
    assert "backward()" in calls
