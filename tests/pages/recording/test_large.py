"""Large recordings: their numbers go with the drawing, once, and not to somebody from whom some are hidden."""

from typing import Any

import pytest

from components.address.view import GraphView
from components.drawing.panel import ViewRequest
from components.pages.page import Content, Request
from components.pages.recording import model, page
from tests import large_graphs

COUNT = 400


@pytest.fixture(scope="module")
def inputs() -> model.Inputs:
    text = large_graphs.recording(large_graphs.residual(COUNT))
    return model.Inputs(file=page.take_file(text.encode())["file"])


def content(inputs: model.Inputs, hidden: frozenset[str] = frozenset(), view: str = "full") -> Content:
    return page.update(Request(inputs, ViewRequest(GraphView(view), hidden=hidden), hidden))


def numbers(found: Content) -> tuple[Any, Any]:
    """Those that go with the drawing, and those of the message."""
    return found.static["graph"].get("numbers"), found.fields["graph"].get("nodes")


def test_the_numbers_of_a_large_drawing_stand_still_with_it(inputs: model.Inputs) -> None:
    found = content(inputs)
    still, said = numbers(found)
    assert said is None
    assert len(still["nodes"]) == len(found.static["nodes"])
    assert len(still["edges"]) == len(found.static["graph"]["labels"]["edges"])


@pytest.mark.parametrize("part", sorted(page.NUMBERS))
def test_where_numbers_are_hidden_none_go_with_the_drawing(inputs: model.Inputs, part: str) -> None:
    still, said = numbers(covered := content(inputs, frozenset((part,))))
    assert still is None
    assert said is not None
    assert covered.static["id"] != content(inputs).static["id"]


def test_a_small_drawing_has_its_numbers_in_every_message(inputs: model.Inputs) -> None:
    still, said = numbers(content(inputs, view="concept"))
    assert still is None
    assert said
