"""The sentence beside a verdict: it names what happened, with these numbers."""

import re
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.losses import LOSSES
from components.pages.neuron import model as neuron
from components.pages.neuron import texts
from components.pages.neuron.diagnosis import Diagnosis, diagnose
from components.pages.neuron.model import Inputs
from components.precision import DTYPES, VERDICTS
from tests.pages.neuron.exact import exact_gradients, residual

ONE_LINE = 200

states = st.builds(
    Inputs,
    x=st.integers(-100, 100).map(lambda n: n / 10),
    w=st.integers(-500, 500).map(lambda n: n / 100),
    b=st.integers(-100, 100).map(lambda n: n / 10),
    y=st.sampled_from([0.0, 1.0]),
)


def sentence(inputs: Inputs) -> str:
    return texts.sentences(diagnose(neuron.run(inputs)))


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (Inputs(), ["2 ulps from the closed form", "float32"]),
        (Inputs(w=3.0), ["1 − 1e−8 is 1", "log(1 − ŷ) is −∞", "the loss is ∞", "0 · ∞ is nan", "with_logits"]),
        (Inputs(w=3.0, y=1.0), ["0 · −∞ is nan", "though the prediction is right"]),
        (Inputs(w=-3.0, y=1.0), ["ŷ is below 1e−8", "exactly 0", "by hand, without the clamp: −6.7000", "with_logits"]),
        (Inputs(w=3.0, dtype="float64"), ["ŷ is above 1 − 1e−8", "without the clamp: +6.7000"]),
        (Inputs(x=8.0, w=5.0, dtype="float64"), ["exactly 0", "by hand, dividing by ŷ(1 − ŷ) = 0: nan", "with_logits"]),
        (Inputs(w=-3.0), ["ŷ is below 1e−8", "without the clamp: +1.250e−8", "nothing is lost"]),
        (Inputs(w=3.0, loss="bce"), ["ŷ is exactly 1", "capped at −100", "∂L/∂w is 0, not +6.7000", "with_logits"]),
        (Inputs(w=3.0, y=1.0, loss="bce"), ["In float32", "ŷ is exactly 1", "passes back 0", "nothing is lost"]),
        (Inputs(w=-5.0, y=1.0, loss="bce"), ["at least 1e−12", "∂L/∂w is −0.01893, not −6.7000", "with_logits"]),
        (Inputs(w=-5.0, loss="bce"), ["at least 1e−12", "nothing is lost"]),
        (Inputs(w=5.0, y=1.0, loss="bce", dtype="float64"), ["1 − ŷ has lost", "at least 1e−12", "nothing is lost"]),
        (Inputs(w=5.0, loss="bce", dtype="float64"), ["at least 1e−12", "with_logits"]),
        (Inputs(w=2.0, y=1.0), ["σ is nearly flat here", "slope 1.", "e−6", "1 − ŷ has lost half", "nothing is lost"]),
        (Inputs(loss="logits"), ["One ulp from the closed form", "float32"]),
        (Inputs(dtype="float64"), ["nearest float64", "last digit"]),
        (Inputs(y=1.0, dtype="float64"), ["agree in 13 digits", "ulps apart", "ŷ is near y", "harmless"]),
        (Inputs(w=2.5, y=1.0, dtype="float64"), ["agree in 8 digits (2²", "ulps apart", "ŷ is near y", "harmless"]),
        (Inputs(x=8.8, w=-4.78, b=5.0, loss="logits"), ["agree in 5 digits (40 ulps apart)", "rounding w, x, b and z"]),
        (Inputs(w=3.0, loss="bce", dtype="float64"), ["2 ulps from the closed form", "float64"]),
        (Inputs(x=0.0, b=-3.9), ["2 ulps from the closed form"]),
        (Inputs(w=3.0, loss="logits"), ["nearest float32", "last digit"]),
        (Inputs(w=3.0, y=1.0, loss="logits"), ["σ(z) and y agree", "nothing is lost"]),
        (
            Inputs(x=2.0, w=-4.0, y=1.0, loss="squared"),
            ["Rightly computed, yet small", "slope there, 0.00034", "∂L/∂w = −0.00134", "would have −1.9993"],
        ),
        (Inputs(x=0.0, b=-8.0, y=1.0, loss="squared"), ["∂L/∂b = −0.00067", "would have −0.9997"]),
        (Inputs(loss="squared"), ["∂L/∂w = +0.01643", "would have +6.6918"]),
        (Inputs(w=3.0, loss="squared"), ["ŷ is exactly 1", "∂L/∂w is 0, not +2.499e−8", "Even the true one"]),
        (Inputs(w=2.0, loss="squared"), ["σ is nearly flat here", "not +2.030e−5", "Even the true one", "with_logits"]),
        (Inputs(w=2.0, y=1.0, loss="squared"), ["1 − ŷ has lost half", "nothing is lost"]),
        (Inputs(w=1.0, y=1.0, loss="squared"), ["agree in 3 digits", "1 − ŷ keeps only the digits", "harmless"]),
        (Inputs(x=10.0, w=5.0, y=1.0, loss="squared"), ["fewer digits than elsewhere", "nothing is lost"]),
        (Inputs(w=0.2, loss="squared"), ["ulps from the closed form", "float32"]),
    ],
)
def test_a_sentence_says_what_happened(inputs: Inputs, words: list[str]) -> None:
    said = sentence(inputs)
    assert [word for word in words if word not in said] == []


@pytest.mark.parametrize(("loss", "dtype"), list(product(LOSSES, DTYPES)))
def test_there_is_a_short_sentence_for_every_state(loss: str, dtype: str) -> None:
    for x, w, b, y in product((-10.0, 0.0, 6.7), (-5.0, -1.0, 0.0, 3.0), (-10.0, 0.0, 8.5), (0.0, 1.0)):
        said = sentence(Inputs(x, w, b, y, loss, dtype))
        assert said.endswith(".")
        assert said.isprintable()
        assert "  " not in said
        assert len(said) <= ONE_LINE


@pytest.mark.parametrize(("loss", "dtype"), list(product(LOSSES, DTYPES)))
def test_a_sentence_about_rounding_counts_one_ulp_or_more(loss: str, dtype: str) -> None:
    for x, w, b, y in product((-10.0, 0.0, 6.7), (-1.0, 0.0, 0.3), (-2.1, 0.0, 0.3), (0.0, 1.0)):
        said = sentence(Inputs(x, w, b, y, loss, dtype))
        assert not said.startswith(("0 ulps", "None", "1 ulps"))


@settings(max_examples=300, deadline=None)
@given(states, st.sampled_from(list(LOSSES)), st.sampled_from(list(DTYPES)))
def test_a_sentence_fits_and_its_numbers_are_true(state: Inputs, loss: str, dtype: str) -> None:
    """A harmless loss of digits is called so exactly where the prediction is right, and a remedy named elsewhere."""
    inputs = replace(state, loss=loss, dtype=dtype)
    run, faults = neuron.run(inputs), LOSSES[loss].faults
    said, found = sentence(inputs), diagnose(run).worst
    assert len(said) <= ONE_LINE
    if found in ("clamped", "saturated"):
        is_right = abs(residual(inputs.w * inputs.x + inputs.b, inputs.y)) < 1e-3
        assert (faults.right in said) == is_right
        assert (faults.wrong in said) == (not is_right)
    if agreed := re.search(r"agree in (\d+) digits", said):
        pairs = zip((run.dw, run.db), exact_gradients(inputs), strict=True)
        errors = [abs(got - true) / abs(true) for got, true in pairs if true]
        assert 10.0 ** -(int(agreed[1]) + 1.4) < max(errors) < 10.0 ** -(int(agreed[1]) - 0.4)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (Inputs(), "wrong and sure: the loss is 6.7012, and raising w by 0.01 raises it by about 0.067."),
        (Inputs(x=2.0, w=0.0, y=1.0), "undecided: the loss is 0.6931, and raising w by 0.01 lowers it by about 0.01."),
        (Inputs(y=1.0), "right and sure: the loss is 0.00123, and raising w by 0.01 lowers it by about 8.2e−5."),
        (
            Inputs(x=0.0, b=1.0),
            "wrong, but not sure: the loss is 1.3133, and raising b by 0.1 raises it by about 0.073.",
        ),
        (Inputs(x=0.0, w=3.0, b=-1.0), "right, but not sure: the loss is 0.3133, and raising b by 0.1 raises it by"),
        (Inputs(w=3.0), "Nothing can be learned here. In float32, 1 − 1e−8 is 1"),
        (Inputs(w=-3.0, y=1.0), "Wrong and sure. ŷ is below 1e−8, where the clamp is flat"),
        (Inputs(x=2.0, w=-4.0, y=1.0, loss="squared"), "Wrong and sure. Rightly computed, yet small"),
    ],
)
def test_what_matters_is_said_first_and_in_plain_words(inputs: Inputs, words: str) -> None:
    assert words in texts.remark(diagnose(neuron.run(inputs)))["text"]


@settings(max_examples=300, deadline=None)
@given(states, st.sampled_from(list(LOSSES)), st.sampled_from(list(DTYPES)))
def test_what_a_step_is_said_to_do_is_what_it_does(state: Inputs, loss: str, dtype: str) -> None:
    """Beside the loss itself, in float64 and without a clamp."""
    inputs = replace(state, loss=loss, dtype=dtype)
    said = texts.summary(diagnose(neuron.run(inputs)))
    true = replace(inputs, dtype="float64", loss="squared" if loss == "squared" else "logits")
    effect = re.search(r"raising (\w) by (\S+) (raises|lowers) it by about (\S+)\.$", said)
    if effect:
        by, step, verb, size = effect.groups()
        moved = replace(true, **{by: getattr(true, by) + float(step)})
        change = neuron.run(moved).loss - neuron.run(true).loss
        assert (verb == "raises") == (change > 0) or abs(change) < 1e-12
        assert float(size.replace("−", "-")) == pytest.approx(abs(change), rel=0.2, abs=1e-12)
    is_right = abs(residual(inputs.w * inputs.x + inputs.b, inputs.y)) < 0.5
    assert "is right" not in said or is_right
    assert "is wrong" not in said or not is_right


def test_the_worse_verdict_has_more_to_say() -> None:
    run = neuron.run(Inputs())
    for a, b in product(VERDICTS, VERDICTS):
        worst = Diagnosis(run, (0.0, 0.0), (a, b)).worst
        assert worst is not None
        assert VERDICTS.index(worst) == max(VERDICTS.index(a), VERDICTS.index(b))


@pytest.mark.parametrize("loss", LOSSES)
def test_a_vanishing_gradient_is_spoken_of_only_where_the_prediction_is_sure_and_wrong(loss: str) -> None:
    for z, y in product((-8.0, -2.0, 0.0, 2.0, 8.0), (0.0, 1.0)):
        said = sentence(Inputs(x=0.0, b=z, y=y, loss=loss, dtype="float64"))
        is_sure_and_wrong = abs(z) == 8 and (z > 0) != (y == 1)
        assert ("Rightly computed, yet small" in said) == (loss == "squared" and is_sure_and_wrong), (z, y)


def test_without_a_closed_form_nothing_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = Inputs(loss="bce")
    with_verdicts = texts.answers(diagnose(neuron.run(inputs)))
    monkeypatch.setitem(LOSSES, "bce", replace(LOSSES["bce"], dL_dz=None))
    diagnosis = diagnose(neuron.run(inputs))
    assert texts.sentences(diagnosis) == texts.NOT_JUDGED
    assert texts.remark(diagnosis) == {"text": texts.summary(diagnosis), "isWarning": False}
    left = texts.answers(diagnosis)
    kept = {f"{name}_{of}" for name in ("autograd", "manual", "numeric") for of in ("dw", "db")}
    assert left == {name: readout for name, readout in with_verdicts.items() if name in kept}
    assert kept < with_verdicts.keys()


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(("y", "at_label"), [(0.0, 0), (1.0, 1)])
def test_the_formulas_are_those_of_the_loss_at_this_label(loss: str, y: float, at_label: int) -> None:
    found = texts.formulas(Inputs(loss=loss, y=y))
    assert found["loss_form"] == LOSSES[loss].formulas[at_label]
    assert found["derivation_title"].endswith("?")
    assert not {"{", "}"} & set("".join(found.values()))


def test_the_formulas_of_the_cross_entropy_and_of_the_squared_error() -> None:
    assert texts.formulas(Inputs(y=1.0))["loss_form"] == "−log(ŷ)"
    assert texts.formulas(Inputs())["dL_dy_pred_form"] == "(ŷ − y) / (ŷ·(1 − ŷ))"
    assert texts.formulas(Inputs(loss="squared"))["loss_form"] == "ŷ²"
    assert texts.formulas(Inputs(loss="squared", y=1.0))["loss_form"] == "(ŷ − 1)²"
    assert texts.formulas(Inputs(loss="squared"))["dL_dy_pred_form"] == "2·(ŷ − y)"
