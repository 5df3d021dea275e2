"""Predict first: what is said to a visitor's guesses, and when the answers are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from components.drawing import predict
from components.drawing.predict import Said
from components.pages.page import Page


class Shown(NamedTuple):
    """Which answers stand on the page: all (`revealed`), or those that were `answered`, by name."""

    revealed: bool = False
    answered: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said to each open question, whether all answers are shown now, and else which ones are (`answered`)."""

    questions: tuple[dict[str, str], ...] = ()
    revealed: bool = False
    answered: frozenset[str] = frozenset()

    def record(self) -> dict[str, Any]:
        """The judgement as a message says it."""
        return {"questions": self.questions, "revealed": self.revealed}


def judge(
    page: Page[Any],
    names: tuple[str, ...],
    inputs: Any,
    guesses: Mapping[str, Any],
    before: Shown,
) -> Judgement:
    """The judgement of `guesses` about what `names` ask for: what is right is shown, and what was `before` stays so."""
    if not names or page.questions is None:
        return Judgement()
    questions, graph = page.questions(inputs)
    said = []
    for question in questions:
        if question.name in names:
            guess = guesses.get(question.name)
            answer = Said("", "")
            if isinstance(guess, str):
                own = page.judges.get(question.name)
                answer = own(inputs, guess) if own else predict.answer(question, guess, graph)
            asked = {"name": question.name, "symbol": question.symbol}
            asked |= {"turned": question.turned, "result": question.result} if question.turned else {}
            asked |= {"kind": "place"} if question.name in page.judges else {}
            said.append(asked | answer._asdict())
    right = {one["name"] for one in said if one["verdict"] == "right"} | before.answered
    shown = frozenset(one["name"] for one in said if one["name"] in right)
    return Judgement(tuple(said), before.revealed or len(shown) == len(said), shown)
