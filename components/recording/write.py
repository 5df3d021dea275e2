"""A recorded backward pass as JSON again: what the recorder would have written of it alone."""

import json
import math
from collections.abc import Mapping
from typing import Any

from components.recording.read import FORMAT, Numbers, Recorded, RecordedMoment, RecordedNode

NOTHING = Numbers(None, None)


def text(recorded: Recorded, place: int, values: bool = True, gradients: bool = True) -> str:
    """The recording of one pass, with the numbers of values and of gradients or without them."""
    moment = _moment(recorded.moments[place], values, gradients)
    record = {"format": FORMAT, "torch": recorded.torch, "left_out": 0, "moments": [moment]}
    return json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n"


def _moment(moment: RecordedMoment, values: bool, gradients: bool) -> dict[str, Any]:
    edges = [{"from": consumer, "to": source, "local": None, "grad": None} for consumer, source in moment.edges]
    plain = {name: getattr(moment, name) for name in ("call", "line", "source", "module")}
    return {**plain, "nodes": [_node(node, values, gradients) for node in moment.nodes], "edges": edges}


def _node(node: RecordedNode, values: bool, gradients: bool) -> dict[str, Any]:
    plain = {name: getattr(node, name) for name in ("id", "op", "name", "module", "line", "source", "shape", "dtype")}
    value, gradient = node.value if values else NOTHING, node.gradient if gradients else NOTHING
    arrived = _numbers(gradient)
    record = {**plain, **_numbers(value), "grad": arrived["value"], "grad_summary": arrived["summary"]}
    kept = {"before": node.before, "after": node.after} if gradients else {}
    like = {"shape": node.shape, "dtype": node.dtype}
    return record | {when: {**like, **_numbers(numbers)} for when, numbers in kept.items() if numbers is not None}


def _numbers(numbers: Numbers) -> Mapping[str, Any]:
    value, summary = numbers
    row = None if value is None else [one if math.isfinite(one) else repr(one) for one in value]
    said = None if summary is None else {k: v for k, v in summary._asdict().items() if k != "zeros" or v is not None}
    return {"value": row, "summary": said}
