"""The error of a difference quotient as a figure, and the cancellation with its numbers."""

import json
import math

import plotly.graph_objects as go
import pytest

from components.drawing import palette
from components.pages.neuron import diagnosis as check
from components.pages.neuron import error_analysis as opinions
from components.pages.neuron import model as neuron
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
    said = opinions.dynamic(neuron.run(inputs), "1e-3")
    assert json.loads(json.dumps(said, allow_nan=False)) == said
    assert len(said["dw"]) == len(said["db"]) == len(opinions.figure()["traces"][0]["x"])
    low, high = opinions.ERROR_RANGE
    for error in (*said["dw"], *said["db"]):
        assert error is None or low <= math.log10(error) <= high


def test_the_errors_are_those_of_the_difference() -> None:
    said = opinions.dynamic(neuron.run(Inputs()), "1e-2")
    truth, _ = check.exact_gradients(Inputs())
    by_w, _ = check.numeric_gradients(Inputs(), check.STEPS)
    expected = (by_w - truth).abs().tolist()
    assert said["dw"] == pytest.approx([error or None for error in expected], rel=1e-3)
    assert said["here"] == [
        0.01,
        pytest.approx(abs(float(check.numeric_gradients(Inputs(), (0.01,))[0]) - truth), rel=1e-3),
    ]


def test_the_cancellation_ends_with_torchs_answer() -> None:
    run = neuron.run(Inputs(w=0.2, y=1.0))
    maths = [line["math"] for line in opinions.cancellation(run)]
    assert f"‹{run.y_pred:.4f}›" in maths[0]
    assert maths[2].endswith("= ŷ − y")
    assert maths[3] == f"∂L/∂z = «−{abs(run.db):.4f}»"
    assert run.db == pytest.approx(run.y_pred - 1, abs=1e-6)
