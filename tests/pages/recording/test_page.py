"""The page that opens recordings: what it shows of one, what it refuses, and that it says only what it knows."""

import json
import re
from typing import Any

import pytest

from components.address.packed import pack
from components.address.view import GraphView
from components.live.event import opening
from components.live.update import first_message
from components.pages.recording import model, page
from components.pages.recording.model import Inputs
from components.pages.recording.page import MISSING, PAGE, PENDING, take_file
from tests.messages import Message, answer, decode
from tests.pages.recording import small

MARKUP = '<img src=x onerror="alert(1)">'


def shown(node: str = "", moment: int | None = None, query: str = "") -> Message:
    return answer("recording", Inputs(small.packed(), moment=moment), GraphView("full", node=node), query=query)


def changed(**changes: Any) -> str:
    """The recording, with changes of the first node of its first pass."""
    recording = json.loads(small.text())
    recording["moments"][0]["nodes"][0].update(changes)
    return json.dumps(recording)


def sections(said: Message) -> dict[str, list[dict[str, Any]]]:
    return {section["head"]: section["lines"] for section in said["graph"]["inspector"]["sections"]}


def test_an_empty_page_has_no_graph_and_nothing_to_say() -> None:
    said = answer("recording")
    assert (said["recording"]["state"], said["recording"]["text"]) == ("empty", "")
    assert (said["graph"]["nodes"], said["moments"]["passes"]) == ([], [])


def test_a_recording_in_the_address_is_shown_pass_by_pass() -> None:
    first, last = shown(moment=0), shown()
    assert (first["moments"]["at"], last["moments"]["at"]) == (0, 1)
    assert [one["nodes"] for one in last["moments"]["passes"]] == [len(last["graph"]["nodes"])] * 2
    assert last["recording"]["state"] == "open"
    assert {"torch", "left_out", "passes", "nodes"} <= last["recording"].keys()
    assert last["static"]["graph"]["LR"].count("data-node=") == len(last["static"]["nodes"])
    assert "projected" not in last["static"]["graph"], "a long name would lie on its list there"


def test_numbers_that_are_not_all_recorded_are_a_range_and_no_arrow_says_that_it_takes_no_gradient() -> None:
    said = shown()
    by_id = dict(zip([node[0] for node in said["static"]["nodes"]], said["graph"]["nodes"], strict=True))
    assert by_id["model.2.weight"][1].count("…") == by_id["model.2.weight"][3].count("…") == 1
    assert by_id["model.2.bias"][0].startswith("[")
    assert {edge[3] for edge in said["graph"]["edges"]} <= {"plus", "minus"}
    assert not any("None" in (edge[1], node[2]) for edge in said["graph"]["edges"] for node in by_id.values())


def test_the_inspector_says_what_is_recorded() -> None:
    said = sections(shown("model.2.weight"))
    assert [lines["label"] for lines in said[".grad"]] == ["before", "after"]
    assert said["gradient arriving"][0]["go"] == "t_2"
    assert any(line.get("label") == "min, mean, max" for line in said["value"])
    (first_grad, _) = sections(shown("model.2.weight", 0))[".grad"]
    assert first_grad["math"] == '"None"'
    paths = sections(shown("model.0.bias"))["paths"]
    assert len(paths) == 3
    assert all(path["edges"][0] == "loss.0-add" for path in paths)
    (edge_id,) = re.findall(r'data-edge="(mul\.0-\w+)"', shown()["static"]["graph"]["LR"])
    edge = sections(shown(edge_id))["gradient passed on"]
    assert "not recorded by itself" in edge[0]["label"]


def test_the_source_is_that_of_the_selected_node_or_of_the_pass() -> None:
    assert shown()["source"]["source"] == "loss.backward()"
    assert shown("sigmoid")["source"] | {"line": 0} == {
        "name": "SigmoidBackward0", "module": "model.1", "line": 0, "source": "hidden = model(x)",
    }  # fmt: skip


def test_what_is_hidden_does_not_leave_the_server() -> None:
    whole, covered = shown("sigmoid"), shown("sigmoid", query="?hide=answers,source,inspector")
    assert "inspector" in whole["graph"]
    assert "inspector" not in covered["graph"]
    assert "source" not in covered
    assert {node[2] for node in covered["graph"]["nodes"]} == {"covered"}
    assert "gradient arriving" not in sections(shown("sigmoid", query="?hide=answers"))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": "other/1"}', small.text()[:-9], small.text().replace("moments", "momentz")]
)
def test_what_is_no_recording_is_refused_in_one_sentence(text: str) -> None:
    said = take_file(text.encode())
    assert said.keys() == {"refused"}
    assert said["refused"].endswith(".")
    linked = answer("recording", Inputs(pack(text)))
    assert (linked["recording"]["state"], linked["graph"]["nodes"]) == ("refused", [])
    assert linked["recording"]["text"] == said["refused"]


def test_a_link_unpacks_to_no_more_than_is_allowed() -> None:
    said = answer("recording", Inputs(pack(" " * (model.LONGEST_LINKED + 1))))
    assert said["recording"]["text"] == (
        "The recording in this link cannot be opened: it unpacks to more than 400,000 bytes."
    )


def test_a_small_file_becomes_a_link_and_a_large_one_is_named_by_its_content() -> None:
    assert take_file(small.text().encode())["graph"] == small.packed()
    large = json.loads(small.text())
    large["moments"] *= 40
    for place, moment in enumerate(large["moments"]):
        large["moments"][place] = json.loads(json.dumps(moment).replace("0.", f"0.{place * 7919 % 1000}"))
    said = take_file(json.dumps(large).encode())
    assert said.keys() == {"file"}
    assert answer("recording", Inputs(file=said["file"]))["recording"]["state"] == "open"
    model._RECORDED.clear()
    again = answer("recording", Inputs(file=said["file"]))["recording"]
    assert (again["state"], again["text"]) == ("missing", MISSING)


def test_a_page_that_is_opened_at_a_large_graph_does_not_wait_for_its_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_AT_ONCE", 3)
    said = decode(first_message(opening(PAGE, f"?graph={small.packed()}")))
    assert (said["recording"]["state"], said["recording"]["text"]) == ("pending", PENDING)
    assert shown()["recording"]["state"] == "open"


def test_large_graphs_are_drawn_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(page, "PATIENCE", 0)
    page._DRAWN.clear()
    with page._DRAWING:
        assert shown()["recording"]["state"] == "pending"
    assert shown()["recording"]["state"] == "open"


def test_a_node_with_the_longest_name_can_be_selected() -> None:
    name = f"model.{'a' * 190}"
    packed = pack(changed(name=name))
    said = answer("recording", Inputs(packed, moment=0), GraphView(node=name))
    assert (said["graph"]["inspector"]["id"], said["notices"]) == (name, [])


def test_markup_in_a_recording_is_text() -> None:
    packed = pack(changed(name=MARKUP, module=MARKUP, source=MARKUP))
    said = answer("recording", Inputs(packed, moment=0))
    assert "<img" not in "".join(drawing for drawing in said["static"]["graph"].values() if isinstance(drawing, str))
    assert MARKUP in said["static"]["nodes"][0]
    node = said["static"]["nodes"][0][0]
    assert answer("recording", Inputs(packed, moment=0), GraphView(node=node[:80]))["recording"]["state"] == "open"


def test_numbers_that_are_not_finite_are_counted_and_marked() -> None:
    summary = {"min": -1.0, "max": 2.0, "mean": 0.5, "nonfinite": 3}
    packed = pack(changed(grad=["nan"] * 16, grad_summary=summary, shape=[40]))
    said = answer("recording", Inputs(packed, moment=0), GraphView("full"))
    assert "−1 … 2, 3× nan or inf" in said.text
    assert "undefined" in {edge[3] for edge in said["graph"]["edges"]}
    assert said["graph"]["faulty"] == []
    assert answer("recording", Inputs(packed, moment=0))["graph"]["faulty"] == ["model.2"]
    assert answer("recording", Inputs(packed, moment=0), query="?hide=answers")["graph"]["faulty"] == []
