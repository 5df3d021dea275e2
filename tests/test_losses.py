"""The table of losses: each entry whole, its derivatives beside second opinions, and nothing else names a loss."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from components.address.view import GraphView
from components.drawing.panel import ViewRequest
from components.losses import DEFAULT, LOSSES, Derivation, Loss, Script
from components.pages.neuron.model import Inputs
from components.pages.neuron.page import PAGE
from components.pages.neuron.questions import questions
from components.pages.neuron.script import script
from components.pages.page import Request
from tests.pages import programs
from tests.pages.neuron.exact import OPINIONS
from tests.source import strings

COMPONENTS = Path(__file__).parents[1] / "components"
TABLE = "losses.py"
SMOOTH = torch.linspace(-12, 12, 481, dtype=torch.float64)
"""Values of z where no loss is cut off in float64, and 1 - σ(z) keeps digits enough for a difference."""

WIDE = torch.linspace(-60, 60, 1201, dtype=torch.float64)
"""All values of z that the sliders can reach."""

LABELS = [torch.tensor(y, dtype=torch.float64) for y in (0.0, 1.0)]


def at_z(loss: Loss, z: Tensor, y: Tensor) -> Tensor:
    assert loss.dL_dz is not None
    return loss.dL_dz(z, y)


def by_difference(loss: Loss, y: Tensor) -> Tensor:
    """dL/dz at each point of SMOOTH, by a central difference."""
    h = 1e-5
    z = torch.stack([SMOOTH + h, SMOOTH - h])
    after, before = loss.function(z if loss.takes_logits else torch.sigmoid(z), y)
    difference: Tensor = (after - before) / (2 * h)
    return difference


def by_opinion(name: str, z: Tensor, y: Tensor) -> Tensor:
    return torch.tensor([OPINIONS[name][1](point, y.item()) for point in z.tolist()], dtype=torch.float64)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("y", LABELS, ids=str)
def test_the_closed_form_is_the_derivative(name: str, y: Tensor) -> None:
    loss = LOSSES[name]
    torch.testing.assert_close(at_z(loss, SMOOTH, y), by_difference(loss, y), rtol=1e-4, atol=1e-9)
    torch.testing.assert_close(at_z(loss, WIDE, y), by_opinion(name, WIDE, y), rtol=1e-13, atol=0)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("y", LABELS, ids=str)
def test_a_closed_form_a_thousandth_off_is_noticed(name: str, y: Tensor) -> None:
    wrong = at_z(LOSSES[name], SMOOTH, y) * 1.001
    for right, rtol, atol in ((by_difference(LOSSES[name], y), 1e-4, 1e-9), (by_opinion(name, SMOOTH, y), 1e-13, 0.0)):
        with pytest.raises(AssertionError):
            torch.testing.assert_close(wrong, right, rtol=rtol, atol=atol)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("y", LABELS, ids=str)
def test_nothing_in_the_closed_form_cancels(name: str, y: Tensor) -> None:
    """It is as precise at 60 as at 0: no subtraction of what is nearly equal, nothing that is 0 too early."""
    found = at_z(LOSSES[name], WIDE, y)
    assert found.isfinite().all()
    assert found.all()


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("y", LABELS, ids=str)
def test_the_derivative_by_hand_times_the_slope_of_the_sigmoid_is_the_closed_form(name: str, y: Tensor) -> None:
    p = torch.sigmoid(SMOOTH)
    product = LOSSES[name].dL_dy_pred(p, y) * p * (1 - p)
    torch.testing.assert_close(product, at_z(LOSSES[name], SMOOTH, y), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("name", LOSSES)
def test_the_steepest_gradient_is_the_largest_of_all(name: str) -> None:
    largest = max(float(at_z(LOSSES[name], WIDE, y).abs().max()) for y in LABELS)
    assert largest <= LOSSES[name].steepest * (1 + 1e-12)
    assert largest == pytest.approx(LOSSES[name].steepest, rel=1e-2)


@pytest.mark.parametrize("name", LOSSES)
def test_an_entry_is_whole(name: str) -> None:
    loss = LOSSES[name]
    assert loss.title
    assert all(loss.formulas)
    assert len(loss.formulas) == 2
    assert all(loss.script)
    assert all((loss.derivation.title, loss.derivation.dL_dy_pred, *loss.derivation.product, *loss.derivation.remark))
    assert loss.loss_range[0] < 0 < loss.loss_range[1]
    assert all(mistake.words.endswith((".", "?")) for mistake in (*loss.mistakes, *loss.mistakes_at_z))


def test_titles_differ_and_the_first_entry_is_the_default() -> None:
    assert len({loss.title for loss in LOSSES.values()}) == len(LOSSES)
    assert next(iter(LOSSES)) == DEFAULT == "notebook"
    assert set(OPINIONS) == set(LOSSES)


def named(text: str, names: set[str], suffix: str) -> set[str]:
    """The losses that a file names: as a string of Python's, or in quotes elsewhere."""
    if suffix == ".py":
        return strings(text) & names
    return {name for name in names if re.search(rf"""["'`]{name}["'`]|loss={name}\b""", text)}


def test_nothing_but_the_table_names_a_loss() -> None:
    """The word notebook has other meanings too, outside this page."""
    found = {}
    for path in sorted(COMPONENTS.rglob("*")):
        place = path.relative_to(COMPONENTS).as_posix()
        names = set(LOSSES) if place.startswith((TABLE, "pages/neuron/")) else set(LOSSES) - {DEFAULT}
        if path.suffix in (".py", ".js", ".html") and (said := named(path.read_text("utf-8"), names, path.suffix)):
            found[place] = said
    assert found == {TABLE: set(LOSSES)}


@pytest.mark.parametrize(
    ("text", "suffix", "found"),
    [
        ('if loss == "bce": ...', ".py", {"bce"}),
        ('"""bce"""\nx = "bce loss"', ".py", set()),
        ("if (loss === 'bce') {}", ".js", {"bce"}),
        ('<a href="?loss=bce">', ".html", {"bce"}),
        ("// of bce", ".js", set()),
    ],
)
def test_a_loss_that_is_named_is_noticed(text: str, suffix: str, found: set[str]) -> None:
    assert named(text, {"bce"}, suffix) == found


ABSOLUTE = Loss(
    "absolute error",
    lambda prediction, target: (prediction - target).abs(),
    dL_dy_pred=lambda prediction, target: torch.sign(prediction - target),
    dL_dz=lambda z, target: (1 - 2 * target) * torch.sigmoid(z) * torch.sigmoid(-z),
    formulas=("ŷ", "1 − ŷ"),
    derivation=Derivation("Why?", '"sign"({y_pred} − {y})', ("the product", "±ŷ·(1 − ŷ)"), ("beside it", "{error}")),
    script=Script(
        "def absolute_error(p, y):\n    return (p - y).abs()", "absolute_error(y_pred, y)", "(y_pred - y).sign()"
    ),
    loss_range=(-0.04, 1.08),
    steepest=0.25,
)


@pytest.mark.parametrize("loss", [ABSOLUTE, replace(ABSOLUTE, dL_dz=None)], ids=["closed form", "none"])
def test_a_further_loss_is_one_entry(loss: Loss, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(LOSSES, "absolute", loss)
    inputs = Inputs(w=0.2, loss="absolute", other="bce", with_x=True)
    content = PAGE.update(Request(inputs, ViewRequest(GraphView()), open=frozenset({"opinions"})))
    assert json.loads(json.dumps([content.static, content.fields], allow_nan=False))
    numbers = {name: readout for part in content.readouts.values() for name, readout in part.items()}
    assert numbers["autograd_dw"][1] == numbers["manual_dw"][1]
    assert ("verdict_dw" in numbers) == ("exact_dw" in numbers) == (loss.dL_dz is not None)
    assert content.fields["texts"]["loss_form"] == "ŷ"
    assert {question.name for question in questions(inputs)[0]} == {"dw", "db", "z", "y_pred", "loss"}
    (printed,) = programs.run_all([script(inputs)], tmp_path)
    assert f"w.grad = {numbers['dw'][0]}" in printed.splitlines()
