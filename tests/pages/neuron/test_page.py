"""What one update of the Neuron page says."""

import math
from dataclasses import replace
from typing import Any

import pytest

from components.address.view import GraphView
from components.drawing import graph_svg
from components.drawing.layout import NoGraphvizError
from components.pages.neuron import curves, error_analysis, model, page
from components.pages.neuron.model import Inputs
from tests.messages import Message, answer

ANSWERS = {f"{name}_{of}" for name in ("manual", "numeric", "exact", "verdict") for of in ("dw", "db")}
CONTRACT = {"z", "y_pred", "loss", "dx", "dw", "db"} | ANSWERS
USUAL = Inputs()


def say(inputs: Inputs = USUAL, view: GraphView | None = None, **more: Any) -> Message:
    return answer("neuron", inputs, view, **more)


def static_id(inputs: Inputs = USUAL) -> str:
    """What a browser that already holds the page says it has."""
    name: str = say(inputs)["static_id"]
    return name


def swept(inputs: Inputs) -> dict[str, list[float]]:
    """Every curve of a state as float32, by its array's name."""
    names = ("w", "b", "x") if inputs.with_x else ("w", "b")
    sweeps = zip(names, curves.sweep(inputs, names), strict=True)
    rows = [(name, sweep.loss, sweep.gradient) for name, sweep in sweeps]
    found = {f"{name}.loss": loss.float().tolist() for name, loss, _ in rows}
    return found | {f"{name}.gradient": gradient.float().tolist() for name, _, gradient in rows}


def test_the_readouts_of_the_contract_are_said_exactly() -> None:
    readouts = say()["readouts"]
    assert readouts.keys() >= CONTRACT
    assert readouts["loss"] == ["6.701176166534424", "6.7012"]
    assert readouts["dw"] == ["6.6917619705200195", "+6.6918"]
    assert readouts["manual_db"][0] == "0.998770534992218"
    assert readouts["ulps_autograd_dw"] == ["2", "2"]
    assert readouts["ulps_manual_dw"] == ["1", "1"]
    assert readouts["exact_dw"] == ["6.691763029237442", "+6.69176303"]
    assert readouts["verdict_dw"] == ["rounding", "rounding"]


def test_the_headline_says_what_was_set() -> None:
    said = say(Inputs(x=-2.5, w=-0.4, b=-3.0, y=1.0))
    assert [said["readouts"][name] for name in "wxb"] == [["-0.4", "−0.40"], ["-2.5", "(−2.5)"], ["-3.0", "− 3.0"]]
    assert said["texts"]["loss_form"] == "−log(ŷ)"
    assert say()["texts"]["loss_form"] == "−log(1 − ŷ)"


def test_what_stands_still_is_said_once() -> None:
    assert "static" not in say(Inputs(w=2.0), static_id=static_id())
    said = say(Inputs(w=2.0), static_id="something older")
    assert said["static"]["id"] == said["static_id"] == static_id()


@pytest.mark.parametrize("inputs", [Inputs(), Inputs(w=3.0), Inputs(-10.0, -5.0, -10.0, 1.0), Inputs(x=-0.1, w=0.01)])
def test_an_update_stays_small(inputs: Inputs) -> None:
    for with_x in (False, True):
        shown = replace(inputs, with_x=with_x)
        known = static_id(shown)
        for held in (replace(shown, w=-1.0), replace(shown, b=-1.0), replace(shown, x=-1.0)):
            said = say(shown, held=held, static_id=known)
            assert "static" not in said
            assert said.size < 7_300, (held, said.size)


def test_only_curves_that_moved_are_said() -> None:
    before = Inputs(w=1.0)
    said = say(Inputs(w=2.0), held=before)
    assert said["swept"] == ["b"]
    assert {name: len(row) for name, row in said.arrays.items()} == dict.fromkeys(
        ("b.loss", "b.gradient"), curves.POINTS
    )
    said = say(before, held=before)
    assert (said["swept"], said.arrays) == ([], {})
    assert "arrays" not in said


@pytest.mark.parametrize("held", [None, replace(USUAL, with_x=True), replace(USUAL, other="bce")], ids=str)
def test_all_curves_are_said_to_a_browser_that_holds_others(held: Inputs | None) -> None:
    assert say(Inputs(w=2.0), held=held)["swept"] == ["w", "b"]


@pytest.mark.parametrize(
    "inputs", [Inputs(w=3.0, y=1.0), Inputs(w=-0.5, with_x=True), Inputs(w=0.5, dtype="float64", loss="bce")], ids=str
)
def test_arrays_are_the_curves(inputs: Inputs) -> None:
    said = say(inputs)
    expected = swept(inputs)
    assert said.arrays.keys() == expected.keys()
    for name, row in said.arrays.items():
        assert row == pytest.approx(expected[name], rel=0, abs=0, nan_ok=True), name
    assert inputs != Inputs(w=3.0, y=1.0) or any(math.isnan(value) for value in said.arrays["w.gradient"])


def test_stretches_come_with_the_curves_they_belong_to() -> None:
    before = Inputs(w=3.0, y=1.0)
    said = say(before)
    assert said["stretches"] == [[["dead", -5.0, -2.725], ["undefined", 2.475, 5.0]], [["undefined", -3.45, 10.0]]]
    said = say(replace(before, w=2.0), held=before)
    assert (said["swept"], len(said["stretches"])) == (["b"], 1)


@pytest.mark.parametrize("other", ["bce", "logits", "notebook", "", "nonsense", None, 3, ["bce"], {"bce": 1}, True])
def test_a_second_loss_is_laid_over(other: Any) -> None:
    """Where it is a loss, and not the first one."""
    is_laid_over = other in ("bce", "logits")
    inputs = Inputs(w=3.0)
    said = answer("neuron", {"w": 3, "other": other})
    names = {trace["name"] for trace in said["static"]["curves"]["traces"]}
    assert said["values"]["other"] == said["static"]["curves"]["other"] == (other if is_laid_over else "")
    assert (f"loss of {other}" in names) == is_laid_over
    over = swept(replace(inputs, loss=other)) if is_laid_over else {}
    expected = swept(inputs) | {name.replace(".", ".other."): row for name, row in over.items()}
    assert said["swept"] == ["w", "b"]
    assert said.arrays.keys() == expected.keys()
    for name, row in said.arrays.items():
        assert row == pytest.approx(expected[name], rel=0, abs=0, nan_ok=True), name


@pytest.mark.parametrize(
    ("inputs", "moved"), [(Inputs(w=2.0), ["b"]), (Inputs(b=2.0), ["w"]), (Inputs(x=2.0), ["w", "b"]), (Inputs(), [])]
)
def test_of_a_second_loss_too_only_what_moved_is_said(inputs: Inputs, moved: list[str]) -> None:
    both = replace(inputs, other="bce")
    said = say(both, held=replace(USUAL, other="bce"))
    assert said["swept"] == moved
    rows = ("loss", "gradient", "other.loss", "other.gradient")
    assert set(said.arrays) == {f"{name}.{row}" for name in moved for row in rows}
    assert static_id(both) != static_id(inputs)


def test_a_broken_layout_program_is_said_in_the_graphs_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise NoGraphvizError("Graphviz is not installed.")

    page._static.cache_clear()
    monkeypatch.setattr(graph_svg, "svg", refuse)
    said = say()
    page._static.cache_clear()
    assert said["static"]["graph"] == {"error": "Graphviz is not installed."}
    assert said["readouts"]["dw"][0] == "6.6917619705200195"


def test_opinions_are_said_on_demand() -> None:
    assert "opinions" not in say()
    said = say(open=["opinions"])
    assert len(said["opinions"]["dw"]) == len(error_analysis.STEPS)
    assert said["opinions"]["here"][0] == 1e-5
    assert say(Inputs(h="1e-3"), open=["opinions"])["opinions"]["here"][0] == 1e-3


def test_the_step_of_the_central_difference_is_the_addresss() -> None:
    usual, wide = (say(Inputs(h=h))["readouts"]["numeric_dw"] for h in ("1e-5", "1e-1"))
    assert usual != wide
    assert answer("neuron", query="?h=1e-1")["readouts"]["numeric_dw"] == wide


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
    said = say(inputs, GraphView("full"))
    assert said["graph"]["faulty"] == faulty
    assert words in said["remark"]["text"]
    assert said["remark"]["isWarning"]
    folded = say(inputs, GraphView("concept"))
    assert set(folded["graph"]["faulty"]) & {"loss", "y_pred"}


def test_an_event_cannot_hold_what_are_no_inputs() -> None:
    for forged in (None, 1, "w", {"x": "<script>"}, {"x": 1.0}, [1.0], {"x": 1, "w": 1, "b": 1, "y": 1}):
        assert say(held=forged)["swept"] == ["w", "b"], forged


def in_class(hide: str, inputs: Inputs = USUAL, view: GraphView | None = None, **more: Any) -> Message:
    """What is said where an address hides parts, with all that an event could ask for."""
    return say(inputs, view, query=f"?hide={hide}", export="json", open=["opinions"], released=True, **more)


def digits(number: Any) -> str:
    """The first digits of a number, as every way of writing it begins; those of a forward value are no secret."""
    return repr(abs(number))[:6] if isinstance(number, float) else "0"


@pytest.mark.parametrize(
    "view", [GraphView(), GraphView("concept", node="w"), GraphView(node="w", step=25), GraphView("concept", step=8)]
)
@pytest.mark.parametrize("inputs", [Inputs(w=0.37, x=1.3, b=0.4), Inputs(w=-0.83, x=2.9, y=1.0)])
def test_hidden_answers_are_nowhere_in_the_message(view: GraphView, inputs: Inputs) -> None:
    """No gradient leaves the server, whatever the browser asks for; not even a part of its digits."""
    inputs = replace(inputs, other="bce", with_x=True)
    run = model.run(inputs)
    said = in_class("answers", inputs, view)
    gradients, values = ([getattr(n, of) for n in run.snapshot.graph.nodes] for of in ("gradient", "value"))
    forward = {"0", "1.0"} | {digits(number) for number in (*values, inputs.x, inputs.w, inputs.b, inputs.y)}
    secret = {digits(number) for number in (run.dw, run.db, run.dx, *gradients)} - forward
    assert digits(run.dw) in secret
    open_text = in_class("", inputs, view).text
    assert all(some in open_text for some in secret)
    assert not any(some in said.text for some in secret)
    assert not {"curves", "swept", "stretches", "opinions", "arrays"} & said.fields.keys()
    assert "curves" not in said["static"]


def test_the_numbers_of_hidden_parts_are_not_said() -> None:
    everything = in_class("")["readouts"].keys()
    for hide, gone in (
        ("headline", {"z", "y_pred", "loss", "w", "x", "b"}),
        ("answers", {"dw", "db", "dx", "manual_dw", "verdict_db", "dy_pred_dz"}),
        ("by-hand", {"manual_dw", "exact_db", "ulps_autograd_dw", "verdict_dw"}),
        ("lesson,sliders,curves", set()),
    ):
        left = in_class(hide)["readouts"].keys()
        assert gone <= everything - left, hide
        assert bool(everything - left) == bool(gone), hide


def test_a_hidden_graph_says_no_number_and_keeps_its_view() -> None:
    said = dict(in_class("graph", view=GraphView("concept", node="w", step=3))["graph"])
    shown = said.pop("view")
    assert (shown["node"], shown["step"]) == ("w", 3)
    assert said == {"nodes": [], "edges": [], "concept": True}


def test_an_event_cannot_uncover_what_the_address_hides() -> None:
    forged: dict[str, Any] = {"hidden": [], "hide": "", "classroom": {"named": []}, "revealed": True}
    said = say(query="?hide=answers", **forged)
    assert "answers" in said["hidden"]
    assert "dw" not in said["readouts"]


def test_a_projector_begins_with_the_concept_and_an_address_has_the_last_word() -> None:
    assert answer("neuron", query="?present=1")["graph"]["concept"] is True
    assert answer("neuron", query="?present=1&view=full")["graph"]["concept"] is False
    assert answer("neuron", query="")["graph"]["concept"] is True
