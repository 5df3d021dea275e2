"""Bars and table of a pass: sizes that the recording has, words for what is no size, and nodes that the drawing has."""

import json
import math
from typing import Any

import pytest

from components.address.packed import pack
from components.cache import Store
from components.pages.recording import bars
from components.pages.recording.model import Inputs
from tests.messages import answer
from tests.pages.recording import small


def layers(query: str = "", **inputs: Any) -> dict[str, Any]:
    said = answer("recording", Inputs(**inputs), query=query, open=["names"])
    found: dict[str, Any] = said.fields.get("layers", {})
    ids = {node[0] for node in said["static"]["nodes"]}
    assert {bar["node"] for kind in ("kept", "arriving") for bar in found.get(kind, {}).get("bars", ())} <= ids | {""}
    assert {row["node"] for row in found.get("names", ())} <= ids
    return found


def changed(**changes: Any) -> str:
    """The recording, with changes of the first layer's parameters in its last pass."""
    recording = json.loads(small.text())
    for node in recording["moments"][1]["nodes"]:
        if node["module"] == "model.0" and node["op"] == "AccumulateGrad":
            node.update(changes)
    return pack(json.dumps(recording))


def test_a_vanishing_gradient_is_bars_that_grow_from_the_first_layer_to_the_last() -> None:
    found = layers(example="sigmoids")
    for kind in ("kept", "arriving"):
        lengths = [bar["size"] for bar in found[kind]["bars"]]
        assert len(lengths) == 12
        assert lengths == sorted(lengths)
        assert 0 < lengths[0] < 0.2
        assert 0.8 < lengths[-1] <= 1
    assert found["kept"]["bars"][0] | {"size": 0, "exact": ""} == {
        "name": "model.0", "node": "model.0.weight", "size": 0, "exact": "", "text": "3.150e−12",
    }  # fmt: skip
    assert found["kept"]["ticks"][0] == [0, "1e−12"]


@pytest.mark.parametrize(
    ("summary", "value", "text"),
    [
        (None, None, "None"),
        ({"min": 0.0, "max": 0.0, "mean": 0.0, "nonfinite": 0}, [0.0], "exactly 0"),
        ({"min": None, "max": None, "mean": None, "nonfinite": 2}, ["nan"], "nan or inf"),
    ],
)
def test_what_is_no_size_is_a_word(summary: Any, value: Any, text: str) -> None:
    after = {"shape": [2], "dtype": "float32", "value": value, "summary": summary}
    first, last = layers(graph=changed(after=after))["kept"]["bars"]
    assert (first["size"], first["text"]) == (None, text)
    assert last["size"] is not None


def test_what_autograd_grad_gives_is_kept_nowhere() -> None:
    recording = json.loads(small.text())
    recording["moments"][1]["call"] = "autograd.grad"
    found = layers(graph=pack(json.dumps(recording)))
    assert found["keeps"] is False
    assert all(bar["size"] for bar in found["kept"]["bars"])


def test_the_table_has_parameters_from_the_first_layer_on_and_then_other_names() -> None:
    rows = layers(graph=small.packed())["names"]
    names = [row["name"] for row in rows]
    assert set(names[:2]) == {"model.0.bias", "model.0.weight"}
    assert set(names[2:4]) == {"model.2.bias", "model.2.weight"}
    assert names[4:] == ["hidden", "loss"]
    by_name = {row["name"]: row for row in rows}
    assert (by_name["model.2.weight"]["shape"], by_name["model.2.weight"]["count"]) == ("8 × 3", 24)
    assert (by_name["loss"]["shape"], by_name["loss"]["grad"]) == ("scalar", "not a leaf")
    assert "…" in by_name["model.2.weight"]["grad"]


def test_the_table_is_sent_where_it_is_open() -> None:
    assert answer("recording", Inputs(example="sigmoids"))["layers"]["names"] is None


def test_there_is_an_end_to_bars_and_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bars, "_MADE", Store(100, lambda _: 1))
    monkeypatch.setattr(bars, "MOST_BARS", 5)
    monkeypatch.setattr(bars, "MOST_NAMES", 7)
    found = layers(example="sigmoids")
    assert (len(found["kept"]["bars"]), found["more"]) == (5, 7)
    assert (len(found["names"]), found["unlisted"]) == (7, 18)


def test_a_number_too_small_for_a_power_of_ten_has_a_bar() -> None:
    summary = {"min": 0.0, "max": 5e-324, "mean": 0.0, "nonfinite": 0}
    tiny = {"shape": [2], "dtype": "float64", "value": [5e-324], "summary": summary}
    (first, _) = layers(graph=changed(after=tiny))["kept"]["bars"]
    assert 0 < first["size"] < 1
    assert math.isclose(float(first["exact"]), 5e-324)


def test_gradients_that_are_hidden_are_not_sent() -> None:
    for query in ("?hide=answers", "?hide=layers"):
        assert layers(query, example="sigmoids") == {}
