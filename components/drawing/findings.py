"""What went wrong, as a page says it: a title by kind, where it is marked, and what is left of a gradient."""

from collections.abc import Mapping
from typing import Any

from components.drawing import numbers
from components.graph.files import NOT_FINITE

TITLES: Mapping[str, str] = {
    "cut": "The gradient stops here",
    "none": "This gradient is None",
    "nonscalar": "backward() begins at one number",
    "freed": "This graph has been used up",
    "inplace": "A value that backward() needs was changed",
    "accumulated": "Gradients have added up",
    "untracked": "Nothing is tracked here",
    "nan": "Here the numbers break",
    "zero": "The gradient vanishes",
    "optimizer": "The optimizer does something else",
    "shape": "These shapes do something else",
    "higher": "The second derivative is missing",
    "custom": "A Function, a hook or a copy",
}
"""By kind; what is of no kind here is not shown."""

QUESTION = "Is this meant?"
MOST = 5


def finding(said: Mapping[str, Any], owners: Mapping[str, str]) -> dict[str, Any]:
    """A finding without a repair; of nodes that are folded away, at their `owners`."""
    asks = bool(said.get("is_question"))
    return {
        "kind": said["kind"],
        "title": QUESTION if asks else said.get("title") or TITLES[said["kind"]],
        "asks": asks,
        "line": said["line"],
        "text": said["text"],
        "repair": None,
        "moment": said.get("moment"),
        "nodes": list(dict.fromkeys(owners.get(node, node) for node in said.get("nodes", []))),
        "factors": [_factor(factor) for factor in said.get("factors", [])],
    }


def _factor(said: Mapping[str, Any]) -> dict[str, Any]:
    value = said["value"]
    number = NOT_FINITE.get(value) if isinstance(value, str) else value
    return {"node": said["node"], "op": said["op"], "line": said["line"], "text": numbers.short(number)}
