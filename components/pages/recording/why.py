"""What a recording shows to be wrong, as the page says it: with the nodes that the drawing of each pass has."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from components.drawing.findings import MOST, finding
from components.pages.recording import model
from components.pages.recording.model import Inputs, Shown
from components.recording.read import RecordedNode
from components.why.recorded.case import Found
from components.why.recorded.table import of_moment


def findings(inputs: Inputs, shown: Shown, owners: Mapping[str, str]) -> list[dict[str, Any]]:
    """The findings, the most likely first; of nodes that are folded away in the pass shown, at their `owners`."""
    found = of_moment(shown.found, shown.place)[:MOST]
    return [_finding(_said(one, inputs), owners if one.moment == shown.place else {}) for one in found]


def _finding(said: Mapping[str, Any], owners: Mapping[str, str]) -> dict[str, Any]:
    """A finding whose factors are sizes, which have no sign."""
    made = finding(said, owners)
    factors = [factor | {"text": factor["text"].removeprefix("+")} for factor in made["factors"]]
    return made | {"factors": factors}


def _said(found: Found, inputs: Inputs) -> dict[str, Any]:
    shown = model.shown(replace(inputs, moment=found.moment))
    assert shown is not None
    ids = {node.id: node_id for node_id, node in shown.opened.nodes.items()}
    nodes = {node.id: node for node in shown.opened.nodes.values()}
    factors = [_factor(nodes[factor.node], ids[factor.node], factor.size) for factor in found.factors]
    return found._asdict() | {"nodes": [ids[node_id] for node_id in found.nodes], "factors": factors}


def _factor(node: RecordedNode, node_id: str, size: float) -> dict[str, Any]:
    return {"node": node_id, "op": node.op, "line": node.line, "value": size}
