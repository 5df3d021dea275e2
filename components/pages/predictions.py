"""Predict first: what is said to a visitor's guesses, and when the answers are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.drawing import predict
from components.drawing.predict import Said
from components.pages.page import Page


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said to each open question, and whether the answers are shown now."""

    questions: tuple[dict[str, str], ...] = ()
    revealed: bool = False

    def record(self) -> dict[str, Any]:
        """The judgement as a message says it."""
        return {"questions": self.questions, "revealed": self.revealed}


def judge(
    page: Page[Any], names: tuple[str, ...], inputs: Any, guesses: Mapping[str, Any], revealed: bool
) -> Judgement:
    """The judgement of `guesses` about what `names` ask for; once all are right, the answers are shown."""
    if not names or page.questions is None:
        return Judgement()
    questions, graph = page.questions(inputs)
    said = []
    for question in questions:
        if question.name in names:
            guess = guesses.get(question.name)
            answer = predict.answer(question, guess, graph) if isinstance(guess, str) else Said("", "")
            asked = {"name": question.name, "symbol": question.symbol}
            asked |= {"turned": question.turned, "result": question.result} if question.turned else {}
            said.append(asked | answer._asdict())
    return Judgement(tuple(said), revealed or all(one["verdict"] == "right" for one in said))
