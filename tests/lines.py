"""What a piece of work takes in lines that run, which are the same on every machine."""

import sys
from collections.abc import Callable
from itertools import count as counting
from typing import Any


def lines_run(work: Callable[[], Any]) -> int:
    """How many lines of Python run while `work` is done."""
    counted = counting()

    def trace(_frame: Any, event: str, _argument: Any) -> Any:
        if event == "line":
            next(counted)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return next(counted)
