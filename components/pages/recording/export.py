"""Files of a recorded graph that say more than the graph itself: ranges, lines and modules."""

from components.drawing import model_explorer
from components.drawing.model_explorer import About
from components.graph.model import Graph, Seen
from components.pages.recording.figures import span
from components.pages.recording.model import Shown
from components.recording import write
from components.recording.read import Numbers, RecordedNode


def text(kind: str, shown: Shown, graph: Graph, seen: Seen | None, hidden: frozenset[str]) -> str | None:
    """The file of this kind without what is hidden; None where the graph says all that is in it."""
    values, gradients = "numbers" not in hidden, not hidden & {"numbers", "gradients"}
    if kind == "model-explorer":
        nodes = shown.opened.nodes
        about = {node.id: _about(nodes[node.id], values, gradients) for node in graph.nodes if node.id in nodes}
        return model_explorer.text(graph, seen, about)
    is_recorded = shown.recorded.moments[shown.place].saved is None
    return write.text(shown.recorded, shown.place, values, gradients) if kind == "json" and is_recorded else None


def _about(node: RecordedNode, values: bool, gradients: bool) -> About:
    """A node's line and module, and what its numbers come to."""
    found = [("module", node.module), ("source", node.source), ("line", "" if node.line is None else str(node.line))]
    found += _summed("value", node.value) if values else []
    if gradients:
        found += _summed("gradient", node.gradient)
        kept = (("before", node.before), ("after", node.after))
        found += [(f".grad {when}", span(numbers) or "None") for when, numbers in kept if numbers is not None]
    return About(node.module, tuple(found))


def _summed(what: str, numbers: Numbers) -> list[tuple[str, str]]:
    summary = numbers.summary
    if summary is None:
        return []
    mean = [] if summary.mean is None else [(f"{what} mean", repr(summary.mean))]
    return [(f"{what} range", span(numbers)), *mean]
