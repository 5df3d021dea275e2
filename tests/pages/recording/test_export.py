"""Files that pages save: each JSON opens on this page with the same numbers, and holds nothing that is hidden."""

import json
from typing import Any

import pytest

from components.address.packed import pack
from components.pages.recording.model import Inputs
from components.pages.recording.page import take_file
from components.recording.graph_file import read_file
from tests.messages import Message, answer
from tests.pages.recording import small

LIST = "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\n(x * x).sum().backward()"
HIDINGS = ("numbers", "gradients", "answers")


def exported(kind: str, inputs: Inputs | None = None, query: str = "") -> str:
    said = answer("recording", inputs or Inputs(small.packed()), query=query, export=kind)["graph"]["exported"]
    assert said["kind"] == kind
    text: str = said["text"]
    return text


def opened(text: str) -> Message:
    """The page of a file."""
    said = take_file(text.encode())
    assert "refused" not in said
    return answer("recording", Inputs(graph=said.get("graph", ""), file=said.get("file", "")))


def test_a_recording_that_is_saved_opens_again_with_all_that_it_said() -> None:
    before = answer("recording", Inputs(small.packed(), moment=0))
    text = exported("json", Inputs(small.packed(), moment=0))
    after = opened(text)
    assert after["graph"]["nodes"] == before["graph"]["nodes"]
    assert after["graph"]["edges"] == before["graph"]["edges"]
    assert after["static"]["nodes"] == before["static"]["nodes"]
    whole, one = read_file(small.text().encode()), read_file(text.encode())
    assert one.moments == whole.moments[:1]
    assert exported("json", Inputs(pack(text))) == text


@pytest.mark.parametrize(
    ("page", "values"),
    [
        ("neuron", {"w": 3.0, "y": 1}),
        ("vectors", None),
        ("chain_rule", None),
        ("training", None),
        ("playground", {"preset": ""}),
        ("playground", {"code": LIST}),
    ],
)
def test_what_another_page_saves_opens_here_with_the_same_numbers(page: str, values: Any) -> None:
    said = answer(page, values, export="json")["graph"]
    after = opened(said["exported"]["text"])
    assert after["recording"]["state"] == "open"
    assert [node[:1] + node[2:3] for node in after["graph"]["nodes"]] == [n[:1] + n[2:3] for n in said["nodes"]]
    assert [edge[:2] for edge in after["graph"]["edges"]] == [edge[:2] for edge in said["edges"]]
    again = answer("recording", Inputs(take_file(said["exported"]["text"].encode())["graph"]), export="json")
    assert again["graph"]["exported"]["text"] == said["exported"]["text"]


def test_the_inspector_says_local_derivatives_where_a_page_of_the_app_has_saved_them() -> None:
    text = answer("chain_rule", export="json")["graph"]["exported"]["text"]
    packed = take_file(text.encode())["graph"]
    said = answer("recording", Inputs(packed), {"node": "z.0-y"})["graph"]["inspector"]
    assert [section["head"] for section in said["sections"]] == ["local derivative", "gradient passed on", "from, to"]


def test_model_explorer_has_modules_lines_and_ranges() -> None:
    (graph,) = json.loads(exported("model-explorer"))["graphs"]
    nodes = {node["id"]: {one["key"]: one["value"] for one in node["attrs"]} for node in graph["nodes"]}
    assert {node["id"]: node["namespace"] for node in graph["nodes"]}["model.2.weight"] == "model/2"
    assert {"module", "value range", "gradient mean", ".grad before"} <= nodes["model.2.weight"].keys()
    assert {"line", "source"} <= nodes["sigmoid"].keys()
    assert all(isinstance(text, str) for said in nodes.values() for text in said.values())


@pytest.mark.parametrize("kind", ["json", "model-explorer", "dot"])
@pytest.mark.parametrize("hide", HIDINGS)
def test_what_is_hidden_is_in_no_file(kind: str, hide: str) -> None:
    text = exported(kind, query=f"?hide={hide}")
    numbers = [
        node.gradient if hide != "numbers" else node.value
        for moment in read_file(small.text().encode()).moments
        for node in moment.nodes
    ]
    shown = {repr(one) for each in numbers for one in each.value or () if one not in (0.0, 1.0)}
    assert len(shown) > 10
    assert not [one for one in shown if one in text]
    if kind == "model-explorer":
        keys = {one["key"] for node in json.loads(text)["graphs"][0]["nodes"] for one in node["attrs"]}
        assert not [key for key in keys if key.startswith(("grad", ".grad"))]
        assert any(key.startswith("value") for key in keys) == (hide != "numbers")
