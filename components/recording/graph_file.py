"""A graph that a page of the app has saved as JSON, as a recording of one backward pass."""

from collections.abc import Iterator
from typing import Any

from components.graph import files
from components.graph.model import Number, Seen, Snapshot
from components.recording import limits, schema
from components.recording.moment import Numbers, Recorded, RecordedMoment, RecordedNode, Summary
from components.recording.schema import RefusedError

KEYS = frozenset(("nodes", "edges"))
"""What such a file has, and a recording has not."""


def read_graph(root: dict[str, Any]) -> Recorded:
    """The recording that a saved graph makes; RefusedError where it is none."""
    found = _ROOT(root, "")
    edges = [{"id": f"{edge['from']}.{slot}-{edge['to']}", **edge} for slot, edge in enumerate(found["edges"])]
    try:
        snapshot = files.from_record({**_NOTHING, "nodes": found["nodes"], "edges": edges})
    except files.FileError:
        raise RefusedError("This graph cannot be read: each node should stand once, and after its inputs.") from None
    return Recorded("", 0, (_moment(snapshot),))


def _moment(snapshot: Snapshot) -> RecordedMoment:
    graph = snapshot.graph
    nodes = [
        RecordedNode(
            *(node.id, node.op, node.name, "", None, "", node.shape, node.dtype),
            value=_numbers(node.value),
            gradient=_numbers(node.gradient),
        )
        for node in graph.nodes
    ]
    edges = tuple([(edge.consumer, edge.input) for edge in graph.edges])
    shown = Snapshot(graph, {}, seen=_seen(snapshot))
    return RecordedMoment("backward", None, "", "", tuple(nodes), edges, shown)


def _numbers(number: Number) -> Numbers:
    """A tensor's numbers in a row, and what the finite ones of several come to."""
    if number is None:
        return Numbers(None, None)
    row = tuple(_flat(number))
    finite = [one for one in row if abs(one) < float("inf")]
    ends = (min(finite), max(finite), sum(finite) / len(finite)) if finite else (None, None, None)
    return Numbers(row, Summary(*ends, len(row) - len(finite)))


def _flat(number: Any) -> Iterator[float]:
    if isinstance(number, list):
        for entry in number:
            yield from _flat(entry)
    elif number is not None:
        yield float(number)


def _seen(snapshot: Snapshot) -> Seen | None:
    """What the file says, where it does not say everything."""
    graph = snapshot.graph
    tracked = [node for node in graph.nodes if node.op != "input"]
    if all(node.value is not None for node in graph.nodes) and all(node.gradient is not None for node in tracked):
        return None
    values = frozenset(node.id for node in graph.nodes if node.value is not None)
    gradients = frozenset(node.id for node in tracked if node.gradient is not None)
    return Seen(values, gradients, frozenset(edge.id for edge in graph.edges if edge.carries))


def _number(value: Any, place: str) -> Any:
    """A number, nested lists of them, or null, as the file says it."""
    count = 0
    waiting = [value]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, list):
            waiting += entry
        elif entry is not None:
            schema.number(entry, place)
        count += 1
        if count > limits.MOST_LISTED:
            raise schema.refuse(place, f"a list of at most {limits.MOST_LISTED:,} numbers")
    return value


_NOTHING: dict[str, Any] = {"regions": [], "kept": None, "operands": {}, "saved": {}, "folds": {}, "seen": None}
_NAME = schema.text(limits.LONGEST_NAME)
_SHAPE = schema.many(schema.whole(0, limits.LONGEST_DIMENSION), limits.MOST_DIMENSIONS)
_NODE = schema.fields(
    {
        **dict.fromkeys(("id", "op", "name", "expression", "dtype"), _NAME),
        "shape": lambda value, place: list(_SHAPE(value, place)),
        "value": _number,
        "grad": _number,
    }
)
_EDGE = schema.fields({"from": _NAME, "to": _NAME, "local": _number, "grad": _number})
_ROOT = schema.fields(
    {
        "nodes": lambda value, place: list(schema.many(_NODE, limits.MOST_NODES, least=1)(value, place)),
        "edges": lambda value, place: list(schema.many(_EDGE, limits.MOST_EDGES)(value, place)),
    },
    {"format": schema.one_of(files.FORMAT)},
)
