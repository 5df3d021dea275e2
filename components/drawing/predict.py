"""What is said to a prediction: right, or which mistake gives that answer."""

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from components.address.fields import parse, plain, shown
from components.drawing import numbers
from components.drawing.explain import called
from components.graph import mistakes
from components.graph.mistakes import Mistake, Question
from components.graph.model import Graph

BROKEN = {"inf": math.inf, "+inf": math.inf, "∞": math.inf, "-inf": -math.inf, "-∞": -math.inf, "nan": math.nan}
SIGNS = {"+": "positive", "-": "negative", "0": "0"}
_SPACES = re.compile(r"\s+")


class Said(NamedTuple):
    """An answer to a prediction: whether it settles the question, and one sentence."""

    verdict: str
    words: str


def answer(question: Question, text: str, graph: Graph) -> Said:
    """What is said to the prediction `text`, a sign or a number: verdict `right`, `sign` (of a sign), `wrong`, `none`.

    `graph` is the one that the question's mistakes were found in.
    """
    said = plain(_SPACES.sub("", text)).lower()
    if said in SIGNS:
        return _of_sign(question, said)
    number = BROKEN.get(said, parse(said))
    if number is None:
        return Said("none", f"“{shown(text)}” is neither a sign nor a number; say +, −, 0 or a number such as 0.25.")
    judged = mistakes.judge(number, _half_digit(said), question.truth, question.usual)
    if judged.answer == "right":
        return Said("right", f"Right: {question.symbol} = {numbers.signed(question.truth)}.")
    return Said("wrong", _why(judged.mistake, question, graph))


def _of_sign(question: Question, sign: str) -> Said:
    if mistakes.judge_sign(sign, question.truth).answer == "wrong":
        return Said("wrong", f"{question.symbol} is not {SIGNS[sign]}{_why_not(question)}.")
    if sign == "0":
        return Said("right", f"Right: {question.symbol} = 0.")
    return Said("sign", f"Right, {question.symbol} is {SIGNS[sign]}. And its size?")


def _why_not(question: Question) -> str:
    if math.isnan(question.truth):
        return ": it is not a number here"
    if not question.turned:
        return ""
    return f". Go back from {question.result}: each negative step on the way turns the sign round, and a 0 ends it"


def _half_digit(said: str) -> float:
    """Half a unit of the last digit that was said."""
    if said in BROKEN:
        return 0.0
    exponent = Decimal(said).as_tuple().exponent
    return 0.5 * 10.0 ** int(exponent)


def _why(mistake: Mistake | None, question: Question, graph: Graph) -> str:
    if mistake is None:
        return (
            f"That is neither {question.symbol} nor what a usual mistake gives. Go back from the result, step by step."
        )
    return _SENTENCES[mistake.kind](mistake, graph)


def _left_out(mistake: Mistake, graph: Graph) -> str:
    edge = next(edge for edge in graph.edges if edge.id == mistake.about)
    consumer, source = called(graph.node(edge.consumer)), called(graph.node(edge.input))
    local = f"∂{consumer}/∂{source} = {numbers.text(edge.local)}"
    return f"That comes out where the step from {consumer} back to {source} is forgotten: multiply by {local}, too."


def _one_path(mistake: Mistake, graph: Graph) -> str:
    edge = next(edge for edge in graph.edges if edge.id == mistake.about)
    through = called(graph.node(edge.input))
    return f"That is only what comes through {through}. Other paths lead here too, and what they bring is added."


def _stopped(mistake: Mistake, graph: Graph) -> str:
    at = called(graph.node(mistake.about))
    return f"That is what arrives at {at}. The way goes on from there: multiply by the local derivatives that follow."


_SENTENCES: Mapping[mistakes.Kind, Callable[[Mistake, Graph], str]] = {
    "sign": lambda *_: "The size is right, the sign is not: one minus was forgotten on the way, or one too many taken.",
    "left out": _left_out,
    "stopped": _stopped,
    "added": lambda *_: "That is the sum of the local derivatives. Along a path they are multiplied.",
    "one path": _one_path,
    "other": lambda mistake, _: mistake.about,
}
