"""Shapes that fit, and make something else than was meant: broadcasts, reductions and indices."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import torch
from torch import Tensor
from torch.autograd.graph import Node as TorchNode

from components.graph.read import key_of
from components.why.finding import Case, Finding, Repair, named
from components.why.rules.numbers import function_word, is_method, operand, site, size
from components.why.source import Edit, grouped, keyword
from components.why.trace import Called, Passed, Read

COMPARING = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "sub", "__rsub__", "rsub")
"""Functions that take the difference of a prediction and a target."""

SHAPING = ("unsqueeze", "__getitem__", "reshape", "view", "expand", "permute", "transpose", "t")
"""Functions that give a tensor its shape: what comes from them has the one that was meant."""

REDUCTIONS = ("mean", "sum", "max", "min", "amax", "amin", "std", "var", "norm", "logsumexp", "prod", "median")
LAYERS = ("linear", "matmul", "addmm", "mm")


def every_with_every(case: Case) -> Iterator[Finding]:
    """A column of predictions less a row of targets: each is compared with each."""
    for call in case.trace.calls():
        if call.name not in COMPARING or len(call.args) < 2:
            continue
        first, second = call.args[:2]
        if (
            not (isinstance(first, Tensor) and isinstance(second, Tensor))
            or first.requires_grad == second.requires_grad
        ):
            continue
        column, row = (first, second) if first.ndim > second.ndim else (second, first)
        is_pair = row.ndim == 1 and column.ndim == 2 and column.shape[1] == 1 and column.shape[0] == row.shape[0] > 1
        if not is_pair or is_shaped(case, column) or is_shaped(case, row):
            continue
        yield compared(case, call, column, row)
        return


def is_shaped(case: Case, tensor: Tensor) -> bool:
    """Whether the program gave a tensor its shape in a call of its own."""
    maker = case.trace.maker(tensor)
    return maker is not None and maker.name in SHAPING


def compared(case: Case, call: Called, column: Tensor, row: Tensor) -> Finding:
    """What is said of a column that is compared with a row."""
    count = len(row)
    part = site(case, call) or case.source.part(call.line, ast.Call, lambda one: len(one.args) == 2)
    given = operands_of(case, part)
    place = 0 if call.args[0] is column else 1
    first = given[place] if len(given) > 1 else None
    name = case.name(column, "the predictions")
    text = (
        f"`{function_word(call.name)}` in line {call.line} sets {case.name(column, 'a column')}, "
        f"{size(column.shape)}, against "
        f"{case.name(row, 'a row')}, {size(row.shape)}: torch stretches both to {size((count, count))} and takes "
        f"{count * count} differences, not {count}."
    )
    repair = None
    if first is not None:
        edit = case.source.replace(first, f"{grouped(first, case.source.written(first))}.squeeze(1)")
        repair = case.repair(f"Take the dimension of 1 out of {name}", edit)
    during, marks = marked(case, call)
    names = named(case.bare_name(column), case.bare_name(row))
    return Finding("shape", call.line, names, text, repair, during=during, marks=marks)


def during_of(case: Case, call: Called) -> Passed | None:
    """The pass that went through a call."""
    keys = set(map(key_of, call.results()))
    return next((one for one in case.trace.passes() if one.backward and keys & set(one.backward.arrived)), None)


def operands_of(case: Case, part: ast.expr | None) -> list[ast.expr]:
    """The expressions of the two operands of a call or an operator."""
    if isinstance(part, ast.BinOp):
        return [part.left, part.right]
    if not isinstance(part, ast.Call):
        return []
    first = operand(case, part)
    return [*([first] if first is not None and is_method(case, part) else []), *part.args]


def marked(case: Case, call: Called) -> tuple[Passed | None, tuple[TorchNode, ...]]:
    """The pass that went through a call, and the call's node."""
    during = during_of(case, call)
    return during, tuple(key for key in map(key_of, call.results()) if during and not isinstance(key, int))


def wrong_axis(case: Case) -> Iterator[Finding]:
    """A square matrix and what was made of each of its rows: the numbers stand along the wrong side."""
    for call in case.trace.calls():
        if call.name not in ("sub", "div", "mul") or len(call.args) < 2:
            continue
        first, second = call.args[:2]
        if not (isinstance(first, Tensor) and isinstance(second, Tensor)) or first.ndim != 2 or second.ndim != 1:
            continue
        maker = case.trace.maker(second)
        if maker is None or maker.name not in REDUCTIONS or first.shape[0] != first.shape[1] or len(first) < 2:
            continue
        dim = maker.kwargs.get("dim", maker.args[1] if len(maker.args) > 1 else None)
        if not maker.operands() or maker.operands()[0] is not first or dim not in (1, -1):
            continue
        symbol = function_word(call.name)
        text = (
            f"`{maker.name}` in line {maker.line} gives one number for each row of "
            f"{case.name(first, 'the matrix')}, and "
            f"`{symbol}` in line {call.line} sets them along its columns: row 0 is met by all {len(first)} of "
            "them. With "
            "`keepdim=True` each row meets its own."
        )
        part = site(case, maker)
        edit = kept_dim(case, part) if isinstance(part, ast.Call) else None
        repair = case.repair("Keep the dimension", edit) if edit is not None else None
        during, marks = marked(case, call)
        yield Finding("shape", maker.line, named(case.bare_name(first)), text, repair, during=during, marks=marks)
        return


def kept_dim(case: Case, part: ast.Call) -> Edit | None:
    """A reduction that keeps its dimension."""
    if keyword(part, "keepdim") is not None:
        return None
    end = case.source.span(part)[1]
    return Edit(end - 1, end - 1, ", keepdim=True" if part.args or part.keywords else "keepdim=True")


def over_samples(case: Case) -> Iterator[Finding]:
    """A softmax of a layer's scores that goes over the samples, not over the classes."""
    for call in case.trace.calls():
        if call.name not in ("softmax", "log_softmax") or not call.operands():
            continue
        scores = call.operands()[0]
        dim = call.kwargs.get("dim", call.args[1] if len(call.args) > 1 else None)
        maker = case.trace.maker(scores)
        for _ in range(2):
            if maker is not None and maker.name in ("add", "div", "mul") and maker.operands():
                maker = case.trace.maker(maker.operands()[0])
        is_layer = maker is not None and maker.name in LAYERS and any(one.is_leaf for one in maker.operands()[1:])
        if dim not in (0, -2) or scores.ndim != 2 or min(scores.shape) < 2 or not is_layer:
            continue
        rows, columns = scores.shape
        text = (
            f"`{call.name}` in line {call.line} goes over dim={dim} of {case.name(scores, 'the scores')}, "
            f"{size(scores.shape)}: each "
            f"of the {columns} columns adds up to 1 over the {rows} rows. Are the classes of a row, dim=1, meant?"
        )
        part = site(case, call)
        number = (
            next((n for n in ast.walk(part) if isinstance(n, ast.keyword) and n.arg == "dim"), None) if part else None
        )
        repair = (
            case.repair("Go over the classes of each row", case.source.replace(number.value, "1")) if number else None
        )
        during, marks = marked(case, call)
        yield Finding("shape", call.line, named(case.bare_name(scores)), text, repair, True, during, marks)
        return


def one_for_all(case: Case) -> Iterator[Finding]:
    """A bias of one number that is added to a whole matrix, and whose gradient is looked at."""
    for call in case.trace.calls():
        if call.name != "add" or len(call.args) < 2:
            continue
        pair = [one for one in call.args[:2] if isinstance(one, Tensor)]
        bias = next((one for one in pair if one.is_leaf and one.requires_grad and one.shape == (1,)), None)
        matrix = next((one for one in pair if one.ndim == 2 and min(one.shape) > 1), None)
        is_read = bias is not None and any(read.tensor is bias for read in case.trace.of_kind(Read))
        if bias is None or matrix is None or not is_read or not matrix.is_leaf or not case.bare_name(bias):
            continue
        rows, columns = matrix.shape
        name = case.bare_name(bias)
        text = (
            f"`{name}` has one number, and line {call.line} adds it to all {rows * columns} entries of "
            f"{case.name(matrix, 'the matrix')}, {size(matrix.shape)}: its gradient is the sum over all of them. "
            f"Is `{name}` meant to have one for each column, {size((columns,))}, or each row, {size((rows, 1))}?"
        )
        during, marks = marked(case, call)
        yield Finding("shape", call.line, named(name, case.bare_name(matrix)), text, None, True, during, marks)
        return


def repeated_index(case: Case) -> Iterator[Finding]:
    """Additions to entries of which one is named several times: only the last counts."""
    for call in case.trace.calls():
        if call.name != "__setitem__" or len(call.args) != 3 or not isinstance(call.args[2], Tensor):
            continue
        target, index, value = call.args
        found = index if isinstance(index, Tensor) and not index.is_floating_point() and index.ndim == 1 else None
        places = [int(one) for one in found] if found is not None and found.dtype != torch.bool else index
        if not isinstance(places, list) or not all(isinstance(one, int) for one in places):
            continue
        maker = case.trace.maker(value)
        is_own = maker is not None and maker.name == "__getitem__" and maker.args[0] is target
        is_sum = is_own or (maker is not None and maker.name in ("add", "sub"))
        if len(set(places)) == len(places) or not is_sum:
            continue
        twice = next(one for one in places if places.count(one) > 1)
        text = (
            f"Line {call.line} names entry {twice} of {case.name(target, 'the tensor')} {places.count(twice)} "
            "times, and each time it "
            "begins at the old value: only the last one counts. `index_add_` adds all of them."
        )
        yield Finding("shape", call.line, named(case.bare_name(target)), text, added_by_index(case, call))
        return


def added_by_index(case: Case, call: Called) -> Repair | None:
    """`x[i] += v` as `x.index_add_(0, i, v)`."""
    statement = case.source.statement(call.line)
    if not isinstance(statement, ast.AugAssign) or not isinstance(statement.target, ast.Subscript):
        return None
    source = case.source
    owner, index = source.written(statement.target.value), source.written(statement.target.slice)
    value = source.written(statement.value)
    path = source.path("torch")
    places = index if isinstance(call.args[1], Tensor) else f"{path}.tensor({index})"
    is_number = isinstance(statement.value, ast.Constant)
    sign = "-" if isinstance(statement.op, ast.Sub) else ""
    values = (
        f"{path}.full({(len(call.args[2]),)}, {sign}{float(value)})"
        if is_number
        else f"{sign}{grouped(statement.value, value)}"
    )
    return case.repair("Add with `index_add_`", source.replace(statement, f"{owner}.index_add_(0, {places}, {values})"))


RULES = (every_with_every, wrong_axis, repeated_index, over_samples, one_for_all)
