"""The neuron against the notebook's own code, digit for digit, and against mathematics in float64."""

import itertools
import math
from dataclasses import replace

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from components import losses
from components.graph import fold
from components.losses import LOSSES
from components.pages.neuron import model as neuron
from components.pages.neuron.model import SYMBOLS, Inputs, Run
from components.precision import DTYPES
from tests.pages.neuron import exact

PRINTED = {
    "z": 6.699999809265137,
    "y_pred": 0.998770534992218,
    "loss": 6.701176166534424,
    "dw": 6.6917619705200195,
    "db": 0.9987704753875732,
}
PRINTED_BY_HAND = {"dw": 6.691762447357178, "db": 0.998770534992218}

GRID = [
    Inputs(*state)
    for state in itertools.product(
        (-10.0, -6.7, -0.1, 0.0, 0.1, 2.0, 6.7, 10.0),
        (-5.0, -3.0, -1.0, -0.01, 0.0, 1.0, 3.0, 5.0),
        (-10.0, -0.1, 0.0, 3.3, 10.0),
        (0.0, 1.0),
    )
]
UNSATURATED = 10.0
"""The largest |z| at which float32 is compared with exact answers: beyond it, its sigmoid runs out of digits."""

TOLERANCE = 3e-6
"""Allowed error of a float32 gradient, for a factor of 1: z up to 50 + 10 is rounded by 2.4e-6, and sigmoid' <= 1/4."""

TOLERANCES = {"float32": TOLERANCE, "float64": TOLERANCE * 2.0**-29}
KINDS = list(itertools.product(LOSSES, DTYPES))
"""The losses and dtypes that can be chosen."""

STEP = 1e-5


def binary_cross_entropy(prediction: Tensor, target: Tensor) -> Tensor:
    """The notebook's cell 20, as it stands there."""
    epsilon = 1e-8
    prediction = torch.clamp(prediction, epsilon, 1 - epsilon)
    return -(target * torch.log(prediction) + (1 - target) * torch.log(1 - prediction))


def notebook(inputs: Inputs, track_x: bool = False) -> dict[str, float]:
    """Cells 25 to 31, with torch's own loss and another dtype where the inputs ask for them."""
    dtype = DTYPES[inputs.dtype]
    x = torch.tensor(inputs.x, dtype=dtype, requires_grad=track_x)
    y = torch.tensor(inputs.y, dtype=dtype)
    w = torch.tensor(inputs.w, dtype=dtype, requires_grad=True)
    b = torch.tensor(inputs.b, dtype=dtype, requires_grad=True)
    z = w * x + b
    y_pred = torch.sigmoid(z)
    if inputs.loss == "bce":
        loss = functional.binary_cross_entropy(y_pred, y)
    elif inputs.loss == "logits":
        loss = functional.binary_cross_entropy_with_logits(z, y)
    elif inputs.loss == "squared":
        loss = (y_pred - y).pow(2)
    else:
        loss = binary_cross_entropy(y_pred, y)
    loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    leaves = {"dw": w, "db": b} | ({"dx": x} if track_x else {})
    answers = {"z": z.item(), "y_pred": y_pred.item(), "loss": loss.item()}
    return answers | {name: gradient(leaf) for name, leaf in leaves.items()}


def notebook_by_hand(inputs: Inputs) -> dict[str, float]:
    """Cells 19 to 23; of the squared error the first factor is another one."""
    x, w, b, y = (torch.tensor(getattr(inputs, name), dtype=DTYPES[inputs.dtype]) for name in "xwby")
    y_pred = torch.sigmoid(w * x + b)
    dLoss_dy_pred = (y_pred - y) * 2 if inputs.loss == "squared" else (y_pred - y) / (y_pred * (1 - y_pred))
    dy_pred_dz = y_pred * (1 - y_pred)
    return {
        "dL_dy_pred": dLoss_dy_pred.item(),
        "dy_pred_dz": dy_pred_dz.item(),
        "dz_dw": x.item(),
        "dz_db": 1.0,
        "dw": (dLoss_dy_pred * dy_pred_dz * x).item(),
        "db": (dLoss_dy_pred * dy_pred_dz * 1).item(),
    }


def gradient(leaf: Tensor) -> float:
    assert leaf.grad is not None
    return leaf.grad.item()


def digits(answer: object, names: dict[str, float]) -> dict[str, str]:
    """All digits of each named number: tells -0.0 from 0.0, and nan equals nan."""
    return {name: repr(getattr(answer, name)) for name in names}


def reprs(numbers: dict[str, float]) -> dict[str, str]:
    return {name: repr(number) for name, number in numbers.items()}


def as_torch_sees(inputs: Inputs) -> tuple[float, float, float, float]:
    """The inputs, rounded to their dtype."""
    x, w, b, y = (torch.tensor(getattr(inputs, name), dtype=DTYPES[inputs.dtype]).item() for name in "xwby")
    return x, w, b, y


def seen_by_torch(inputs: Inputs) -> Inputs:
    x, w, b, y = as_torch_sees(inputs)
    return replace(inputs, x=x, w=w, b=b, y=y)


def closed_form(inputs: Inputs) -> dict[str, float]:
    seen = seen_by_torch(inputs)
    at_z = exact.exact_at_z(seen)
    return {"dw": at_z * seen.x, "db": at_z, "dx": at_z * seen.w}


def central_difference(inputs: Inputs) -> dict[str, float]:
    seen = seen_by_torch(inputs)

    def by(name: str) -> float:
        here = getattr(seen, name)
        after, before = (exact.exact_loss(replace(seen, **{name: here + step})) for step in (STEP, -STEP))
        return (after - before) / (2 * STEP)

    return {f"d{name}": by(name) for name in ("w", "b", "x")}


def disagreements(run: Run, expected: dict[str, float]) -> list[str]:
    """The gradients that are further from `expected` than the dtype explains."""
    factors = {"dw": run.inputs.x, "db": 1.0, "dx": run.inputs.w}
    tolerance = TOLERANCES[run.inputs.dtype]
    allowed = {name: tolerance * max(1.0, abs(factor)) for name, factor in factors.items()}
    return [name for name in expected if not abs(getattr(run, name) - expected[name]) <= allowed[name]]


def test_the_notebooks_printed_numbers() -> None:
    run = neuron.run(Inputs())
    assert digits(run, PRINTED) == reprs(PRINTED)
    assert digits(run.by_hand, PRINTED_BY_HAND) == reprs(PRINTED_BY_HAND)


def test_the_defaults_are_the_notebooks() -> None:
    assert Inputs() == Inputs(x=6.7, w=1.0, b=0.0, y=0.0)


def test_the_notebooks_own_code_prints_those_numbers_here() -> None:
    assert notebook(Inputs()) == PRINTED
    assert {name: notebook_by_hand(Inputs())[name] for name in PRINTED_BY_HAND} == PRINTED_BY_HAND


def test_every_state_is_the_notebooks_bit_for_bit() -> None:
    for inputs in GRID:
        expected = notebook(inputs)
        assert digits(neuron.run(inputs), expected) == reprs(expected), inputs


@pytest.mark.parametrize(("loss", "dtype"), KINDS)
def test_every_loss_and_dtype_is_torchs_bit_for_bit(loss: str, dtype: str) -> None:
    for state in GRID[::3]:
        inputs = replace(state, loss=loss, dtype=dtype)
        expected = notebook(inputs, track_x=True)
        assert digits(neuron.run(inputs), expected) == reprs(expected), inputs


@pytest.mark.parametrize(("loss", "dtype"), KINDS)
def test_every_derivation_by_hand_is_the_notebooks_bit_for_bit(loss: str, dtype: str) -> None:
    for state in GRID:
        inputs = replace(state, loss=loss, dtype=dtype)
        expected = notebook_by_hand(inputs)
        assert digits(neuron.run(inputs).by_hand, expected) == reprs(expected), inputs


def test_dx_is_what_torch_gives_when_x_is_tracked() -> None:
    for inputs in GRID:
        assert repr(neuron.run(inputs).dx) == repr(notebook(inputs, track_x=True)["dx"]), inputs


def test_tracking_x_changes_no_other_number() -> None:
    for inputs in GRID[::7]:
        tracked = notebook(inputs, track_x=True)
        del tracked["dx"]
        assert reprs(tracked) == reprs(notebook(inputs)), inputs


def test_the_grid_reaches_inf_nan_and_a_cut_gradient() -> None:
    runs = [neuron.run(inputs) for inputs in GRID]
    assert any(math.isinf(run.loss) for run in runs)
    assert any(math.isnan(run.loss) for run in runs)
    assert any(run.dw == 0 and run.by_hand.dw != 0 for run in runs)


nan, inf = math.nan, math.inf


AT_CLAMP = 18.42068099975586
X = 6.699999809265137


@pytest.mark.parametrize(
    ("inputs", "forward", "dw", "by_hand"),
    [
        (Inputs(w=1.0, y=0.0), (X, 0.998770534992218, 6.701176166534424), 6.6917619705200195, 6.691762447357178),
        (Inputs(w=3.0, y=0.0), (20.099998474121094, 1.0, inf), nan, nan),
        (Inputs(w=3.0, y=1.0), (20.099998474121094, 1.0, nan), nan, nan),
        (Inputs(w=-3.0, y=1.0), (-20.099998474121094, 1.865011922674853e-09, AT_CLAMP), 0.0, -X),
        (Inputs(w=-20.0, y=1.0), (-134.0, 0.0, AT_CLAMP), 0.0, nan),
    ],
)
def test_the_ends_of_the_sliders(
    inputs: Inputs, forward: tuple[float, float, float], dw: float, by_hand: float
) -> None:
    run = neuron.run(inputs)
    assert [repr(n) for n in (run.z, run.y_pred, run.loss)] == [repr(n) for n in forward]
    assert (repr(run.dw), repr(run.by_hand.dw)) == (repr(dw), repr(by_hand))


@pytest.mark.parametrize(
    ("inputs", "true_dw"),
    [(Inputs(w=1.0), 6.691762), (Inputs(w=3.0), 6.7), (Inputs(w=3.0, y=1.0), -1.25e-8), (Inputs(w=-3.0, y=1.0), -6.7)],
)
def test_the_true_gradient_at_the_ends_of_the_sliders(inputs: Inputs, true_dw: float) -> None:
    assert closed_form(inputs)["dw"] == pytest.approx(true_dw, rel=3e-3)
    assert central_difference(inputs)["dw"] == pytest.approx(true_dw, rel=3e-3, abs=1e-9)


def test_in_float32_the_clamp_does_not_guard_the_upper_end() -> None:
    assert torch.tensor(1 - losses.EPSILON).item() == 1.0
    assert torch.tensor(losses.EPSILON).item() > 0


unsaturated = st.builds(
    Inputs,
    x=st.integers(-100, 100).map(lambda steps: steps / 10),
    w=st.integers(-500, 500).map(lambda steps: steps / 100),
    b=st.integers(-100, 100).map(lambda steps: steps / 10),
    y=st.sampled_from([0.0, 1.0]),
).filter(lambda inputs: abs(inputs.w * inputs.x + inputs.b) <= UNSATURATED)


@given(unsaturated, st.sampled_from(KINDS))
def test_gradients_agree_with_the_closed_form(inputs: Inputs, kind: tuple[str, str]) -> None:
    inputs = replace(inputs, loss=kind[0], dtype=kind[1])
    assert disagreements(neuron.run(inputs), closed_form(inputs)) == []


@given(unsaturated, st.sampled_from(sorted(LOSSES)))
def test_gradients_agree_with_central_differences(inputs: Inputs, loss: str) -> None:
    inputs = replace(inputs, loss=loss)
    assert disagreements(neuron.run(inputs), central_difference(inputs)) == []


@given(unsaturated, st.sampled_from(sorted(LOSSES)))
def test_the_derivation_by_hand_agrees_with_the_closed_form(state: Inputs, loss: str) -> None:
    inputs = replace(state, loss=loss)
    hand, truth = neuron.run(inputs).by_hand, closed_form(inputs)
    assert hand.dw == pytest.approx(truth["dw"], rel=0, abs=TOLERANCE * max(1.0, abs(inputs.x)))
    assert hand.db == pytest.approx(truth["db"], rel=0, abs=TOLERANCE)


@given(unsaturated, st.sampled_from(["dw", "db", "dx"]), st.sampled_from(sorted(LOSSES)))
def test_the_checker_catches_an_error_of_a_thousandth(state: Inputs, name: str, loss: str) -> None:
    inputs = replace(state, loss=loss)
    run = neuron.run(inputs)
    correct = getattr(run, name)
    assume(abs(correct) > 2000 * TOLERANCE * max(1.0, abs(inputs.x), abs(inputs.w)))
    wrong = replace(run, **{name: correct * 1.001})
    assert disagreements(wrong, closed_form(inputs)) == [name]
    assert disagreements(wrong, central_difference(inputs)) == [name]


@pytest.mark.parametrize("broken", [nan, inf, -inf])
def test_the_checker_catches_what_is_not_a_number(broken: float) -> None:
    wrong = replace(neuron.run(Inputs()), dw=broken)
    assert disagreements(wrong, closed_form(Inputs())) == ["dw"]


def test_a_run_keeps_its_inputs() -> None:
    inputs = Inputs(x=2.0, w=-4.0, b=0.5, y=1.0)
    assert neuron.run(inputs).inputs == inputs


def test_the_notebooks_loss_is_in_the_table() -> None:
    prediction, target = torch.tensor(0.25), torch.tensor(1.0)
    assert LOSSES["notebook"].function(prediction, target).item() == binary_cross_entropy(prediction, target).item()


@pytest.mark.parametrize(("loss", "dtype"), KINDS)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_losses_of_many_are_the_losses_of_each(shape: tuple[int, ...], loss: str, dtype: str) -> None:
    x, w, b = (torch.full(shape, value, dtype=DTYPES[dtype]) for value in (2.0, 1.0, 0.5))
    for y in (0.0, 1.0):
        many = neuron.losses(x, w, b, torch.tensor(y, dtype=DTYPES[dtype]), loss)
        one = neuron.run(Inputs(2.0, 1.0, 0.5, y, loss, dtype)).loss
        assert many.shape == torch.Size(shape)
        assert many.dtype == DTYPES[dtype]
        assert torch.allclose(many, torch.full_like(many, one), rtol=1e-6 if dtype == "float32" else 1e-14)


def test_a_loss_that_is_one_operation_is_one_node_of_the_graph() -> None:
    graph = neuron.run(Inputs(loss="bce")).graph
    ids = ["w", "x", "mul", "b", "z", "y_pred", "y", "loss"]
    assert [node.id for node in graph.nodes] == ids
    assert [node.name for node in graph.nodes] == [SYMBOLS.get(name, "" if name == "mul" else name) for name in ids]
    assert graph.node("loss").op == "BinaryCrossEntropyBackward0"
    assert [edge.id for edge in graph.edges_from()["loss"]] == ["loss.0-y_pred", "loss.1-y"]


def test_with_logits_the_prediction_is_no_part_of_the_graph() -> None:
    graph = neuron.run(Inputs(loss="logits")).graph
    ids = ["w", "x", "mul", "b", "z", "y", "loss"]
    assert [node.id for node in graph.nodes] == ids
    assert [node.name for node in graph.nodes] == [SYMBOLS.get(name, "" if name == "mul" else name) for name in ids]
    assert graph.node("loss").op == "BinaryCrossEntropyWithLogitsBackward0"
    assert [edge.id for edge in graph.edges_from()["loss"]] == ["loss.0-z", "loss.1-y"]


def test_the_squared_error_is_a_difference_and_its_square() -> None:
    graph = neuron.run(Inputs(loss="squared")).graph
    made = {node.id: (node.op, node.expression) for node in graph.nodes if node.expression}
    assert made == {
        "mul": ("MulBackward0", "w·x"),
        "z": ("AddBackward0", "w·x + b"),
        "y_pred": ("SigmoidBackward0", "σ(z)"),
        "sub": ("SubBackward0", "ŷ − y"),
        "loss": ("PowBackward0", "(ŷ − y)^2"),
    }
    assert [edge.id for edge in graph.edges_from()["sub"]] == ["sub.0-y_pred", "sub.1-y"]


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_of_the_squared_error_the_concept_shows_twice_the_residual(y: float) -> None:
    run = neuron.run(Inputs(w=0.2, y=y, loss="squared"))
    folded = fold.fold(run.snapshot)
    assert {node.id for node in folded.nodes} >= {"x", "w", "b", "z", "y_pred", "loss"}
    assert "sub" not in {node.id for node in folded.nodes}
    (edge,) = [edge for edge in folded.edges if edge.input == "y_pred"]
    assert edge.local == edge.gradient == run.by_hand.dL_dy_pred == pytest.approx(2 * (run.y_pred - y), rel=1e-7)


@pytest.mark.parametrize(("w", "pull"), [(-4.0, 0.00134), (-3.0, 0.0098)])
def test_the_squared_errors_gradient_vanishes_where_the_neuron_is_sure_and_wrong(w: float, pull: float) -> None:
    """So does no cross-entropy's: there the pull is ŷ − y, times x."""
    for loss in LOSSES:
        run = neuron.run(Inputs(x=2.0, w=w, y=1.0, loss=loss))
        expected = pull if loss == "squared" else 2.0
        assert run.dw == pytest.approx(-expected, rel=2e-2)
        assert run.loss > 0.99


@pytest.mark.parametrize(("loss", "dtype"), KINDS)
def test_the_label_is_an_input_named_y(loss: str, dtype: str) -> None:
    node = neuron.run(Inputs(y=1.0, loss=loss, dtype=dtype)).graph.node("y")
    assert (node.op, node.name, node.value, node.gradient, node.dtype) == ("input", "y", 1.0, None, dtype)


@pytest.mark.parametrize(("loss", "dtype"), KINDS)
def test_the_groups_and_the_concept_are_in_every_graph(loss: str, dtype: str) -> None:
    ids = {node.id for node in neuron.run(Inputs(loss=loss, dtype=dtype)).graph.nodes}
    left_out = {"y_pred"} if LOSSES[loss].takes_logits else set()
    assert {*neuron.CONCEPT, *neuron.GROUPS} - ids == left_out


@pytest.mark.parametrize("loss", LOSSES)
def test_float64_is_closer_to_the_closed_form_than_float32(loss: str) -> None:
    truth, _ = exact.exact_gradients(Inputs(loss=loss))
    far = {dtype: abs(neuron.run(Inputs(loss=loss, dtype=dtype)).dw - truth) for dtype in DTYPES}
    assert far["float64"] < 1e-14
    assert 1e-9 < far["float32"] < 1e-5
