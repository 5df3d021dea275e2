"""The text of a program, its tree, and what a repair changes in it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

INDENT = "    "
Found = TypeVar("Found", bound=ast.AST)


class Edit(NamedTuple):
    """A stretch of the program's text, in bytes, and what takes its place."""

    start: int
    end: int
    text: str


class Source:
    """A program's text with its tree."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        self.bytes = text.encode()
        self.starts = [0]
        for line in self.bytes.split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.parents: dict[ast.AST, ast.AST] = {}
        self.nodes: list[ast.AST] = [self.tree]
        for node in self.nodes:
            children = list(ast.iter_child_nodes(node))
            self.parents |= dict.fromkeys(children, node)
            self.nodes += children
        self.statements = [node for node in self.nodes if isinstance(node, ast.stmt)]

    # reading

    def written(self, node: ast.AST) -> str:
        """The text of a part of the program."""
        start, end = self.span(node)
        return self.bytes[start:end].decode()

    def span(self, node: Any) -> tuple[int, int]:
        """Where a part of the program begins and ends, in bytes."""
        return (
            self.starts[node.lineno - 1] + node.col_offset,
            self.starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def statement(self, line: int) -> ast.stmt | None:
        """The innermost statement that a line belongs to."""
        found: ast.stmt | None = None
        for node in self.statements:
            if node.lineno <= line <= (node.end_lineno or node.lineno):
                found = node
        return found

    def parts(self, line: int, kind: type[Found]) -> Iterator[Found]:
        """The parts of a kind in the statement of a line, the outermost first."""
        statement = self.statement(line)
        for node in ast.walk(statement) if statement is not None else ():
            if isinstance(node, kind) and (not isinstance(statement, COMPOUND) or getattr(node, "lineno", 0) == line):
                yield node

    def part(self, line: int, kind: type[Found], fits: Callable[[Found], bool]) -> Found | None:
        """The first part of a kind in the statement of a line that fits."""
        return next((part for part in self.parts(line, kind) if fits(part)), None)

    def call(self, line: int, *names: str) -> ast.Call | None:
        """The call of one of these functions or methods in the statement of a line."""
        return self.part(line, ast.Call, lambda call: called_name(call) in names)

    def around(self, node: ast.AST, kind: type[Found] | tuple[type[Found], ...]) -> Found | None:
        """The innermost part of a kind that a part stands in."""
        parent = self.parents.get(node)
        while parent is not None and not isinstance(parent, kind):
            parent = self.parents.get(parent)
        return parent

    def assigned(self, line: int) -> tuple[str, ast.expr] | None:
        """The name and the expression of a plain assignment."""
        statement = self.statement(line)
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            return statement.targets[0].id, statement.value
        return None

    def assignments(self, name: str) -> list[ast.Assign]:
        """The plain assignments to a name, in the order of the text."""
        return [
            node
            for node in self.nodes
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)
        ]

    def has_name(self, name: str) -> bool:
        """Whether a name is written anywhere in the program."""
        return any(isinstance(node, ast.Name) and node.id == name for node in self.nodes)

    def path(self, module: str) -> str:
        """How the program writes torch or one of its modules: `torch.nn.functional` may be `F`."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name == module and (alias.asname or "." not in module):
                        return alias.asname or module
            if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                for alias in node.names:
                    if f"{node.module}.{alias.name}" == module:
                        return alias.asname or alias.name
        parent, _, name = module.rpartition(".")
        return f"{self.path(parent)}.{name}" if parent else module

    # changing

    def replace(self, node: ast.AST, text: str) -> Edit:
        """Another text in the place of a part."""
        return Edit(*self.span(node), text)

    def with_argument(self, call: ast.Call, text: str) -> Edit:
        """One more argument at the end of a call."""
        end = self.span(call)[1] - 1
        start = self.span(call.func)[1] + 1
        before = self.bytes[start:end].decode().rstrip()
        comma = "" if not before else " " if before.endswith(",") else ", "
        return Edit(end, end, f"{comma}{text}")

    def without_keyword(self, call: ast.Call, name: str) -> Edit:
        """A call without an argument that is given by name, and without its comma."""
        every: list[ast.AST] = [*call.args, *call.keywords]
        flag = keyword(call, name)
        place = next(place for place, one in enumerate(every) if one is flag)
        start, end = self.span(every[place])
        if place:
            return Edit(self.span(every[place - 1])[1], end, "")
        return Edit(start, self.span(every[1])[0] if len(every) > 1 else end, "")

    def edited(self, node: ast.AST, *edits: Edit) -> str:
        """The text of a part with edits made in it."""
        start, end = self.span(node)
        made = self.bytes[start:end]
        for edit in sorted(edits, reverse=True):
            made = made[: edit.start - start] + edit.text.encode() + made[edit.end - start :]
        return made.decode()

    def free_name(self, name: str) -> str:
        """A name like this one that the program does not use."""
        return next(fresh for fresh in (f"{name}{number}" for number in range(2, 10_000)) if not self.has_name(fresh))

    def insert_before(self, line: int, text: str) -> Edit:
        """Lines before the statement of a line, as deep as it stands."""
        statement = self.statement(line)
        first = statement.lineno if statement is not None else line
        depth = self.indent(first)
        start = self.starts[first - 1]
        return Edit(start, start, "".join(f"{depth}{one}\n" for one in text.split("\n")))

    def insert_after(self, line: int, text: str) -> Edit:
        """Lines behind the statement of a line, as deep as it stands."""
        statement = self.statement(line)
        last = (statement.end_lineno if statement is not None else None) or line
        depth = self.indent(statement.lineno if statement is not None else line)
        end = min(self.starts[last] - 1, len(self.bytes))
        return Edit(end, end, "".join(f"\n{depth}{one}" for one in text.split("\n")))

    def remove(self, statement: ast.stmt) -> Edit:
        """Takes a statement away, with its lines; `pass` stays where nothing else would."""
        start, end = self.starts[statement.lineno - 1], self.starts[statement.end_lineno or statement.lineno]
        if len(self._siblings(statement)) > 1:
            return Edit(start, min(end, len(self.bytes)), "")
        return self.replace(statement, "pass")

    def _siblings(self, statement: ast.stmt) -> list[Any]:
        parent = self.parents.get(statement)
        blocks = (getattr(parent, name, None) for name in ("body", "orelse", "finalbody"))
        return next((block for block in blocks if isinstance(block, list) and statement in block), [])

    def wrap(self, statement: ast.stmt, header: str) -> Edit:
        """Puts a statement into a block of its own."""
        first, last = statement.lineno, statement.end_lineno or statement.lineno
        start, end = self.starts[first - 1], min(self.starts[last] - 1, len(self.bytes))
        lines = self.bytes[start:end].decode().split("\n")
        return Edit(start, end, "\n".join([self.indent(first) + header, *(INDENT + line for line in lines)]))

    def is_beside(self, one: ast.AST, other: ast.AST | None) -> bool:
        """Whether two statements stand in the same block."""
        return other is not None and self.parents.get(one) is self.parents.get(other)

    def indent(self, line: int) -> str:
        """What stands before the first letter of a line."""
        text = self.bytes[self.starts[line - 1] : self.starts[line] - 1].decode()
        return text[: len(text) - len(text.lstrip())]

    def repaired(self, *edits: Edit) -> str:
        """The text with edits made, which do not overlap."""
        made = self.bytes
        for edit in sorted(edits, key=lambda edit: edit[:2], reverse=True):
            made = made[: edit.start] + edit.text.encode() + made[edit.end :]
        return made.decode()


COMPOUND = (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.FunctionDef, ast.ClassDef)
"""Statements with statements in them: a line of theirs is the head's alone."""


def called_name(call: ast.Call) -> str:
    """The last name of what is called: `sigmoid` of `torch.sigmoid(x)` and of `x.sigmoid()`."""
    function = call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def keyword(call: ast.Call, name: str) -> ast.keyword | None:
    """An argument that is given by name."""
    return next((one for one in call.keywords if one.arg == name), None)


def is_one(statement: ast.AST | None) -> bool:
    """Whether a statement has no other in it."""
    return isinstance(statement, ast.stmt) and not isinstance(statement, COMPOUND)


def grouped(node: ast.AST, text: str) -> str:
    """The text of an expression as an operand: in brackets where they are needed."""
    is_plain = isinstance(node, ast.Name | ast.Call | ast.Attribute | ast.Subscript | ast.Constant)
    return text if is_plain else f"({text})"
