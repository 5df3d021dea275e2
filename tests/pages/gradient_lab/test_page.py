"""What one update of the lab says."""

import json

import pytest

from components.address.view import GraphView
from components.pages.gradient_lab import page
from components.pages.gradient_lab.model import EXPERIMENTS, MOST, Lab
from tests.messages import Message, answer


def say(lab: Lab, view: GraphView | None = None, static_id: str = "") -> Message:
    return answer("gradient_lab", lab, view, static_id=static_id)


@pytest.mark.parametrize(
    ("lab", "grad"),
    [
        (Lab(), ["None", "None"]),
        (Lab(run=("backward",)), ["4.0", "4.0000"]),
        (Lab(run=("backward",) * 3), ["12.0", "12.000"]),
        (Lab(run=("backward", "zero")), ["0.0", "0"]),
        (Lab(x=-2.0, run=("backward",)), ["-4.0", "−4.0000"]),
    ],
)
def test_grad_is_said_exactly(lab: Lab, grad: list[str]) -> None:
    said = say(lab)
    assert said["readouts"]["grad"] == grad
    assert said["readouts"]["error"] == ["", ""]
    assert said["texts"]["note"]


def test_an_error_is_said_as_torch_gives_it_with_cause_and_cure() -> None:
    said = say(Lab(experiment="requires-grad", run=("off", "backward")))
    assert said["readouts"]["error"][0] == (
        "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn"
    )
    assert said["texts"]["cause"].startswith("Nothing was tracked as this tensor was made")
    assert "requires_grad_(True)" in said["texts"]["cure"]
    assert said["texts"]["note"] == ""


def test_the_graph_falls_apart() -> None:
    before, after = (say(Lab(experiment="requires-grad", run=run))["static"]["graph"]["LR"] for run in ((), ("off",)))
    assert "PowBackward0" in before
    assert "PowBackward0" not in after
    assert 'data-op="input"' in after


def test_nothing_walks_in_the_lab() -> None:
    said = say(Lab(run=("backward",)), GraphView(step=2, node="x"))
    assert said["static"]["graph"]["walks"] is False
    assert "walk" not in said["graph"]
    assert said["graph"]["inspector"]["id"] == "x"


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_part_of_every_picture_can_be_inspected(name: str) -> None:
    """Before a pass, after it, and where the graph's saved values are freed."""
    for run in ((), tuple(EXPERIMENTS[name].presses)):
        lab = Lab(experiment=name, run=run)
        drawing = say(lab)["static"]["graph"]["LR"]
        parts = [part.split('"')[0] for key in ("data-node", "data-edge") for part in drawing.split(f'{key}="')[1:]]
        assert parts
        for part in parts:
            assert say(lab, GraphView(node=part))["graph"]["inspector"]["id"] == part


def test_the_inspector_tells_this_pass_from_what_is_kept() -> None:
    said = say(Lab(run=("backward",) * 3), GraphView(node="x"))
    lines = [line for section in said["graph"]["inspector"]["sections"] for line in section["lines"]]
    arriving = {line.get("label"): line["math"] for line in lines}
    assert arriving["from y"] == "«+4.0000»"
    assert arriving["kept in"] == 'x ".grad" = «+12.000»'


def test_what_a_pass_has_freed_is_said() -> None:
    said = say(Lab(run=("backward",)), GraphView(node="y"))
    assert "freed" in json.dumps(said["graph"]["inspector"])
    said = say(Lab(run=("retain",)), GraphView(node="y"))
    assert "freed" not in json.dumps(said["graph"]["inspector"])


def test_the_end_of_a_run_is_said() -> None:
    assert say(Lab(run=("zero",) * (MOST - 1)))["remark"]["text"] == ""
    assert say(Lab(run=("zero",) * MOST))["remark"]["text"] == page.FULL


def test_what_stands_still_is_said_once_and_an_update_stays_small() -> None:
    for name, experiment in EXPERIMENTS.items():
        run = tuple(experiment.presses)
        known = say(Lab(experiment=name, run=run))["static_id"]
        said = say(Lab(x=-1.5, experiment=name, run=run), static_id=known)
        assert "static" not in said, name
        assert said.size < 7_100, (name, said.size)


def test_a_full_run_of_errors_stays_small() -> None:
    lab = Lab(run=("backward", *["again"] * (MOST - 1)))
    assert say(lab, static_id=say(lab)["static_id"]).size < 7_100


def test_hidden_answers_are_nowhere_in_the_message() -> None:
    lab = Lab(x=1.3, run=("backward",))
    assert "2.6" in answer("gradient_lab", lab).text
    said = answer("gradient_lab", lab, GraphView(node="x"), query="?hide=answers", export="json")
    assert "2.6" not in said.text
    assert not {"code", "curves"} & said.fields.keys()
