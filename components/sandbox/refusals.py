"""All that is refused in a program, where `run.py` tells the first: each statement once, with the reason."""

import ast
from collections.abc import Iterator
from typing import Any, NamedTuple

from components.sandbox.errors import RefusedError
from components.sandbox.names import Names, read_names
from components.sandbox.statements import Transformer, check_loops, refusal_of_loop

MOST = 60
"""Statements that are told."""


class Refusal(NamedTuple):
    """A statement that is refused, the line that is, and one sentence. None: the program as a whole."""

    line: int | None
    text: str
    statement: ast.stmt | None


def refusals(tree: ast.Module) -> tuple[list[Refusal], Names]:
    """What is refused in a program that Python can read, from its beginning to its end, and the program's names."""
    errors: list[RefusedError] = []
    names = read_names(tree, errors)
    collector = Collector(names, errors)
    collector.block(tree.body)
    if too_long := check_loops(tree):
        errors.append(RefusedError(too_long[0], refusal_of_loop(*too_long)))
    found: dict[int, Refusal] = {}
    for error in errors[: 2 * MOST]:
        statement = statement_at(tree, error.line) if error.line else None
        found.setdefault(id(statement), Refusal(error.line, error.text, statement))
    return sorted(found.values(), key=lambda one: one.line or 0)[:MOST], names


def statement_at(tree: ast.AST, line: int) -> ast.stmt | None:
    """The innermost statement that a line belongs to."""
    for child in _statements(tree):
        if first_line(child) <= line <= (child.end_lineno or child.lineno):
            return statement_at(child, line) or child
    return None


def first_line(statement: ast.stmt) -> int:
    """Where a statement begins, with its decorators."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements directly within a node."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from _statements(child)


class Collector(Transformer):
    """A transformer that goes on after what it refuses, in `errors`."""

    def __init__(self, names: Names, errors: list[RefusedError]) -> None:
        super().__init__(names)
        self.errors = errors
        self.visited: set[int] = set()

    def visit(self, node: Any) -> Any:
        """The new tree of a part of the program; nothing for a statement that is refused."""
        if not isinstance(node, ast.stmt):
            return super().visit(node)
        if len(self.errors) > 2 * MOST:
            return []
        self.visited.add(id(node))
        before = self.is_in_function, self.first_parameter, self.is_in_class
        try:
            return super().visit(node)
        except RefusedError as error:
            self.errors.append(error)
            self.is_in_function, self.first_parameter, self.is_in_class = before
            self.visit_rest(node)
            return []

    def function(self, node: ast.FunctionDef, decorators: list[Any]) -> ast.FunctionDef:
        """A function with a block of its own."""
        self.visited.add(id(node))
        return super().function(node, decorators)

    def visit_rest(self, node: ast.stmt) -> None:
        """Visits the statements within a refused one that have not been."""
        before = self.is_in_function, self.is_in_class
        self.is_in_function |= isinstance(node, ast.FunctionDef)
        self.is_in_class = isinstance(node, ast.ClassDef)
        for statement in _statements(node):
            if id(statement) in self.visited:
                self.visit_rest(statement)
            elif self.is_in_class:
                self.visit_member(statement)
            else:
                self.visit(statement)
        self.is_in_function, self.is_in_class = before

    def visit_member(self, statement: ast.stmt) -> None:
        """Visits what stands in a class."""
        try:
            self.member(statement)
        except RefusedError as error:
            self.errors.append(error)
            self.visit_rest(statement)
