"""The neuron's gradients beside second opinions, verdicts at named states, and the parts where it goes wrong."""

import math
from dataclasses import replace

import pytest
import torch

from components.losses import LOSSES
from components.pages.neuron import diagnosis as check
from components.pages.neuron import model as neuron
from components.pages.neuron.diagnosis import Diagnosis, diagnose
from components.pages.neuron.model import Inputs
from components.precision import STEP, Verdict

SMOOTH = [Inputs(), Inputs(w=0.3, y=1.0), Inputs(x=-2.0, w=-0.5, b=1.0), Inputs(x=0.0, w=2.0, b=0.5, y=1.0)]


def differences(inputs: Inputs, step: float = STEP) -> list[float]:
    by_w, by_b = check.central_differences(inputs, (step,)).tolist()
    return [*by_w, *by_b]


@pytest.mark.parametrize("inputs", SMOOTH, ids=str)
@pytest.mark.parametrize("loss", LOSSES)
def test_the_central_difference_agrees_with_the_closed_form_where_the_loss_is_smooth(inputs: Inputs, loss: str) -> None:
    chosen = replace(inputs, loss=loss)
    assert check.central_differences(chosen, (STEP,)).dtype == torch.float64
    assert differences(chosen) == pytest.approx(check.closed_form(chosen), abs=3e-8)


@pytest.mark.parametrize("inputs", SMOOTH, ids=str)
@pytest.mark.parametrize("loss", LOSSES)
def test_the_central_difference_does_not_depend_on_the_dtype_nor_on_how_many_steps_are_asked(
    inputs: Inputs, loss: str
) -> None:
    chosen = replace(inputs, loss=loss)
    steps = (1e-13, 1e-5, 1e-2, 1.0)
    found = check.central_differences(chosen, steps)
    assert found.shape == (2, len(steps))
    for place, step in enumerate(steps):
        alone = differences(replace(chosen, dtype="float64"), step)
        assert alone == pytest.approx(found[:, place].tolist(), abs=1e-2)


def test_the_central_difference_by_hand() -> None:
    """The notebook's loss in plain Python; its difference is rounded by 1e-15 / 1e-5."""

    def loss(w: float, b: float) -> float:
        p = 1 / (1 + math.exp(-(w * 6.7 + b)))
        return -math.log(1 - p)

    h = 1e-5
    by_w, by_b = differences(Inputs(), h)
    assert by_w == pytest.approx((loss(1 + h, 0) - loss(1 - h, 0)) / (2 * h), abs=1e-7)
    assert by_b == pytest.approx((loss(1, h) - loss(1, -h)) / (2 * h), abs=1e-7)


def test_where_the_clamp_is_flat_the_central_difference_is_zero_too() -> None:
    """It knows of the loss what torch knows, not what the closed form knows."""
    assert differences(Inputs(w=-3.0, y=1.0)) == [0.0, 0.0]
    truth = check.closed_form(Inputs(w=-3.0, y=1.0))
    assert truth == pytest.approx((-6.7, -1.0), rel=1e-8)
    for loss in ("bce", "logits"):
        assert differences(Inputs(w=-3.0, y=1.0, loss=loss)) == pytest.approx(truth, rel=1e-6)


ROWS = [
    (Inputs(), "rounding", ()),
    (Inputs(w=3.0), "undefined", ("rsub", "log_2", "y_pred.0-z")),
    (Inputs(w=3.0, y=1.0), "undefined", ("rsub", "log_2", "log_2.0-rsub")),
    (Inputs(w=-3.0, y=1.0), "clamped", ("clamp", "clamp.0-y_pred")),
    (Inputs(w=3.0, dtype="float64"), "clamped", ("clamp", "clamp.0-y_pred")),
    (Inputs(w=2.0, y=1.0), "saturated", ("y_pred", "y_pred.0-z")),
    (Inputs(w=3.0, loss="bce"), "saturated", ("loss", "loss.0-y_pred", "y_pred", "y_pred.0-z")),
    (Inputs(w=-5.0, y=1.0, loss="bce"), "saturated", ("loss", "loss.0-y_pred")),
    (Inputs(w=-5.0, y=1.0, loss="bce", dtype="float64"), "saturated", ("loss", "loss.0-y_pred")),
    (Inputs(w=3.0, loss="bce", dtype="float64"), "rounding", ()),
    (Inputs(w=3.0, loss="logits"), "identical", ()),
    (Inputs(w=3.0, y=1.0, loss="logits"), "saturated", ("loss", "loss.0-z")),
]


@pytest.mark.parametrize(("inputs", "found", "faulty"), ROWS, ids=str)
def test_verdicts_and_the_guilty(inputs: Inputs, found: str, faulty: tuple[str, ...]) -> None:
    diagnosis = diagnose(neuron.run(inputs))
    assert diagnosis.truth == check.closed_form(inputs)
    assert diagnosis.verdicts == (found, found)
    assert diagnosis.worst == found
    assert check.faulty(diagnosis) == faulty


def test_the_two_gradients_are_judged_apart() -> None:
    """Where x is 0, dL/dw is 0 in truth too, so that only dL/db is cut."""
    run = neuron.run(Inputs(x=0.0, b=-10.0, w=5.0, y=1.0))
    verdicts = diagnose(run).verdicts
    assert verdicts is not None
    assert verdicts[0] == "identical"
    broken = diagnose(replace(run, db=0.0))
    assert broken.verdicts == ("identical", "saturated")
    assert broken.worst == "saturated"


@pytest.mark.parametrize(
    ("dw", "verdict"),
    [
        (6.691763401031494, "rounding"),
        (math.nan, "undefined"),
        (math.inf, "undefined"),
        (-math.inf, "undefined"),
        (6.6917619705200195 * 1.001, "saturated"),
        (-6.6917619705200195, "saturated"),
        (0.0, "saturated"),
    ],
)
def test_a_run_is_judged_by_its_numbers(dw: float, verdict: str) -> None:
    assert diagnose(replace(neuron.run(Inputs()), dw=dw)).verdicts == (verdict, "rounding")


def test_a_loss_without_a_closed_form_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, loss in list(LOSSES.items()):
        monkeypatch.setitem(LOSSES, name, replace(loss, dL_dz=None))
        run = neuron.run(Inputs(w=-3.0, y=1.0, loss=name))
        assert diagnose(run) == Diagnosis(run, None, None)
        assert diagnose(run).worst is None
        assert check.faulty(diagnose(run)) == ()


@pytest.mark.parametrize(("inputs", "found", "faulty"), ROWS, ids=str)
def test_the_guilty_are_parts_of_the_graph(inputs: Inputs, found: Verdict, faulty: tuple[str, ...]) -> None:
    graph = neuron.run(inputs).graph
    assert set(faulty) <= {node.id for node in graph.nodes} | {edge.id for edge in graph.edges}
    assert bool(faulty) == (found not in ("identical", "rounding"))


@pytest.mark.parametrize("x", [0.5, -10.0, 6.7])
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_who_is_guilty_of_nan_is_where_the_first_nan_or_infinity_is_made(x: float, y: float) -> None:
    run = neuron.run(Inputs(x=x, w=math.copysign(5.0, x), b=18.0, y=y))
    nodes = {node.id: node for node in run.graph.nodes}
    source, broken, edge_id = check.faulty(diagnose(run))
    assert nodes[source].value == 0.0
    assert nodes[broken].value == -math.inf
    (edge,) = [edge for edge in run.graph.edges if edge.id == edge_id]
    assert not math.isnan(nodes[edge.consumer].gradient)  # type: ignore[arg-type]  # numbers of a neuron
    assert math.isnan(edge.gradient)  # type: ignore[arg-type]
