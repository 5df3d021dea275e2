"""What the pages' updates have in common: readouts, and static parts with an id."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from components.drawing import numbers
from components.graph.model import Number
from components.pages.page import Readout


def readouts(way: Callable[[Number], str], values: Mapping[str, Number]) -> dict[str, Readout]:
    """Numbers by name, with all their digits and as `way` writes them for people."""
    return {name: (numbers.exact(value), way(value)) for name, value in values.items()}


def static(**parts: Any) -> dict[str, Any]:
    """What stands still on a page while numbers change, named by its `id`: sent once."""
    return parts | {"id": hashlib.sha256(repr(parts).encode()).hexdigest()[:12]}
