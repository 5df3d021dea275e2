"""The Jacobian and the vector-Jacobian product as tables of coloured numbers: row vector · matrix = row vector."""

import math
from typing import Any

from components.drawing import numbers
from components.pages.vectors.model import Matrix, Run, Vector

ENDS = tuple(float(f"{digit}e{power}") for power in range(-3, 7) for digit in (1, 1.5, 2, 3, 4, 5, 6, 8))
"""Where the scale of colours may end: it stands still while a number moves below its end."""

REDUCED = {
    "mean": ("1/n", "1/{n}", "2·x[{j}]/n", "2·({x})/{n}"),
    "sum": ("1", "1", "2·x[{j}]", "2·({x})"),
}
"""By the reduction: what it passes back to each entry and an entry of the gradient, in symbols and with numbers."""


def static(reduce: str, length: int) -> dict[str, Any]:
    """Names of rows, columns and tables, the readouts that they are, and a sentence for each cell; whether v is free.

    In a sentence `{x}` stands for the column's entry of x, `{v}` and `{J}` for what stands in front of and above an
    entry of the product, `{own}` for the cell's own number.
    """
    free = reduce == "none"
    places = range(length)
    row = "y[{i}]" if free else "x[{i}]²"
    whole = "∂y/∂x" if free else "∂(x²)/∂x"
    return {
        "isFree": free,
        "columns": [f"x[{j}]" for j in places],
        "rows": [row.format(i=i) for i in places],
        "left": {
            "title": "your v" if free else f"v, from {reduce}()",
            "readout": "upstream",
            "says": [_says_left(reduce, length, i) for i in places],
        },
        "matrix": {
            "title": f"Jacobian J = {whole}",
            "readout": "jacobian" if free else "squares",
            "says": [[_says_inside(row, i, j) for j in places] for i in places],
        },
        "product": {
            "title": "v · J = x.grad" if free else "v · J = ∂y/∂x = x.grad",
            "readout": "vjp" if free else "jacobian",
            "says": [_says_product(reduce, length, j) for j in places],
        },
    }


def _says_left(reduce: str, length: int, i: int) -> str:
    if reduce == "none":
        return f"v[{i}] = {{own}}: row {i} of the Jacobian is taken that many times."
    symbols, put_in = (text.format(n=length) for text in REDUCED[reduce][:2])
    steps = " = ".join(dict.fromkeys((symbols, put_in, "{own}")))
    return f"∂y/∂(x[{i}]²) = {steps}: what {reduce}() passes back to each entry."


def _says_inside(row: str, i: int, j: int) -> str:
    output = row.format(i=i)
    if i != j:
        return f"{_partial(output, j)} = {{own}}: {output} does not depend on x[{j}]."
    return f"{_partial(output, j)} = 2·x[{j}] = 2·({{x}}) = {{own}}"


def _says_product(reduce: str, length: int, j: int) -> str:
    if reduce == "none":
        return f"x.grad[{j}] = v[{j}] · ∂y[{j}]/∂x[{j}] = ({{v}}) · ({{J}}) = {{own}}; the rest of the column is 0."
    symbols, put_in = (text.format(j=j, n=length, x="{x}") for text in REDUCED[reduce][2:])
    return f"∂y/∂x[{j}] = {symbols} = {put_in} = {{own}} = x.grad[{j}]"


def _partial(output: str, j: int) -> str:
    return f"∂({output})/∂x[{j}]" if "²" in output else f"∂{output}/∂x[{j}]"


def dynamic(run: Run, is_covered: bool = False) -> dict[str, Any]:
    """The numbers of the three tables as texts and tones, one scale for all, and the entries beside them.

    What `is_covered` has a question mark in each cell.
    """
    tables = {"left": [run.upstream], "matrix": run.squares, "product": [run.grad]}
    end = _end([abs(number) for rows in tables.values() for row in rows for number in row])
    write = _covered if is_covered else _table
    said: dict[str, Any] = {name: write(rows, end) for name, rows in tables.items()}
    squares = run.snapshot.graph.nodes[1].value
    return said | {"end": numbers.factor(end), "columns": _texts(list(run.inputs.values)), "rows": _texts(squares)}


def _table(rows: Matrix, end: float) -> dict[str, list[Any]]:
    return {
        "texts": [numbers.short(number) for row in rows for number in row],
        "tones": [tone(number, end) for row in rows for number in row],
    }


def _covered(rows: Matrix, _: float) -> dict[str, list[Any]]:
    count = sum(map(len, rows))
    return {"texts": ["?"] * count, "tones": [0] * count}


def tone(number: float, end: float) -> float | None:
    """From -1 to 1 the place of a number on the scale of colours; 0 for zero alone, None for inf and nan."""
    if not math.isfinite(number):
        return None
    share = round(number / end, 2)
    return math.copysign(0.01, number) if number and not share else share + 0.0


def _end(sizes: Vector) -> float:
    most = max((size for size in sizes if math.isfinite(size)), default=0.0)
    return next((end for end in ENDS if end >= most), ENDS[-1])


def _texts(entries: Any) -> list[str]:
    return [numbers.short(entry).removeprefix("+") for entry in entries]
