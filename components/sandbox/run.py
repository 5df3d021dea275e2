"""One program, from its text to all that there is to say of its run, as JSON."""

import ast
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import CodeType
from typing import Any, NamedTuple

import torch

from components.graph.moments import built_keys, line_of
from components.graph.read import program_snapshot
from components.sandbox import budget as limits
from components.sandbox.answers import blank
from components.sandbox.budget import Budget, ignore_progress
from components.sandbox.errors import LimitError, RefusedError
from components.sandbox.literals import literals
from components.sandbox.names import Names, read_names
from components.sandbox.offers import refused_lines
from components.sandbox.recorder import program_line
from components.sandbox.results import LONGEST_TEXT, MOST_NAMES, moment_record, snapshot_record, value_record
from components.sandbox.runtime import Runtime
from components.sandbox.statements import check_loops, refusal_of_loop, transform
from components.sandbox.syntax import PROGRAM, parse
from components.why.finding import Case, Finding
from components.why.table import findings

SEED = 0
"""What the random numbers of a program begin with that does not say so itself: a link shows the same to everybody."""

DEEPEST_CALLS = 3_000
"""Frames of Python: a call of a program takes three."""

MOST_DRAWN = 2_000
"""Calls of torch up to which a graph is drawn where no backward pass was made."""

MOST_WARNINGS = 50

_NO_MEMORY = ("can't allocate memory", "not enough memory", "Storage size calculation overflowed")


class Program(NamedTuple):
    """A program that can be run: its names, the paths of all it takes from libraries, and its numbers."""

    executable: CodeType
    names: Names
    paths: frozenset[str]
    literals: list[dict[str, Any]]


def compile_program(code: str, changed: Callable[[ast.Module], ast.Module] = lambda tree: tree) -> Program:
    """The program of a text, with its new tree `changed`; RefusedError for what is not allowed."""
    tree = parse(code)
    names = read_names(tree)
    if too_long := check_loops(tree):
        raise RefusedError(too_long[0], refusal_of_loop(*too_long))
    try:
        new, transformer = transform(tree, names)
        executable = compile(changed(new), PROGRAM, "exec", dont_inherit=True)
        return Program(executable, names, frozenset(transformer.paths), literals(tree, code))
    except (RecursionError, MemoryError):
        raise RefusedError(None, "The program's parts stand too deep inside one another.") from None


def handle(request: Mapping[str, Any], progress: Callable[[int], None] = ignore_progress) -> dict[str, Any]:
    """The record of one run. `request` has the `code`; with `draw`, graphs are given as whole snapshots too, and with
    `folds` what these are when they are folded.

    `progress` is told the line of each statement before it runs.
    """
    answer = blank()
    try:
        program = compile_program(str(request.get("code", "")))
    except RefusedError as refused:
        answer |= {"accepted": False, "refused": {"line": refused.line, "text": refused.text}}
        if error := refused.error:
            answer["error"] = {"type": type(error).__name__, "message": error.msg, "line": error.lineno}
        return answer | {"refusals": all_refusals(str(request.get("code", "")), refused)}
    runtime = Runtime(program.paths, Budget(progress), folds=bool(request.get("folds")))
    run = Run(program.names, runtime, bool(request.get("draw")))
    return answer | {"literals": program.literals} | run.run(program.executable, str(request["code"]))


def all_refusals(code: str, first: RefusedError) -> list[dict[str, Any]]:
    """All lines that are refused, with what can be written instead; the first alone of what Python cannot read."""
    # What is refused stays so, whatever can be said of it.
    with suppress(Exception):
        if first.error is None and first.line is not None:
            return refused_lines(code)
    return [{"line": first.line, "text": first.text, "is_foreign": False, "offers": []}]


class Run:
    """A run and what comes of it."""

    def __init__(self, names: Names, runtime: Runtime, is_drawn: bool) -> None:
        self.names, self.runtime, self.is_drawn = names, runtime, is_drawn
        self.warnings: list[dict[str, Any]] = []
        self.error: dict[str, Any] | None = None
        self.limit: dict[str, Any] | None = None
        self.keys: dict[Any, str] = {}

    def run(self, program: CodeType, code: str) -> dict[str, Any]:
        """Runs the program, whose text is `code`, and gives the fields of its record."""
        self.execute(program)
        case = self.case(code)
        return self.record(case, self.findings(case))

    def execute(self, program: CodeType) -> None:
        """Runs the program; every setting of torch's and Python's is as before afterwards."""
        before = sys.getrecursionlimit()
        with torch.random.fork_rng(devices=[]), warnings.catch_warnings(), torch.enable_grad():
            warnings.simplefilter("always")
            warnings.showwarning = self._warned
            torch.set_warn_always(True)
            torch.manual_seed(SEED)
            anomaly = torch.is_anomaly_enabled()
            try:
                sys.setrecursionlimit(DEEPEST_CALLS)
                self._execute(program)
            finally:
                sys.setrecursionlimit(before)
                torch.set_warn_always(False)
                torch.autograd.set_detect_anomaly(anomaly)

    def _execute(self, program: CodeType) -> None:
        runtime = self.runtime
        try:
            with runtime.recorder:
                exec(program, runtime.namespace)
        except LimitError as stopped:
            self.limit = {"line": runtime.budget.line or None, "text": stopped.text}
        except MemoryError:
            self.limit = {"line": runtime.budget.line or None, "text": limits.MEMORY}
        except Exception as error:
            if any(words in str(error) for words in _NO_MEMORY):
                self.limit = {"line": _line_of(error), "text": limits.MEMORY}
            else:
                self.error = error_record(error)

    def _warned(self, message: Any, category: type[Warning], *args: Any, **kwargs: Any) -> None:
        del args, kwargs
        if len(self.warnings) < MOST_WARNINGS:
            text = str(message)[:LONGEST_TEXT]
            self.warnings.append({"type": category.__name__, "message": text, "line": program_line()})

    def record(self, case: Case, found: list[Finding]) -> dict[str, Any]:
        """All that there is to say of the run, and what was found wrong in it."""
        runtime = self.runtime
        bound = [name for name in self.names.bound if name in runtime.namespace and not self._is_default(name)]
        record: dict[str, Any] = {
            "limit": self.limit,
            "error": self.error,
            "warnings": self.warnings,
            "printed": runtime.printer.text,
            "names": {name: value_record(runtime.namespace[name]) for name in self._in_order(bound)[:MOST_NAMES]},
            "moments": [moment_record(moment, self.is_drawn) for moment in runtime.recorder.moments],
            "lines": runtime.notes.records(),
            "passes": runtime.recorder.passes_made,
        }
        is_outside = bool(found) and bool(found[0].marks) and found[0].during is None
        if self.is_drawn and (is_outside or not record["moments"]):
            record |= self._graph()
        return record | {"why": [case.record(finding, self.keys) for finding in found]}

    def _is_default(self, name: str) -> bool:
        return name in self.runtime.defaults and self.runtime.namespace[name] is self.runtime.defaults[name]

    def _in_order(self, names: list[str]) -> list[str]:
        places = {name: place for place, name in enumerate(self.runtime.namespace)}
        return sorted(names, key=places.__getitem__)

    def _graph(self) -> dict[str, Any]:
        """The graph as far as it was built, where no backward pass was made, and the lines of its nodes."""
        named = self.runtime.recorder.tensors() | self.runtime.recorder.taken
        if not named or len(self.runtime.recorder.calls) > MOST_DRAWN:
            return {}
        snapshot = program_snapshot(self.runtime.recorder, named, self.runtime.recorder.folds)
        self.keys = built_keys(self.runtime.recorder, named, [node.id for node in snapshot.graph.nodes])
        lines = {node_id: line_of(self.runtime.recorder, key) for key, node_id in self.keys.items()}
        return {
            "graph": snapshot_record(snapshot),
            "graph_lines": {node_id: line for node_id, line in lines.items() if line},
        }

    def findings(self, case: Case) -> list[Finding]:
        """What went wrong in the run, as far as its evidence shows; of half a run nothing is said."""
        if self.limit is not None:
            return []
        # The program has run, and its own results count more than what can be said of them.
        with suppress(Exception), torch.no_grad():
            return findings(case)
        return []

    def case(self, code: str) -> Case:
        """The run, to be looked at."""
        runtime = self.runtime
        return Case(code, runtime.trace, self.error, self.warnings, runtime.namespace, runtime.recorder.tensors, works)


def works(code: str) -> bool:
    """Whether a program is accepted and runs to its end, without keeping anything of it."""
    try:
        program = compile_program(code)
    except RefusedError:
        return False
    run = Run(program.names, Runtime(program.paths, Budget(ignore_progress), keeps=False), is_drawn=False)
    run.execute(program.executable)
    return run.error is None and run.limit is None


def error_record(error: Exception) -> dict[str, Any]:
    """What Python or torch raised, with the innermost line of the program."""
    return {"type": type(error).__name__, "message": str(error)[:LONGEST_TEXT], "line": _line_of(error)}


def _line_of(error: BaseException) -> int | None:
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == PROGRAM]
    return lines[-1] if lines else None
