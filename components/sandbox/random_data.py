"""Random numbers in the place of data that is loaded: their shape, as far as a program tells it."""

import ast
import re
from collections.abc import Mapping
from typing import NamedTuple

from components.sandbox.rewriting import dotted

SHAPE, COUNT = "⟨shape⟩", "⟨n⟩"
"""Where the shape of the data, and how many there are, stand in a text."""

UNKNOWN = (8, 2)
BATCH = 64
MOST_ROWS = 64
MOST_PICTURES = 8
GUESSED_SIDE = 32
BATCHES = 4
LARGEST_LENGTH = 4096

SETS: Mapping[str, tuple[tuple[int, ...], int]] = {
    **dict.fromkeys(("MNIST", "FashionMNIST", "KMNIST", "QMNIST", "EMNIST"), ((1, 28, 28), 10)),
    "CIFAR10": ((3, 32, 32), 10),
    "CIFAR100": ((3, 32, 32), 100),
    "SVHN": ((3, 32, 32), 10),
    "load_iris": ((4,), 3),
    "load_wine": ((13,), 3),
    "load_digits": ((64,), 10),
    "load_breast_cancer": ((30,), 2),
    "load_diabetes": ((10,), 0),
    "fetch_california_housing": ((8,), 0),
    "make_moons": ((2,), 2),
    "make_circles": ((2,), 2),
    "make_blobs": ((2,), 3),
}
"""Known data sets: the shape of one entry, and how many classes there are (0: the label is a number)."""

_LABELS = re.compile(r"(y|labels?|targets?|classes|t)(_|\d|$)", re.IGNORECASE)


class Facts(NamedTuple):
    """What a program tells of its data: numbers that names stand for, the shape of one entry (None: unknown) and where
    that is from, how many there are, and of labels the number of classes (0: they are numbers, `width` in a row).
    """

    constants: Mapping[str, int]
    entry: tuple[int, ...] | None
    said: str
    rows: int
    classes: int
    width: int


class Data(NamedTuple):
    """Random data: an expression with places for the shape, a first shape, and where that is from ("": unknown)."""

    text: str
    shape: tuple[int, ...]
    said: str


def facts_of(tree: ast.Module) -> Facts:
    """What the layers, the loss and the loaders of a program tell."""
    constants = _constants(tree)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    named = [(_last(call), call) for call in calls]
    entry, said = _entry(named, constants)
    rows = next((n for _, call in named if (n := _keyword(call, "batch_size", constants))), BATCH)
    widths = [n for name, call in named if name == "Linear" and (n := _argument(call, 1, "out_features", constants))]
    names = {name for name, _ in named} | {dotted(call.func).rpartition(".")[2] for call in calls}
    width = widths[-1] if widths else 1
    known = next((SETS[name][1] for name, _ in named if name in SETS), 0)
    rows = min(rows, MOST_PICTURES if entry and len(entry) > 1 else MOST_ROWS)
    if names & {"BCELoss", "BCEWithLogitsLoss", "binary_cross_entropy", "binary_cross_entropy_with_logits"}:
        return Facts(constants, entry, said, rows, 0, -width)
    if names & {"CrossEntropyLoss", "cross_entropy", "NLLLoss", "nll_loss"}:
        return Facts(constants, entry, said, rows, known or max(width, 2), 1)
    is_fit = bool(names & {"MSELoss", "mse_loss", "L1Loss", "l1_loss"})
    return Facts(constants, entry, said, rows, 0 if is_fit else known, width)


def _entry(named: list[tuple[str, ast.Call]], constants: Mapping[str, int]) -> tuple[tuple[int, ...] | None, str]:
    for name, _ in named:
        if name in SETS:
            shape = SETS[name][0]
            return shape, f"an entry of {name} is {' × '.join(map(str, shape))}"
    for name, call in named:
        if name == "Linear" and (length := _argument(call, 0, "in_features", constants)):
            return (length,), f"`Linear({length}, …)` in line {call.lineno} takes {length} numbers"
        if name == "Conv2d" and (channels := _argument(call, 0, "in_channels", constants)):
            guess = f"{GUESSED_SIDE} × {GUESSED_SIDE} is a guess"
            return (channels, GUESSED_SIDE, GUESSED_SIDE), f"`Conv2d({channels}, …)` takes {channels} channels; {guess}"
        if name in ("Conv1d", "RNN", "LSTM", "GRU"):
            break
    return None, ""


def random_features(facts: Facts, value: ast.AST, random_seed: str) -> Data:
    """Numbers of the shape that the loaded ones would have."""
    shape, said = _written_shape(value, facts)
    return Data(f"torch.randn({SHAPE}, generator=torch.Generator().manual_seed({random_seed}))", shape, said)


def random_labels(facts: Facts, random_seed: str) -> str:
    """Labels for as many entries."""
    generator = f"generator=torch.Generator().manual_seed({random_seed})"
    if facts.classes:
        return f"torch.randint(0, {facts.classes}, ({COUNT},), {generator})"
    if facts.width < 0:
        return f"torch.randint(0, 2, ({COUNT}, {-facts.width}), {generator}).float()"
    return f"torch.randn({COUNT}, {facts.width}, {generator})"


def random_batches(facts: Facts, value: ast.AST, random_seed: int) -> Data:
    """A list of batches, as a loader of data gives them."""
    batch = random_features(facts, value, f"{random_seed} + batch")
    labels = random_labels(facts, f"{random_seed} + batch")
    return batch._replace(text=f"[({batch.text}, {labels}) for batch in range({BATCHES})]")


def random_set(facts: Facts, value: ast.AST, random_seed: str) -> Data:
    """A list of entries with their labels, as a set of data gives them."""
    entries = random_features(facts, value, random_seed)
    return entries._replace(text=f"list(zip({entries.text}, {random_labels(facts, random_seed)}))")


def is_label(name: str) -> bool:
    """Whether a name is one that labels usually have."""
    return _LABELS.match(name) is not None


def _written_shape(value: ast.AST, facts: Facts) -> tuple[tuple[int, ...], str]:
    """The shape that the loading call itself says, or else the program's first layer."""
    for call in (node for node in ast.walk(value) if isinstance(node, ast.Call)):
        name = _last(call)
        lengths = [_number(argument, facts.constants) for argument in call.args]
        if name in ("rand", "randn", "zeros", "ones") and lengths and all(lengths):
            return tuple(n for n in lengths if n), "the shape is the one that is written there"
        rows = _keyword(call, "n_samples", facts.constants)
        columns = _keyword(call, "n_features", facts.constants)
        if rows or columns or name in SETS:
            entry = SETS[name][0] if name in SETS else (columns or (facts.entry or UNKNOWN)[-1],)
            most = MOST_PICTURES if len(entry) > 1 else MOST_ROWS
            return (min(rows or facts.rows, most), *entry), f"as `{name}` gives it"
    if facts.entry is None:
        return UNKNOWN, ""
    return (facts.rows, *facts.entry), facts.said


def _constants(tree: ast.Module) -> dict[str, int]:
    """Names that stand for one whole number."""
    found: dict[str, int] = {}
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(node, ast.Assign) and (n := _number(node.value, {})):
                found[target.id] = n
    return found


def _number(node: ast.AST | None, constants: Mapping[str, int]) -> int:
    """A length that is written there, or that a name stands for; 0 where there is none."""
    if isinstance(node, ast.Name):
        return constants.get(node.id, 0)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        product = _number(node.left, constants) * _number(node.right, constants)
        return product if product <= LARGEST_LENGTH else 0
    is_length = isinstance(node, ast.Constant) and type(node.value) is int and 0 < node.value <= LARGEST_LENGTH
    return node.value if is_length else 0  # type: ignore[union-attr]


def _argument(call: ast.Call, place: int, name: str, constants: Mapping[str, int]) -> int:
    given = call.args[place] if place < len(call.args) else None
    return _number(given, constants) or _keyword(call, name, constants)


def _keyword(call: ast.Call, name: str, constants: Mapping[str, int]) -> int:
    return next((_number(keyword.value, constants) for keyword in call.keywords if keyword.arg == name), 0)


def _last(call: ast.Call) -> str:
    """The last part of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else dotted(call.func)
