"""The table of operations against the nodes that torch really makes, and the brackets of what is written."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from components.graph import operations, read
from components.graph.operations import INPUT, LEAF, OPERATIONS, Operation
from components.graph.record import Recording

MATRIX, VECTOR = torch.eye(2), torch.ones(2)

PROGRAMS: dict[str, Callable[[Tensor], Tensor]] = {
    "abs": torch.abs,
    "add": lambda x: x + 1,
    "binarycrossentropy": lambda x: functional.binary_cross_entropy(x, torch.tensor(1.0)),
    "binarycrossentropywithlogits": lambda x: functional.binary_cross_entropy_with_logits(x, torch.tensor(1.0)),
    "clamp": lambda x: torch.clamp(x, 0, 1),
    "cos": torch.cos,
    "div": lambda x: x / 2,
    "exp": torch.exp,
    "log": torch.log,
    "mean": torch.mean,
    "mm": lambda x: (MATRIX * x) @ MATRIX,
    "mul": lambda x: x * 2,
    "mv": lambda x: (MATRIX * x) @ VECTOR,
    "neg": lambda x: -x,
    "pow": lambda x: x**2,
    "relu": torch.relu,
    "rsub": lambda x: 1 - x,
    "sigmoid": torch.sigmoid,
    "sin": torch.sin,
    "sqrt": torch.sqrt,
    "sub": lambda x: x - 1,
    "sum": torch.sum,
    "tanh": torch.tanh,
}


def node_name(program: Callable[[Tensor], Tensor]) -> str:
    made_by = program(torch.tensor(0.5, requires_grad=True)).grad_fn
    assert made_by is not None
    return made_by.name()


def test_every_entry_has_a_program() -> None:
    assert PROGRAMS.keys() == OPERATIONS.keys()


@pytest.mark.parametrize("key", OPERATIONS)
def test_every_entry_is_a_node_that_torch_makes(key: str) -> None:
    name = node_name(PROGRAMS[key])
    assert operations.stem(name) == key
    assert operations.find(name) is OPERATIONS[key]


@pytest.mark.parametrize("key", OPERATIONS)
def test_every_entry_has_a_symbol_a_word_and_a_form(key: str) -> None:
    operation = OPERATIONS[key]
    assert operation.symbol
    assert operation.word
    assert "{0}" in operation.form


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("MulBackward0", "mul"),
        ("ClampBackward1", "clamp"),
        ("BackwardHookBackward", "backwardhook"),
        ("__rsub__", "rsub"),
        ("mul_", "mul"),
        ("sigmoid", "sigmoid"),
    ],
)
def test_stem(name: str, stem: str) -> None:
    assert operations.stem(name) == stem


def test_leaves_and_inputs_are_known_by_name() -> None:
    assert operations.find("AccumulateGrad") is LEAF
    assert operations.find("input") is INPUT


def test_torchs_leaf_is_called_what_the_table_expects() -> None:
    product = (torch.tensor(1.0, requires_grad=True) * 2).grad_fn
    assert product is not None
    (leaf, _), _ = product.next_functions
    assert leaf is not None
    assert leaf.name().rpartition("::")[2] == "AccumulateGrad"


def test_an_unknown_operation_speaks_for_itself() -> None:
    assert operations.find("ErfinvBackward0") == Operation("erfinv", "erfinv")
    assert operations.write("ErfinvBackward0", ("x",)) == ""


@pytest.mark.parametrize(
    ("name", "operands", "written"),
    [
        ("MulBackward0", ("w", "x"), "w·x"),
        ("MulBackward0", ("a + b", "c"), "(a + b)·c"),
        ("MulBackward0", ("a", "b − c"), "a·(b − c)"),
        ("MulBackward0", ("σ(a + b)", "c"), "σ(a + b)·c"),
        ("MulBackward0", ("(a + b)·c", "d"), "(a + b)·c·d"),
        ("MulBackward0", ("(a + b)·(c + d)", "e + f"), "(a + b)·(c + d)·(e + f)"),
        ("AddBackward0", ("w·x", "b"), "w·x + b"),
        ("AddBackward0", ("a + b", "c"), "a + b + c"),
        ("SubBackward0", ("a", "b − c"), "a − (b − c)"),
        ("RsubBackward1", ("p", "1"), "1 − p"),
        ("RsubBackward1", ("a + b", "1"), "1 − (a + b)"),
        ("__rsub__", ("y", "1"), "1 − y"),
        ("NegBackward0", ("a + b",), "−(a + b)"),
        ("NegBackward0", ("a·b",), "−a·b"),
        ("DivBackward0", ("a + b", "2"), "(a + b) / 2"),
        ("DivBackward0", ("a", "b + c"), "a / (b + c)"),
        ("PowBackward0", ("x", "2"), "x^2"),
        ("PowBackward0", ("x + 1", "2"), "(x + 1)^2"),
        ("PowBackward0", ("sin(x)", "2"), "sin(x)^2"),
        ("SqrtBackward0", ("a + b",), "√(a + b)"),
        ("LogBackward0", ("1 − p",), "log(1 − p)"),
        ("AbsBackward0", ("a − b",), "|a − b|"),
        ("MmBackward0", ("a + b", "c"), "(a + b) @ c"),
        ("MeanBackward0", ("x^2",), "mean(x^2)"),
    ],
)
def test_write(name: str, operands: tuple[str, ...], written: str) -> None:
    assert operations.write(name, operands) == written


@pytest.mark.parametrize(
    ("name", "operands", "written"),
    [
        ("PowBackward0", ("a·b", "2"), "(a·b)^2"),
        ("PowBackward0", ("−x", "2"), "(−x)^2"),
        ("PowBackward0", ("x^2", "3"), "(x^2)^3"),
        ("DivBackward0", ("a", "b·c"), "a / (b·c)"),
        ("DivBackward0", ("a", "b / c"), "a / (b / c)"),
        ("SqrtBackward0", ("a·b",), "√(a·b)"),
    ],
)
def test_what_binds_less_tightly_is_bracketed(name: str, operands: tuple[str, ...], written: str) -> None:
    assert operations.write(name, operands) == written


@pytest.mark.parametrize(("name", "operands"), [("MulBackward0", ("x",)), ("AddBackward0", ()), ("SinBackward0", ())])
def test_nothing_is_written_where_an_operand_is_unknown(name: str, operands: tuple[str, ...]) -> None:
    assert operations.write(name, operands) == ""


@pytest.mark.parametrize("operand", ["{0}", "{1}", "{x}", "}", "%s", "<b>"])
def test_an_operand_is_never_taken_for_a_place(operand: str) -> None:
    assert operations.write("SinBackward0", (operand,)) == f"sin({operand})"


DERIVED: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "add": lambda a, b: a + b,
    "binarycrossentropy": lambda a, b: functional.binary_cross_entropy(a, b.detach(), reduction="none"),
    "binarycrossentropywithlogits": lambda a, b: functional.binary_cross_entropy_with_logits(
        a, b.detach(), reduction="none"
    ),
    "div": lambda a, b: a / b,
    "mul": lambda a, b: a * b,
    "pow": lambda a, b: a**b,
    "rsub": torch.rsub,
    "sub": lambda a, b: a - b,
}
"""Programs of two operands; those of `PROGRAMS` with one are used as they are."""

POINTS = {"a": [0.5, 1.75], "b": [0.8, 2.25]}
PROBABILITIES = {"a": [0.3, 0.75], "b": [1.0, 0.25]}
LANGUAGE = {
    "−": "-", "·": "*", "^": "**", '"inside the limits, 0 outside"': "if 0 <= a <= 1 else 0", '"where"': "if",
    '"and 0 elsewhere"': "else 0",
}  # fmt: skip


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def evaluate(written: str, **numbers: float) -> float:
    """What a written derivative comes to: its signs and words are Python's after a little translation."""
    if written.startswith("|"):
        written = written.replace("|", "abs(", 1).replace("|", ")", 1)
    for ours, pythons in LANGUAGE.items():
        written = written.replace(ours, pythons)
    functions = {
        "sin": math.sin,
        "cos": math.cos,
        "log": math.log,
        "abs": abs,
        "max": max,
        "σ": sigmoid,
        "__builtins__": {},
    }
    return float(eval(written, functions, numbers))


def derivatives(key: str, sign: float = 1.0) -> list[tuple[str, str, list[float], list[float]]]:
    """For each operand of an operation: torch's name, the written formula, torch's numbers and the formula's."""
    points = PROBABILITIES if key == "binarycrossentropy" else POINTS
    a, b = (torch.tensor(points[name], dtype=torch.float64).requires_grad_() for name in "ab")
    with torch.no_grad():
        a *= sign
    with Recording() as recording:
        out = DERIVED[key](a, b) if key in DERIVED else PROGRAMS[key](a)
    graph = read.snapshot(out, recording, {"a": a, "b": b, "out": out}, upstream=torch.ones_like(out)).graph
    found = []
    for slot, e in enumerate(e for e in graph.edges if e.consumer == "out" and e.local is not None):
        written = operations.write_derivative(graph.node("out").op, slot, ("a", "b"), "out")
        rows = zip(a.tolist(), b.tolist(), out.expand(2).tolist(), strict=True)
        at = [dict(zip(("a", "b", "out"), row, strict=True)) for row in rows]
        assert isinstance(e.local, list)
        found.append((graph.node("out").op, written, e.local, [evaluate(written, n=2, **numbers) for numbers in at]))
    return found


WITH_FORMULA = [key for key in OPERATIONS if OPERATIONS[key].derivatives]


@pytest.mark.parametrize("key", WITH_FORMULA)
def test_every_written_derivative_comes_to_torchs(key: str) -> None:
    found = derivatives(key)
    assert len(found) == len(OPERATIONS[key].derivatives)
    for name, written, torchs, ours in found:
        assert operations.stem(name) == key
        assert ours == pytest.approx(torchs, rel=1e-12), written


def test_the_floor_in_the_derivative_of_binary_cross_entropy_is_torchs() -> None:
    """torch keeps its floor in float32, a few parts in a billion from the 1e−12 that is written."""
    p = torch.tensor([1e-14, 1e-13, 0.25], dtype=torch.float64, requires_grad=True)
    (torchs,) = torch.autograd.grad(functional.binary_cross_entropy(p, torch.ones_like(p), reduction="sum"), p)
    written = operations.write_derivative("BinaryCrossEntropyBackward0", 0, ("a", "b"), "out")
    assert [evaluate(written, a=a, b=1.0) for a in p.tolist()] == pytest.approx(torchs.tolist(), rel=1e-8)


@pytest.mark.parametrize("key", ["abs", "add", "clamp", "cos", "exp", "mul", "neg", "relu", "sigmoid", "sin", "tanh"])
def test_a_written_derivative_holds_below_zero_too(key: str) -> None:
    for _, written, torchs, ours in derivatives(key, sign=-1.0):
        assert ours == pytest.approx(torchs, rel=1e-12), written


@pytest.mark.parametrize("key", WITH_FORMULA)
def test_a_written_derivative_off_by_a_thousandth_would_be_noticed(key: str) -> None:
    for _, written, torchs, _ in derivatives(key):
        off = [1.001 * number if number else 0.001 for number in torchs]
        assert off != pytest.approx(torchs, rel=1e-12), written


@pytest.mark.parametrize("key", WITH_FORMULA)
def test_operands_keep_their_brackets_in_a_written_derivative(key: str) -> None:
    name = node_name(PROGRAMS[key])
    numbers = {"u": 3.0, "v": 1.25, "s": 0.5, "t": 4.0, "p": 0.75, "q": -0.25, "n": 2.0}
    for slot in range(len(OPERATIONS[key].derivatives)):
        whole = operations.write_derivative(name, slot, ("u − v", "s·t"), "p + q")
        apart = operations.write_derivative(name, slot, ("a", "b"), "out")
        a, b, out = 1.75, 2.0, 0.5
        expected = evaluate(apart, a=a, b=b, out=out, n=2.0)
        assert evaluate(whole, a=a, **numbers) == pytest.approx(expected, rel=1e-12), whole


def test_the_power_of_a_constant_has_a_derivative_of_its_own() -> None:
    assert operations.write_derivative("PowBackward2", 0, ("x", "2"), "y") == "y·log(2)"
    assert evaluate("y·log(2)", y=2**1.5) == pytest.approx((2 ** (1.5 + 1e-6) - 2 ** (1.5 - 1e-6)) / 2e-6, rel=1e-8)


@pytest.mark.parametrize(
    ("name", "slot", "operands", "result", "written"),
    [
        ("MulBackward0", 0, ("w", "x"), "w·x", "x"),
        ("MulBackward0", 1, ("w + 1", "x"), "h", "w + 1"),
        ("SigmoidBackward0", 0, ("z",), "y_pred", "y_pred·(1 − y_pred)"),
        ("LogBackward0", 0, ("1 − p",), "h", "1 / (1 − p)"),
        ("RsubBackward1", 0, ("p", "1"), "1 − p", "−1"),
        ("PowBackward0", 0, ("x", "2"), "y", "2·x^(2 − 1)"),
        ("MulBackward0", 0, ("w",), "h", ""),
        ("MulBackward0", 2, ("w", "x"), "h", ""),
        ("MmBackward0", 0, ("A", "B"), "C", ""),
        ("ErfinvBackward0", 0, ("x",), "y", ""),
        ("AccumulateGrad", 0, (), "w", ""),
        ("SinBackward0", 0, ("{0}",), "y", "cos({0})"),
    ],
)
def test_a_written_derivative(name: str, slot: int, operands: tuple[str, ...], result: str, written: str) -> None:
    assert operations.write_derivative(name, slot, operands, result) == written
