"""A graph that a page of the app has saved as JSON, as a recording of one backward pass."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from components.graph import files
from components.graph.model import Number, Seen, Snapshot
from components.recording import limits, schema
from components.recording.read import Numbers, Recorded, RecordedMoment, RecordedNode, Summary, parsed, recorded
from components.recording.schema import RefusedError

KEYS = frozenset(("nodes", "edges"))
"""What such a file has, and a recording has not."""


def read_file(data: bytes) -> Recorded:
    """What a file holds, a recording or a graph that the app has saved; RefusedError where it is neither."""
    root = parsed(data)
    is_graph = isinstance(root, dict) and root.keys() >= KEYS and "moments" not in root
    return _graph(root) if is_graph else recorded(root)


def _graph(root: dict[str, Any]) -> Recorded:
    """The recording that a saved graph makes."""
    found = _ROOT(root)
    edges = list(_with_ids(found["edges"]))
    try:
        snapshot = files.from_record({**_NOTHING, "nodes": found["nodes"], "edges": edges})
    except files.FileError:
        raise RefusedError("This graph cannot be read: each node should stand once, and after its inputs.") from None
    return Recorded("", 0, (_moment(snapshot),))


def _with_ids(edges: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Edges under the ids that the app's have: the consumer's, the place among its inputs, the input's."""
    slots: Counter[str] = Counter()
    for edge in edges:
        yield {"id": f"{edge['from']}.{slots[edge['from']]}-{edge['to']}", **edge}
        slots[edge["from"]] += 1


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
    least, most = min(finite, default=None), max(finite, default=None)
    mean = sum(finite) / len(finite) if finite else None
    return Numbers(row, Summary(least, most, mean, len(row) - len(finite), row.count(0)))


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


def _number(value: Any) -> Any:
    """A number, nested lists of them, or null, as the file says it."""
    count = 0
    waiting = [value]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, list):
            waiting += entry
        elif entry is not None:
            schema.number(entry)
        count += 1
        if count > limits.MOST_LISTED:
            raise schema.UnexpectedError(f"a list of at most {limits.MOST_LISTED:,} numbers")
    return value


_NOTHING: dict[str, Any] = {"regions": [], "kept": None, "operands": {}, "saved": {}, "folds": {}, "seen": None}
_NAME = schema.text(limits.LONGEST_NAME)
_SHAPE = schema.many(schema.whole(0, limits.LONGEST_DIMENSION), limits.MOST_DIMENSIONS)
_NODE = schema.fields(
    {
        **dict.fromkeys(("id", "op", "name", "expression", "dtype"), _NAME),
        "shape": lambda value: list(_SHAPE(value)),
        "value": _number,
        "grad": _number,
    }
)
_EDGE = schema.fields({"from": _NAME, "to": _NAME, "local": _number, "grad": _number})
_ROOT = schema.fields(
    {
        "nodes": lambda value: list(schema.many(_NODE, limits.MOST_NODES, least=1)(value)),
        "edges": lambda value: list(schema.many(_EDGE, limits.MOST_EDGES)(value)),
    },
    {"format": schema.one_of(files.FORMAT)},
)
