"""A recording's bytes as plain frozen data, or one sentence that says why they are none."""

import heapq
import json
import re
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple, NoReturn

from components.graph.model import Snapshot
from components.recording import limits, schema
from components.recording.schema import RefusedError, UnexpectedError

FORMAT = "autograd-explorer/1"
CALLS = ("backward", "autograd.grad")
SINGLE = frozenset(("float32", "float16", "bfloat16"))
"""Types whose numbers a float of four bytes holds."""


class Summary(NamedTuple):
    """What all finite numbers of a tensor come to (None where there is none), and how many are not finite.

    `zeros` says how many are exactly 0, where the recording counted them.
    """

    min: float | None
    max: float | None
    mean: float | None
    nonfinite: int
    zeros: int | None = None


class Numbers(NamedTuple):
    """A tensor's first numbers and its summary; both None where torch held none, or none that can be listed."""

    value: tuple[float, ...] | None
    summary: Summary | None


class RecordedNode(NamedTuple):
    """One of torch's nodes; `before` and `after` are a leaf's `.grad` (None at other nodes)."""

    id: str
    op: str
    name: str
    module: str
    line: int | None
    source: str
    shape: tuple[int, ...] | None
    dtype: str
    value: Numbers
    gradient: Numbers
    before: Numbers | None = None
    after: Numbers | None = None


class RecordedMoment(NamedTuple):
    """One backward pass: nodes, each after its inputs, and edges as ids of a consumer and of its input."""

    call: str
    line: int | None
    source: str
    module: str
    nodes: tuple[RecordedNode, ...]
    edges: tuple[tuple[str, str], ...]
    saved: Snapshot | None = None
    """The graph itself, where a page of the app has saved it."""


class Recorded(NamedTuple):
    """A whole recording; `left_out` backward passes were too many for it."""

    torch: str
    left_out: int
    moments: tuple[RecordedMoment, ...]


def read(data: bytes) -> Recorded:
    """The recording in these bytes; RefusedError where there is none."""
    return recorded(parsed(data))


def parsed(data: bytes) -> Any:
    """What these bytes say as JSON, within bounds; RefusedError where they cannot be read."""
    return _parsed(_text(data))


def recorded(root: Any) -> Recorded:
    """The recording that was read as JSON."""
    if isinstance(root, dict) and root.get("format") != FORMAT:
        raise RefusedError(f"This is no recording: its “format” is not “{FORMAT}”.")
    found = _ROOT(root)
    if sum(len(moment["nodes"]) for moment in found["moments"]) > limits.MOST_NODES:
        raise RefusedError(f"This recording is too large: it has more than {limits.MOST_NODES:,} nodes.")
    moments = tuple([_moment(moment, f"moments[{place}]") for place, moment in enumerate(found["moments"])])
    return Recorded(found["torch"], found["left_out"], moments)


def _text(data: bytes) -> str:
    if len(data) > limits.LARGEST_FILE:
        raise RefusedError(f"This file is too large: {limits.LARGEST_FILE // 1_000_000} MB are the most.")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\x80")):
        raise RefusedError(
            "This is a zip file or a pickle, such as torch.save writes, and is never opened: record the model."
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise RefusedError("This file is no text in UTF-8, as a recording is.") from None


def _parsed(text: str) -> Any:
    depth = 0
    for bracket in _BRACKET.finditer(_QUOTED.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > limits.DEEPEST:
            raise RefusedError("This is no recording: its brackets stand too deep within each other.")
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_float=_float, parse_int=_integer, parse_constant=_constant
        )
    except RefusedError:
        raise
    except ValueError:
        raise RefusedError("This file is no recording: it cannot be read as JSON, or its end is missing.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RefusedError("This recording cannot be read: an object in it says the same key twice.")
    return found


def _float(digits: str) -> float:
    number = float(digits) if len(digits) <= limits.LONGEST_DIGITS else float("inf")
    return number if abs(number) != float("inf") else _constant(digits)


def _integer(digits: str) -> int:
    return int(digits) if len(digits) <= limits.LONGEST_DIGITS else int(_constant(digits))


def _constant(digits: str) -> NoReturn:
    raise RefusedError(f"This recording cannot be read: {digits[:20]} is no number that JSON knows.")


def _moment(found: dict[str, Any], place: str) -> RecordedMoment:
    nodes = {node["id"]: _node(node) for node in found["nodes"]}
    if len(nodes) != len(found["nodes"]):
        raise UnexpectedError("without an id that stands twice", f"{place}.nodes")
    edges = tuple([(edge["from"], edge["to"]) for edge in found["edges"]])
    for index, ends in enumerate(edges):
        if not nodes.keys() >= set(ends):
            raise UnexpectedError("between two nodes of its moment", f"{place}.edges[{index}]")
    order = list(_sorted(list(nodes), edges))
    if len(order) != len(nodes):
        raise UnexpectedError("without a cycle", f"{place}.edges")
    ordered = tuple([nodes[node_id] for node_id in order])
    return RecordedMoment(found["call"], found["line"], found["source"], found["module"], ordered, edges)


def _sorted(ids: list[str], edges: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """The ids, each after its inputs, else in the order in which they are given; those on a cycle are left out."""
    places = {node_id: place for place, node_id in enumerate(ids)}
    inputs = [0] * len(ids)
    consumers: list[list[int]] = [[] for _ in ids]
    for consumer, source in edges:
        inputs[places[consumer]] += 1
        consumers[places[source]].append(places[consumer])
    waiting = [place for place, count in enumerate(inputs) if not count]
    while waiting:
        place = heapq.heappop(waiting)
        yield ids[place]
        for consumer_place in consumers[place]:
            inputs[consumer_place] -= 1
            if not inputs[consumer_place]:
                heapq.heappush(waiting, consumer_place)


def _node(found: dict[str, Any]) -> RecordedNode:
    known = {"name": "", "module": "", "line": None, "source": "", "shape": None, "dtype": "", **found}
    single = known["dtype"] in SINGLE
    value, gradient = _numbers(known, "value", "summary", single), _numbers(known, "grad", "grad_summary", single)
    kept = [_numbers(found[key], "value", "summary", single) if key in found else None for key in ("before", "after")]
    plain = {key: known[key] for key in _PLAIN}
    return RecordedNode(**plain, value=value, gradient=gradient, before=kept[0], after=kept[1])


def _numbers(found: dict[str, Any], value: str, summary: str, single: bool) -> Numbers:
    numbers = found.get(value)
    if numbers is not None and single:
        numbers = _singles(numbers)
    return Numbers(numbers, found.get(summary))


def _singles(numbers: tuple[float, ...]) -> tuple[float, ...]:
    """The floats of four bytes that were written with as many digits as they need; too large ones as they are."""
    kind = f"{len(numbers)}f"
    try:
        return struct.unpack(kind, struct.pack(kind, *numbers))
    except OverflowError:
        return numbers if len(numbers) == 1 else tuple([_singles((number,))[0] for number in numbers])


def _summary(value: Any) -> Summary:
    return Summary(**_SUMMARY(value))


_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_BRACKET = re.compile(r"[\[\]{}]")

_NAME, _SOURCE = schema.text(limits.LONGEST_NAME), schema.text(limits.LONGEST_SOURCE)
_LINE = schema.maybe(schema.whole(1, limits.LAST_LINE))
_SHAPE = schema.maybe(schema.many(schema.whole(0, limits.LONGEST_DIMENSION), limits.MOST_DIMENSIONS))
_VALUE = schema.maybe(schema.many(schema.number, limits.MOST_NUMBERS))
_FINITE = schema.maybe(schema.finite)
_COUNT = schema.whole(0, limits.LONGEST_DIMENSION)
_SUMMARY = schema.fields({"min": _FINITE, "max": _FINITE, "mean": _FINITE, "nonfinite": _COUNT}, {"zeros": _COUNT})
_TENSOR = {"shape": _SHAPE, "dtype": _NAME, "value": _VALUE, "summary": schema.maybe(_summary)}
_KEPT = schema.fields({}, _TENSOR)
_PLACE = {"line": _LINE, "source": _SOURCE, "module": _NAME}
_PLAIN = ("id", "op", "name", "module", "line", "source", "shape", "dtype")
_NODE = schema.fields(
    {"id": _NAME, "op": _NAME},
    {
        "name": _NAME,
        **_PLACE,
        **_TENSOR,
        "grad": _VALUE,
        "grad_summary": schema.maybe(_summary),
        "before": _KEPT,
        "after": _KEPT,
    },
)
_EDGE = schema.fields({"from": _NAME, "to": _NAME}, {"local": schema.nothing, "grad": schema.nothing})
_MOMENT = schema.fields(
    {
        "call": schema.one_of(*CALLS),
        **_PLACE,
        "nodes": schema.many(_NODE, limits.MOST_NODES, least=1),
        "edges": schema.many(_EDGE, limits.MOST_EDGES),
    }
)
_ROOT = schema.fields(
    {
        "format": schema.one_of(FORMAT),
        "torch": _NAME,
        "left_out": schema.whole(0, limits.LAST_LINE),
        "moments": schema.many(_MOMENT, limits.MOST_MOMENTS, least=1),
    }
)
