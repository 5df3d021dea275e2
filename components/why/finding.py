"""A finding, and all that a rule may ask of a run."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from torch import Tensor
from torch.autograd.graph import Node as TorchNode

from components.graph.read import key_of
from components.graph.record import grad_node
from components.why.source import Edit, Source
from components.why.trace import Called, Passed, Read, Trace


class Repair(NamedTuple):
    """What to do in one short sentence, and the whole text of the program after it."""

    title: str
    code: str


class Factor(NamedTuple):
    """A node on the way of a gradient, and what it has passed on: the entry that is the largest without its sign."""

    node: TorchNode
    value: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What went wrong: its kind, the line to change, the names concerned, one or two sentences, a repair.

    `marks` are what is guilty, the first to be selected: nodes of the pass `during`, or tensors where no pass was made.
    """

    kind: str
    line: int
    names: tuple[str, ...]
    text: str
    repair: Repair | None = None
    is_question: bool = False
    during: Passed | None = None
    marks: tuple[TorchNode | Tensor, ...] = ()
    factors: tuple[Factor, ...] = ()


@dataclass(frozen=True)
class Case:
    """A run that is looked at: its text, what it did, what Python or torch raised, what it left.

    `tensors` gives the tensors that it left by their names, in lists and modules too; `works` tells whether another
    text runs to its end, and costs a run.
    """

    text: str
    trace: Trace
    error: Mapping[str, Any] | None
    warnings: Sequence[Mapping[str, Any]]
    namespace: Mapping[str, Any]
    tensors: Callable[[], Mapping[str, Tensor]]
    works: Callable[[str], bool]

    @cached_property
    def places(self) -> Mapping[int, str]:
        """The names of tensors, by their identity."""
        return {id(tensor): name for name, tensor in self.tensors().items()}

    @cached_property
    def source(self) -> Source:
        """The program's text with its tree."""
        return Source(self.text)

    @property
    def message(self) -> str:
        """What was raised; "" where nothing was."""
        return str(self.error["message"]) if self.error else ""

    @property
    def error_line(self) -> int:
        """Where it was raised; 0 where nothing was."""
        return int(self.error["line"] or 0) if self.error else 0

    def raised(self, *parts: str) -> bool:
        """Whether a message has one of these in it."""
        return any(part in self.message for part in parts)

    @cached_property
    def failed(self) -> Passed | None:
        """The backward pass that raised."""
        passes = self.trace.passes()
        return passes[-1] if self.error and passes and not passes[-1].is_finished else None

    def name(self, value: Any, otherwise: str = "") -> str:
        """A value's name in backticks; `otherwise` for one without."""
        name = self.bare_name(value)
        return f"`{name}`" if name else otherwise

    def bare_name(self, value: Any) -> str:
        """A value's name; "" for one without."""
        return self.trace.name_of(value) or self.places.get(id(value), "")

    def repair(self, title: str, *edits: Edit) -> Repair | None:
        """A repair of the program's text; None where the edits do not fit together."""
        code = self.source.repaired(*edits)
        with suppress(SyntaxError):
            ast.parse(code)
            return Repair(title, code)
        return None

    @cached_property
    def reads(self) -> Mapping[int, set[int]]:
        """By the identity of a tensor, the lines that read its `.grad`."""
        found: dict[int, set[int]] = {}
        for read in self.trace.of_kind(Read):
            found.setdefault(id(read.tensor), set()).add(read.line)
        return found

    @cached_property
    def changes(self) -> list[Called]:
        """The calls that changed a tensor in place."""
        return [call for call in self.trace.calls() if call.changed]

    def record(self, finding: Finding, ids: Mapping[Any, str]) -> dict[str, Any]:
        """A finding as JSON; `ids` are the ids of the nodes of the graph that is drawn where no pass was made."""
        during = finding.during
        backward = during.backward if during is not None else None
        known = ids if backward is None else {node: node_id for node_id, node in backward.by_id.items()}
        nodes = [known[key] for mark in finding.marks for key in keys_of_mark(mark) if key in known]
        return {
            "kind": finding.kind,
            "line": finding.line,
            "names": list(finding.names),
            "text": finding.text,
            "is_question": finding.is_question,
            "repair": finding.repair._asdict() if finding.repair else None,
            "moment": during.moment if during is not None and backward is not None else None,
            "nodes": list(dict.fromkeys(nodes)),
            "factors": [
                {"node": known[f.node], "op": op_name(f.node), "line": self.line_of(f.node), "value": plain(f.value)}
                for f in finding.factors
                if f.node in known
            ],
        }

    def line_of(self, node: TorchNode) -> int | None:
        """The line that made a node of the graph."""
        maker = self.trace.by_node.get(node)
        return maker.line if maker is not None else None


def keys_of_mark(mark: TorchNode | Tensor) -> tuple[Any, ...]:
    """What a mark may be called in a graph: a leaf has a node of torch's only where a pass reaches it."""
    if not isinstance(mark, Tensor):
        return (mark,)
    return (grad_node(mark), id(mark)) if mark.requires_grad and mark.is_leaf else (key_of(mark),)


def op_name(node: TorchNode) -> str:
    """torch's name of a node, without its module."""
    return node.name().rpartition("::")[2]


def plain(value: float) -> float | str:
    """A number as JSON knows it."""
    return value if math.isfinite(value) else repr(value)


def named(*names: str) -> tuple[str, ...]:
    """The names among texts, each once."""
    return tuple(dict.fromkeys(name.strip("`") for name in names if name))


def listed(names: Iterable[str]) -> str:
    """Names in a sentence: `a`, `b` and `c`."""
    every = list(names)
    return f"{', '.join(every[:-1])} and {every[-1]}" if len(every) > 1 else "".join(every)
