"""What of a recorded graph is folded: keys in an address, what a selected node opens, and where a selection goes."""

import re
from functools import lru_cache

import pytest
import torch

from components.address.packed import pack
from components.address.view import MOST_OPENED, GraphView
from components.pages.recording import view
from components.pages.recording.model import Inputs
from components.recording.recorder import record
from tests.messages import Message, answer
from tests.recording.test_modules import Network


@lru_cache(maxsize=1)
def packed() -> str:
    torch.manual_seed(0)
    model = Network(3)
    with record() as recorder:
        loss = model(torch.ones(2, 2)).mean()
        torch.autograd.backward(loss)
    return pack(recorder.text())


def shown(*opened: str, node: str = "", view: str = "", query: str = "", **more: object) -> Message:
    return answer("recording", Inputs(packed()), GraphView(view, opened, node), query=query, released=True, **more)


def ids(said: Message, name: str = "node") -> list[str]:
    return re.findall(rf'data-{name}="([^"]*)"', said["static"]["graph"]["LR"])


def test_the_first_view_is_folded_and_the_address_says_nothing() -> None:
    said = shown()
    assert ids(said) == ["model.stem", "model.layers", "model.head", "loss"]
    assert ids(said, "group") == ["-model", "model.stem", "model.layers", "model.head"]
    assert said["graph"]["concept"] is True
    assert {said["address"][name] for name in ("view", "open", "node")} == {None}
    assert said["static"]["graph"]["titles"]["concept"][0] == "Folded"
    assert len(said["graph"]["nodes"]) == 4


def test_a_graph_without_blocks_is_whole() -> None:
    w = torch.ones(2, requires_grad=True)
    with record() as recorder:
        torch.autograd.backward((w * w).sum())
    said = answer("recording", Inputs(pack(recorder.text())), GraphView("concept", ("x",), "w"))
    assert (said["static"]["graph"]["usual"], said["graph"]["concept"]) == ("", False)
    assert said["graph"]["inspector"]["id"] == "w"


def test_open_blocks_stand_within_each_other_and_unknown_keys_are_left_out() -> None:
    said = shown("model.layers", "model.layers.1", "no", "-no", "-model.stem", "<b>")
    assert said["graph"]["view"]["opened"] == ["model.layers", "model.layers.1"]
    assert ids(said)[1:5] == ["model.layers.0", "model.layers.1.first", "relu_2", "model.layers.1.second"]
    svg = said["static"]["graph"]["LR"]
    assert svg.count('class="cluster"') == 3
    assert 'aria-label="Close layers: 3 times, 18 steps"' in svg
    assert 'aria-label="Open layers.2: 6 steps"' in svg


def test_what_is_usually_open_can_be_folded_and_what_stands_in_it_is_forgotten() -> None:
    said = shown("model.layers", "-model", folding=True)
    assert ids(said) == ["model", "loss"]
    assert said["graph"]["view"]["opened"] == ["-model"]
    assert ids(said, "group") == ["-model"]
    assert ids(answer("recording", query=f"?graph={packed()}&open=-model")) == ids(said)


@pytest.mark.parametrize("node", ["model.layers.1.first.weight", "model.layers.1.first", "addmm_4.2-t_4"])
def test_what_is_selected_opens_what_hides_it_but_not_where_a_handle_was_pressed(node: str) -> None:
    said = shown(node=node)
    assert said["graph"]["view"]["opened"][:2] == ["model.layers", "model.layers.1"]
    assert said["graph"]["inspector"]["id"] == said["address"]["node"] == node
    assert said["notices"] == []
    folded = shown("model.layers", node=node, folding=True)
    assert folded["graph"]["view"] | {"view": ""} == said["graph"]["view"] | {
        "opened": ["model.layers"], "node": "model.layers.1",
    }  # fmt: skip


def test_a_selected_block_that_is_opened_hands_on_to_what_shows_its_result() -> None:
    assert shown(node="model.layers")["graph"]["view"]["node"] == "model.layers"
    opened = shown("model.layers", node="model.layers", folding=True)
    assert opened["graph"]["view"]["node"] == "model.layers.2"
    assert shown(node="model.layers", view="full")["graph"]["view"]["node"] == "add_3"
    gone = shown("model.layers", node="model.head~model.layers", folding=True)
    assert (gone["graph"]["view"]["node"], gone["notices"]) == ("", [])
    assert "is not in this graph" in shown(node="nobody")["notices"][0]


def test_the_newest_of_too_many_blocks_is_open() -> None:
    said = shown(*[f"no.{place}" for place in range(MOST_OPENED)], "model.layers")
    assert said["graph"]["view"]["opened"] == ["model.layers"]
    assert said["notices"] == []


def test_a_block_that_is_folded_because_others_are_too_many_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "MOST_OPENED", 2)
    said = shown("model.layers", "-model.stem", "model.layers.0", "model.head", folding=True)
    assert said["notices"] == ["opened and folded blocks: a link holds the 2 newest; “layers” is folded again."]
    said = shown("-model", "model.layers", "model.head", folding=True)
    assert said["notices"] == ["opened and folded blocks: a link holds the 2 newest; “model” is open again."]


def test_the_inspector_of_a_block_says_what_it_holds() -> None:
    said = shown(node="model.layers")["graph"]["inspector"]
    sections = {section["head"]: [line.get("label", "") for line in section["lines"]] for section in said["sections"]}
    assert (said["symbol"], said["word"], said["torch"]) == ("× 3", "18 steps, folded", "AddBackward0")
    assert sections["holds"] == ["6 × TBackward0", "6 × AddmmBackward0", "3 × ReluBackward0", "3 × AddBackward0"]
    assert len(sections["parameters"]) == 9
    assert sections["parameters"][-1] == "and 4 more"
    assert sections["goes back to"] == ["to stem"]
    covered = shown(node="model.layers", query="?hide=numbers")["graph"]["inspector"]["sections"]
    assert [section["head"] for section in covered] == ["holds", "parameters", "goes back to"]
    edge = shown(node="model.head~model.layers")["graph"]["inspector"]
    assert edge["sections"][0]["head"] == "gradient passed on"
    assert shown(node="model.layers")["source"]["module"] == "model.layers"


def test_what_is_infinite_in_a_block_is_listed_and_marked_where_it_may_be_no_mask() -> None:
    layer, w = torch.nn.Linear(3, 3), torch.ones(3, requires_grad=True)

    class Masked(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            masked: torch.Tensor = (x * w).masked_fill(torch.tensor([True, False, False]), float("-inf")).softmax(-1)
            return masked

    with record() as recorder:
        mask = Masked()
        torch.autograd.backward(mask(layer(torch.ones(3))).square().sum())
    said = answer("recording", Inputs(pack(recorder.text())), GraphView(node="mask"))
    sections = {section["head"]: section["lines"] for section in said["graph"]["inspector"]["sections"]}
    assert [line["label"] for line in sections["nan or infinite in"]] == ["maskedfill: value 1×"]
    assert said["graph"]["faulty"] == []


def test_numbers_of_a_card_are_those_of_its_last_step() -> None:
    whole, folded = shown(view="full"), shown()
    by_id = dict(zip(ids(whole), whole["graph"]["nodes"], strict=True))
    cards = dict(zip(ids(folded), folded["graph"]["nodes"], strict=True))
    assert cards["model.layers"] == by_id["add_3"]
    assert cards["model.stem"] == by_id["addmm"]


def test_a_drawing_as_a_file_has_what_is_shown_and_a_recording_all() -> None:
    text = shown(export="dot")["graph"]["exported"]["text"]
    assert "layers" in text
    assert "Relu" not in text
    for kind in ("json", "model-explorer"):
        assert "Relu" in shown(export=kind)["graph"]["exported"]["text"]
