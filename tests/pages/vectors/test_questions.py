"""What can be predicted of a vector: the last entry of its gradient, and what is said where v was forgotten."""

import pytest

from components.pages.vectors.model import Inputs
from components.pages.vectors.questions import NO_V, questions


@pytest.mark.parametrize(("reduce", "truth"), [("mean", 2.0), ("sum", 6.0), ("none", -12.0)])
def test_the_last_entry_is_asked(reduce: str, truth: float) -> None:
    (question,), _ = questions(Inputs(reduce=reduce, v=(1.0, 1.0, -2.0)))
    assert question.name == "grad"
    assert question.truth == pytest.approx(truth)
    assert question.symbol == "x.grad[2]"
    without_v = [mistake.value for mistake in question.usual if mistake.about == NO_V]
    assert without_v == ([pytest.approx(6.0)] if reduce == "none" else [])
