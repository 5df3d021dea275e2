"""What one update says, and that the page runs without a browser."""

import json
import math
import struct
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.address.classroom import PARTS, read_classroom
from components.address.view import GraphView
from components.drawing import graph_svg as draw_graph
from components.drawing.layout import NoGraphvizError
from components.pages.index import PAGES
from components.pages.neuron import curves, page
from components.pages.neuron import diagnosis as check
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from components.session import Visit

MAIN = Path(__file__).parents[2] / "components" / "main.py"
FIRST = Inputs()
ANSWERS = {f"{name}_{of}" for name in ("manual", "numeric", "exact", "verdict") for of in ("dw", "db")}
CONTRACT = {"z", "y_pred", "loss", "dx", "dw", "db"} | ANSWERS


def say(visit: Visit[Inputs]) -> bytes:
    message, _ = page.answer(visit)
    return message


def asking(inputs: Inputs, answers: int = 0, drawn: str = "", **asked: Any) -> Visit[Inputs]:
    """A visit whose event asks for more."""
    said = {name: asdict(value) if isinstance(value, Inputs) else value for name, value in asked.items()}
    return Visit(inputs, answers=answers, drawn=drawn, asked=said)


def decode(message: bytes) -> tuple[dict[str, Any], list[float]]:
    (length,) = struct.unpack_from("<I", message)
    rows = message[4 + length :]
    return json.loads(message[4 : 4 + length]), list(struct.unpack(f"<{len(rows) // 4}f", rows))


def drawn(names: tuple[str, ...] = ("w", "b")) -> str:
    """What a browser that already holds the page would say it has."""
    said, _ = decode(say(asking(Inputs(), with_x="x" in names)))
    standing: str = said["static"]["id"]
    return standing


def test_the_readouts_of_the_contract_are_said_exactly() -> None:
    said, _ = decode(say(Visit(Inputs())))
    assert said["readouts"].keys() >= CONTRACT
    assert said["readouts"]["loss"] == ["6.701176166534424", "6.7012"]
    assert said["readouts"]["dw"] == ["6.6917619705200195", "+6.6918"]
    assert said["readouts"]["manual_db"][0] == "0.998770534992218"
    assert said["readouts"]["ulps_autograd_dw"] == ["2", "2"]
    assert said["readouts"]["ulps_manual_dw"] == ["1", "1"]
    assert said["readouts"]["exact_dw"] == ["6.691763029237442", "+6.69176303"]
    assert said["readouts"]["verdict_dw"] == ["rounding", "rounding"]


def test_the_headline_says_what_was_set() -> None:
    said, _ = decode(say(Visit(Inputs(x=-2.5, w=-0.4, b=-3.0, y=1.0))))
    assert [said["readouts"][name] for name in "wxb"] == [["-0.4", "−0.40"], ["-2.5", "(−2.5)"], ["-3.0", "− 3.0"]]
    assert said["texts"] == {"loss_form": "−log(ŷ)"}


def test_what_stands_still_is_said_once() -> None:
    said, _ = decode(say(Visit(Inputs(w=2.0), drawn=drawn())))
    assert "static" not in said
    said, _ = decode(say(Visit(Inputs(w=2.0), drawn="something older")))
    assert said["static"]["id"] == drawn()


@pytest.mark.parametrize("inputs", [Inputs(), Inputs(w=3.0), Inputs(-10.0, -5.0, -10.0, 1.0), Inputs(x=-0.1, w=0.01)])
@pytest.mark.parametrize("moving", ["w", "b", "x"])
@pytest.mark.parametrize("with_x", [False, True])
def test_an_update_stays_small(inputs: Inputs, moving: str, with_x: bool) -> None:
    """Streamlit adds some 900 bytes: together at most 8 kB."""
    names = ("w", "b", "x") if with_x else ("w", "b")
    held = (
        replace(inputs, x=-1.0)
        if moving == "x"
        else replace(inputs, w=-1.0)
        if moving == "w"
        else replace(inputs, b=-1.0)
    )
    visit = asking(inputs, answers=1, drawn=drawn(names), held=held, with_x=with_x)
    assert len(say(visit)) < 7_100


def test_only_curves_that_moved_are_said() -> None:
    before = Inputs(w=1.0)
    said, rows = decode(say(asking(Inputs(w=2.0), drawn=drawn(), held=before)))
    assert said["swept"] == ["b"]
    assert len(rows) == 2 * curves.POINTS
    said, rows = decode(say(asking(before, drawn=drawn(), held=before)))
    assert (said["swept"], rows) == ([], [])


@pytest.mark.parametrize("drawn_before", ["", "something older"])
def test_all_curves_are_said_to_a_browser_that_holds_another_page(drawn_before: str) -> None:
    said, _ = decode(say(asking(Inputs(w=2.0), drawn=drawn_before, held=Inputs())))
    assert said["swept"] == ["w", "b"]


def test_rows_are_the_curves() -> None:
    inputs = Inputs(w=3.0, y=1.0)
    _, rows = decode(say(Visit(inputs)))
    expected = [v for sweep in curves.sweep(inputs) for row in (sweep.loss, sweep.gradient) for v in row.tolist()]
    assert len(rows) == len(expected)
    assert all(a == b or (math.isnan(a) and math.isnan(b)) for a, b in zip(rows, expected, strict=True))


def test_stretches_come_with_the_curves_they_belong_to() -> None:
    before = Inputs(w=3.0, y=1.0)
    said, _ = decode(say(Visit(before)))
    assert said["stretches"] == [[["dead", -5.0, -2.725], ["undefined", 2.475, 5.0]], [["undefined", -3.45, 10.0]]]
    said, _ = decode(say(asking(replace(before, w=2.0), drawn=drawn(), held=before)))
    assert (said["swept"], len(said["stretches"])) == (["b"], 1)


@pytest.mark.parametrize(("other", "laid_over"), [("bce", True), ("logits", True), ("notebook", False), ("", False)])
def test_a_second_loss_is_laid_over(other: str, laid_over: bool) -> None:
    inputs = Inputs(w=3.0)
    said, rows = decode(say(asking(inputs, other=other)))
    names = {trace["name"] for trace in said["static"]["curves"]["traces"]}
    assert (f"loss of {other}" in names) == (said["static"]["curves"]["other"] == other != "") == laid_over
    over = curves.sweep(replace(inputs, loss=other)) if laid_over else ()
    sweeps = (*curves.sweep(inputs), *over)
    assert said["swept"] == ["w", "b"]
    assert rows == pytest.approx([v for s in sweeps for row in (s.loss, s.gradient) for v in row.tolist()], nan_ok=True)


@pytest.mark.parametrize(
    ("inputs", "moved"), [(Inputs(w=2.0), ["b"]), (Inputs(b=2.0), ["w"]), (Inputs(x=2.0), ["w", "b"]), (Inputs(), [])]
)
def test_of_a_second_loss_too_only_what_moved_is_said(inputs: Inputs, moved: list[str]) -> None:
    standing = decode(say(asking(Inputs(), other="bce")))[0]["static"]["id"]
    said, rows = decode(say(asking(inputs, answers=1, drawn=standing, held=Inputs(), other="bce")))
    assert said["swept"] == moved
    assert len(rows) == 4 * curves.POINTS * len(moved)
    assert standing != drawn()


@pytest.mark.parametrize("other", [None, "", "nonsense", 3, ["bce"], {"bce": 1}, True])
def test_an_event_cannot_ask_for_a_loss_that_is_none(other: object) -> None:
    assert page.asked(asking(Inputs(), other=other)).other == page.asked(Visit(Inputs())).other == ""
    assert page.asked(asking(Inputs(), other="logits")).other == "logits"


def test_a_broken_layout_program_is_said_in_the_graphs_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise NoGraphvizError("Graphviz is not installed.")

    page._standing.cache_clear()
    monkeypatch.setattr(draw_graph, "svg", refuse)
    said, _ = decode(say(Visit(Inputs())))
    page._standing.cache_clear()
    assert said["static"]["graph"] == {"error": "Graphviz is not installed."}


@pytest.mark.parametrize("query", [{}, {"w": "3", "y": "1"}, {"w": "<script>"}, {"x": ["1", "2"]}, {"w": "1e999"}])
def test_the_page_runs_without_an_exception(query: dict[str, str | list[str]]) -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception


def test_opinions_are_said_on_demand() -> None:
    said, _ = decode(say(Visit(Inputs(), drawn=drawn())))
    assert "opinions" not in said
    said, _ = decode(say(asking(Inputs(), drawn=drawn(), with_more=True)))
    assert len(said["opinions"]["dw"]) == len(check.STEPS)
    assert said["opinions"]["here"][0] == 1e-5


@pytest.mark.parametrize(
    ("inputs", "faulty", "words"),
    [
        (Inputs(w=3.0), ["log_2", "rsub", "y_pred.0-z"], "the loss is ∞, and 0 · ∞ is nan"),
        (Inputs(w=3.0, y=1.0), ["log_2", "log_2.0-rsub", "rsub"], "nan, though the prediction is right"),
        (Inputs(w=-3.0, y=1.0), ["clamp", "clamp.0-y_pred"], "torch passes back exactly 0"),
        (Inputs(w=3.0, loss="bce"), ["loss", "loss.0-y_pred", "y_pred", "y_pred.0-z"], "σ, flat there, passes back 0"),
        (Inputs(w=-5.0, y=1.0, loss="bce"), ["loss", "loss.0-y_pred"], "divides by at least 1e−12"),
    ],
)
def test_where_it_goes_wrong_is_marked_and_said(inputs: Inputs, faulty: list[str], words: str) -> None:
    said, _ = decode(say(Visit(inputs)))
    assert said["graph"]["faulty"] == faulty
    assert words in said["remark"]["text"]
    assert said["remark"]["isWarning"]
    folded, _ = decode(say(Visit(inputs, GraphView("concept"))))
    assert set(folded["graph"]["faulty"]) & {"loss", "y_pred"}


@pytest.mark.parametrize("forged", [None, 1, "w", {"x": "<script>"}, {"x": 1.0}, [1.0]])
def test_an_event_cannot_hold_what_are_no_inputs(forged: object) -> None:
    assert page.asked(asking(Inputs(), held=forged)).held is None
    said, _ = decode(say(asking(Inputs(), drawn=drawn(), held=forged)))
    assert said["swept"] == ["w", "b"]


def in_room(hide: str, inputs: Inputs = FIRST, look: GraphView | None = None, **asked: Any) -> dict[str, Any]:
    """What is said where an address hides parts, with all that an event could ask for."""
    room, _ = read_classroom({"hide": [hide]})
    visit = Visit(inputs, look or GraphView(), room=room, asked=asked, take="json")
    message, _ = page.answer(visit)
    return decode(message)[0]


def digits(number: Any) -> str:
    """The first digits of a number, as every way of writing it begins; those of a forward value are no secret."""
    return repr(abs(number))[:6] if isinstance(number, float) else "0"


@pytest.mark.parametrize(
    "look", [GraphView(), GraphView("concept", node="w"), GraphView(node="w", step=24), GraphView("concept", step=8)]
)
@pytest.mark.parametrize("inputs", [Inputs(w=0.37, x=1.3, b=0.4), Inputs(w=-0.83, x=2.9, y=1.0)])
def test_hidden_answers_are_nowhere_in_the_message(look: GraphView, inputs: Inputs) -> None:
    """No gradient leaves the server, whatever the widgets ask for; not even a part of its digits."""
    run = neuron.run(inputs)
    asked = {"with_x": True, "with_more": True, "other": "bce", "held": None}
    open_text = json.dumps(in_room("", inputs, look, **asked), ensure_ascii=False)
    text = json.dumps(in_room("answers", inputs, look, **asked), ensure_ascii=False)
    gradients, values = ([getattr(n, of) for n in run.reading.graph.nodes] for of in ("gradient", "value"))
    forward = {"0", "1.0"} | {digits(number) for number in (*values, inputs.x, inputs.w, inputs.b, inputs.y)}
    secret = {digits(number) for number in (run.dw, run.db, run.dx, *gradients)} - forward
    assert digits(run.dw) in secret
    assert all(some in open_text for some in secret)
    assert not any(some in text for some in secret)
    assert not {"curves", "swept", "stretches", "opinions"} & json.loads(text).keys()
    assert "curves" not in json.loads(text)["static"]


@pytest.mark.parametrize(
    ("hide", "gone"),
    [
        ("headline", {"z", "y_pred", "loss", "w", "x", "b"}),
        ("answers", {"dw", "db", "dx", "manual_dw", "verdict_db", "dy_pred_dz"}),
        ("by-hand", {"manual_dw", "exact_db", "ulps_autograd_dw", "verdict_dw"}),
        ("lesson,sliders,curves", set()),
    ],
)
def test_the_numbers_of_hidden_parts_are_not_said(hide: str, gone: set[str]) -> None:
    everything = in_room("")["readouts"].keys()
    left = in_room(hide)["readouts"].keys()
    assert gone <= everything - left
    assert bool(everything - left) == bool(gone)


def test_a_hidden_graph_says_no_number_and_keeps_its_look() -> None:
    said = in_room("graph", look=GraphView("concept", node="w", step=3))["graph"]
    assert (said["look"]["node"], said["look"]["step"]) == ("w", 3)
    del said["look"]
    assert said == {"nodes": [], "edges": [], "concept": True}


def test_an_event_cannot_uncover_what_the_address_hides() -> None:
    said = in_room("answers", hidden=[], room={"hidden": []})
    assert "answers" in said["hidden"]
    assert "dw" not in said["readouts"]


def test_a_projector_begins_with_the_concept_and_an_address_has_the_last_word() -> None:
    room, _ = read_classroom({"present": ["1"]})
    assert decode(say(Visit(Inputs(), room=room)))[0]["graph"]["concept"] is True
    assert decode(say(Visit(Inputs(), GraphView("full"), room=room)))[0]["graph"]["concept"] is False
    assert decode(say(Visit(Inputs())))[0]["graph"]["concept"] is False


def test_every_part_has_a_name_that_an_address_may_hide() -> None:
    for shown in PAGES.values():
        assert shown.parts.keys() <= PARTS.keys()
