"""Notebooks and scripts as programs: the code alone, cell by cell; one sentence for everything that is none."""

import io
import json
import pickle
import zipfile
from typing import Any

import nbformat
import pytest

from components.address.packed import LONGEST_TEXT
from components.notebook.read import DEEPEST, LARGEST_FILE, UnreadableError, read
from components.sandbox.run import handle
from tests.notebook.made import PICTURE, TEACHERS, cell, notebook

MARKUP = '<img src=x onerror="alert(1)">'


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableError) as said:
        read(data)
    text = str(said.value)
    assert text.endswith(".")
    assert "\n" not in text
    return text


def test_code_cells_are_one_program_under_their_numbers() -> None:
    code, said = read(notebook("a = 1", cell("# Title", "markdown"), "b = a + 1\n", cell("raw", "raw"), "print(b)"))
    assert code == "# %% cell 1\na = 1\n\n# %% cell 2\nb = a + 1\n\n# %% cell 3\nprint(b)\n"
    assert said.startswith("3 cells")
    assert handle({"code": code})["printed"] == "2\n"


def test_a_teachers_notebook_has_its_code_and_nothing_of_its_outputs() -> None:
    code, said = read(TEACHERS)
    assert code.split("\n").count("# %% cell 4") == 1
    assert "# %% cell 5" not in code  # nothing is in it
    assert "%matplotlib inline" in code.split("\n")
    assert code.split("\n")[code.split("\n").index("# %% cell 6") + 1 :][:3] == ["# %%bash", "# ls -l", "# rm -r x"]
    assert "# %%time\nx, y = " in code
    assert not [text for text in ("iVBOR", "script", "tensor([", "Linear") if text in code]
    assert said.startswith("8 cells of the notebook")


def test_what_nbformat_writes_is_read() -> None:
    made = nbformat.v4.new_notebook()
    made.cells = [nbformat.v4.new_code_cell("x = 1"), nbformat.v4.new_markdown_cell("# x")]
    assert read(nbformat.writes(made).encode()).code == "# %% cell 1\nx = 1\n"
    third = nbformat.convert(made, 3)
    assert "worksheets" in json.loads(nbformat.writes(third, version=3))
    assert read(nbformat.writes(third, version=3).encode()).code == "# %% cell 1\nx = 1\n"


def test_a_longer_notebook_is_opened_as_far_as_a_program_may_go() -> None:
    long = "x = 1  # " + "é" * 9_991
    code, said = read(notebook(*[long] * 7))
    assert len(code.encode()) <= LONGEST_TEXT
    assert code.count("# %% cell") == 2
    assert said.startswith("Cells 1 to 2 of 7 are in the program")
    assert read(notebook("a = 1", "b" * 1_000_000, "c = 1")).said.startswith("Cells 1 to 1 of 3")
    assert "Cell 1 has 1,000,000 bytes" in refused(notebook("b" * 1_000_000))
    lines = read(notebook(*["x\n" * 2_000] * 3))
    assert (lines.code.count("\n") <= 5_000, lines.said[:19]) == (True, "Cells 1 to 2 of 3 a")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"x = 1\r\ny = 2\r\n", "x = 1\ny = 2\n"),
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
        ("# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"), "# -*- coding: latin-1 -*-\nx = 'é'\n"),
        ("#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '€'\n".encode("cp1252"), "€"),
        ("x = 'é'\n".encode(), "x = 'é'\n"),
    ],
)
def test_scripts_are_read_as_python_reads_them(data: bytes, code: str) -> None:
    assert code in read(data).code
    assert read(data).said == ""


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.py"), "x = 1")  # without the time, so that each process makes the same
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b" " * (LARGEST_FILE + 1), "too large"),
        (b"x = 1\n" * 20_000, "120,000 bytes"),
        ("x = 'é'\n".encode("latin-1"), "UTF-8"),
        ("x = 1\n".encode("utf-16"), "UTF-8"),
        (b"# coding: rot13\nx = 1\n", "UTF-8"),
        (b"# coding: utf-7\n+ADw-\n", "UTF-8"),
        (b"# coding: nothing\nx = 1\n", "UTF-8"),
        (zipped(), "plain text"),
        (pickle.dumps({"cells": []}), "plain text"),
        (TEACHERS[:-30], "end is missing"),
        (b'{"cells": [' + b"[" * DEEPEST + b"]" * DEEPEST + b"]}", "too deep"),
        (b'{"cells": ' + b"[" * 1_000_000, "too deep"),
        (notebook("x = 1").replace(b'"source"', b'"source": "y", "source"'), "twice"),
        (b'{"format": "autograd-explorer/1", "moments": []}', "page Open"),
        (b"{}", "no cells"),
        (notebook(), "no code"),
        (notebook(cell("# x", "markdown")), "no code"),
        (notebook(" \n"), "no code"),
        (notebook(cells={}), "list"),
        (notebook(cells=None), "list"),
        (notebook(cells=[[]] * 3), "entry 1"),
        (notebook(cells=[cell("x")] * 5_001), "list of at most"),
        (notebook(cell(None)), "source of cell 1"),
        (notebook(cell(7)), "source of cell 1"),
        (notebook(cell(["x", 7])), "source of cell 1"),
        (notebook(cell([["x"]])), "source of cell 1"),
        (notebook({"cell_type": 7, "source": "x"}), "entry 1"),
        (notebook({"cell_type": "code"}), "source of cell 1"),
        (notebook("x").replace(b'"x"', b"NaN"), "source of cell 1"),
        (notebook("x").replace(b'"x"', b"9" * 5_000), "JSON"),
        (notebook("x", metadata={"kernelspec": {"language": "R"}}), "written in R"),
        (notebook("x", metadata={"language_info": {"name": "julia"}}), "written in julia"),
        (notebook(worksheets=[{"cells": 7}], cells=None), "no code"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_program_is_refused_in_one_sentence(data: bytes, says: str) -> None:
    assert says in refused(data)


@pytest.mark.parametrize(
    "more",
    [
        {"metadata": {"widgets": {"a": [[[[[[[[[[1]]]]]]]]]]}}},
        {"metadata": 7},
        {"metadata": {"kernelspec": 7, "language_info": {"name": 7}}},
        {"nbformat": "four"},
        {"format": MARKUP},
    ],
    ids=str,
)
def test_what_is_not_read_may_be_anything(more: dict[str, Any]) -> None:
    assert read(notebook("x = 1", **more)).code == "# %% cell 1\nx = 1\n"


def test_hostile_cells_stay_text() -> None:
    hostile = cell(MARKUP, id=float("nan"), execution_count=MARKUP, outputs=[PICTURE, {"text": 1e308 * 10}])
    code, said = read(notebook(hostile, metadata={"title": MARKUP, "language_info": {"name": "Python"}}))
    assert (code, MARKUP in said) == (f"# %% cell 1\n{MARKUP}\n", False)
    half = notebook("x = 1").replace(b'"x = 1"', b"\"x = '\\ud800'\"")
    assert "\ufffd" in read(half).code
    read(half).code.encode()
