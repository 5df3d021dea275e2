"""A graph's numbers as they are painted on its drawing: values, gradients, and what tells an edge's line apart."""

import math
from collections.abc import Callable, Mapping

from components.drawing import numbers
from components.graph.model import Edge, Graph, Node, Number, Seen

NONE: frozenset[str] = frozenset()
LATER = "later"
"""Stands in the place of a number that a walk has not reached."""

COVERED = "covered"
"""Stands in the place of a number that the address keeps from the visitor."""


ROOM = {False: 7.0, True: 18.0}
"""Digits of a list that fit on a card, usual or wide."""

EDGE_ROOM = {False: 7.0, True: 13.5}
"""Digits of a list that fit on an arrow between such cards, beside its head."""


def paint(
    graph: Graph,
    seen: Seen | None = None,
    wide: frozenset[str] = NONE,
    hidden: frozenset[str] = NONE,
    answered: frozenset[tuple[str, str]] = frozenset(),
) -> dict[str, list[list[str | float]]]:
    """Every number in the drawing, in the structure's order; in a walk, only what has been `seen`.

    Of `hidden` numbers and gradients (names of parts) only the place is said, but for those `answered` (kind and node).

    A node is [value, value for people, gradient, gradient for people, value in short]; an edge is
    [local derivative, gradient, gradient for people, kind, width in pixels].
    """
    texts = {is_wide: _Texts(is_wide) for is_wide in (False, True)}
    return {
        "nodes": [
            list(_node_numbers(node, graph.kept, seen, texts[node.id in wide], _covered(node, hidden, answered)))
            for node in graph.nodes
        ],
        "edges": [list(_edge_numbers(edge, seen, texts[bool(wide)], hidden)) for edge in graph.edges],
    }


class _Texts:
    """Numbers as texts on usual or wide cards, and on arrows between them; a list that stands in both is written once:
    what arrives at a node flows along its edge too.
    """

    def __init__(self, is_wide: bool) -> None:
        self._rooms = ROOM[is_wide], EDGE_ROOM[is_wide]
        self._written: dict[int, tuple[str, str, str]] = {}

    def of(self, number: Number, otherwise: Callable[[Number], str]) -> tuple[str, str, str]:
        """All digits; for people, on a card and on an arrow. `otherwise` writes on a card what is no list."""
        if not isinstance(number, list):
            return numbers.exact(number), otherwise(number), numbers.short(number)
        if id(number) not in self._written:
            on_card, on_arrow = (numbers.brief(number, room) for room in self._rooms)
            self._written[id(number)] = numbers.exact(number), on_card, on_arrow
        return self._written[id(number)]


def kind(gradient: Number) -> str:
    """What tells an edge's line apart; of several entries, the largest does.

    `none` (takes no gradient), `zero`, `plus`, `minus`, `infinite` or `undefined` (nan).
    """
    gradient = largest(gradient)
    if gradient is None:
        return "none"
    if not math.isfinite(gradient):
        return "undefined" if math.isnan(gradient) else "infinite"
    return "zero" if gradient == 0 else "plus" if gradient > 0 else "minus"


def width(gradient: Number) -> float:
    """An edge's thickness in pixels: the logarithm of the gradient's (largest) size, within limits."""
    gradient = largest(gradient)
    if gradient is None or gradient == 0:
        return 1.5
    if not math.isfinite(gradient):
        return 3.0
    return round(min(max(2.4 + 1.1 * math.log10(abs(gradient)), 1.5), 6.5), 1)


def largest(number: Number) -> float | None:
    """Of a list the entry of the largest size, or nan where there is one; a single number as it is."""
    if not isinstance(number, list):
        return number
    entries = [entry for entry in map(largest, number) if entry is not None]
    return max(entries, key=lambda entry: (math.isnan(entry), abs(entry)), default=None)


def _covered(node: Node, hidden: frozenset[str], answered: frozenset[tuple[str, str]]) -> frozenset[str]:
    """Of a node's value and gradient, those that are kept from the visitor."""
    parts = {"value": "numbers", "gradient": "gradients"}
    return frozenset(kind for kind, part in parts.items() if part in hidden and (kind, node.id) not in answered)


def _node_numbers(
    node: Node, kept: Mapping[str, Number] | None, seen: Seen | None, texts: _Texts, covered: frozenset[str]
) -> tuple[str, str, str, str, str]:
    value, value_text, short = LATER, "", ""
    if "value" in covered:
        value, value_text = COVERED, "?"
    elif seen is None or node.id in seen.values:
        value, value_text, short = texts.of(node.value, numbers.text)
        short = short.removeprefix("+")
    arrived = node.gradient if kept is None else kept.get(node.id)
    gradient, gradient_text = LATER, ""
    if "gradient" in covered and node.op != "input":
        gradient, gradient_text = COVERED, "?"
    elif seen is None or node.id in seen.gradients or node.op == "input" or kept is not None:
        gradient, gradient_text, _ = texts.of(arrived, numbers.signed)
    return value, value_text, gradient, gradient_text, short


def _edge_numbers(
    edge: Edge, seen: Seen | None, texts: _Texts, hidden: frozenset[str]
) -> tuple[str, str, str, str, float]:
    if "gradients" in hidden and edge.carries:
        return COVERED, COVERED, "", "later", 1.5
    if seen is not None and edge.id not in seen.edges:
        return LATER, LATER, "", "later", 1.5
    most = largest(edge.gradient)
    gradient, _, said = texts.of(edge.gradient, numbers.text)
    return numbers.exact(edge.local), gradient, "" if edge.gradient is None else said, kind(most), width(most)
