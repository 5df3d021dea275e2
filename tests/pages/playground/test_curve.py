"""The curve along a number of the program: its points by closed form, its tangent by torch's gradient."""

import math
from typing import Any

import pytest

from components.pages.playground import curve
from components.sandbox.run import handle
from components.sandbox.sweep import answer, sweep

CODE = """\
import torch
x = torch.tensor(1.5, requires_grad=True)
y = x ** 3
y.backward()
"""


def asked(code: str, along: str, of: str = "") -> tuple[Any, Any]:
    said = handle({"code": code, "draw": True})
    return said, curve.sweep_of(said, along, of)


def test_the_points_are_the_results_of_the_program_at_each_number() -> None:
    said, one = asked(CODE, "2:17")
    assert (one.number, one.result, one.value, one.span) == ("x", "y", 1.5, (-2.0, 2.0))
    place = {"line": one.line, "column": one.column, "end": one.end}
    points = answer({"code": CODE, "name": "y", "values": list(one.values)} | place)["points"]
    assert points == pytest.approx([value**3 for value in one.values], rel=1e-6)
    drawn = curve.dynamic(said, one, points)
    (left, right), (low, high) = drawn["tangent"]["x"], drawn["tangent"]["y"]
    assert (high - low) / (right - left) == pytest.approx(3 * 1.5**2)
    assert drawn["here"] == {"x": [1.5], "y": [1.5**3]}


def test_where_a_result_is_not_finite_is_a_gap() -> None:
    said, one = asked("import torch\nx = torch.tensor(1.0)\ny = torch.log(x)\n", "2:17")
    drawn = curve.dynamic(said, one, [math.nan, math.inf, None, 2.0])
    assert drawn["line"]["y"] == [None, None, None, 2.0]
    assert drawn["tangent"] == {"x": [], "y": []}


def test_a_tangent_is_drawn_only_where_torch_gave_its_slope() -> None:
    twice = CODE + "z = x ** 2\nz.backward()\n"
    product = "import torch\nx = torch.tensor(2 * 1.5, requires_grad=True)\ny = x ** 2\ny.backward()\n"
    shared = "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\ny = (x ** 2).sum()\ny.backward()\n"
    slopes = {}
    for name, code, along in (("twice", twice, "2:17"), ("product", product, "2:21"), ("entry", shared, "2:23")):
        said, one = asked(code, along)
        slopes[name] = curve.slope_of(said, one)
    assert slopes == {"twice": None, "product": None, "entry": 4.0}


def test_no_curve_without_a_number_or_a_result() -> None:
    assert asked(CODE, "9:9")[1] is None
    assert asked("import torch\nx = torch.tensor([1.0, 2.0])\n", "2:18")[1] is None
    assert asked(CODE, "2:17", "nothing")[1].result == "y"


def test_a_reach_stays_while_the_number_moves_about() -> None:
    reaches = {curve._reach(value) for value in (0.9, 1.0, 1.3, 1.6, -1.6)}
    assert reaches == {2.0}
    assert all(curve._reach(value) >= 1.2 * abs(value) for value in (0, 0.1, 3, 8.4, 99, -1234.5))


def test_a_program_that_fails_at_some_numbers_has_gaps_there() -> None:
    code = "import math\nx = 1.0\ny = math.sqrt(x)\n"
    place = {"line": 2, "column": 4, "end": 7}
    assert sweep({"code": code, "name": "y", "values": [-1.0, 4.0]} | place)["points"] == [None, 2.0]


@pytest.mark.parametrize("written", ["-2.0", "3", "0.5", "-7"])
def test_a_curve_is_that_of_the_program_with_each_number_written_into_it(written: str) -> None:
    before, after = "é = 'é'; x = torch.tensor([1.0, ", ", -2.0])"
    code = "import torch\n{}\ny = (x ** 3).sum() - x[1]\nfor i in range(2):\n    y = y + x[1] * i\n"
    place = {"line": 2, "column": len(before), "end": len(before) + len(written)}
    values = [-1.5, 0.0, 2.25]
    asked = {"code": code.format(f"{before}{written}{after}"), "name": "y", "values": values} | place
    runs = [handle({"code": code.format(f"{before}{value}{after}")})["names"]["y"]["value"] for value in values]
    assert sweep(asked)["points"] == runs
