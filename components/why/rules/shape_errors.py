"""Shapes, indices and dtypes that torch refuses: which tensors they are, and what they have."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from components.why.finding import Case, Finding, Repair, named
from components.why.rules.error_operands import Answer, operands, shape_of, shapes
from components.why.rules.numbers import operand, size
from components.why.rules.shape import REDUCTIONS, kept_dim
from components.why.rules.target_errors import counts, label_column, label_range, label_type, target_size
from components.why.source import called_name, keyword


def refused(case: Case) -> Iterator[Finding]:
    """What torch refused for its shape, index or dtype, in the program's names."""
    if not case.error or not case.error_line:
        return
    for pattern, answer in ANSWERS:
        found = re.search(pattern, case.message)
        if found is None:
            continue
        said = answer(case, found)
        if said is not None:
            names = [name for name, _ in operands(case)]
            yield Finding("shape", case.error_line, named(*names), said[0], said[1])
        return


def product(case: Case, found: re.Match[str]) -> Answer:
    """A matrix product whose inner sides differ."""
    rows, inner, other, columns = map(int, found.groups())
    text = (
        f"The product in line {case.error_line} takes {size((rows, inner))} times {size((other, columns))}: "
        "the columns of the first, "
        f"{inner}, have to be as many as the rows of the second, {other}{shapes(case)}."
    )
    return text, transposed(case, (rows, inner), (other, columns)) or wider(case, inner, other, columns)


def transposed(case: Case, left: tuple[int, int], right: tuple[int, int]) -> Repair | None:
    """The product with one of the matrices turned."""
    products = [part for part in case.source.parts(case.error_line, ast.BinOp) if isinstance(part.op, ast.MatMult)]
    for part in products:
        for side, turned, fits in ((part.right, right, left[1] == right[1]), (part.left, left, left[0] == right[0])):
            if fits and shape_of(case, side) == turned and isinstance(side, ast.Name):
                edit = case.source.replace(side, f"{side.id}.T")
                return case.repair(f"Turn `{side.id}`", edit)
    return None


def wider(case: Case, inner: int, other: int, columns: int) -> Repair | None:
    """A layer that takes as many features as come."""
    layers = [
        n
        for n in ast.walk(case.source.tree)
        if isinstance(n, ast.Call) and called_name(n) == "Linear" and len(n.args) > 1
    ]
    fitting = [n for n in layers if number_of(n.args[0]) == other and number_of(n.args[1]) == columns]
    if len(fitting) != 1:
        return None
    return case.repair(f"Let the layer take {inner} features", case.source.replace(fitting[0].args[0], str(inner)))


def number_of(part: ast.expr) -> object:
    """A number in the program's text."""
    return part.value if isinstance(part, ast.Constant) else None


def lengths(case: Case, found: re.Match[str]) -> Answer:
    """A product of two lists of different length."""
    return f"The product in line {case.error_line} takes {found[1]} entries and {found[2]}{shapes(case)}.", None


def times_list(case: Case, found: re.Match[str]) -> Answer:
    """A matrix and a list of the wrong length."""
    rows, columns, length = found.groups()
    text = (
        f"The product in line {case.error_line} takes a matrix of {columns} columns ({rows} rows) and a list "
        f"of {length} "
        f"entries{shapes(case)}: there has to be one for each column."
    )
    return text, transposed(case, (int(rows), int(columns)), (int(length), 1))


def channels(case: Case, found: re.Match[str]) -> Answer:
    """An image of the wrong number of channels."""
    return f"The layer in line {case.error_line} takes {found[1]} channels and gets {found[2]}{shapes(case)}.", None


def batches(case: Case, found: re.Match[str]) -> Answer:
    """Batches of matrices whose inner sides differ."""
    text = (
        f"The second operand in line {case.error_line} begins with {found[2]}, and has to begin with "
        f"{found[1]}{shapes(case)}."
    )
    return text, None


def dtypes(case: Case, found: re.Match[str]) -> Answer:
    """Tensors of different dtypes."""
    one, other = [name for name in found.groups() if name]
    every = ", ".join(f"`{n}` is {str(t.dtype).removeprefix('torch.')}" for n, t in operands(case))
    told = f" ({every})" if every else ""
    return (
        f"Line {case.error_line} takes {one} and {other} together{told}: `.float()` or `.double()` makes them one."
    ), None


def lone(case: Case, found: re.Match[str]) -> Answer:
    """A batch of one."""
    del found
    return (
        f"Line {case.error_line} takes the spread over a batch, and there is one sample{shapes(case)}: it has none."
    ), None


def broadcast(case: Case, found: re.Match[str]) -> Answer:
    """Shapes that cannot be stretched to one another."""
    first, second, dim = map(int, found.groups())
    text = (
        f"Line {case.error_line} puts tensors together that have {first} and {second} entries in dimension "
        f"{dim}{shapes(case)}: only a "
        "dimension of 1 is stretched."
    )
    return text, keeping(case) or column(case)


def keeping(case: Case) -> Repair | None:
    """A reduction in the line, or of a name in it, that keeps its dimension."""
    source = case.source
    names = [name for name, _ in operands(case)]
    lines = [case.error_line, *(one.line for name in names if (one := case.trace.last_bound(name)) is not None)]
    for line in dict.fromkeys(lines):
        for call in source.parts(line, ast.Call):
            has_dim = keyword(call, "dim") is not None or len(call.args) > (
                0 if operand(case, call) not in call.args else 1
            )
            edit = kept_dim(case, call) if called_name(call) in REDUCTIONS and has_dim else None
            if edit is not None:
                return case.repair("Keep the dimension", edit)
    return None


def column(case: Case) -> Repair | None:
    """A list of numbers, one for each row, as a column."""
    every = operands(case)
    pairs = [(n, t, m) for n, t in every for _, m in every if t.ndim == 1 and m.ndim == 2 and len(t) == len(m) > 1]
    if not pairs:
        return None
    name = pairs[0][0]
    part = case.source.part(case.error_line, ast.Name, lambda one: one.id == name)
    edit = case.source.replace(part, f"{name}.unsqueeze(1)") if part is not None else None
    return case.repair(f"Let `{name}` be a column", edit) if edit is not None else None


def index(case: Case, found: re.Match[str]) -> Answer:
    """An index behind the end."""
    at, dim, length = found.groups()
    text = (
        f"Index {at} in line {case.error_line} is behind the end: dimension {dim} has {length} entries, 0 to "
        f"{int(length) - 1}{shapes(case)}."
    )
    return text, None


def row(case: Case, found: re.Match[str]) -> Answer:
    """A row of an embedding that there is not."""
    del found
    text = (
        f"An index in line {case.error_line} is not among the rows of the table it is looked up "
        f"in{shapes(case)}: they begin at 0."
    )
    return text, None


def dimension(case: Case, found: re.Match[str]) -> Answer:
    """A dimension that there is not."""
    least, most, got = found.groups()
    count = int(most) + 1
    text = (
        f"Line {case.error_line} asks for dimension {got} of a tensor that has {count} (dim={least} to "
        f"{most}){shapes(case)}. "
        "A `squeeze` or a reduction before it may have taken one away."
    )
    return text, None


def entries(case: Case, found: re.Match[str]) -> Answer:
    """A shape with another number of entries."""
    wanted = [int(one) for one in re.findall(r"-?\d+", found[1])]
    total = 1
    for one in wanted:
        total *= one
    what = f"has {total} entries" if -1 not in wanted else "does not come out even"
    return (
        f"The shape {size(wanted)} in line {case.error_line} {what}, and the tensor has {found[2]}{shapes(case)}.",
        None,
    )


def contiguous(case: Case, found: re.Match[str]) -> Answer:
    """A view of a tensor whose entries do not stand in order."""
    del found
    part = case.source.part(case.error_line, ast.Attribute, lambda one: one.attr == "view")
    text = (
        f"`view` in line {case.error_line} needs entries in order, and a transposed tensor's are not: "
        "`reshape` copies where it has to."
    )
    if part is None:
        return text, None
    start = case.source.span(part.value)[1]
    edit = case.source.replace(part, case.source.bytes[case.source.span(part)[0] : start].decode() + ".reshape")
    return text, case.repair("Use `reshape`", edit)


def joined(case: Case, found: re.Match[str]) -> Answer:
    """Tensors of different shapes that are put together."""
    del found
    return f"Line {case.error_line} puts tensors of different shapes together{shapes(case)}.", None


ANSWERS: tuple[tuple[str, Callable[[Case, re.Match[str]], Answer | None]], ...] = (
    (r"shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)", product),
    (
        r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)",
        broadcast,
    ),
    (r"expected scalar type Long but found|expected target dtype|not implemented for '(Float|Int|Double)'", label_type),
    (r"multi-target not supported", label_column),
    (r"input batch_size \((\d+)\) to match target batch_size \((\d+)\)", counts),
    (r"Target (-?\d+) is out of bounds", label_range),
    (r"inconsistent tensor size, expected tensor \[(\d+)\] and src \[(\d+)\]", lengths),
    (r"size mismatch, got input \(\d+\), mat \((\d+)x(\d+)\), vec \((\d+)\)", times_list),
    (r"to have (\d+) channels, but got (\d+) channels", channels),
    (r"same dtype, but got: (\w+) != (\w+)", dtypes),
    (r"dtype (\w+) but expected (\w+)|scalar type (?!Long)(\w+) but found (\w+)", dtypes),
    (r"more than 1 value per channel", lone),
    (r"Expected size for first two dimensions of batch2 tensor to be: (\[.*?\]) but got: (\[.*?\])", batches),
    (r"index (-?\d+) is out of bounds for dimension (\d+) with size (\d+)", index),
    (r"index out of range in self", row),
    (r"Dimension out of range \(expected to be in range of \[(-?\d+), (-?\d+)\], but got (-?\d+)\)", dimension),
    (r"shape '\[([-\d, ]+)\]' is invalid for input of size (\d+)", entries),
    (r"view size is not compatible", contiguous),
    (r"stack expects each tensor|Sizes of tensors must match|must have same number of dimensions", joined),
    (r"[Tt]arget size \(torch.Size\((\[[\d, ]*\])\)\).*input size \(torch.Size\((\[[\d, ]*\])\)\)", target_size),
)
"""The first that fits a message of torch's is what is said of it."""

RULES = (refused,)
