"""The table of operations against the nodes that torch really makes, and the brackets of what is written."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from components.engine import operations
from components.engine.operations import INPUT, LEAF, OPERATIONS, Operation

MATRIX, VECTOR = torch.eye(2), torch.ones(2)

PROGRAMS: dict[str, Callable[[Tensor], Tensor]] = {
    "abs": torch.abs,
    "add": lambda x: x + 1,
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
