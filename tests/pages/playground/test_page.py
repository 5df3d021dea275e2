"""The playground's update: what it says of runs, what a class does not see, and what no program can do to it."""

import re
from typing import Any

import pytest

from components.address.packed import pack
from components.drawing.findings import TITLES
from components.live.event import opening
from components.live.update import first_message
from components.pages.index import PAGES
from components.pages.page import Asker
from components.pages.playground import model
from components.pages.playground.model import Inputs, preset_code
from components.pages.playground.page import prepare
from tests.messages import Message, answer, decode

CODE = """\
import torch
x = torch.tensor([1.0, -2.0], requires_grad=True)
n = 3
y = (x ** 2).sum()
y.backward()
print(x.grad)
"""

ENDLESS = "n = 1\nwhile n:\n    n += 1\n"


def said(code: str, **more: Any) -> Message:
    return answer("playground", Inputs(code=code), **more)


def test_names_are_read_out_with_their_gradients() -> None:
    readouts = said(CODE)["readouts"]
    assert {name: exact for name, (exact, _) in readouts.items()} == {
        "x": "[1.0, -2.0]",
        "x.grad": "[2.0, -4.0]",
        "n": "3",
        "y": "5.0",
        "y.grad": "None",
    }


def test_nodes_have_the_lines_that_made_them() -> None:
    message = said(CODE)
    assert message["graph"]["lines"] == {"x": 2, "pow": 4, "y": 4}
    assert [(note["line"], note["text"]) for note in message["program"]["notes"]] == [
        (2, "[1, -2] ∂"),
        (3, "3"),
        (4, "5 ∂"),
    ]


def test_a_refused_program_has_its_sentence_and_no_graph() -> None:
    message = said("import os\nprint(1)\n")
    assert message["program"]["refused"]["line"] == 1
    assert message["program"]["printed"] == ""
    assert "nothing of this program has run" in message["static"]["graph"]["error"]
    assert (message["graph"]["nodes"], message["names"], message["moments"]["passes"]) == ([], [], [])


def test_the_graph_is_drawn_up_to_the_failing_line() -> None:
    message = said("import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 2\nz = y + torch.ones(3)\n")
    assert message["program"]["error"]["line"] == 4
    assert 'data-op="MulBackward0"' in message["static"]["graph"]["LR"]
    assert message["graph"]["lines"] == {"x": 2, "y": 3}


def test_where_no_pass_was_made_the_way_of_the_values_is_drawn_up_to_where_history_ends() -> None:
    code = (
        "import torch\nw = torch.tensor(3.0, requires_grad=True)\n"
        "loss = (w * 2 - 1).item()\nplace = torch.argmax(w)\nscore = place.float() - 2\nscore.backward()\n"
    )
    message = said(code)
    drawn = message["static"]["graph"]["LR"]
    ways = re.findall(r'<g class="edge (cut|data)" data-edge="[^"]*" data-from="([^"]*)" data-to="([^"]*)"', drawn)
    assert set(ways) == {
        ("cut", "item1", "sub"),
        ("cut", "place", "w"),
        ("data", "float", "place"),
        ("data", "score", "float"),
    }
    assert "argmax(w)" in drawn
    assert "constant" not in drawn
    assert message["graph"]["lines"]["item1"] == 3
    assert message["moments"] == {"at": None, "passes": [], "made": 0, "isBuilt": True}


def test_what_no_pass_has_reached_is_drawn_first_where_a_finding_is_about_it() -> None:
    code = (
        "import torch\nw = torch.tensor([0.2, 0.9], requires_grad=True)\nhits = (w > 0.5).float()\n"
        "loss = 1 - hits.mean()\nloss.requires_grad = True\nloss.backward()\nprint(w.grad)\n"
    )
    built, passed = said(code), answer("playground", Inputs(code=code, moment=0))
    assert (built["moments"]["at"], built["moments"]["isBuilt"], len(built["moments"]["passes"])) == (None, True, 1)
    assert passed["moments"]["at"] == 0
    [finding] = built["program"]["why"]
    assert (finding["kind"], finding["line"]) == ("none", 3)
    assert set(finding["nodes"]) <= set(built["graph"]["lines"])
    assert set(finding["nodes"]) - set(passed["graph"]["lines"])


def test_passes_are_chosen_by_their_place() -> None:
    inputs = Inputs(preset="training loop")
    last, first = answer("playground", inputs), answer("playground", Inputs(preset="training loop", moment=0))
    assert (last["moments"]["at"], first["moments"]["at"]) == (4, 0)
    assert len(last["moments"]["passes"]) == last["moments"]["made"] == 5
    assert last["graph"]["nodes"] != first["graph"]["nodes"]
    assert answer("playground", Inputs(preset="training loop", moment=99))["moments"]["at"] == 4


def test_a_class_does_not_see_gradients_in_any_way() -> None:
    message = said(CODE, query="?hide=answers")
    assert "x.grad" not in message["readouts"]
    assert (message["program"]["notes"], message["program"]["printed"]) == ([], "")
    assert "-4.0" not in message.text


def test_while_one_walks_nothing_is_told_before_its_time() -> None:
    message = said(CODE, view={"step": 0})
    assert message["program"]["printed"] == ""
    assert message["program"]["notes"] == []
    assert "-4.0" not in message.text


def test_markup_of_a_program_is_text() -> None:
    evil = "<img src=x onerror=alert(1)>"
    code = f"import torch\nd = {{'{evil}': torch.ones(1, requires_grad=True)}}\n(d['{evil}'] * 2).sum().backward()\n"
    message = said(code)
    assert "<img" not in message["static"]["graph"]["LR"]
    assert message["program"]["code"] == code


def test_a_preset_that_is_not_known_is_the_first() -> None:
    message = answer("playground", query="?preset=nothing")
    assert message["program"]["code"] == preset_code("")
    assert "no program of this page" in message["notices"][0]


def test_a_program_that_is_too_long_for_a_link_is_kept_and_said() -> None:
    code = "x = 1\n" + "".join(f"# {i * 7919 % 104729:x}{i * i:x}\n" for i in range(2_000))
    message = said(code, released=True)
    assert message["address"]["code"] is None
    assert "Save it as a file" in message["program"]["too_long"]
    assert message["program"]["code"] == code


@pytest.mark.parametrize("along", ["2:18", "2:23"])
def test_a_curve_is_drawn_where_one_is_asked_for(along: str) -> None:
    message = answer("playground", Inputs(code=CODE, along=along, of="y"))
    here = message["curve"]["here"]
    assert here["y"] == [5.0]
    assert len(message["curve"]["line"]["y"]) == len(message["curve"]["line"]["x"]) == 41
    (low, high), (left, right) = message["curve"]["tangent"]["y"], message["curve"]["tangent"]["x"]
    assert (high - low) / (right - left) == pytest.approx(2 * here["x"][0])
    assert message["results"] == ["n", "y"]


def test_a_page_opens_before_its_program_has_come_to_its_end() -> None:
    first = decode(first_message(opening(PAGES["playground"], f"?code={pack(ENDLESS)}")))
    assert first["program"]["pending"]
    assert first["program"]["code"].startswith("n = 1")
    assert first["names"] == []
    assert said(ENDLESS)["program"]["limit"]["line"] in (2, 3)


def test_while_a_number_moves_the_curve_stays_and_is_drawn_anew_once_the_hand_rests() -> None:
    asker = Asker("a visitor", is_moving=True)
    first = prepare(Inputs(code=CODE.replace("1.0", "1.5"), along="2:18"), asker)
    moved = prepare(Inputs(code=CODE.replace("1.0", "8.4"), along="2:18"), asker)
    rested = prepare(Inputs(code=CODE.replace("1.0", "8.4"), along="2:18"), Asker("a visitor"))
    assert first.sweep
    assert moved.sweep
    assert rested.sweep
    assert (first.sweep.span, moved.sweep.span, rested.sweep.span) == ((-2.0, 2.0), (-2.0, 2.0), (-20.0, 20.0))
    assert moved.points == first.points
    assert (moved.sweep.value, rested.sweep.value) == (8.4, 8.4)


def test_an_error_and_a_warning_have_what_torch_means_by_them() -> None:
    message = said("import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 2\nprint(y.grad)\ny.backward()\n")
    assert "single number" in message["program"]["error"]["meaning"]["says"]
    assert "retain_grad" in message["program"]["warnings"][0]["meaning"]["cure"]
    assert said("int('seven')\n")["program"]["error"]["meaning"] is None
    assert said("x = 1\n")["program"]["error"] is None


def with_finding(monkeypatch: pytest.MonkeyPatch, **more: Any) -> Message:
    """The answer to a program of which something was found."""
    found = {"kind": "none", "line": 6, "names": ["y"], "text": "`y.grad` is None.", "is_question": False}
    found |= {"repair": None, "moment": 0, "nodes": ["y"], "factors": []}
    answered = model.run(Inputs(code=CODE)) | {"why": [found]}  # type: ignore[operator]
    monkeypatch.setattr(model, "run", lambda *_, **__: answered)
    return said(CODE, **more)


def test_what_went_wrong_is_said_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    [found] = with_finding(monkeypatch)["program"]["why"]
    assert (found["kind"], found["line"], found["title"], found["nodes"]) == ("none", 6, TITLES["none"], ["y"])


@pytest.mark.parametrize("more", [{"query": "?hide=answers"}, {"query": "?hide=why"}, {"view": {"step": 0}}], ids=str)
def test_what_went_wrong_is_an_answer_that_a_class_does_not_see(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, Any]
) -> None:
    message = with_finding(monkeypatch, **more)
    assert message["program"]["why"] == []
    assert "y.grad` is None" not in message.text


CHAIN = """\
import torch
x = torch.tensor(2.0, requires_grad=True)
z = torch.sin(x * 3) + 1
y = (z * x - 1) ** 2
y.backward()
"""


def test_a_graph_is_whole_until_it_is_folded_into_what_has_a_name() -> None:
    whole, folded, opened = said(CHAIN), said(CHAIN, view={"view": "concept"}), said(CHAIN, view=OPENED)
    drawn = [message["static"]["graph"]["LR"] for message in (whole, folded, opened)]
    assert [message["graph"]["concept"] for message in (whole, folded, opened)] == [False, True, True]
    assert {message["static"]["graph"]["usual"] for message in (whole, folded, opened)} == {"full"}
    assert [text.count("data-group=") for text in drawn] == [0, 2, 2]
    assert len(folded["graph"]["nodes"]) == 3 < len(opened["graph"]["nodes"]) < len(whole["graph"]["nodes"])
    assert 'aria-label="Open z: 3 steps"' in drawn[1]
    assert 'aria-label="Close z: 3 steps"' in drawn[2]
    assert folded["readouts"] == whole["readouts"]
    assert said("import torch\nx = torch.ones(1, requires_grad=True)\n")["static"]["graph"]["usual"] == ""


OPENED = {"view": "concept", "opened": ["z", "nowhere"]}


def test_gradients_of_unknown_derivatives_are_covered_too() -> None:
    code = preset_code("a Function of one's own")
    assert any(edge[0] == "None" != edge[1] for edge in said(code)["graph"]["edges"])
    assert {edge[1] for edge in said(code, query="?hide=answers")["graph"]["edges"]} <= {"covered", "None"}
