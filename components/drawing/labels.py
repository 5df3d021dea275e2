"""What is written on the parts of a large graph, apart from its drawing: put in place where it can be read."""

from typing import Any

Place = tuple[float, float]


class Labels:
    """Each part's texts as SVG around a place of its own: most of them stand on many parts."""

    def __init__(self) -> None:
        self._markups: dict[str, int] = {}
        self._nodes = list[int]()
        self._edges = list[tuple[int, float, float]]()

    def add_node(self, markup: str) -> None:
        """The next node's texts, around the upper left corner of its card."""
        self._nodes.append(self._number(markup))

    def add_edge(self, markup: str, place: Place) -> None:
        """The next edge's texts, around this place."""
        self._edges.append((self._number(markup), *place))

    def _number(self, markup: str) -> int:
        return self._markups.setdefault(markup, len(self._markups))

    def record(self) -> dict[str, Any]:
        """All of them: what is written, which of that on each node, and which on each edge and where."""
        return {"markups": list(self._markups), "nodes": self._nodes, "edges": self._edges}
