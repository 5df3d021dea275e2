"""The error of a difference quotient as a figure, and the cancellation with its numbers."""

import json
import math
from dataclasses import replace

import plotly.graph_objects as go
import pytest

from components.drawing import palette
from components.losses import LOSSES
from components.pages.neuron import diagnosis as check
from components.pages.neuron import error_analysis as opinions
from components.pages.neuron import model as neuron
from components.pages.neuron.diagnosis import diagnose
from components.pages.neuron.model import Inputs

STATES = [
    Inputs(),
    Inputs(w=3.0, y=1.0),
    Inputs(w=-3.0, y=1.0),
    Inputs(w=3.0, loss="logits", dtype="float64"),
    Inputs(x=0.0),
]


def test_the_figure_is_one_that_plotly_knows() -> None:
    figure = opinions.figure()
    assert [trace["name"] for trace in figure["traces"]] == ["dL/dw", "dL/db", "here"]
    for trace in figure["traces"]:
        painted = json.loads(json.dumps(trace), object_hook=_paint)
        assert go.Scatter(painted).name == trace["name"]
    layout = go.Layout(figure["layout"])
    assert (layout.xaxis.type, layout.yaxis.type) == ("log", "log")


def _paint(part: dict[str, object]) -> dict[str, object]:
    return part | ({"color": palette.LIGHT[str(part["color"])]} if "color" in part else {})


@pytest.mark.parametrize("inputs", STATES, ids=str)
def test_what_moves_travels_as_json_and_fits_the_axes(inputs: Inputs) -> None:
    said = opinions.dynamic(diagnose(neuron.run(replace(inputs, h="1e-3"))))
    assert json.loads(json.dumps(said, allow_nan=False)) == said
    assert len(said["dw"]) == len(said["db"]) == len(opinions.figure()["traces"][0]["x"])
    low, high = opinions.ERROR_RANGE
    for error in (*said["dw"], *said["db"]):
        assert error is None or low <= math.log10(error) <= high


@pytest.mark.parametrize("loss", LOSSES)
def test_the_errors_are_those_of_the_difference(loss: str) -> None:
    inputs = Inputs(w=0.5, loss=loss, h="1e-2")
    said = opinions.dynamic(diagnose(neuron.run(inputs)))
    truth = check.closed_form(inputs)
    assert truth is not None
    by_w, by_b = check.central_differences(inputs, opinions.STEPS).tolist()
    for name, found, true in (("dw", by_w, truth[0]), ("db", by_b, truth[1])):
        assert said[name] == pytest.approx([abs(number - true) or None for number in found], rel=1e-3)
    (here, _), _ = check.central_differences(inputs, (0.01, 1.0)).tolist()
    assert said["h"] == "1e-2"
    assert said["here"] == [0.01, pytest.approx(abs(here - truth[0]), rel=1e-3)]


@pytest.mark.parametrize("loss", LOSSES)
def test_the_differences_error_falls_and_rises_again(loss: str) -> None:
    """Truncation shrinks with the square of h; rounding grows as h shrinks."""
    said = opinions.dynamic(diagnose(neuron.run(Inputs(w=0.2, loss=loss))))
    by_w, by_b = ([error or 0.0 for error in said[name]] for name in ("dw", "db"))
    error = dict(zip(opinions.STEPS, by_w, strict=True))
    assert by_b[-1] > 1e4 * min(by_b) < by_b[0] / 100
    assert error[1e-2] == pytest.approx(error[1e-1] / 100, rel=0.2)
    assert error[1e-13] > 100 * min(by_w)
    assert error[1.0] > 1e6 * min(by_w)
    assert 1e-7 < min(error, key=error.__getitem__) < 1e-3


def test_without_a_closed_form_there_are_no_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LOSSES, "bce", replace(LOSSES["bce"], dL_dz=None))
    said = opinions.dynamic(diagnose(neuron.run(Inputs(loss="bce"))))
    assert {*said["dw"], *said["db"], said["here"][1]} == {None}
    assert len(said["dw"]) == len(said["db"]) == len(opinions.STEPS)


@pytest.mark.parametrize("loss", ["notebook", "bce"])
def test_the_cancellation_ends_with_torchs_answer(loss: str) -> None:
    run = neuron.run(Inputs(w=0.2, y=1.0, loss=loss))
    maths = [line["math"] for line in opinions.derivation(run)]
    assert f"‹{run.y_pred:.4f}›" in maths[0]
    assert maths[2].endswith("= ŷ − y")
    assert maths[3] == f"∂L/∂z = «−{abs(run.db):.4f}»"
    assert run.db == pytest.approx(run.y_pred - 1, abs=1e-6)


def test_of_a_loss_that_takes_z_nothing_is_divided() -> None:
    run = neuron.run(Inputs(w=3.0, loss="logits"))
    loss, by_z, answer = (line["math"] for line in opinions.derivation(run))
    assert "ŷ" not in loss
    assert by_z == "∂L/∂z = σ(z) − y = ‹1.0000› − 0 = «+1.0000»"
    assert answer == "∂L/∂z = «+1.0000»"


def test_of_the_squared_error_nothing_cancels() -> None:
    run = neuron.run(Inputs(x=2.0, w=-4.0, y=1.0, loss="squared"))
    pull, _, product, answer, beside = (line["math"] for line in opinions.derivation(run))
    assert pull == "∂L/∂ŷ = 2·(ŷ − y) = 2·(‹0.00034› − 1) = «−1.9993»"
    assert product == "∂L/∂z = 2·(ŷ − y)·ŷ·(1 − ŷ)"
    assert answer == "∂L/∂z = «−0.00067»"
    assert beside.endswith("«−0.9997»")


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_every_number_of_the_derivation_is_put_in(loss: str, y: float) -> None:
    for line in opinions.derivation(neuron.run(Inputs(w=0.2, y=y, loss=loss))):
        assert not {"{", "}"} & set(line["label"] + line["math"])
        assert line["label"]
