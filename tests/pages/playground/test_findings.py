"""Findings as the page says them: their titles, the lines that a repair changes, and the numbers of a path."""

from typing import Any

import pytest

from components.drawing.findings import QUESTION, TITLES
from components.pages.playground.findings import change, findings

CODE = "import torch\nx = torch.tensor(1.0)\nx.backward()\n"
REPAIRED = "import torch\nx = torch.tensor(1.0, requires_grad=True)\nx.backward()\n"


def said(**more: Any) -> dict[str, Any]:
    return {"kind": "cut", "line": 2, "names": ["x"], "text": "`x` takes no gradient."} | more


def test_a_finding_has_a_title_and_its_repair_is_the_lines_that_change() -> None:
    repair = {"title": "Put `requires_grad=True` into line 2", "code": REPAIRED}
    [found] = findings([said(is_question=False, repair=repair, moment=None, nodes=["x"], factors=[])], CODE, {})
    assert found["title"] == TITLES["cut"]
    assert found["repair"] == {
        "title": "Put `requires_grad=True` into line 2",
        "head": 1,
        "old": ["x = torch.tensor(1.0)"],
        "new": ["x = torch.tensor(1.0, requires_grad=True)"],
    }


def test_what_is_doubtful_is_asked() -> None:
    [found] = findings([said(kind="shape", is_question=True)], CODE, {})
    assert (found["title"], found["asks"], found["repair"], found["factors"]) == (QUESTION, True, None, [])


def test_factors_are_numbers_for_people_and_say_where_there_is_none() -> None:
    factors = [
        {"node": "a", "op": "SigmoidBackward0", "line": 3, "value": -0.00009},
        {"node": "b", "op": "DivBackward0", "line": None, "value": "nan"},
        {"node": "c", "op": "DivBackward0", "line": 4, "value": "-inf"},
    ]
    [found] = findings([said(kind="zero", factors=factors)], CODE, {})
    assert [(one["node"], one["text"]) for one in found["factors"]] == [("a", "−9e−5"), ("b", "nan"), ("c", "−∞")]


def test_of_nodes_that_are_folded_away_those_are_named_that_show_them() -> None:
    [found] = findings([said(nodes=["mul", "loss", "sub"])], CODE, {"mul": "loss", "sub": "x"})
    assert found["nodes"] == ["loss", "x"]


def test_no_more_than_five_are_shown_and_none_of_a_kind_that_nobody_knows() -> None:
    assert len(findings([said()] * 9, CODE, {})) == 5
    assert findings([said(kind="mystery")], CODE, {}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb\nc", "a\nx\nc"),
        ("a\nb\nc", "a\nc"),
        ("a\nc", "a\nb\nc"),
        ("a\na\na", "a\na"),
        ("a", "a\nb"),
        ("", "a"),
        ("a\nb", ""),
        ("a\nb\nc\nd", "a\nc\nd\nb"),
        ("a", "a"),
    ],
)
def test_the_lines_of_a_change_make_the_one_text_of_the_other(before: str, after: str) -> None:
    one = change(before, after)
    lines = before.split("\n")
    lines[one["head"] : one["head"] + len(one["old"])] = one["new"]
    assert "\n".join(lines) == after
    assert len(one["old"]) + len(one["new"]) <= 6
