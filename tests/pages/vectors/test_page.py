"""What one update of the Vectors page says."""

import json

import pytest

from components.address.view import GraphView
from components.pages.vectors import model
from components.pages.vectors.model import Inputs
from components.pages.vectors.page import FORM
from tests.messages import Message, answer

USUAL = Inputs()


def say(inputs: Inputs = USUAL, view: GraphView | None = None, static_id: str = "") -> Message:
    return answer("vectors", inputs, view, static_id=static_id)


def test_the_readouts_are_the_notebooks() -> None:
    said = say()["readouts"]
    assert said["y"] == ["4.666666507720947", "4.6667"]
    assert said["grad"] == ["[0.6666666865348816, 1.3333333730697632, 2.0]", "[0.6667, 1.3333, 2.0000]"]
    assert said["jacobian"][0] == "[[0.6666666865348816, 1.3333333730697632, 2.0]]"


def test_readouts_are_json_of_the_models_numbers() -> None:
    for inputs in FORM.presets.values():
        said, run = say(inputs)["readouts"], model.run(inputs)
        for name, number in (("y", run.y), ("grad", run.grad), ("jacobian", run.jacobian), ("upstream", run.upstream)):
            assert json.loads(said[name][0]) == number, (inputs, name)


def test_a_longer_list_is_said_in_fewer_digits() -> None:
    said = say(FORM.presets["eight entries"])["readouts"]
    assert said["grad"][1] == "[−1, −0.75, −0.5, −0.25, 0.25, 0.5, 0.75, 1]"


def test_what_stands_still_is_said_once() -> None:
    known = say()["static_id"]
    assert "static" not in say(Inputs((5.0, 5.0, 5.0)), static_id=known)
    for other in (Inputs((1.0, 2.0), v=(1.0, 1.0)), Inputs(reduce="sum"), Inputs(reduce="none")):
        assert say(other, static_id=known)["static"]["id"] != known


def test_controls_are_the_forms() -> None:
    controls = say()["static"]["controls"]
    assert controls["sliders"] == []
    assert [(entry["name"], entry["entry"]["name"], entry["most"]) for entry in controls["lists"]] == [
        ("values", "x", 8),
        ("v", "v", 8),
    ]
    assert [(entry["of"], entry["when"]) for entry in controls["lists"]] == [("", None), ("values", ["reduce", "none"])]
    assert controls["presets"][0]["values"] == {"values": [1.0, 2.0, 3.0], "reduce": "mean", "v": [1.0, 1.0, 1.0]}


def test_an_update_of_eight_entries_stays_small() -> None:
    inputs = Inputs((-9.9, -3.3, -2.7, -1.1, 0.1, 2.9, 3.3, 9.7), "none", (1.1, 2.3, -1.5, 0.3, 1.7, 1.9, 1.3, 9.9))
    said = say(inputs, static_id=say(inputs)["static_id"])
    assert "static" not in said
    assert said.size < 7_100, said.size


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (Inputs(), "mean() passes 1/3 back"),
        (Inputs(reduce="sum"), "sum() passes 1 back"),
        (Inputs(reduce="none"), "taken v[i] times"),
        (Inputs((2.0,), "none", (1.0,)), "counts as a number"),
    ],
)
def test_the_remark_says_what_is_seen(inputs: Inputs, words: str) -> None:
    assert words in say(inputs)["remark"]["text"]


def test_every_part_of_the_graph_can_be_inspected() -> None:
    for node in ("x", "pow", "y", "pow.0-x", "y.0-pow"):
        said = say(view=GraphView(node=node))
        assert said["graph"]["view"]["node"] == said["graph"]["inspector"]["id"] == node
        assert said["notices"] == []


def test_cards_of_tensors_are_wide_and_list_their_entries() -> None:
    nodes = say()["graph"]["nodes"]
    assert nodes[0][1:4:2] == ["[1, 2, 3]", "[0.667, 1.33, 2]"]
    nodes = say(FORM.presets["eight entries"])["graph"]["nodes"]
    assert nodes[0][1].endswith(", …]")
    assert nodes[0][0] == "[-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0]"


def test_hidden_answers_are_nowhere_in_the_message() -> None:
    inputs = Inputs((1.7, -2.9), "sum", (1.0, 1.0))
    assert "-5.8" in answer("vectors", inputs).text
    said = answer("vectors", inputs, GraphView(node="x", step=4), query="?hide=answers", export="json")
    assert "5.8" not in said.text
    assert not {"code", "jacobian"} & said.fields.keys()
