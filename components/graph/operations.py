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

    `needs` is how tightly each operand has to bind to stand without brackets; `derivatives` are the local derivatives
    by each operand, `{out}` being the result (none where that is a matrix and not one number per entry).
    """

    symbol: str
    word: str
    form: str = ""
    needs: tuple[Binds, ...] = ()
    derivatives: tuple[str, ...] = ()


LEAF = Operation("", "leaf, where the gradient is kept")
INPUT = Operation("", "input that takes no gradient")

OPERATIONS: dict[str, Operation] = {
    "abs": Operation("|·|", "absolute value", "|{0}|", derivatives=("|{0}| / {0}",)),
    "add": Operation("+", "addition", "{0} + {1}", (Binds.SUM, Binds.PRODUCT), derivatives=("1", "1")),
    "binarycrossentropy": Operation(
        "BCE",
        "binary cross-entropy of a prediction",
        "BCE({0}, {1})",
        derivatives=("({0} − {1}) / max({0}·(1 − {0}), 1e−12)",),
    ),
    "binarycrossentropywithlogits": Operation(
        "BCE",
        "binary cross-entropy of a logit, sigmoid and logarithm in one",
        "BCE_logits({0}, {1})",
        derivatives=("σ({0}) − {1}",),
    ),
    "clamp": Operation("clamp", "clamp to a range", "clamp({0})", derivatives=('1 "inside the limits, 0 outside"',)),
    "cos": Operation("cos", "cosine", "cos({0})", derivatives=("−sin({0})",)),
    "div": Operation(
        "÷", "division", "{0} / {1}", (Binds.PRODUCT, Binds.POWER), derivatives=("1 / {1}", "−{0} / {1}^2")
    ),
    "exp": Operation("exp", "exponential", "exp({0})", derivatives=("{out}",)),
    "log": Operation("log", "natural logarithm", "log({0})", derivatives=("1 / {0}",)),
    "mean": Operation("mean", "mean", "mean({0})", derivatives=("1 / n",)),
    "mm": Operation("@", "matrix product", "{0} @ {1}", (Binds.POWER, Binds.POWER)),
    "mul": Operation("×", "multiplication", "{0}·{1}", (Binds.PRODUCT, Binds.PRODUCT), derivatives=("{1}", "{0}")),
    "mv": Operation("@", "matrix-vector product", "{0} @ {1}", (Binds.POWER, Binds.POWER)),
    "neg": Operation("−", "negation", "−{0}", (Binds.PRODUCT,), derivatives=("−1",)),
    "pow": Operation(
        "xⁿ", "power", "{0}^{1}", (Binds.ATOM, Binds.ATOM), derivatives=("{1}·{0}^({1} − 1)", "{out}·log({0})")
    ),
    "relu": Operation("relu", "rectifier", "relu({0})", derivatives=('1 "where" {0} > 0 "and 0 elsewhere"',)),
    "rsub": Operation(
        "−", "subtraction from a constant", "{1} − {0}", (Binds.PRODUCT, Binds.SUM), derivatives=("−1", "1")
    ),
    "sigmoid": Operation("σ", "sigmoid", "σ({0})", derivatives=("{out}·(1 − {out})",)),
    "sin": Operation("sin", "sine", "sin({0})", derivatives=("cos({0})",)),
    "sqrt": Operation("√", "square root", "√{0}", (Binds.ATOM,), derivatives=("1 / (2·{out})",)),
    "sub": Operation("−", "subtraction", "{0} − {1}", (Binds.SUM, Binds.PRODUCT), derivatives=("1", "−1")),
    "sum": Operation("Σ", "sum", "sum({0})", derivatives=("1",)),
    "tanh": Operation("tanh", "hyperbolic tangent", "tanh({0})", derivatives=("1 − {out}^2",)),
}

VARIANTS: dict[str, Operation] = {
    "PowBackward2": Operation(
        "nˣ", "power of a constant", "{1}^{0}", (Binds.ATOM, Binds.ATOM), derivatives=("{out}·log({1})",)
    ),
}
"""Nodes that do something else than their stem says, by torch's full name."""

PRIMED = frozenset(("clamp", "cos", "exp", "log", "relu", "sigmoid", "sin", "tanh"))
"""Functions of one number whose derivative is written with a prime, as in `σ′(z)`."""

WITHOUT_NODE: dict[str, Operation] = {
    "detach": Operation("✂", "the same data without its history", "{0}.detach()", (Binds.ATOM,)),
    "item": Operation("item", "a plain number of Python’s", "{0}.item()", (Binds.ATOM,)),
    "argmax": Operation("argmax", "the place of the largest entry", "argmax({0})"),
    "argmin": Operation("argmin", "the place of the smallest entry", "argmin({0})"),
    "float": Operation("float", "another type of numbers", "{0}.float()", (Binds.ATOM,)),
    "double": Operation("double", "another type of numbers", "{0}.double()", (Binds.ATOM,)),
    "long": Operation("long", "whole numbers", "{0}.long()", (Binds.ATOM,)),
    "gt": Operation(">", "comparison", "({0} > {1})"),
    "ge": Operation("≥", "comparison", "({0} ≥ {1})"),
    "lt": Operation("<", "comparison", "({0} < {1})"),
    "le": Operation("≤", "comparison", "({0} ≤ {1})"),
    "eq": Operation("=", "comparison", "({0} = {1})"),
    "ne": Operation("≠", "comparison", "({0} ≠ {1})"),
}
"""Functions whose result has no history, so that torch has no node for them."""

_STEM = re.compile(r"^(?P<stem>\w+?)Backward\d*$")
_EXPONENT = re.compile(r"\de$")
_SIGNS = {"+": Binds.SUM, "−": Binds.SUM, "·": Binds.PRODUCT, "/": Binds.PRODUCT, "@": Binds.PRODUCT, "^": Binds.POWER}


def stem(name: str) -> str:
    """The lower-case operation inside a backward node's name or a torch function's name: `mul` of `MulBackward0`."""
    match = _STEM.match(name)
    return (match["stem"] if match else name.strip("_")).lower()


@lru_cache(maxsize=512)
def torch_name(name: str) -> str:
    """A backward node's name without its namespace, as in `MulBackward0`."""
    return name.rpartition("::")[2]


@lru_cache(maxsize=512)
def find(name: str) -> Operation:
    """The table's entry for a torch node or function name; an operation it does not know speaks for itself."""
    if name == "AccumulateGrad":
        return LEAF
    if name == "input":
        return INPUT
    key = stem(name)
    return VARIANTS.get(name) or OPERATIONS.get(key) or WITHOUT_NODE.get(key) or Operation(key, key)


@lru_cache(maxsize=4096)
def write(name: str, operands: tuple[str, ...]) -> str:
    """The operation with its operands put in, as in `1 − y`; empty where the operands are not known."""
    operation = find(name)
    if operation.form.count("{") > len(operands):
        return ""
    needs = operation.needs + (Binds.SUM,) * (len(operands) - len(operation.needs))
    bracketed = [f"({o})" if binds(o) < needed else o for o, needed in zip(operands, needs, strict=False)]
    return operation.form.format(*bracketed)


def write_derivative(name: str, slot: int, operands: tuple[str, ...], result: str) -> str:
    """The local derivative by operand `slot`, operands put in, as in `1 / ŷ`; empty where there is no formula."""
    forms = find(name).derivatives
    form = forms[slot] if slot < len(forms) else ""
    if form.count("{1}") and len(operands) < 2:
        return ""
    if form in ("{0}", "{1}", "{out}"):
        return form.format(*operands, out=result)
    bracketed = [text if binds(text) is Binds.ATOM else f"({text})" for text in (*operands, result)]
    return form.format(*bracketed, out=bracketed[-1])


def name_derivative(name: str, slot: int, operands: tuple[str, ...]) -> str:
    """What the local derivative by operand `slot` is called: `σ′(z)`, the other factor of a product, or a number.

    Empty where it has no name so short.
    """
    operation = find(name)
    form = operation.derivatives[slot] if slot < len(operation.derivatives) else ""
    if stem(name) in PRIMED:
        return f"{operation.symbol}′({operands[0]})" if operands else ""
    if form in ("{0}", "{1}") and len(operands) == 2:
        text = form.format(*operands)
        return text if binds(text) >= Binds.PRODUCT else f"({text})"
    return f"({form})" if form == "−1" else form if form == "1" else ""


def binds(text: str) -> Binds:
    """How tightly a written expression holds together, by the loosest sign outside all brackets."""
    depth, loosest = 0, Binds.SIGN if text.startswith("−") else Binds.ATOM
    for place, character in enumerate(text):
        depth += (character in "(|") - (character in ")|")
        if depth == 0 and place and character in _SIGNS and not _EXPONENT.search(text[:place]):
            loosest = min(loosest, _SIGNS[character])
    return Binds.POWER if text.startswith("√") and loosest is Binds.ATOM else loosest
