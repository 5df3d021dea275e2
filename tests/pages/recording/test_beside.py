"""Two recordings together: what differs, what is selected in both, and nothing of what is hidden."""

import json
import re
from functools import lru_cache
from typing import Any

import pytest
import torch

from components.address.packed import pack
from components.address.view import GraphView
from components.live.event import opening
from components.live.update import first_message
from components.pages.recording import beside, differences, model, page
from components.pages.recording.model import Inputs
from components.pages.recording.page import PAGE
from components.recording.recorder import record
from tests.messages import Message, answer, decode
from tests.pages.recording import small

FIRST_NAN = Inputs(example="first_nan", moment=0, beside="same", beside_moment=6)
GAN = Inputs(example="gan", moment=0, beside="same", beside_moment=1)


def shown(inputs: Inputs, node: str = "", query: str = "") -> Message:
    return answer("recording", inputs, GraphView(node=node), query=query)


def said(message: Message) -> list[dict[str, Any]]:
    return list(message["static"]["differences"]["entries"])


@lru_cache(maxsize=2)
def stacked(activation: type[torch.nn.Module]) -> str:
    """A packed recording of a step of six layers with an activation after each."""
    state = torch.get_rng_state()
    torch.manual_seed(0)
    net = torch.nn.Sequential(*[part for _ in range(6) for part in (torch.nn.Linear(3, 3), activation())])
    x = torch.randn(4, 3)
    torch.set_rng_state(state)
    with record() as recorder:
        net(x).mean().backward()
    return pack(str(recorder.text()))


def test_the_first_nan_comes_first_and_is_marked_in_both_graphs() -> None:
    message = shown(FIRST_NAN)
    assert message["beside"]["titles"] == [f"the first nan · pass {place} of 8 · 9 nodes" for place in (1, 7)]
    assert [entry["node"] for entry in said(message)][:3] == ["log", "add", "loss"]
    assert said(message)[0]["says"] == "value: 0.693 → nan"
    for marks in ("marks", "beside_marks"):
        assert message["static"][marks]["log"][:2] == ["broken", "nan"]
        assert len(message["static"][marks]) == 9
    assert (
        len(message["static"]["beside_numbers"]["nodes"]) == message["static"]["beside"]["LR"].count("data-node=") == 9
    )


@pytest.mark.parametrize(
    ("inputs", "view", "classes"),
    [
        (FIRST_NAN, "", "whole"),
        (GAN, "full", "whole"),
        (GAN, "concept", "whole rows"),
        (Inputs(example="sigmoids", beside="example:sigmoids"), "", "whole rows"),
        (Inputs(example="first_nan"), "", "whole rows"),
    ],
)
def test_two_small_graphs_are_in_one_row_each(inputs: Inputs, view: str, classes: str) -> None:
    still = answer("recording", inputs, GraphView(view))["static"]
    drawn = [still[name]["LR"] for name in ("graph", "beside") if name in still]
    assert [re.findall(r' class="([^"]*)"', svg)[0] for svg in drawn] == [classes] * (2 if inputs.beside else 1)


def test_an_activation_is_replaced_in_its_place_and_the_gradient_grows() -> None:
    sigmoids, tanhs = stacked(torch.nn.Sigmoid), stacked(torch.nn.Tanh)
    message = shown(Inputs(sigmoids, beside=f"graph:{tanhs}"))
    counts = {kind: text for kind, _, text in message["static"]["differences"]["counts"]}
    assert counts["other"] == "6 of another operation or shape"
    assert "only" not in counts
    operations = [entry["says"].partition(";")[0] for entry in said(message) if entry["kind"] == "other"]
    assert operations == ["operation: SigmoidBackward0 → TanhBackward0"] * 6
    assert message["static"]["marks"]["net.0.weight"][0] == "grown"
    assert "times larger" in message["static"]["marks"]["net.0.weight"][2]


def test_what_is_selected_in_one_graph_is_selected_in_the_other() -> None:
    for node, first, second, address in (
        ("relu", "relu", "relu", "relu"),
        ("beside:leakyrelu", "leakyrelu_2", "leakyrelu", "leakyrelu_2"),
        ("addmm_2", "", "", "addmm_2"),
    ):
        message = shown(GAN, node)
        assert message["graph"]["view"]["node"] == address
        assert message["beside"]["graph"]["view"]["node"] == second
        assert message["graph"]["inspector"]["id"] == (first or node)
        (head, *_) = message["graph"]["inspector"]["sections"]
        assert head["head"] == "A → B"
        assert (head["lines"][0]["label"] == "only in A") == (not first)
    assert shown(GAN, "beside:nothing").fields["notices"]
    (edge,) = set(re.findall(r'data-edge="(relu\.0-\w+)"', shown(GAN)["static"]["beside"]["LR"]))
    message = shown(GAN, f"beside:{edge}")
    assert message["graph"]["view"]["node"] in message["static"]["graph"]["LR"]
    assert message["graph"]["view"]["node"].startswith("relu.0-")
    assert message["beside"]["graph"]["view"]["node"] == edge


def test_what_the_second_graph_alone_has_is_selected_by_a_name_of_its_own() -> None:
    turned = Inputs(example="gan", moment=1, beside="same", beside_moment=0)
    message = answer("recording", turned, GraphView(node="beside:addmm_2"), released=True)
    assert message["address"]["node"] == message["graph"]["view"]["node"] == "beside:addmm_2"
    assert message["beside"]["graph"]["view"]["node"] == "addmm_2"
    sections = message["graph"]["inspector"]["sections"]
    assert sections[0]["lines"][0]["label"] == "only in B"
    ways = [line["go"] for section in sections for line in section["lines"] if "go" in line]
    assert set(ways) == {"beside:leakyrelu", "beside:t_3", "discriminator.0.bias"}
    assert shown(turned, ways[0])["graph"]["inspector"]["id"] == ways[0].removeprefix("beside:")


@pytest.mark.parametrize("hide", ["numbers", "answers", "graph", "beside", "differences", "beside,differences"])
def test_nothing_of_what_is_hidden_is_in_marks_or_the_list(hide: str) -> None:
    message = shown(FIRST_NAN, "log", f"?hide={hide}")
    marked = [message["static"].get(name) for name in ("marks", "beside_marks", "differences")]
    text = json.dumps([marked, message["static"].get("beside_numbers"), message["graph"]])
    assert ("nan" in text) == (hide not in ("numbers", "graph", "beside,differences"))
    assert ("gradient:" in text or ".grad after:" in text) == (hide == "beside")
    assert ("graph" in message.fields.get("beside", {})) == (not {"beside", "graph"} & set(hide.split(",")))
    assert ("differences" in message["static"]) == (not {"differences", "graph"} & set(hide.split(",")))


def test_a_file_that_has_gone_and_what_is_no_recording_leave_the_first_one_open() -> None:
    for said_beside, state, text in (
        (f"file:{'0' * 32}", "missing", beside.MISSING),
        ("graph:YWJj", "refused", "Beside it: The recording in this link cannot be opened"),
    ):
        message = shown(Inputs(example="gan", beside=said_beside))
        assert (message["recording"]["state"], message["beside"]["state"]) == ("open", state)
        assert message["beside"]["text"].startswith(text)
        assert message["graph"]["nodes"]


@pytest.mark.parametrize(
    "text", ["other", "example:", "example:none", "file:12", "graph:", "graph:a b", "moment:1", "same:1"]
)
def test_what_cannot_stand_beside_is_said_in_a_sentence(text: str) -> None:
    message = answer("recording", query=f"?example=gan&beside={text}")
    assert message["values"]["beside"] == ""
    (notice,) = message["notices"]
    assert "none stands beside the first" in notice


def test_large_graphs_beside_each_other_are_drawn_after_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_AT_ONCE", 15)
    query = f"?graph={small.packed()}&beside=example:gan"
    first = decode(first_message(opening(PAGE, query)))
    assert (first["recording"]["state"], first["beside"]["state"]) == ("open", "pending")
    assert answer("recording", query=query)["beside"]["state"] == "open"


def test_colours_of_both_are_on_one_scale() -> None:
    inputs = Inputs(example="first_nan", moment=0, colour="value", beside="same", beside_moment=5)
    message = shown(inputs)
    both = [message["graph"]["colours"], message["beside"]["graph"]["colours"]]
    assert [len(one["levels"]) for one in both] == [9, 9]
    assert both[0]["legend"] == both[1]["legend"]


def test_the_bars_of_both_are_on_one_scale_and_hidden_with_the_gradients() -> None:
    inputs = Inputs(stacked(torch.nn.Sigmoid), beside=f"graph:{stacked(torch.nn.Tanh)}")
    message = shown(inputs)
    first, second = message["layers"], message["beside"]["layers"]
    assert first["kept"]["ticks"] == second["kept"]["ticks"]
    sizes = [[bar["size"] for bar in one["kept"]["bars"]] for one in (first, second)]
    assert sizes[0][0] < sizes[1][0] / 2
    assert answer("recording", Inputs(inputs.graph))["layers"]["kept"]["ticks"] != first["kept"]["ticks"]
    for hide in ("answers", "layers"):
        covered = shown(inputs, query=f"?hide={hide}")
        assert "layers" not in covered.fields
        assert "layers" not in covered["beside"]


def test_the_list_is_bounded_and_says_how_many_there_are_more() -> None:
    message = answer("recording", Inputs(example="sigmoids", beside="example:lstm"), GraphView("full"))
    found = message["static"]["differences"]
    assert len(found["entries"]) == differences.MOST_LISTED
    assert found["more"] + differences.MOST_LISTED == len(
        message["static"]["marks"] | {f"beside:{name}": None for name in message["static"]["beside_marks"]}
    ) - sum(one[0] != "only" for one in message["static"]["marks"].values())


def test_a_recording_and_itself_are_the_same() -> None:
    message = shown(Inputs(small.packed(), moment=0, beside=f"graph:{small.packed()}", beside_moment=0), "sigmoid")
    assert message["static"]["differences"] == {
        "counts": [["same", "=", f"{len(message['graph']['nodes'])} the same"]],
        "entries": [],
        "more": 0,
    }
    assert message["graph"]["inspector"]["sections"][0]["lines"] == [{"label": "the same", "math": ""}]
    model._RECORDED.clear()


def test_both_graphs_are_folded_alike_and_a_folded_block_says_what_differs_in_it() -> None:
    inputs = Inputs(stacked(torch.nn.Sigmoid), beside=f"graph:{stacked(torch.nn.Tanh)}")
    folded = answer("recording", inputs, GraphView("concept"))
    drawings = [folded["static"][name]["LR"] for name in ("graph", "beside")]
    first, second = (set(re.findall(r'data-group="([^"]+)"', drawing)) for drawing in drawings)
    assert first == second
    key = next(iter(key for key in first if key in folded["static"]["marks"]))
    assert "1 of another operation or shape" in folded["static"]["marks"][key][2]
    selected = answer("recording", inputs, GraphView("concept", node=f"beside:{key}"))
    assert selected["graph"]["view"]["node"] == selected["beside"]["graph"]["view"]["node"] == key
    assert "1 of another operation or shape" in selected["graph"]["inspector"]["sections"][0]["lines"][0]["label"]
    toggled = answer("recording", inputs, GraphView("concept", opened=(key,)), released=True)
    assert toggled["graph"]["view"]["opened"] == toggled["beside"]["graph"]["view"]["opened"] == [key]
    for name in ("graph", "beside"):
        assert f'data-group="{key}" role="button" tabindex="0" aria-expanded="true"' in toggled["static"][name]["LR"]


def test_a_block_that_opens_for_what_is_selected_opens_in_both_graphs() -> None:
    turned = Inputs(example="gan", moment=1, beside="same", beside_moment=0)
    for inputs, node in ((turned, "beside:addmm_2"), (GAN, "addmm_2")):
        message = answer("recording", inputs, GraphView("concept", node=node))
        (first, second) = (
            set(re.findall(r'data-group="([^"]+)" role="button" tabindex="0" aria-expanded="true"', drawing))
            for drawing in (message["static"][name]["LR"] for name in ("graph", "beside"))
        )
        assert "discriminator" in " ".join(first)
        assert first & second


def test_what_the_second_graph_alone_has_is_found_by_the_search() -> None:
    turned = Inputs(example="gan", moment=1, beside="same", beside_moment=0)
    found = {node[0]: node[3] for node in shown(turned)["static"]["nodes"]}
    assert found["beside:addmm_2"] == "discriminator.0"
    assert len([name for name in found if name.startswith("beside:")]) == 7
