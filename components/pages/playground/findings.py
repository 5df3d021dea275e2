"""What went wrong in a program, as the page says it: each repair as the lines that it changes."""

from collections.abc import Mapping
from typing import Any

from components.drawing.findings import MOST, TITLES, finding


def findings(why: list[dict[str, Any]], code: str, owners: Mapping[str, str]) -> list[dict[str, Any]]:
    """The findings of a run of `code`, the most likely first; of nodes that are folded away, at their `owners`."""
    return [_finding(said, code, owners) for said in why if said["kind"] in TITLES][:MOST]


def _finding(said: Mapping[str, Any], code: str, owners: Mapping[str, str]) -> dict[str, Any]:
    repair = said.get("repair")
    changed = {"title": repair["title"], **change(code, repair["code"])} if repair else None
    return finding(said, owners) | {"repair": changed}


def change(before: str, after: str) -> dict[str, Any]:
    """The lines in which a program becomes another one: how many stay at its `head`, those `old` and those `new`."""
    old, new = before.split("\n"), after.split("\n")
    most = min(len(old), len(new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    tail = next((i for i in range(most - head) if old[-1 - i] != new[-1 - i]), most - head)
    return {"head": head, "old": old[head : len(old) - tail], "new": new[head : len(new) - tail]}
