"""Take it home: every page's script prints the very numbers that the page shows."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from components.drawing import script
from components.pages.chain_rule import model as chain
from components.pages.gradient_lab import model as experiments
from components.pages.gradient_lab.model import EXPERIMENTS, Lab
from components.pages.gradient_lab.script import script as lab_script
from components.pages.index import PAGES
from components.pages.neuron.losses import DTYPES, LOSSES
from components.pages.neuron.model import Inputs
from components.pages.vectors.model import Inputs as VectorInputs
from tests.interpreter import labelled, printed, run_file
from tests.messages import Message, answer

READOUTS: Mapping[str, Mapping[str, str]] = {
    "neuron": {
        "z": "z",
        "y_pred": "y_pred",
        "loss": "loss",
        "w.grad": "dw",
        "b.grad": "db",
        "dL/dw by hand": "manual_dw",
        "dL/db by hand": "manual_db",
    },
    "chain_rule": {
        "y": "y",
        "z": "z",
        "dz/dy": "dz_dy",
        "dz/dx": "dz_dx",
        "dz/dx by hand": "manual_dz_dx",
        "dz/dx by the notebook": "notebook_dz_dx",
        "dy/dx": "dy_dx",
        "dy/dx by hand": "manual_dy_dx",
    },
    "vectors": {"y": "y", "x.grad": "grad", "jacobian": "jacobian"},
    "gradient_lab": {"x.grad": "grad"},
}
"""By page: what its script prints, and the readout of the same number."""

PLACES = [(6.7, 3.0, 0.0), (6.7, -3.0, 0.0), (6.7, -5.0, -10.0), (10.0, 5.0, 10.0), (-0.1, 0.01, 0.3), (0.0, 1.0, 0.0)]

MORE: Mapping[str, list[Any]] = {
    "neuron": [
        Inputs(*at, y, loss, dtype) for at, y, loss, dtype in itertools.product(PLACES, (0.0, 1.0), LOSSES, DTYPES)
    ],
    "chain_rule": [chain.Inputs(x / 10, result) for x in range(-100, 101, 7) for result in ("z", "y")],
    "vectors": [
        *(VectorInputs((0.0, -9.9, 0.1), reduce, (0.0, -1.5, 10.0)) for reduce in ("mean", "sum", "none")),
        VectorInputs((-0.3,), "none", (-1.0,)),
    ],
    "gradient_lab": [
        Lab(),
        Lab(x=-1.3, run=("backward",) * 3),
        Lab(run=("zero",)),
        Lab(run=("backward", "again", "retain", "again", "none")),
        Lab(experiment="leaf", run=("is-leaf", "grad-fn", "backward", "backward")),
        Lab(experiment="requires-grad", run=("backward", "off", "backward", "on", "backward")),
        Lab(experiment="detach", run=("detach", "same-data", "write", "backward")),
        Lab(experiment="no-grad", run=("no-grad", "backward", "use", "z-backward")),
    ],
}
"""By page: states beside its presets."""

WITH_SCRIPT = [name for name, page in PAGES.items() if page.script]


def states(page: str) -> list[Any]:
    return [*PAGES[page].form.presets.values(), *MORE[page]]


def cells(notebook: str) -> list[str]:
    """The code of a notebook, in its order."""
    read = nbformat.reads(notebook, as_version=4)
    nbformat.validate(read)
    return [cell.source for cell in read.cells if cell.cell_type == "code"]


@dataclass(frozen=True)
class Home:
    """One state's script at home: what the page said, what the program printed there, and what the notebook did."""

    state: Any
    said: Message
    program: str
    notebook: str


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Home]]:
    """By page: all its states, run in one fresh Python, since torch takes seconds to load."""
    taken = [(page, state, answer(page, state, export="script")) for page in WITH_SCRIPT for state in states(page)]
    files = [said["script"] for _, _, said in taken]
    programs = [[made["py"]] for made in files] + [cells(made["ipynb"]) for made in files]
    texts = printed(programs, tmp_path_factory.mktemp("home"))
    found: dict[str, list[Home]] = {page: [] for page in WITH_SCRIPT}
    for (page, state, said), program, notebook in zip(taken, texts[: len(files)], texts[len(files) :], strict=True):
        found[page].append(Home(state, said, program, notebook))
    return found


def test_every_page_says_what_its_script_prints() -> None:
    assert READOUTS.keys() == MORE.keys() == set(WITH_SCRIPT)


@pytest.mark.parametrize("page", READOUTS)
def test_the_program_prints_the_pages_readouts(page: str, homes: Mapping[str, list[Home]]) -> None:
    for home in homes[page]:
        found = labelled(home.program)
        assert found == {label: home.said["readouts"][READOUTS[page][label]][0] for label in found}, home.state
    assert {label for home in homes[page] for label in labelled(home.program)} == READOUTS[page].keys()


@pytest.mark.parametrize("page", READOUTS)
def test_the_notebook_prints_what_the_program_prints(page: str, homes: Mapping[str, list[Home]]) -> None:
    assert [home.notebook for home in homes[page]] == [home.program for home in homes[page]]


def test_what_is_no_number_is_printed_too(homes: Mapping[str, list[Home]]) -> None:
    assert {"nan", "inf"} <= {number for home in homes["neuron"] for number in labelled(home.program).values()}


def test_what_torch_refuses_for_a_vector_is_printed_too(homes: Mapping[str, list[Home]]) -> None:
    refused = [[line["error"] for line in home.said["code"] if "error" in line] for home in homes["vectors"]]
    caught = [[line for line in home.program.splitlines() if "Error: " in line] for home in homes["vectors"]]
    assert caught == refused
    assert any(refused)


def test_the_labs_program_prints_what_its_cells_say(tmp_path: Path) -> None:
    """Every run of up to two presses, and of three where x is 2: values, printed lines and torch's own errors."""
    labs = [lab for name, experiment in EXPERIMENTS.items() for lab in short_runs(name, tuple(experiment.presses))]
    said = printed([[script.program(lab_script(lab))] for lab in labs], tmp_path)
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
    path.write_text(script.program(lab_script(lab)), "utf-8")
    _, heard = run_file(path)
    (warned,) = [cell.warned for cell in experiments.run(lab).cells if cell.warned]
    assert warned in heard


@pytest.mark.parametrize("page", PAGES)
def test_no_script_is_said_unless_it_is_asked_for(page: str) -> None:
    for export in ("", "dot", "json", "Script", "script "):
        assert "script" not in answer(page, export=export), export
    assert ("script" in answer(page, export="script")) == (page in WITH_SCRIPT)


@pytest.mark.parametrize("page", WITH_SCRIPT)
def test_no_script_is_said_where_it_is_hidden(page: str) -> None:
    """It prints the answers."""
    for query in ("?hide=take-home", "?hide=answers", "?embed=true"):
        assert "script" not in answer(page, query=query, export="script"), query
    assert "script" in answer(page, query="?embed=true&show=take-home", export="script")


@pytest.mark.parametrize("page", WITH_SCRIPT)
def test_the_files_are_named_after_the_page_and_asking_changes_nothing_else(page: str) -> None:
    asked = answer(page, export="script")
    script = asked.fields.pop("script")
    assert script.keys() == {"name", "py", "ipynb"}
    assert script["name"] == page
    assert asked.fields == answer(page).fields
