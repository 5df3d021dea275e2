"""Take it home: every page's script prints the very numbers that the page shows."""

import itertools
import json
import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from components.engine import chain
from components.engine.experiments import Lab
from components.engine.losses import DTYPES, LOSSES
from components.engine.neuron import Inputs
from components.engine.vectors import Inputs as VectorInputs
from components.pages import PAGES
from components.session import Visit
from tests.interpreter import labelled, printed

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
    "gradient_lab": {"x.grad": "grad", "error": "error"},
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


def say(page: str, visit: Visit[Any]) -> dict[str, Any]:
    message, _ = PAGES[page].answer(visit)
    (length,) = struct.unpack_from("<I", message)
    said: dict[str, Any] = json.loads(message[4 : 4 + length])
    return said


def states(page: str) -> list[Any]:
    return [*PAGES[page].form.presets.values(), *MORE[page]]


def taken(page: str) -> list[dict[str, Any]]:
    return [say(page, Visit(state, answers=1, take="script")) for state in states(page)]


def cells(notebook: str) -> list[str]:
    """The code of a notebook, in its order."""
    read = nbformat.reads(notebook, as_version=4)
    nbformat.validate(read)
    return [cell.source for cell in read.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("page", READOUTS)
def test_the_program_prints_the_pages_readouts(page: str, tmp_path: Path) -> None:
    said = taken(page)
    texts = printed([[told["script"]["py"]] for told in said], tmp_path)
    numbers = [labelled(text) for text in texts]
    for state, told, found in zip(states(page), said, numbers, strict=True):
        assert found == {label: told["readouts"][READOUTS[page][label]][0] for label in found}, state
    assert {label for found in numbers for label in found} == READOUTS[page].keys()


def test_what_is_no_number_is_printed_too(tmp_path: Path) -> None:
    texts = printed([[told["script"]["py"]] for told in taken("neuron")], tmp_path)
    assert {"nan", "inf"} <= {number for text in texts for number in labelled(text).values()}


def test_what_torch_refuses_for_a_vector_is_printed_too(tmp_path: Path) -> None:
    said = taken("vectors")
    texts = printed([[told["script"]["py"]] for told in said], tmp_path)
    refused = [[line["error"] for line in told["program"] if "error" in line] for told in said]
    assert [[line for line in text.splitlines() if "Error: " in line] for text in texts] == refused
    assert any(refused)


@pytest.mark.parametrize("page", PAGES)
def test_the_notebook_prints_what_the_program_prints(page: str, tmp_path: Path) -> None:
    files = [told["script"] for told in taken(page)]
    programs = printed([[made["py"]] for made in files], tmp_path)
    assert printed([cells(made["ipynb"]) for made in files], tmp_path) == programs


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("take", ["", "dot", "json", "Script", "script "])
def test_no_script_is_said_unless_it_is_asked_for(page: str, take: str) -> None:
    inputs = PAGES[page].form.make()
    assert "script" not in say(page, Visit(inputs, answers=1, take=take))


@pytest.mark.parametrize("page", PAGES)
def test_the_files_are_named_after_the_page(page: str) -> None:
    said = say(page, Visit(PAGES[page].form.make(), answers=1, take="script"))
    assert said["script"].keys() == {"name", "py", "ipynb"}
    assert said["script"]["name"] == page


@pytest.mark.parametrize("page", PAGES)
def test_asking_changes_nothing_else(page: str) -> None:
    visit: Visit[Any] = Visit(PAGES[page].form.make(), answers=1)
    asked = say(page, replace(visit, take="script"))
    asked.pop("script")
    assert asked == say(page, visit)
