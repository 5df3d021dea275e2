"""Findings on the page of recordings: at the nodes that are drawn, in the pass that they are about."""

from typing import Any

import pytest

from components.address.view import GraphView
from components.drawing.findings import TITLES
from components.pages.recording.model import Inputs
from tests.messages import answer


def why(example: str, view: str = "full", moment: int | None = None, query: str = "") -> list[dict[str, Any]]:
    said = answer("recording", Inputs(example=example, moment=moment), GraphView(view), query=query)
    found: list[dict[str, Any]] = said.fields.get("why", [])
    drawn = said["static"]["graph"]["LR"]
    for one in found:
        assert one["title"] in TITLES.values()
        assert one["repair"] is None
        assert one["moment"] != said["moments"]["at"] or all(f'data-node="{node}"' in drawn for node in one["nodes"])
    return found


def test_a_finding_is_about_its_own_pass_whichever_is_shown() -> None:
    for moment in (None, 0, 6):
        (one,) = why("first_nan", moment=moment)
        assert (one["kind"], one["line"], one["moment"], one["nodes"]) == ("nan", 16, 6, ["log"])


@pytest.mark.parametrize("view", ["full", ""])
def test_marks_stand_at_nodes_that_are_drawn(view: str) -> None:
    (one,) = why("sigmoids", view)
    assert len(one["nodes"]) == 12
    assert [factor["text"] for factor in one["factors"]][::11] == ["9e−3", "1e−12"]
    (one,) = why("gan", view, moment=0)
    assert one["nodes"]


def test_what_is_hidden_is_not_sent() -> None:
    assert why("sigmoids", query="?hide=answers") == why("sigmoids", query="?hide=why") == []
    assert why("two_layers") == []
