"""What can be written in the place of what is refused: edits of whole lines, after which a program may run.

Each keeps the number of lines, so that several can be made at once. They follow from the text alone: nothing runs.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from components.sandbox import random_data
from components.sandbox.errors import RefusedError
from components.sandbox.random_data import COUNT, SHAPE, Data
from components.sandbox.refusals import MOST, Refusal, first_line, refusals
from components.sandbox.rewriting import (
    Lines,
    commented,
    dotted,
    is_alone,
    names_bound,
    names_read,
    rewritten,
)
from components.sandbox.syntax import parse
from components.sandbox.translations import (
    Text,
    is_covered,
    own_parts,
    parts_in_torch,
    parts_left_out,
    tensor_sets,
)

MOST_PARTS = 20_000
"""Nodes of a program's syntax tree up to which all that is refused is told: it takes twice as long as to refuse it."""

LONGEST_COMMENT = 100
"""Characters of what stood there before that are kept behind a new line."""

DATA = ("numpy", "pandas", "sklearn.datasets", "sklearn.model_selection", "torchvision.datasets", "torchaudio.datasets")
ELSEWHERE = (
    "requests",
    "urllib",
    "torch.load",
    "torch.from_numpy",
    "torch.utils.data",
    "open",
    "json",
    "pickle",
)
"""Libraries and functions that bring data."""

SETS = ("torchvision.datasets", "torchaudio.datasets", "datasets.load_dataset")
SPLIT = "random_split"
"""What gives data sets: lists of entries with their labels."""

TAKEN = ("values", "to_numpy", "iloc", "loc", "target", "drop", "columns")
"""Attributes by which a table's numbers are taken."""


class Offer(NamedTuple):
    """An edit: its kind, what its button says, the lines; for random data the first line with places for the shape,
    that shape, and where it is from.
    """

    kind: str
    title: str
    lines: Lines
    template: str = ""
    shape: tuple[int, ...] = ()
    said: str = ""

    def record(self) -> dict[str, Any]:
        """The offer as JSON."""
        first, last, new = self.lines
        shape = {"template": self.template, "shape": ", ".join(map(str, self.shape)), "said": self.said}
        return {"kind": self.kind, "title": self.title, "first": first, "last": last, "new": list(new), **shape}


USING = (ast.Expr, ast.Assign, ast.AugAssign, ast.Return, ast.For, ast.While, ast.If, ast.With)
"""Statements that are left out where what they use is."""

Edit = tuple[Refusal, list[Offer]]


def refused_lines(code: str) -> list[dict[str, Any]]:
    """Each statement of a program that is refused: its line, the reason, what can be written instead (the best first),
    and whether it is about a library or data that is elsewhere.
    """
    tree = parse(code)
    if sum(1 for _ in ast.walk(tree)) > MOST_PARTS:
        raise RefusedError(None, "The program is too long for all that is refused to be told.")
    found, names = refusals(tree)
    text = Text(code.split("\n"), names, random_data.facts_of(tree), tensor_sets(tree))
    edits = [(one, list(offers(one.statement, text)) if one.statement else []) for one in found]
    edits += list(islice(_columns(tree, edits, text), MOST))
    edits += list(islice(_orphans(tree, edits, text), MOST))
    edits.sort(key=lambda edit: edit[0].line or 0)
    return [_record(refusal, made, text) for refusal, made in _outer(_in_blocks(tree, edits, text))]


def _record(refusal: Refusal, made: list[Offer], text: Text) -> dict[str, Any]:
    is_foreign = refusal.statement is not None and _is_foreign(refusal.statement, text)
    said = {"line": refusal.line, "text": refusal.text, "is_foreign": is_foreign}
    return said | {"offers": [offer.record() for offer in made]}


def _is_foreign(statement: ast.stmt, text: Text) -> bool:
    is_import = isinstance(statement, ast.Import | ast.ImportFrom)
    return is_import or _is_data(statement, text) or any(text.is_foreign(name) for name in names_read(statement))


def _outer(edits: Iterable[Edit]) -> Iterator[Edit]:
    """Without what stands in a statement that can only be commented out as a whole."""
    end = 0
    for refusal, made in edits:
        if refusal.statement and first_line(refusal.statement) <= end:
            continue
        if made and made[0].kind == "comment":
            end = max(end, made[0].lines.last)
        yield refusal, made


def _is_gone(made: Sequence[Offer]) -> bool:
    """Whether the best that can be done is to leave the statement out."""
    return bool(made) and made[0].kind == "comment"


def _in_blocks(tree: ast.Module, edits: Sequence[Edit], text: Text) -> Iterator[Edit]:
    """The edits, with a `pass` where nothing would be left of a block."""
    gone = {id(refusal.statement) for refusal, made in edits if _is_gone(made)}
    first: set[int] = set()
    for node in ast.walk(tree):
        blocks = [getattr(node, name, None) for name in ("body", "orelse", "finalbody")] if node is not tree else []
        first |= {id(b[0]) for b in blocks if isinstance(b, list) and b and all(id(one) in gone for one in b)}
    for refusal, made in edits:
        if id(refusal.statement) in first:
            yield refusal, [_with_pass(offer, text) if offer.kind == "comment" else offer for offer in made]
        else:
            yield refusal, made


def _with_pass(offer: Offer, text: Text) -> Offer:
    return offer._replace(lines=commented(text.lines, offer.lines.first, offer.lines.last, keeps_block=True))


def _columns(tree: ast.Module, edits: Sequence[Edit], text: Text) -> Iterator[Edit]:
    """Statements that take columns of what is random data now."""
    known = {id(refusal.statement) for refusal, _ in edits}
    tables = {n for one, made in edits if made and made[0].kind == "random" for n in names_bound(one.statement or tree)}
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.Assign | ast.Expr) or id(statement) in known:
            continue
        name = next((n for n in map(_table, own_parts(statement)) if n in tables), None)
        if name is None:
            continue
        refusal = Refusal(statement.lineno, f"`{name}` would be random data, which has no columns.", statement)
        made = list(_random(statement, text)) if isinstance(statement, ast.Assign) else []
        yield refusal, [*made, *_comment(statement, text)]


def _table(node: ast.AST) -> str:
    """The name of what a part of a program takes columns of; "" for anything else."""
    if isinstance(node, ast.Attribute) and node.attr in TAKEN:
        return dotted(node.value).partition(".")[0]
    is_by_name = isinstance(node, ast.Subscript) and any(
        isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(node.slice)
    )
    return dotted(node.value) if is_by_name and isinstance(node, ast.Subscript) else ""


def _orphans(tree: ast.Module, edits: Sequence[Edit], text: Text) -> Iterator[Edit]:
    """Statements that use what only lines make that are left out, and then those that use what these make."""
    gone = [refusal.statement for refusal, made in edits if refusal.statement and _is_gone(made)]
    left_out = {id(refusal.statement) for refusal, _ in edits}
    left_out |= {id(below) for statement in gone for below in ast.walk(statement)}
    made_in = {name: statement.lineno for statement in gone for name in names_bound(statement)}
    earlier: set[str] = set()
    for statement in sorted(_all_statements(tree), key=lambda node: node.lineno):
        is_free = id(statement) not in left_out and isinstance(statement, USING)
        lost = next((name for name in _read_by(statement) if name in made_in and name not in earlier), None)
        if not is_free or lost is None:
            earlier |= set(_bound_by(statement)) if id(statement) not in left_out else _kept_of(statement, edits)
            continue
        reason = f"`{lost}` is made in line {made_in[lost]}, which the playground has not."
        yield Refusal(statement.lineno, reason, statement), list(_comment(statement, text))
        left_out |= {id(below) for below in ast.walk(statement)}
        made_in |= dict.fromkeys(names_bound(statement), statement.lineno)


def _all_statements(tree: ast.AST) -> Iterator[ast.stmt]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.stmt))


def _kept_of(statement: ast.stmt, edits: Sequence[Edit]) -> set[str]:
    """Names that a refused statement still gives a value, because it is written otherwise."""
    is_written = any(refusal.statement is statement and made and not _is_gone(made) for refusal, made in edits)
    return set(_bound_by(statement)) if is_written else set()


def _read_by(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement takes the values of, without the statements in it."""
    for part in own_parts(statement):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            yield part.id


def _bound_by(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement gives a value, without the statements in it."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    for part in own_parts(statement):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
        elif isinstance(part, ast.arg):
            yield part.arg


def offers(statement: ast.stmt, text: Text) -> Iterator[Offer]:
    """The edits of a refused statement, the best one first."""
    if not is_alone(text.lines, statement):
        return
    if isinstance(statement, ast.Import | ast.ImportFrom):
        yield _import(statement, text)
        return
    left_out, in_torch = list(parts_left_out(statement, text)), parts_in_torch(statement, text)
    parts = left_out + (in_torch or [])
    if parts and in_torch is not None and is_covered(statement, text, parts):
        kind, title = ("torch", "Write it with torch") if in_torch else ("leave", "Write it without")
        yield Offer(kind, title, rewritten(text.lines, statement.lineno, _last_of_head(statement), parts))
    if isinstance(statement, ast.Assign) and _is_data(statement, text) and not _is_model(statement):
        yield from _random(statement, text)
    yield from _comment(statement, text)


def _last_of_head(statement: ast.stmt) -> int:
    """The last line of a statement, without the block that belongs to it."""
    body = getattr(statement, "body", None)
    if isinstance(body, list) and body:
        return max(statement.lineno, first_line(body[0]) - 1)
    return statement.end_lineno or statement.lineno


def _comment(statement: ast.stmt, text: Text) -> Iterator[Offer]:
    """A statement as a comment; of a function that has decorators, these alone."""
    if not is_alone(text.lines, statement):
        return
    first, last = first_line(statement), statement.end_lineno or statement.lineno
    if isinstance(statement, ast.FunctionDef) and first < statement.lineno:
        last = statement.lineno - 1
    title = "Comment it out" if first == last else f"Comment lines {first} to {last} out"
    yield Offer("comment", title, commented(text.lines, first, last))


def _import(statement: ast.Import | ast.ImportFrom, text: Text) -> Offer:
    """An import without what the playground has not."""
    kept = [one for one in statement.names if (one.asname or one.name.partition(".")[0]) in text.names.imported]
    if not kept:
        last = statement.end_lineno or statement.lineno
        return Offer("import", "Comment it out", commented(text.lines, statement.lineno, last))
    names = ", ".join(f"{one.name} as {one.asname}" if one.asname else one.name for one in kept)
    head = f"import {names}" if isinstance(statement, ast.Import) else f"from {statement.module} import {names}"
    return Offer("import", "Import the rest", _with_rest(statement, head, text))


def _with_rest(statement: ast.stmt, head: str, text: Text) -> Lines:
    """A new line, and what stood there as comments behind and below it."""
    first, last = statement.lineno, statement.end_lineno or statement.lineno
    indentation = text.lines[first - 1][: statement.col_offset]
    was = text.lines[first - 1].strip()[:LONGEST_COMMENT]
    rest = [f"{indentation}#     {line.strip()}" for line in text.lines[first:last]]
    return Lines(first, last, (f"{indentation}{head}  # was: {was}", *rest))


def _is_data(statement: ast.stmt, text: Text) -> bool:
    """Whether a statement takes data from elsewhere."""
    for node in own_parts(statement):
        if isinstance(node, ast.Attribute) and node.attr in TAKEN:
            return True
        path = text.path(node) if isinstance(node, ast.Attribute | ast.Name) else ""
        is_own = path in text.names.bound and path not in text.names.foreign
        if path and not is_own and any(path == one or path.startswith(f"{one}.") for one in (*DATA, *ELSEWHERE)):
            return True
    return False


def _is_model(statement: ast.Assign) -> bool:
    """Whether a name tells that no data is loaded but a model, or what belongs to one."""
    return any(re.search("model|net$|state|checkpoint|ckpt|weights", name.lower()) for name in names_bound(statement))


def _random(statement: ast.Assign, text: Text) -> Iterator[Offer]:
    """Random data for the names that a statement gives the loaded one."""
    [target] = statement.targets[:1]
    names = [one for one in (target.elts if isinstance(target, ast.Tuple) else [target]) if isinstance(one, ast.Name)]
    if len(statement.targets) > 1 or len(names) != (len(target.elts) if isinstance(target, ast.Tuple) else 1):
        return
    value = statement.value
    path = text.path(value.func) if isinstance(value, ast.Call) else ""
    if path.endswith("DataLoader"):
        made = [random_data.random_batches(text.facts, value, statement.lineno)]
    elif path.startswith(SETS) or path.endswith(SPLIT):
        made = [random_data.random_set(text.facts, value, str(statement.lineno + i)) for i in range(len(names))]
    else:
        made = [_random_tensor(name.id, value, statement.lineno + i, text) for i, name in enumerate(names)]
    head = f"{', '.join(name.id for name in names)} = {', '.join(data.text for data in made)}"
    yield _random_offer(statement, head, made, text)


def _random_tensor(name: str, value: ast.expr, random_seed: int, text: Text) -> Data:
    data = random_data.random_features(text.facts, value, str(random_seed))
    if not random_data.is_label(name):
        return data
    return data._replace(text=random_data.random_labels(text.facts, str(random_seed)))


def _random_offer(statement: ast.Assign, head: str, made: Sequence[Data], text: Text) -> Offer:
    shape, said = made[0].shape, made[0].said
    filled = head.replace(SHAPE, ", ".join(map(str, shape))).replace(COUNT, str(shape[0]))
    indentation = text.lines[statement.lineno - 1][: statement.col_offset]
    lines = _with_rest(statement, filled, text)
    return Offer("random", "Random data of this shape", lines, f"{indentation}{head}", shape, said)
