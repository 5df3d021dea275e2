"""What one update of the lab says, and that the page runs without a browser."""

import json
import struct
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.address.state import LAB, GraphView
from components.pages.gradient_lab import page
from components.pages.gradient_lab.model import EXPERIMENTS, MOST, Lab
from components.session import Visit


def say(lab: Lab, drawn: str = "", look: GraphView | None = None) -> dict[str, Any]:
    message, _ = page.answer(Visit(lab, look or GraphView(), drawn=drawn))
    (length,) = struct.unpack_from("<I", message)
    said: dict[str, Any] = json.loads(message[4 : 4 + length])
    return said


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
    assert said["texts"]["cause"].startswith("Nothing that this tensor was made from is tracked")
    assert "requires_grad_(True)" in said["texts"]["cure"]
    assert said["texts"]["note"] == ""


def test_the_graph_falls_apart() -> None:
    before, after = (say(Lab(experiment="requires-grad", run=run))["static"]["graph"]["LR"] for run in ((), ("off",)))
    assert "PowBackward0" in before
    assert "PowBackward0" not in after
    assert 'data-op="input"' in after


def test_nothing_walks_in_the_lab() -> None:
    said = say(Lab(run=("backward",)), look=GraphView(step=2, node="x"))
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
            assert say(lab, look=GraphView(node=part))["graph"]["inspector"]["id"] == part


def test_the_inspector_tells_this_pass_from_what_is_kept() -> None:
    said = say(Lab(run=("backward",) * 3), look=GraphView(node="x"))
    lines = [line for section in said["graph"]["inspector"]["sections"] for line in section["lines"]]
    arriving = {line.get("label"): line["math"] for line in lines}
    assert arriving["from y"] == "«+4.0000»"
    assert arriving["kept in"] == 'x ".grad" = «+12.000»'


def test_what_a_pass_has_freed_is_said() -> None:
    said = say(Lab(run=("backward",)), look=GraphView(node="y"))
    assert "freed" in json.dumps(said["graph"]["inspector"])
    said = say(Lab(run=("retain",)), look=GraphView(node="y"))
    assert "freed" not in json.dumps(said["graph"]["inspector"])


def test_the_end_of_a_run_is_said() -> None:
    assert say(Lab(run=("zero",) * (MOST - 1)))["remark"]["text"] == ""
    assert say(Lab(run=("zero",) * MOST))["remark"]["text"] == page.FULL


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_what_stands_still_is_said_once_and_an_update_stays_small(experiment: str) -> None:
    run = tuple(EXPERIMENTS[experiment].presses)
    drawn = say(Lab(experiment=experiment, run=run))["static"]["id"]
    said = say(Lab(x=-1.5, experiment=experiment, run=run), drawn=drawn)
    assert "static" not in said
    assert len(json.dumps(said)) < 7_100


def test_a_full_run_of_errors_stays_small() -> None:
    lab = Lab(run=("backward", *["again"] * (MOST - 1)))
    assert len(json.dumps(say(lab, drawn=say(lab)["static"]["id"]))) < 7_100


@pytest.mark.parametrize("lab", [*LAB.presets.values()], ids=list(LAB.presets))
def test_the_page_runs_without_an_exception(lab: Lab) -> None:
    app = AppTest.from_string("from components.pages import gradient_lab\n\ngradient_lab.show()", default_timeout=30)
    for name, value in LAB.write(lab).items():
        if value is not None:
            app.query_params[name] = value
    app.run()
    assert not app.exception
