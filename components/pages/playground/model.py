"""A run of the visitor's program, in a process of its own, and what the page needs of it."""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from components import cache
from components.graph import files
from components.graph.model import Snapshot
from components.pages.playground.curve import Sweep
from components.pages.playground.programs import programs
from components.sandbox.answers import blank
from components.sandbox.pool import Pool

MOST_KEPT = 20_000
"""Nodes of all runs together that are remembered."""

SOMEBODY = ""
"""The visitor where none has a name: each time another one."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is set: the program (None: that of the preset), a preset's name, the backward pass shown, and the curve.

    A curve goes `along` the number at a place of the program, and is one `of` a result ("": the last pass's).
    """

    code: str | None = None
    preset: str = ""
    moment: int | None = None
    along: str = ""
    of: str = ""

    @property
    def program(self) -> str:
        """The text that is run."""
        return preset_code(self.preset) if self.code is None else self.code


def preset_code(name: str) -> str:
    """The text of a preset; of the first one where there is none of this name."""
    known = programs()
    return known[name].code if name in known else next(iter(known.values())).code


Answer = Mapping[str, Any]
"""A run's record, as `components.sandbox.run` gives it."""


@lru_cache(maxsize=1)
def pool() -> Pool:
    """The processes of this server."""
    return Pool()


def run(inputs: Inputs, visitor: str = SOMEBODY, patience: float | None = None, folds: bool = False) -> Answer:
    """The record of the program's run; one that has run of late is remembered, but for one that was stopped.

    After `patience` seconds (None: as long as it takes) it is said to be `pending`, and nothing else of it. With
    `folds` its graphs can be folded.

    A visitor's own runs are remembered for that visitor alone; programs that come with the page have a worker that
    runs nothing else, and are the same for all.
    """
    if inputs.code is None:
        with _PRESETS:
            return _run(inputs.program, "", patience, folds)
    return _run(inputs.program, visitor or secrets.token_hex(8), patience, folds)


def _run(code: str, visitor: str, patience: float | None, folds: bool) -> Answer:
    key = visitor, code, folds
    found = _RUNS.get(key)
    if found is not None:
        return found
    running = pool().submit(visitor, {"code": code, "draw": True, "folds": folds})
    try:
        found = running.result(patience)
    except TimeoutError:
        return blank() | {"pending": True}
    if found["limit"] is None:
        _RUNS.put(key, found)
    return found


def curve(code: str, sweep: Sweep, visitor: str, is_moving: bool = False) -> tuple[Sweep, list[Any]]:
    """The result at each of the curve's numbers, which does not depend on the number that stands there.

    While a hand is moving that number, the curve stays the one that is remembered, as far as it goes.
    """
    lines = code.split("\n")
    row = sweep.line - 1
    lines[row] = f"{lines[row][: sweep.column]}\0{lines[row][sweep.end :]}"
    key = visitor, "\n".join(lines), sweep.result
    kept = _CURVES.get(key)
    if kept and (is_moving or kept[0] == sweep.values):
        return sweep._replace(values=kept[0]), kept[1]
    place = {"line": sweep.line, "column": sweep.column, "end": sweep.end}
    asked = {"code": code, "name": sweep.result, "values": list(sweep.values)}
    said = pool().run(visitor, asked | place)
    points = said.get("points") or [None] * len(sweep.values)
    if said["limit"] is None:
        _CURVES.put(key, (sweep.values, points))
    return sweep, points


def _size(answer: Answer) -> int:
    """Nodes of all passes, and a word for the rest."""
    return sum(len(moment["nodes"]) for moment in answer["moments"]) + 10


_PRESETS = threading.Lock()
"""One of the programs that come with the page runs at a time: a newer one would take its place."""

_CURVES: cache.Store[tuple[tuple[float, ...], list[Any]]] = cache.Store(MOST_KEPT, lambda kept: len(kept[1]))
_RUNS: cache.Store[Answer] = cache.Store(MOST_KEPT, _size)


def snapshot(answer: Answer, moment: int | None) -> tuple[Snapshot | None, int | None]:
    """The graph of one backward pass, and its place; or of what was built without one.

    Where nobody has said which, it is what was built, if the answer has that since something went wrong there, or
    else the last pass.
    """
    moments, record = answer["moments"], answer.get("graph")
    if moments and (moment is not None or not record):
        place = len(moments) - 1 if moment is None else min(moment, len(moments) - 1)
        return files.from_record(moments[place]["snapshot"]), place
    return (files.from_record(record) if record else None), None
