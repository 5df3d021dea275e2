"""What torch's backward nodes are called in plain words: one table, one line per operation."""

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Operation:
    """How an operation is written (`symbol`), said (`word`) and spelled out with its operands (`form`)."""

    symbol: str
    word: str
    form: str = ""


LEAF = Operation("", "leaf, where the gradient is kept")
INPUT = Operation("", "input that takes no gradient")

OPERATIONS: dict[str, Operation] = {
    "abs": Operation("|·|", "absolute value", "|{0}|"),
    "add": Operation("+", "addition", "{0} + {1}"),
    "clamp": Operation("clamp", "clamp to a range", "clamp({0})"),
    "cos": Operation("cos", "cosine", "cos({0})"),
    "div": Operation("÷", "division", "{0} / {1}"),
    "exp": Operation("exp", "exponential", "exp({0})"),
    "log": Operation("log", "natural logarithm", "log({0})"),
    "mean": Operation("mean", "mean", "mean({0})"),
    "mm": Operation("@", "matrix product", "{0} @ {1}"),
    "mul": Operation("×", "multiplication", "{0}·{1}"),
    "mv": Operation("@", "matrix-vector product", "{0} @ {1}"),
    "neg": Operation("−", "negation", "−{0}"),
    "pow": Operation("xⁿ", "power", "{0}^{1}"),
    "relu": Operation("relu", "rectifier", "relu({0})"),
    "rsub": Operation("−", "subtraction from a constant", "{1} − {0}"),
    "sigmoid": Operation("σ", "sigmoid", "σ({0})"),
    "sin": Operation("sin", "sine", "sin({0})"),
    "sqrt": Operation("√", "square root", "√{0}"),
    "sub": Operation("−", "subtraction", "{0} − {1}"),
    "sum": Operation("Σ", "sum", "sum({0})"),
    "tanh": Operation("tanh", "hyperbolic tangent", "tanh({0})"),
}

_STEM = re.compile(r"^(?P<stem>\w+?)Backward\d*$")
_BINDS_TIGHTER_THAN_ADDITION = ("{0}·", "−{", "{0}^", "√", "{0} /", "{0} @", "{1} −", "{0} −")


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
    return OPERATIONS.get(key) or Operation(key, key)


@lru_cache(maxsize=4096)
def write(name: str, operands: tuple[str, ...]) -> str:
    """The operation with its operands put in, as in `1 − y`; empty where the operands are not known."""
    form = find(name).form
    if form.count("{") > len(operands):
        return ""
    if form.startswith(_BINDS_TIGHTER_THAN_ADDITION):
        operands = tuple(f"({text})" if _is_sum(text) else text for text in operands)
    return form.format(*operands)


def _is_sum(text: str) -> bool:
    """Whether a `+` or `−` stands outside all brackets."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and place and character in "+−":
            return True
    return False
