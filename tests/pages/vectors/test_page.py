"""What one update of the Vectors page says, and that the page runs without a browser."""

import json
import struct
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.address.state import VECTORS, GraphView
from components.pages.vectors import model as vectors
from components.pages.vectors import page
from components.pages.vectors.model import Inputs
from components.session import Visit

MAIN = Path(__file__).parents[2] / "components" / "main.py"


def say(visit: Visit[Inputs]) -> dict[str, Any]:
    message, _ = page.answer(visit)
    (length,) = struct.unpack_from("<I", message)
    said: dict[str, Any] = json.loads(message[4 : 4 + length])
    return said


def test_the_readouts_are_the_notebooks() -> None:
    said = say(Visit(Inputs()))["readouts"]
    assert said["y"] == ["4.666666507720947", "4.6667"]
    assert said["grad"] == ["[0.6666666865348816, 1.3333333730697632, 2.0]", "[0.6667, 1.3333, 2.0000]"]
    assert said["jacobian"][0] == "[[0.6666666865348816, 1.3333333730697632, 2.0]]"


@pytest.mark.parametrize("inputs", VECTORS.presets.values(), ids=list(VECTORS.presets))
def test_readouts_are_json_of_the_engines_numbers(inputs: Inputs) -> None:
    said, run = say(Visit(inputs))["readouts"], vectors.run(inputs)
    for name, number in (("y", run.y), ("grad", run.grad), ("jacobian", run.jacobian), ("upstream", run.upstream)):
        assert json.loads(said[name][0]) == number


def test_a_longer_list_is_said_in_fewer_digits() -> None:
    said = say(Visit(VECTORS.presets["eight entries"]))["readouts"]
    assert said["grad"][1] == "[−1, −0.75, −0.5, −0.25, 0.25, 0.5, 0.75, 1]"


def test_what_stands_still_is_said_once() -> None:
    first = say(Visit(Inputs()))["static"]
    assert "static" not in say(Visit(Inputs((5.0, 5.0, 5.0)), drawn=first["id"]))
    for other in (Inputs((1.0, 2.0), v=(1.0, 1.0)), Inputs(reduce="sum"), Inputs(reduce="none")):
        assert say(Visit(other, drawn=first["id"]))["static"]["id"] != first["id"]


def test_controls_are_the_forms() -> None:
    controls = say(Visit(Inputs()))["static"]["controls"]
    assert controls["sliders"] == []
    assert [(entry["name"], entry["entry"]["name"], entry["most"]) for entry in controls["lists"]] == [
        ("values", "x", 8),
        ("v", "v", 8),
    ]
    assert [(entry["of"], entry["when"]) for entry in controls["lists"]] == [("", None), ("values", ["reduce", "none"])]
    assert controls["presets"][0]["values"] == {"values": [1.0, 2.0, 3.0], "reduce": "mean", "v": [1.0, 1.0, 1.0]}


def test_an_update_of_eight_entries_stays_small() -> None:
    inputs = Inputs((-9.9, -3.3, -2.7, -1.1, 0.1, 2.9, 3.3, 9.7), "none", (1.1, 2.3, -1.5, 0.3, 1.7, 1.9, 1.3, 9.9))
    standing = say(Visit(inputs))["static"]["id"]
    message, _ = page.answer(Visit(inputs, answers=1, drawn=standing))
    assert len(message) < 7_100


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (Inputs(), "mean() passes 1/3 back"),
        (Inputs(reduce="sum"), "sum() passes 1 back"),
        (Inputs(reduce="none"), "taken v[i] times"),
        (Inputs((2.0,), "none", (1.0,)), "passes for a number"),
    ],
)
def test_the_remark_says_what_is_seen(inputs: Inputs, words: str) -> None:
    assert words in say(Visit(inputs))["remark"]["text"]


@pytest.mark.parametrize("node", ["x", "pow", "y", "pow.0-x", "y.0-pow"])
def test_every_part_of_the_graph_can_be_inspected(node: str) -> None:
    said = say(Visit(Inputs(), GraphView(node=node)))
    assert said["graph"]["look"]["node"] == node
    assert said["graph"]["inspector"]["id"] == node
    assert said["notices"] == []


def test_cards_of_tensors_are_wide_and_list_their_entries() -> None:
    said = say(Visit(Inputs()))
    assert said["graph"]["nodes"][0][1:4:2] == ["[1, 2, 3]", "[0.667, 1.33, 2]"]
    said = say(Visit(VECTORS.presets["eight entries"]))
    assert said["graph"]["nodes"][0][1].endswith(", …]")
    assert said["graph"]["nodes"][0][0] == "[-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0]"


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"values": "1,2,3,4,5,6,7,8", "reduce": "none", "v": "1"},
        {"values": "<script>"},
        {"values": ["1", "2"]},
        {"values": "1e999,nan"},
        {"values": ",".join(["1"] * 100_000)},
    ],
    ids=lambda query: str(query)[:40],
)
def test_the_page_runs_without_an_exception(query: dict[str, str | list[str]]) -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
