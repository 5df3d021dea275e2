"""Statements of a program's text with parts of them written anew; the number of lines never changes."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Lines(NamedTuple):
    """Lines of a program, numbered from 1, and what is to stand in their place."""

    first: int
    last: int
    new: tuple[str, ...]


class Part(NamedTuple):
    """A part of a program's text, from a line and a column (in bytes) to others, and the text to stand in its place."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str


def start_of(node: ast.expr) -> tuple[int, int]:
    """The line and the column (in bytes) where a part of a program begins."""
    return node.lineno, node.col_offset


def end_of(node: ast.expr) -> tuple[int, int]:
    """The line and the column (in bytes) where a part of a program ends."""
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset


def instead(node: ast.expr, text: str) -> Part:
    """A text in the place of a part of a program's tree."""
    return Part(start_of(node), end_of(node), text)


def rewritten(lines: Sequence[str], first: int, last: int, parts: Sequence[Part]) -> Lines:
    """These lines with parts of them replaced; one that begins within another is left out."""
    new = [line.encode() for line in lines[first - 1 : last]]
    for (top, left), (bottom, right), text in reversed(list(apart(parts))):
        after = new[bottom - first][right:]
        new[top - first] = new[top - first][:left] + text.encode() + (after if top == bottom else b"")
        if top < bottom:
            new[bottom - first] = after
            new[top - first + 1 : bottom - first] = [b""] * (bottom - top - 1)
    return Lines(first, last, tuple(line.decode() for line in new))


def apart(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts in their order, but for those that begin within another."""
    reached = (0, 0)
    for part in sorted(parts, key=lambda part: (part.start, (-part.end[0], -part.end[1]))):
        if part.start >= reached:
            reached = part.end
            yield part


def is_alone(lines: Sequence[str], statement: ast.stmt) -> bool:
    """Whether nothing else stands on a statement's lines."""
    before = lines[statement.lineno - 1].encode()[: statement.col_offset].strip()
    after = lines[(statement.end_lineno or statement.lineno) - 1].encode()[statement.end_col_offset :].strip()
    return not before and (not after or after.startswith(b"#"))


def commented(lines: Sequence[str], first: int, last: int, keeps_block: bool = False) -> Lines:
    """These lines as comments; where nothing else would be left in their block, with a `pass`."""
    body = lines[first - 1 : last]
    width = min(len(line) - len(line.lstrip()) for line in body if line.strip())
    new = [f"{line[:width]}# {line[width:]}" if line.strip() else line for line in body]
    if keeps_block:
        new[0] = f"{body[0][:width]}pass  # {body[0][width:]}"
    return Lines(first, last, tuple(new))


def names_read(node: ast.AST) -> Iterator[str]:
    """Names whose values a part of a program takes."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            yield part.id


def names_bound(node: ast.AST) -> Iterator[str]:
    """Names that a part of a program gives a value."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
        elif isinstance(part, ast.FunctionDef | ast.ClassDef):
            yield part.name


def dotted(node: ast.AST) -> str:
    """A dotted name as it is written, as in `np.random.rand`; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    before = dotted(node.value) if isinstance(node, ast.Attribute) else ""
    return f"{before}.{node.attr}" if before and isinstance(node, ast.Attribute) else ""
