"""The usual wrong answers for a gradient, computed from the graph itself, so that a miss can be explained."""

import math
from collections.abc import Iterator
from typing import Literal, NamedTuple

from components.graph.model import Edge, Graph, Number
from components.graph.paths import Path, paths

Kind = Literal["sign", "left out", "stopped", "added", "one path", "other"]


class Mistake(NamedTuple):
    """A wrong answer and the way to it: `about` is the id of an edge or node, or says what was done."""

    kind: Kind
    value: float
    about: str = ""


class Question(NamedTuple):
    """Something to predict: the readout's name, what it is called, the right answer and the usual wrong ones.

    Of a gradient, `turned` is what it is taken by, and `result` what of ("" for anything else).
    """

    name: str
    symbol: str
    truth: float
    usual: tuple[Mistake, ...] = ()
    turned: str = ""
    result: str = ""

    def of(self, result: str, turned: str) -> "Question":
        """The same, of a gradient: of `result`, by what is `turned`."""
        return self._replace(result=result, turned=turned)


Questions = tuple[tuple[Question, ...], Graph]
"""What can be predicted of a state, and the graph that its mistakes are found in."""


def question(name: str, symbol: str, truth: float, usual: tuple[Mistake, ...]) -> Question:
    """A question with those of the usual wrong answers that are wrong here."""
    return Question(name, symbol, truth, distinct(truth, usual))


def mistakes(graph: Graph, node_id: str) -> tuple[Mistake, ...]:
    """What the usual mistakes give for the gradient at a node of a graph of single numbers, none of them the gradient.

    A minus forgotten, one local derivative left out, stopped on the way, added instead of multiplied, one of several
    paths forgotten.
    """
    truth = graph.node(node_id).gradient
    found = paths(graph, node_id)
    if not isinstance(truth, float) or not found.complete or found.total is None:
        return ()
    return distinct(truth, (Mistake("sign", -truth), *_of_paths(found.paths, graph)))


def distinct(truth: float, found: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    """The mistakes that give a finite answer other than the truth; of several with one answer, the first."""
    kept: dict[float, Mistake] = {}
    for mistake in found:
        if math.isfinite(mistake.value) and mistake.value != truth:
            kept.setdefault(mistake.value, mistake)
    return tuple(kept.values())


def _of_paths(ways: tuple[Path, ...], graph: Graph) -> Iterator[Mistake]:
    edges = {edge.id: edge for way in ways for edge in way.edges}
    for edge in edges.values():
        yield Mistake("left out", _without(edge, ways), edge.id)
    for node_id in dict.fromkeys(edge.input for edge in edges.values()):
        gradient = graph.node(node_id).gradient
        if isinstance(gradient, float):
            yield Mistake("stopped", gradient, node_id)
    if all(len(way.edges) > 1 for way in ways):
        yield Mistake("added", math.fsum(math.fsum(_locals(way)) for way in ways))
    if len(ways) > 1:
        for way in ways:
            yield Mistake("one path", _product(way), _own(way, ways))


def _without(edge: Edge, ways: tuple[Path, ...]) -> float:
    return math.fsum(_product(way, edge) for way in ways)


def _own(way: Path, ways: tuple[Path, ...]) -> str:
    """The first step that a path shares with no other."""
    others = {edge.id for other in ways if other is not way for edge in other.edges}
    return next((edge.id for edge in way.edges if edge.id not in others), "")


def _product(way: Path, without: Edge | None = None) -> float:
    return math.prod(_locals(way, without))


def _locals(way: Path, without: Edge | None = None) -> list[float]:
    """A path's local derivatives; all of them are single numbers where the paths' sum is."""
    return [edge.local for edge in way.edges if edge is not without and isinstance(edge.local, float)]


def at_index(graph: Graph, index: int) -> Graph:
    """A graph of entrywise operations as one entry sees it: single numbers in the place of lists."""
    nodes = tuple(n._replace(value=_pick(n.value, index), gradient=_pick(n.gradient, index)) for n in graph.nodes)
    edges = tuple(e._replace(local=_pick(e.local, index), gradient=_pick(e.gradient, index)) for e in graph.edges)
    return Graph(nodes, edges)


def _pick(number: Number, index: int) -> Number:
    return number[index] if isinstance(number, list) else number


Answer = Literal["right", "wrong"]


class Judged(NamedTuple):
    """What an answer is worth, and the mistake that gives it where there is one."""

    answer: Answer
    mistake: Mistake | None = None


def judge_sign(sign: str, truth: float) -> Judged:
    """Whether a gradient has the sign that was said: `+`, `-` or `0`."""
    is_right = {"+": truth > 0, "-": truth < 0, "0": truth == 0}[sign]
    return Judged("right" if is_right else "wrong")


def judge(said: float, half_digit: float, truth: float, usual: tuple[Mistake, ...]) -> Judged:
    """Whether a number is the truth as closely as it was said, or else the mistake that gives the nearest one.

    `half_digit` is half a unit of the last digit said; within 1 % is close enough too. inf and nan are answers.
    """
    if _is_near(said, truth, half_digit):
        return Judged("right")
    near = [mistake for mistake in usual if _is_near(said, mistake.value, half_digit)]
    return Judged("wrong", min(near, key=lambda mistake: abs(said - mistake.value), default=None))


def _is_near(said: float, value: float, half_digit: float) -> bool:
    if not (math.isfinite(said) and math.isfinite(value)):
        return said == value or (math.isnan(said) and math.isnan(value))
    if value == 0 or said == 0:
        return said == value
    return abs(said - value) <= max(min(half_digit, 0.1 * abs(value)), 0.01 * abs(value))
