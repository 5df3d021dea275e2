"""A snapshot as JSON, there and back: numbers with all their digits, `nan`, `inf` and `-inf` as texts."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

from components.graph.model import Edge, Fold, Graph, Node, Number, Region, Saved, Seen, Snapshot

FORMAT = "autograd-explorer/1"
LARGEST = 2**64
"""No integer of torch's is as large."""

NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}

Record = dict[str, Any]
Value = TypeVar("Value")


class FileError(ValueError):
    """A text or a record that is no snapshot; says what is wrong with it."""


def to_json(snapshot: Snapshot) -> str:
    """The whole snapshot as a text."""
    return json.dumps({"format": FORMAT, **to_record(snapshot)}, ensure_ascii=False, allow_nan=False)


def from_json(text: str) -> Snapshot:
    """The snapshot that `to_json` wrote; FileError where the text is none."""
    try:
        record = json.loads(text, parse_constant=_refuse)
        if not isinstance(record, dict) or record.get("format") != FORMAT:
            raise FileError(f"its format is not {FORMAT}")
        return from_record(record)
    except FileError:
        raise
    except (ValueError, RecursionError) as error:
        raise FileError(f"it cannot be read as JSON: {error}") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")


def to_record(snapshot: Snapshot) -> Record:
    """The snapshot in words, numbers, lists and mappings, as JSON knows them."""
    graph, seen = snapshot.graph, snapshot.seen
    return {
        "nodes": [node_record(node) for node in graph.nodes],
        "edges": [_whole_edge(edge) for edge in graph.edges],
        "regions": [{"title": title, "nodes": list(nodes)} for title, nodes in graph.regions],
        "kept": None if graph.kept is None else {i: to_plain(number) for i, number in graph.kept.items()},
        "operands": {node_id: list(texts) for node_id, texts in snapshot.operands.items()},
        "saved": {node_id: [_saved_record(one) for one in kept] for node_id, kept in snapshot.saved.items()},
        "folds": {node_id: _fold_record(fold) for node_id, fold in snapshot.folds.items()},
        "seen": None if seen is None else {name: sorted(ids) for name, ids in seen._asdict().items()},
    }


def node_record(node: Node) -> Record:
    """A node with its numbers."""
    record = {**node._asdict(), "shape": list(node.shape), "value": to_plain(node.value)}
    return record | {"grad": to_plain(record.pop("gradient"))}


def edge_record(edge: Edge) -> Record:
    """An edge, from the consumer to its input, with its numbers."""
    ends = {"from": edge.consumer, "to": edge.input}
    return ends | {"local": to_plain(edge.local), "grad": to_plain(edge.gradient)}


def to_plain(number: Number) -> Any:
    """A number as JSON knows it."""
    if isinstance(number, list):
        return [to_plain(entry) for entry in number]
    return repr(number) if isinstance(number, float) and not math.isfinite(number) else number


def _whole_edge(edge: Edge) -> Record:
    return {"id": edge.id, **edge_record(edge)}


def _saved_record(saved: Saved) -> Record:
    return saved._asdict() | {"value": to_plain(saved.value)}


def _fold_record(fold: Fold) -> Record:
    return {"members": list(fold.members), "edges": [_whole_edge(edge) for edge in fold.edges]}


def from_record(record: Mapping[str, Any]) -> Snapshot:
    """The snapshot that `to_record` wrote; FileError where the record is none."""
    kept, seen = _field(record, "kept"), _field(record, "seen")
    regions = tuple([_region(region) for region in _list(_field(record, "regions"))])
    nodes, edges = _all(record, "nodes", _node), _all(record, "edges", _edge)
    graph = Graph(nodes, edges, regions, None if kept is None else _by_id(kept, _number))
    folds = _by_id(_field(record, "folds"), _fold)
    _check(graph, folds)
    return Snapshot(
        graph=graph,
        operands=_by_id(_field(record, "operands"), _texts),
        saved=_by_id(_field(record, "saved"), lambda kept: tuple([_saved(one) for one in _list(kept)])),
        folds=folds,
        seen=None if seen is None else Seen(*(frozenset(_texts(_field(seen, name))) for name in Seen._fields)),
    )


def _check(graph: Graph, folds: Mapping[str, Fold]) -> None:
    """Each node is there once and after its inputs, each edge between two nodes, each fold made of nodes."""
    places = {node.id: place for place, node in enumerate(graph.nodes)}
    if not places or len(places) < len(graph.nodes):
        raise FileError("no node at all, or two of one id")
    if strange := {name for owner, fold in folds.items() for name in (owner, *fold.members)} - places.keys():
        raise FileError(f"{min(strange)!r} is folded and no node")
    for edge in (*graph.edges, *(edge for fold in folds.values() for edge in fold.edges)):
        if not places.get(edge.input, math.inf) < places.get(edge.consumer, -math.inf):
            raise FileError(f"{edge.consumer!r} does not come after its input {edge.input!r}")


def _node(said: Any) -> Node:
    texts = (_text(_field(said, name)) for name in ("id", "op", "name", "expression", "dtype"))
    node_id, op, name, expression, dtype = texts
    shape = _list(_field(said, "shape"))
    if not all(type(length) is int and length >= 0 for length in shape):
        raise FileError(f"{shape!r} is no shape")
    numbers = _number(_field(said, "value")), _number(_field(said, "grad"))
    return Node(node_id, op, name, expression, tuple(shape), dtype, *numbers)


def _edge(said: Any) -> Edge:
    edge_id, consumer, source = (_text(_field(said, name)) for name in ("id", "from", "to"))
    return Edge(edge_id, consumer, source, _number(_field(said, "local")), _number(_field(said, "grad")))


def _region(said: Any) -> Region:
    return _text(_field(said, "title")), _texts(_field(said, "nodes"))


def _saved(said: Any) -> Saved:
    return Saved(_text(_field(said, "name")), _number(_field(said, "value")), _text(_field(said, "text")))


def _fold(said: Any) -> Fold:
    return Fold(_texts(_field(said, "members")), _all(said, "edges", _edge))


def _number(said: Any) -> Number:
    if isinstance(said, list):
        return [_number(entry) for entry in said]
    if isinstance(said, str) and said in NOT_FINITE:
        return NOT_FINITE[said]
    if said is None or isinstance(said, float) or (isinstance(said, int) and abs(said) < LARGEST):
        return said
    raise FileError(f"{said!r} is no number")


def _text(said: Any) -> str:
    if not isinstance(said, str):
        raise FileError(f"{said!r} is no text")
    return said


def _texts(said: Any) -> tuple[str, ...]:
    return tuple([_text(text) for text in _list(said)])


def _list(said: Any) -> list[Any]:
    if not isinstance(said, list):
        raise FileError(f"{said!r} is no list")
    return said


def _field(said: Any, name: str) -> Any:
    if not isinstance(said, Mapping) or name not in said:
        raise FileError(f"{name!r} is missing")
    return said[name]


def _all(said: Any, name: str, read: Callable[[Any], Value]) -> tuple[Value, ...]:
    return tuple([read(one) for one in _list(_field(said, name))])


def _by_id(said: Any, read: Callable[[Any], Value]) -> dict[str, Value]:
    if not isinstance(said, Mapping):
        raise FileError(f"{said!r} is no mapping of ids")
    return {node_id: read(value) for node_id, value in said.items()}
