"""Scripts to take home: short programs that print what the engine computes, and the same as notebooks."""

import ast
import io
import json
import tokenize
from pathlib import Path

import nbformat
import pytest

from components.drawing import numbers, script
from components.drawing.script import Script
from components.engine import neuron
from components.engine.losses import DTYPES, LOSSES
from components.engine.neuron import Inputs
from components.state import NEURON
from tests.interpreter import labelled, printed

PLACES = [(6.7, 1.0, 0.0), (6.7, 3.0, 0.0), (6.7, -3.0, 0.0), (6.7, -5.0, -10.0), (10.0, 5.0, 10.0), (-0.1, 0.01, 0.3)]
NEURONS = [
    *(Inputs(*at, y, loss, dtype) for at in PLACES for y in (0.0, 1.0) for loss in LOSSES for dtype in DTYPES),
    *NEURON.presets.values(),
]
SCRIPTS = [script.neuron(inputs) for inputs in NEURONS]


def cells(text: str) -> list[str]:
    """The code of a notebook, in its order."""
    read = nbformat.reads(text, as_version=4)
    nbformat.validate(read)
    return [cell.source for cell in read.cells if cell.cell_type == "code"]


def neuron_numbers(inputs: Inputs) -> dict[str, str]:
    run = neuron.run(inputs)
    told = {"z": run.z, "y_pred": run.y_pred, "loss": run.loss, "w.grad": run.dw, "b.grad": run.db}
    told |= {"dL/dw by hand": run.by_hand.dw, "dL/db by hand": run.by_hand.db}
    return {label: numbers.exact(number) for label, number in told.items()}


def test_every_neurons_program_prints_the_engines_numbers(tmp_path: Path) -> None:
    said = printed([[script.program(made)] for made in SCRIPTS], tmp_path)
    for inputs, text in zip(NEURONS, said, strict=True):
        assert labelled(text) == neuron_numbers(inputs), inputs
    assert {"nan", "inf"} <= {number for text in said for number in labelled(text).values()}


def test_every_neurons_notebook_prints_the_same(tmp_path: Path) -> None:
    programs = [[script.program(made)] for made in SCRIPTS]
    notebooks = [cells(script.notebook(made)) for made in SCRIPTS]
    assert printed(notebooks, tmp_path) == printed(programs, tmp_path)


def test_the_notebooks_numbers_are_printed(tmp_path: Path) -> None:
    (said,) = printed([[script.program(script.neuron(Inputs()))]], tmp_path)
    assert said.splitlines() == [
        "z = 6.699999809265137",
        "y_pred = 0.998770534992218",
        "loss = 6.701176166534424",
        "w.grad = 6.6917619705200195",
        "b.grad = 0.9987704753875732",
        "dL/dw by hand = 6.691762447357178",
        "dL/db by hand = 0.998770534992218",
    ]


def test_a_state_without_a_finite_loss_prints_it_as_it_is(tmp_path: Path) -> None:
    states = [Inputs(w=3.0, y=0.0), Inputs(w=3.0, y=1.0)]
    said = [labelled(text) for text in printed([[script.program(script.neuron(s))] for s in states], tmp_path)]
    assert [text["loss"] for text in said] == ["inf", "nan"]
    assert [text["w.grad"] for text in said] == ["nan", "nan"]


@pytest.mark.parametrize("made", [script.neuron(Inputs(loss=loss, dtype=dtype)) for loss in LOSSES for dtype in DTYPES])
def test_a_program_is_short_and_plain_torch(made: Script) -> None:
    text = script.program(made)
    lines = text.splitlines()
    assert max(map(len, lines)) <= 100
    assert len([line for line in lines if line and not line.startswith("#")]) <= 26
    imported = [name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import) for name in node.names]
    froms = [node.module for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    assert {name.name for name in imported} | set(froms) <= {"torch", "torch.nn.functional"}


@pytest.mark.parametrize("made", SCRIPTS[:6])
def test_a_hash_always_begins_a_comment(made: Script) -> None:
    """The panel colours from a hash to the end of the line."""
    tokens = list(tokenize.generate_tokens(io.StringIO(script.program(made)).readline))
    assert all("#" not in token.string for token in tokens if token.type != tokenize.COMMENT)


def test_the_program_is_its_title_and_its_cells() -> None:
    made = Script("two", "Two cells", ("a = 1", "print(a)"))
    assert script.program(made) == "# Two cells\n\na = 1\n\nprint(a)\n"


def test_the_notebook_is_valid_and_the_same_every_time() -> None:
    made = Script("two", "Two cells", ("a = 1", "print(a)"))
    text = script.notebook(made)
    read = nbformat.reads(text, as_version=4)
    nbformat.validate(read)
    assert [(cell.cell_type, cell.source) for cell in read.cells] == [
        ("markdown", "# Two cells"),
        ("code", "a = 1"),
        ("code", "print(a)"),
    ]
    assert script.notebook(made) == text


def test_a_notebook_opens_with_the_python_of_the_house() -> None:
    told = json.loads(script.notebook(Script("one", "One", ("1",))))
    assert told["metadata"]["kernelspec"]["name"] == "python3"
    assert (told["nbformat"], "outputs" in told["cells"][1]) == (4, True)


def test_files_are_named_by_their_kind() -> None:
    made = script.neuron(Inputs())
    assert script.files(made) == {"name": "neuron", "py": script.program(made), "ipynb": script.notebook(made)}


def test_each_state_has_a_program_of_its_own() -> None:
    programs = [script.program(made) for made in SCRIPTS]
    assert len(set(programs)) == len(set(NEURONS))
