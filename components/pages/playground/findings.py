"""What went wrong in a program, as the page says it: a title by kind, and each repair as the lines that it changes."""

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


def findings(why: list[dict[str, Any]], code: str, owners: Mapping[str, str]) -> list[dict[str, Any]]:
    """The findings of a run of `code`, the most likely first; of nodes that are folded away, at their `owners`."""
    return [_finding(said, code, owners) for said in why if said["kind"] in TITLES][:MOST]


def _finding(said: Mapping[str, Any], code: str, owners: Mapping[str, str]) -> dict[str, Any]:
    asks = bool(said.get("is_question"))
    repair = said.get("repair")
    return {
        "kind": said["kind"],
        "title": QUESTION if asks else TITLES[said["kind"]],
        "asks": asks,
        "line": said["line"],
        "text": said["text"],
        "repair": {"title": repair["title"], **change(code, repair["code"])} if repair else None,
        "moment": said.get("moment"),
        "nodes": list(dict.fromkeys(owners.get(node, node) for node in said.get("nodes", []))),
        "factors": [_factor(factor) for factor in said.get("factors", [])],
    }


def _factor(said: Mapping[str, Any]) -> dict[str, Any]:
    value = said["value"]
    number = NOT_FINITE.get(value) if isinstance(value, str) else value
    return {"node": said["node"], "op": said["op"], "line": said["line"], "text": numbers.short(number)}


def change(before: str, after: str) -> dict[str, Any]:
    """The lines in which a program becomes another one: how many stay at its `head`, those `old` and those `new`."""
    old, new = before.split("\n"), after.split("\n")
    most = min(len(old), len(new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    tail = next((i for i in range(most - head) if old[-1 - i] != new[-1 - i]), most - head)
    return {"head": head, "old": old[head : len(old) - tail], "new": new[head : len(new) - tail]}
