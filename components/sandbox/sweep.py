"""A program run again and again with another number in one place of its text: the curve of a result."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from components.sandbox.answers import blank
from components.sandbox.budget import ignore_progress
from components.sandbox.run import handle

MOST_POINTS = 101
MOST_SECONDS = 1.2
"""After these the points that are left are not worked out."""


def sweep(request: Mapping[str, Any], progress: Callable[[int], None] = ignore_progress) -> dict[str, Any]:
    """The record of no run, with `points`: the number under `name` for each of `values`, None where there is none.

    Each value takes the place of the text from `column` to `end` in `line` of the `code`.
    """
    lines = str(request["code"]).split("\n")
    row, start, end = request["line"] - 1, request["column"], request["end"]
    before, after = lines[row][:start], lines[row][end:]
    deadline = time.monotonic() + MOST_SECONDS
    points: list[Any] = []
    for value in request["values"][:MOST_POINTS]:
        if time.monotonic() > deadline:
            points.append(None)
            continue
        lines[row] = f"{before}{value}{after}"
        points.append(_number(handle({"code": "\n".join(lines)}, progress), request["name"]))
    return blank() | {"points": points}


def _number(answer: Mapping[str, Any], name: str) -> Any:
    value = answer["names"].get(name, {}).get("value")
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def answer(request: Mapping[str, Any], progress: Callable[[int], None] = ignore_progress) -> dict[str, Any]:
    """What a worker gives: the record of a run, or, where `values` are asked for, a curve's points."""
    return sweep(request, progress) if "values" in request else handle(request, progress)
