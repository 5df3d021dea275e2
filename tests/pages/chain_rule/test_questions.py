"""What can be predicted of the chain: the right answer, and the sum that many give instead."""

import math

import pytest

from components.pages.chain_rule.model import Inputs
from components.pages.chain_rule.questions import questions


@pytest.mark.parametrize("result", ["z", "y"])
def test_the_whole_chain_is_asked_whatever_is_shown(result: str) -> None:
    (question,), _ = questions(Inputs(2.0, result))
    assert question.name == "dz_dx"
    assert question.truth == pytest.approx(4 * math.cos(4.0), abs=1e-6)
    assert any(mistake.kind == "added" for mistake in question.usual)
