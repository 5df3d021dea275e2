"""The program as it is shown: every line as it ran, and of an error why and what to do."""

import pytest

from components.pages.vectors import cells as program
from components.pages.vectors import model as vectors
from components.pages.vectors.model import Inputs, Line


def test_lines_say_only_what_they_have() -> None:
    ran = (Line("y"), Line("y", "1"), Line("y", error="ValueError: no"))
    assert program.lines(ran) == [
        {"code": "y"},
        {"code": "y", "output": "1"},
        {"code": "y", "error": "ValueError: no"},
    ]


def test_torchs_refusal_comes_with_its_cause_and_its_cures() -> None:
    (line,) = [line for line in program.lines(vectors.run(Inputs(reduce="none")).lines) if "error" in line]
    assert line["code"] == "y.backward()"
    assert "one number" in line["cause"]
    assert "y.backward(gradient=v)" in line["cure"]
    assert "y.sum().backward()" in line["cure"]


@pytest.mark.parametrize("reduce", ["mean", "sum"])
def test_without_an_error_nothing_needs_a_cure(reduce: str) -> None:
    assert all(line.keys() <= {"code", "output"} for line in program.lines(vectors.run(Inputs(reduce=reduce)).lines))
