"""Predict first: which questions are asked, what is said to each guess, and when the answers are shown."""

from typing import Any

from components.pages.index import PAGES
from components.pages.neuron.model import Inputs
from components.pages.predictions import Judgement, Shown, judge

NEURON = PAGES["neuron"]
RIGHT = {"dw": "6.69", "db": "0.9988", "z": "6.7"}


def judged(names: tuple[str, ...], guesses: dict[str, Any], revealed: bool = False) -> Judgement:
    return judge(NEURON, names, Inputs(), guesses, Shown(revealed))


def verdicts(judgement: Judgement) -> dict[str, str]:
    return {one["name"]: one["verdict"] for one in judgement.questions}


def test_where_nothing_is_asked_nothing_is_said() -> None:
    assert judged((), RIGHT) == Judgement()
    assert (
        judge(PAGES["gradient_lab"], ("grad",), PAGES["gradient_lab"].form.make(), {"grad": "4"}, Shown(True))
        == Judgement()
    )


def test_only_what_is_asked_is_answered_in_the_pages_order() -> None:
    judgement = judged(("dw", "db"), RIGHT)
    assert list(verdicts(judgement)) == ["dw", "db"]
    assert [one["symbol"] for one in judgement.questions] == ["∂L/∂w", "∂L/∂b"]


def test_answers_are_shown_once_all_guesses_are_right() -> None:
    for guesses, said, revealed in (
        ({}, {"dw": "", "db": ""}, False),
        ({"dw": "+"}, {"dw": "sign", "db": ""}, False),
        ({"dw": "+", "db": "+"}, {"dw": "sign", "db": "sign"}, False),
        ({"dw": "6.69", "db": "-1"}, {"dw": "right", "db": "wrong"}, False),
        (RIGHT, {"dw": "right", "db": "right"}, True),
    ):
        judgement = judged(("dw", "db"), guesses)
        assert (verdicts(judgement), judgement.revealed) == (said, revealed), guesses


def test_what_is_right_is_shown_alone_and_stays_so() -> None:
    first = judged(("dw", "db"), {"dw": "6.69", "db": "-1"})
    assert (first.answered, first.revealed) == (frozenset({"dw"}), False)
    then = judge(NEURON, ("dw", "db"), Inputs(w=0.5), {}, Shown(answered=frozenset({"dw", "loss"})))
    assert (then.answered, then.revealed) == (frozenset({"dw"}), False)
    assert judge(NEURON, ("dw", "db"), Inputs(), {"db": "0.9988"}, Shown(answered=frozenset({"dw"}))).revealed


def test_answers_stay_shown_when_the_state_moves_on() -> None:
    assert judged(("dw",), {"dw": "6"}, revealed=True).revealed


def test_what_is_no_text_is_no_guess() -> None:
    for forged in (None, 6.69, ["6.69"], {"dw": "6.69"}, True):
        assert verdicts(judged(("dw",), {"dw": forged})) == {"dw": ""}, forged


def test_the_record_is_what_a_message_says() -> None:
    record = judged(("dw",), {"dw": "-"}).record()
    assert record["revealed"] is False
    (one,) = record["questions"]
    assert one.pop("words").startswith("∂L/∂w is not negative. Go back from the loss")
    assert one == {"name": "dw", "symbol": "∂L/∂w", "turned": "w", "result": "the loss", "verdict": "wrong"}
