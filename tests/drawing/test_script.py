"""A script: its program, its notebook, its files."""

import json

import nbformat

from components.address.packed import unpack
from components.drawing import script
from components.drawing.script import Script

TWO = Script("two", "Two cells", ("a = 1", "print(a)"))


def test_the_program_is_its_title_and_its_cells() -> None:
    assert script.program(TWO) == "# Two cells\n\na = 1\n\nprint(a)\n"


def test_the_notebook_is_valid_and_has_the_same_cells() -> None:
    read = nbformat.reads(script.notebook(TWO), as_version=4)
    nbformat.validate(read)
    assert [(cell.cell_type, cell.source) for cell in read.cells] == [
        ("markdown", "# Two cells"),
        ("code", "a = 1"),
        ("code", "print(a)"),
    ]


def test_the_same_script_gives_the_same_notebook() -> None:
    assert script.notebook(TWO) == script.notebook(TWO)


def test_a_notebook_opens_with_the_python_of_the_house() -> None:
    told = json.loads(script.notebook(TWO))
    assert told["metadata"]["kernelspec"]["name"] == "python3"
    assert (told["nbformat"], told["cells"][1]["outputs"]) == (4, [])


def test_files_are_named_by_their_kind() -> None:
    files = script.files(TWO)
    packed = files.pop("playground").removeprefix("?code=")
    assert files == {"name": "two", "py": script.program(TWO), "ipynb": script.notebook(TWO)}
    assert unpack(packed) == script.program(TWO)
