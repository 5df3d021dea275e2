"""A second state beside the first: the other label or another loss, by torch, and hidden where answers are."""

import re

import pytest

from components.losses import LOSSES
from components.pages.neuron import beside
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.messages import answer

STATES = [
    (Inputs(beside="y"), Inputs(y=1.0), "y = 1"),
    (Inputs(y=1.0, w=3.0, beside="y"), Inputs(w=3.0), "y = 0"),
    (Inputs(beside="squared"), Inputs(loss="squared"), LOSSES["squared"].title),
    (Inputs(w=3.0, y=1.0, beside="logits", dtype="float64"), Inputs(w=3.0, y=1.0, loss="logits", dtype="float64"), ""),
]


@pytest.mark.parametrize(("inputs", "second", "title"), STATES)
def test_its_numbers_are_those_of_that_state(inputs: Inputs, second: Inputs, title: str) -> None:
    assert beside.second(inputs) == second
    said, alone = answer("neuron", inputs), answer("neuron", second)
    run = neuron.run(second)
    for name, number in (("loss", run.loss), ("dw", run.dw), ("db", run.db)):
        assert said["readouts"][f"beside.{name}"][0] == repr(number) == alone["readouts"][name][0]
    assert title in said["beside"]["title"]
    assert said["beside"]["graph"]["nodes"] == alone["graph"]["nodes"]
    assert set(said["static"]["beside"]) >= {"LR", "TB"}


def test_without_one_nothing_is_said_of_it() -> None:
    said = answer("neuron", Inputs())
    assert "beside" not in said
    assert "beside" not in said["static"]
    assert not any(name.startswith("beside") for name in said["readouts"])


@pytest.mark.parametrize("query", ["?hide=answers", "?hide=beside", "?predict=dw", "?predict=z", "?step=3"])
def test_it_gives_nothing_away(query: str) -> None:
    said = answer("neuron", query=f"{query}&beside=y&y=1")
    assert "beside" not in said
    assert not any(name.startswith("beside") for name in said["readouts"])


@pytest.mark.parametrize(
    ("query", "wanted", "notices"),
    [
        ("?beside=logits&loss=logits", "", 0),
        ("?beside=hinge", "", 1),
        ("?beside=y&beside=y", "", 1),
        ("?beside=bce", "bce", 0),
    ],
)
def test_what_cannot_stand_there_does_not(query: str, wanted: str, notices: int) -> None:
    said = answer("neuron", query=query)
    assert said["values"]["beside"] == wanted
    assert len(said["notices"]) == notices


@pytest.mark.parametrize("loss", ["", *LOSSES])
def test_what_stands_beside_a_name_has_room_there(loss: str) -> None:
    static = answer("neuron", Inputs(loss="notebook" if loss != "notebook" else "bce", beside=loss or "y"))["static"]
    for drawing in (static["graph"]["LR"], static["beside"]["LR"]):
        texts = re.findall(r'class="made"[^>]*>([^<]*)<', drawing)
        assert len(texts) >= 5
        assert max(map(len, texts)) <= 13
