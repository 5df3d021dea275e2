"""What was pressed in the lab, as a script that prints what its cells said."""

import ast
from textwrap import indent, wrap

from components.drawing import torch_errors
from components.drawing.script import Script
from components.pages.gradient_lab import model
from components.pages.gradient_lab.model import EXPERIMENTS, Cell, Lab

_PRINTS = {"(": "print(({}))", "'": "print(repr({}))"}
"""How a value is printed as a notebook shows it, by its first character, where print() alone would not."""

_CAUGHT = """\
try:
{source}
except Exception as error:
    print(f"{{type(error).__name__}}: {{error}}")"""

_KEPT = 'print("x.grad =", x.grad if x.grad is None else x.grad.item())'


def script(lab: Lab) -> Script:
    """The very cells that were run, as a plain program has them, and what torch keeps in the end."""
    cells = [_as_program(cell, lab.experiment) for cell in model.run(lab).cells]
    title = f"Gradient lab, {EXPERIMENTS[lab.experiment].title}: what was pressed, in order"
    return Script("gradient_lab", title, ("import torch", *cells, _KEPT))


def _as_program(cell: Cell, experiment: str) -> str:
    """A notebook shows a last value by itself, a program prints it; an error is caught, its cause said above it."""
    source, last = cell.source, ast.parse(cell.source).body[-1]
    if isinstance(last, ast.Expr) and (cell.value or not isinstance(last.value, ast.Call)):
        *before, shown = source.splitlines()
        source = "\n".join([*before, _PRINTS.get(cell.value[:1], "print({})").format(shown)])
    if not cell.error:
        return source
    cause, _ = torch_errors.explain(cell.error, experiment)
    return "\n".join([*wrap(f"# {cause}", 90, subsequent_indent="# "), _CAUGHT.format(source=indent(source, "    "))])
