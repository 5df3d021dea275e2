"""The sentence beside a verdict: it names what happened, with these numbers."""

from itertools import product

import pytest

from components.drawing import verdicts
from components.engine import check, neuron
from components.engine.check import VERDICTS
from components.engine.losses import DTYPES, LOSSES
from components.engine.neuron import Inputs

ONE_LINE = 210


def sentence(inputs: Inputs) -> str:
    run = neuron.run(inputs)
    truth = check.exact_gradients(inputs)
    both = check.judge(run, truth)
    found = verdicts.worse(*both)
    which = both.index(found)
    return verdicts.sentences(run, found, check.apart((run.dw, run.db)[which], truth[which], inputs.dtype))


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (Inputs(), ["2 ulps from the closed form", "float32"]),
        (Inputs(w=3.0), ["1 − 1e−8 is 1", "log(1 − p) is −∞", "the loss is ∞", "0 · ∞ is nan", "with_logits"]),
        (Inputs(w=3.0, y=1.0), ["0 · −∞ is nan", "though the prediction is right"]),
        (Inputs(w=-3.0, y=1.0), ["ŷ is below 1e−8", "exactly 0", "do not know the clamp: −6.7000"]),
        (Inputs(w=3.0, dtype="float64"), ["ŷ is above 1 − 1e−8", "do not know the clamp: +6.7000"]),
        (Inputs(w=3.0, loss="bce"), ["ŷ is exactly 1", "slope 0 stops every gradient", "with_logits"]),
        (Inputs(w=3.0, y=1.0, loss="bce"), ["In float32", "ŷ is exactly 1", "slope 0"]),
        (Inputs(w=2.0, y=1.0), ["σ is nearly flat here", "slope 1.", "e−6", "1 − ŷ has lost half of its digits"]),
        (Inputs(loss="logits"), ["One ulp from the closed form", "float32"]),
        (Inputs(dtype="float64"), ["nearest float64", "last digit"]),
        (Inputs(w=3.0, loss="bce", dtype="float64"), ["2 ulps from the closed form", "float64"]),
        (Inputs(w=-3.0), ["ŷ is below 1e−8", "do not know the clamp: +1.250e−8"]),
        (Inputs(x=0.0, b=-3.9), ["2 ulps from the closed form"]),
        (Inputs(w=3.0, loss="logits"), ["nearest float32", "last digit"]),
        (Inputs(w=3.0, y=1.0, loss="logits"), ["σ(z) and y agree", "nothing is lost"]),
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


def test_the_worse_verdict_has_more_to_say() -> None:
    for a, b in product(VERDICTS, VERDICTS):
        assert VERDICTS.index(verdicts.worse(a, b)) == max(VERDICTS.index(a), VERDICTS.index(b))
