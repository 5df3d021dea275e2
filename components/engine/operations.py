"""What torch's backward nodes are called in plain words: one table, one line per operation."""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache


class Binds(IntEnum):
    """How tightly a written operation holds together: what binds less than its surroundings needs brackets."""

    SUM = 1
    SIGN = 2
    PRODUCT = 3
    POWER = 4
    ATOM = 5


@dataclass(frozen=True, slots=True)
class Operation:
    """How an operation is written (`symbol`), said (`word`) and spelled out with its operands (`form`).

    `needs` is how tightly each operand has to bind to stand without brackets.
    """

    symbol: str
    word: str
    form: str = ""
    needs: tuple[Binds, ...] = ()


LEAF = Operation("", "leaf, where the gradient is kept")
INPUT = Operation("", "input that takes no gradient")

OPERATIONS: dict[str, Operation] = {
    "abs": Operation("|·|", "absolute value", "|{0}|"),
    "add": Operation("+", "addition", "{0} + {1}", (Binds.SUM, Binds.PRODUCT)),
    "clamp": Operation("clamp", "clamp to a range", "clamp({0})"),
    "cos": Operation("cos", "cosine", "cos({0})"),
    "div": Operation("÷", "division", "{0} / {1}", (Binds.PRODUCT, Binds.POWER)),
    "exp": Operation("exp", "exponential", "exp({0})"),
    "log": Operation("log", "natural logarithm", "log({0})"),
    "mean": Operation("mean", "mean", "mean({0})"),
    "mm": Operation("@", "matrix product", "{0} @ {1}", (Binds.POWER, Binds.POWER)),
    "mul": Operation("×", "multiplication", "{0}·{1}", (Binds.PRODUCT, Binds.PRODUCT)),
    "mv": Operation("@", "matrix-vector product", "{0} @ {1}", (Binds.POWER, Binds.POWER)),
    "neg": Operation("−", "negation", "−{0}", (Binds.PRODUCT,)),
    "pow": Operation("xⁿ", "power", "{0}^{1}", (Binds.ATOM, Binds.ATOM)),
    "relu": Operation("relu", "rectifier", "relu({0})"),
    "rsub": Operation("−", "subtraction from a constant", "{1} − {0}", (Binds.PRODUCT, Binds.SUM)),
    "sigmoid": Operation("σ", "sigmoid", "σ({0})"),
    "sin": Operation("sin", "sine", "sin({0})"),
    "sqrt": Operation("√", "square root", "√{0}", (Binds.ATOM,)),
    "sub": Operation("−", "subtraction", "{0} − {1}", (Binds.SUM, Binds.PRODUCT)),
    "sum": Operation("Σ", "sum", "sum({0})"),
    "tanh": Operation("tanh", "hyperbolic tangent", "tanh({0})"),
}

VARIANTS: dict[str, Operation] = {
    "PowBackward2": Operation("nˣ", "power of a constant", "{1}^{0}", (Binds.ATOM, Binds.ATOM)),
}
"""Nodes that do something else than their stem says, by torch's full name."""

_STEM = re.compile(r"^(?P<stem>\w+?)Backward\d*$")
_SIGNS = {"+": Binds.SUM, "−": Binds.SUM, "·": Binds.PRODUCT, "/": Binds.PRODUCT, "@": Binds.PRODUCT, "^": Binds.POWER}


def stem(name: str) -> str:
    """The lower-case operation inside a backward node's name or a torch function's name: `mul` of `MulBackward0`."""
    match = _STEM.match(name)
    return (match["stem"] if match else name.strip("_")).lower()


@lru_cache(maxsize=512)
def find(name: str) -> Operation:
    """The table's entry for a torch node or function name; an operation it does not know speaks for itself."""
    if name == "AccumulateGrad":
        return LEAF
    if name == "input":
        return INPUT
    key = stem(name)
    return VARIANTS.get(name) or OPERATIONS.get(key) or Operation(key, key)


@lru_cache(maxsize=4096)
def write(name: str, operands: tuple[str, ...]) -> str:
    """The operation with its operands put in, as in `1 − y`; empty where the operands are not known."""
    operation = find(name)
    if operation.form.count("{") > len(operands):
        return ""
    needs = operation.needs + (Binds.SUM,) * (len(operands) - len(operation.needs))
    bracketed = [f"({o})" if binds(o) < needed else o for o, needed in zip(operands, needs, strict=False)]
    return operation.form.format(*bracketed)


def binds(text: str) -> Binds:
    """How tightly a written expression holds together, by the loosest sign outside all brackets."""
    depth, loosest = 0, Binds.SIGN if text.startswith("−") else Binds.ATOM
    for place, character in enumerate(text):
        depth += (character in "(|") - (character in ")|")
        if depth == 0 and place and character in _SIGNS:
            loosest = min(loosest, _SIGNS[character])
    return Binds.POWER if text.startswith("√") and loosest is Binds.ATOM else loosest
