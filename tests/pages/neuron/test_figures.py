"""The curves' figure: what stands still, what moves, and the gaps where torch has no number."""

import json
import math
import struct
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
import torch

from components.drawing import palette
from components.losses import LOSSES
from components.pages.neuron import curves
from components.pages.neuron import figures as draw
from components.pages.neuron import model as neuron
from components.pages.neuron.curves import POINTS
from components.pages.neuron.model import Inputs, Run
from components.precision import DTYPES

NAMES = [("w",), ("w", "b"), ("w", "b", "x")]
STATES = [Inputs(), Inputs(w=3.0), Inputs(w=3.0, y=1.0), Inputs(w=-3.0, y=1.0), Inputs(x=-10.0, w=5.0, b=10.0, y=1.0)]
CORNERS = [Inputs(x, w, b, y) for x in (-10.0, 10.0) for w in (-5.0, 5.0) for b in (-10.0, 10.0) for y in (0.0, 1.0)]


def traces(names: tuple[str, ...], role: str) -> list[dict[str, Any]]:
    return [trace for trace in draw.figure(names, "notebook")["traces"] if trace["role"] == role]


def moving(inputs: Inputs, *names: str) -> tuple[Run, list[dict[str, float | None]]]:
    run = neuron.run(inputs)
    return run, draw.dynamic(run, names)


@pytest.mark.parametrize("names", NAMES)
def test_a_figure_travels_as_json(names: tuple[str, ...]) -> None:
    figure = draw.figure(names, "notebook")
    assert json.loads(json.dumps(figure, allow_nan=False))["traces"] == figure["traces"]


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("arrangement", ["beside", "stacked"])
def test_a_figure_is_one_that_plotly_knows(names: tuple[str, ...], arrangement: str) -> None:
    figure = draw.figure(names, "notebook")
    meanings = palette.LIGHT
    for trace in figure["traces"]:
        ours = {"part", "of", "role"}
        told = {key: value for key, value in trace.items() if key not in ours}
        painted = json.loads(json.dumps(told), object_hook=lambda d: d | colour(d, meanings))
        assert go.Scatter(painted).name == trace["name"]
    assert go.Layout(figure[arrangement]).yaxis.range == draw.loss_range("notebook")


def colour(description: dict[str, Any], meanings: dict[str, str]) -> dict[str, str]:
    """What the browser puts in the place of a meaning."""
    return {"color": meanings[description["color"]]} if "color" in description else {}


def test_curves_are_named_as_the_contract_says() -> None:
    curve_names = [trace["name"] for trace in traces(("w", "b", "x"), "curve")]
    assert curve_names == ["loss", "dL/dw", "loss", "dL/db", "loss", "dL/dx"]


def test_each_subplot_has_one_marker_for_the_current_state() -> None:
    here = traces(("w", "b"), "here")
    assert {trace["name"] for trace in here} == {"here"}
    assert [trace["xaxis"] for trace in here] == ["x", "x2", "x3", "x4"]
    assert [trace["yaxis"] for trace in here] == ["y", "y2", "y3", "y4"]
    assert {trace["mode"] for trace in here} == {"markers"}


def test_only_losses_have_a_tangent() -> None:
    assert [trace["of"] for trace in traces(("w", "b"), "tangent")] == ["loss", "loss"]


@pytest.mark.parametrize("names", NAMES)
def test_every_trace_lies_on_axes_that_both_layouts_have(names: tuple[str, ...]) -> None:
    figure = draw.figure(names, "notebook")
    for trace in figure["traces"]:
        for layout in (figure["beside"], figure["stacked"]):
            assert trace["xaxis"].replace("x", "xaxis") in layout
            assert trace["yaxis"].replace("y", "yaxis") in layout


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("arrangement", ["beside", "stacked"])
def test_no_two_subplots_overlap(names: tuple[str, ...], arrangement: str) -> None:
    layout = draw.figure(names, "notebook")[arrangement]
    places = [(layout[key]["domain"], layout[key.replace("x", "y", 1)]["domain"]) for key in x_axes(layout)]
    assert len(places) == 2 * len(names)
    for number, (across, upwards) in enumerate(places):
        assert 0 <= across[0] < across[1] <= 1
        assert 0 <= upwards[0] < upwards[1] <= 1
        assert all(apart(across, a) or apart(upwards, u) for a, u in places[number + 1 :])


def x_axes(layout: dict[str, Any]) -> list[str]:
    return [key for key in layout if key.startswith("xaxis")]


def apart(one: list[float], other: list[float]) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]


@pytest.mark.parametrize("name", ["w", "b", "x"])
def test_a_curves_x_are_its_axis(name: str) -> None:
    for trace in traces((name,), "curve"):
        assert len(trace["x"]) == POINTS == draw.figure((name,), "notebook")["points"]
        assert trace["x"] == pytest.approx(curves.axis(name).tolist(), abs=5e-5)


def test_colours_are_meanings_of_the_palette() -> None:
    used = {trace["line"]["color"] for trace in draw.figure(("w", "b", "x"), "notebook")["traces"] if "line" in trace}
    assert used == {"value", "gradient", "grab"}
    assert used <= palette.LIGHT.keys()


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("inputs", STATES, ids=str)
def test_rows_are_little_endian_float32(names: tuple[str, ...], inputs: Inputs) -> None:
    sweeps = curves.sweep(inputs, names)
    sent = b"".join(values for sweep in sweeps for values in draw.rows(sweep).values())
    assert len(sent) == 4 * POINTS * 2 * len(names)
    expected = torch.cat([row for sweep in sweeps for row in (sweep.loss, sweep.gradient)])
    assert np.array_equal(np.array(struct.unpack(f"<{len(expected)}f", sent)), expected.double(), equal_nan=True)


def test_rows_keep_inf_and_nan() -> None:
    sweeps = curves.sweep(Inputs(w=3.0))
    sent = b"".join(values for sweep in sweeps for values in draw.rows(sweep).values())
    values = struct.unpack(f"<{4 * POINTS}f", sent)
    assert any(map(math.isinf, values))
    assert any(map(math.isnan, values))


def test_where_the_visitor_stands() -> None:
    run, (w, b, x) = moving(Inputs(w=2.0, b=-1.5), "w", "b", "x")
    assert [spot["at"] for spot in (w, b, x)] == [2.0, -1.5, 6.7]
    assert [spot["loss"] for spot in (w, b, x)] == [run.loss] * 3
    assert [spot["gradient"] for spot in (w, b, x)] == [run.dw, run.db, run.dx]


@pytest.mark.parametrize("inputs", [Inputs(w=3.0), Inputs(w=3.0, y=1.0)])
def test_inf_and_nan_are_gaps(inputs: Inputs) -> None:
    _, spots = moving(inputs, "w", "b")
    assert [(spot["loss"], spot["gradient"], spot["reach"]) for spot in spots] == [(None, None, None)] * 2
    assert [spot["at"] for spot in spots] == [3.0, 0.0]


@pytest.mark.parametrize("inputs", STATES + CORNERS, ids=str)
def test_where_the_visitor_stands_travels_as_json(inputs: Inputs) -> None:
    _, spots = moving(inputs, "w", "b", "x")
    assert json.loads(json.dumps(spots, allow_nan=False)) == spots


def test_a_flat_tangent_reaches_its_share_of_the_width() -> None:
    _, (w, b) = moving(Inputs(w=-3.0, y=1.0), "w", "b")
    assert w["gradient"] == b["gradient"] == 0.0
    assert w["reach"] == pytest.approx(draw.TANGENT * 10)
    assert b["reach"] == pytest.approx(draw.TANGENT * 20)


@pytest.mark.parametrize("state", [Inputs(), Inputs(y=1.0), Inputs(x=10.0, w=1.0), Inputs(x=-10.0, w=0.2, y=1.0)])
@pytest.mark.parametrize(("name", "width"), [("w", 10.0), ("b", 20.0), ("x", 20.0)])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("other", ["", "notebook"])
def test_a_tangent_looks_equally_long_at_every_slope(
    state: Inputs, name: str, width: float, loss: str, other: str
) -> None:
    _, (spot,) = moving(replace(state, loss=loss, other=other), name)
    reach, slope = spot["reach"], spot["gradient"]
    assert reach is not None
    assert slope is not None
    low, high = draw.loss_range(loss, *filter(None, [other]))
    across, upwards = reach / width, reach * slope / (high - low) * 0.5
    assert math.hypot(across, upwards) == pytest.approx(draw.TANGENT, rel=1e-3)


CAPPED = {"bce": 100.0, "logits": math.inf}
"""Losses that go beyond their axis: an arrow says where."""


@pytest.mark.parametrize("state", STATES + CORNERS, ids=str)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_the_axes_hold_every_finite_value(state: Inputs, loss: str, dtype: str) -> None:
    inputs = replace(state, loss=loss, dtype=dtype)
    for sweep in curves.sweep(inputs, ("w", "b", "x")):
        low, high = draw.loss_range(loss)
        assert (finite(sweep.loss) > low).all()
        assert loss in CAPPED or (finite(sweep.loss) < high).all()
        low, high = draw.gradient_range(sweep.over, loss)
        assert ((finite(sweep.gradient) > low) & (finite(sweep.gradient) < high)).all()


def finite(row: torch.Tensor) -> torch.Tensor:
    return row[torch.isfinite(row)]


@pytest.mark.parametrize("loss", LOSSES)
def test_the_axes_are_no_larger_than_they_need_to_be(loss: str) -> None:
    states = [Inputs(x, w, y=y, loss=loss, dtype="float64") for x, w in ((10.0, 0.0), (0.0, 5.0)) for y in (0.0, 1.0)]
    sweeps = [sweep for state in states for sweep in curves.sweep(state, ("w", "b", "x"))]
    for name in ("w", "b", "x"):
        steepest = max(float(finite(sweep.gradient).abs().max()) for sweep in sweeps if sweep.over == name)
        assert steepest > 0.85 * draw.gradient_range(name, loss)[1]
    assert max(float(finite(sweep.loss).max()) for sweep in sweeps) > 0.8 * draw.loss_range(loss)[1]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("other", LOSSES)
@pytest.mark.parametrize("arrangement", ["beside", "stacked"])
def test_the_axes_hold_a_second_loss_too(loss: str, other: str, arrangement: str) -> None:
    together, layouts = draw.figure(("w", "b"), loss, other), [draw.figure(("w", "b"), n) for n in (loss, other)]
    for axis in ("yaxis", "yaxis2", "yaxis3", "yaxis4"):
        low, high = together[arrangement][axis]["range"]
        ranges = [layout[arrangement][axis]["range"] for layout in layouts]
        assert (low, high) == (min(r[0] for r in ranges), max(r[1] for r in ranges))
    ends = [trace["y"] for trace in together["traces"] if trace["role"] == "position"]
    assert ends == [list(together[arrangement][axis]["range"]) for axis in ("yaxis", "yaxis2", "yaxis3", "yaxis4")]


@pytest.mark.parametrize("name", ["w", "b", "x"])
@pytest.mark.parametrize("inputs", [*STATES, Inputs(x=10.0, w=5.0)], ids=str)
def test_stretches_end_halfway_to_the_next_point(name: str, inputs: Inputs) -> None:
    (sweep,) = curves.sweep(inputs, (name,))
    low, high = curves.RANGES[name]
    half = (high - low) / (POINTS - 1) / 2
    at = curves.axis(name).tolist()
    drawn = draw.stretches(sweep, inputs)
    assert json.loads(json.dumps(drawn, allow_nan=False)) == [list(stretch) for stretch in drawn]
    for (kind, start, end), run in zip(drawn, curves.stretches(sweep, inputs), strict=True):
        assert kind == run.kind
        assert start == pytest.approx(max(at[run.first] - half, low), abs=1e-4)
        assert end == pytest.approx(min(at[run.last] + half, high), abs=1e-4)


def test_stretches_of_the_notebooks_states() -> None:
    for y, broken in ((0.0, "infinite"), (1.0, "undefined")):
        inputs = Inputs(w=3.0, y=y)
        (sweep,) = curves.sweep(inputs, ("w",))
        assert draw.stretches(sweep, inputs) == [("dead", -5.0, -2.725), (broken, 2.475, 5.0)]


def test_a_second_loss_lies_dashed_and_thinner_under_the_first() -> None:
    alone, laid_over = draw.figure(("w", "b"), "notebook"), draw.figure(("w", "b"), "notebook", "bce")
    added = [trace for trace in laid_over["traces"] if trace["role"] == "other"]
    assert [t["name"] for t in added] == ["loss of bce", "dL/dw of bce", "loss of bce", "dL/db of bce"]
    assert [trace for trace in laid_over["traces"] if trace["role"] != "other"] == alone["traces"]
    names = [trace["name"] for trace in laid_over["traces"]]
    for other, curve in zip(added, (t for t in laid_over["traces"] if t["role"] == "curve"), strict=True):
        assert all(other[key] == curve[key] for key in ("x", "xaxis", "yaxis", "part", "of"))
        assert other["line"]["color"] == curve["line"]["color"]
        assert other["line"]["width"] < curve["line"]["width"]
        assert "dash" not in curve["line"]
        assert go.Scatter(line={"dash": other["line"]["dash"]}).line.dash == "6px,4px"
    assert names.index("loss of bce") < names.index("loss")


def test_what_a_loss_can_be_compared_with_is_said_once() -> None:
    assert draw.figure(("w",), "notebook")["other"] == ""
    assert draw.figure(("w",), "notebook", "logits")["other"] == "logits"
    assert draw.figure(("w",), "notebook")["losses"] == [(name, loss.title) for name, loss in LOSSES.items()]
