"""Stands in for the language: executes a request's program as plain Python, so that each wall is tried without it."""

from collections.abc import Callable
from typing import Any

from components.sandbox.answers import blank


def handle(request: dict[str, Any], progress: Callable[[int], None]) -> dict[str, Any]:
    """Whatever the program leaves under the name `answer`, or what it raised."""
    names: dict[str, Any] = {"progress": progress}
    try:
        exec(request["code"], names)
    except Exception as error:
        return blank() | {"error": {"type": type(error).__name__, "message": str(error), "line": None}}
    return blank() | {"answer": names.get("answer"), **names.get("fields", {})}
