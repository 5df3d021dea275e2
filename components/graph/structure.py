"""Ids, names and expressions of a program's nodes and edges, which are the same at every value."""

from collections import Counter

from components import cache
from components.graph import operations
from components.graph.model import Structure

LONGEST_OPERAND = 40
"""Characters above which an operand is written by its node's id."""

Entry = tuple[str, str, tuple[int, ...], tuple[str, ...], str]
"""A node without its values: torch's name, the program's name, positions of the inputs, further operands, and the
name of the function that made it."""

Shape = tuple[Entry, ...]
"""A program without its values."""

StructureOf = tuple[Structure, dict[str, tuple[str, ...]]]
"""A program's structure, and by node id the texts of its operands."""


@cache.keep(100_000, size=lambda known: len(known[0].nodes))
def structure_of(shape: Shape, symbols: tuple[tuple[str, str], ...]) -> StructureOf:
    """The structure of a program and its operands' texts; `symbols` are, by node id, what
    formulas write: instead of a name, or for what has none.
    """
    taken: Counter[str] = Counter()
    texts: list[str] = []
    nodes: list[tuple[str, str, str, str]] = []
    edges: list[tuple[str, str, str]] = []
    operands: dict[str, tuple[str, ...]] = {}
    for op, own_name, inputs, numbers, function in shape:
        node_id = _unused(_wanted_id(op if op != "input" else function, own_name), taken)
        symbol = dict(symbols).get(node_id, own_name)
        operands[node_id] = tuple(texts[i] for i in inputs) + numbers
        expression = operations.write(function, operands[node_id]) if inputs else ""
        texts.append(symbol or (expression if len(expression) <= LONGEST_OPERAND else "") or node_id)
        edges += [(f"{node_id}.{slot}-{nodes[i][0]}", node_id, nodes[i][0]) for slot, i in enumerate(inputs)]
        nodes.append((node_id, op, symbol if own_name else "", expression))
    return Structure(tuple(nodes), tuple(edges)), operands


def _wanted_id(op: str, name: str) -> str:
    if name:
        return name.replace(" ", "").replace("−", "-").replace("·", "*")
    return {"AccumulateGrad": "leaf", "": "input"}.get(op) or operations.stem(op)


def _unused(wanted: str, taken: Counter[str]) -> str:
    taken[wanted] += 1
    return wanted if taken[wanted] == 1 else _unused(f"{wanted}_{taken[wanted]}", taken)
