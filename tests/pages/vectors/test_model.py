"""Vectors: the notebook's numbers, torch's real error, and a second opinion of every derivative."""

import json
import subprocess
import sys

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from components.pages.vectors import model as vectors
from components.pages.vectors.model import Inputs, Run

ERROR = "RuntimeError: grad can be implicitly created only for scalar outputs"
REDUCTIONS = list(vectors.PROGRAMS)
EIGHT = (-4.0, -3.3, -2.0, -0.1, 0.0, 2.5, 9.9, 10.0)
STATES = [
    Inputs(values, reduce, v)
    for reduce in REDUCTIONS
    for values, v in [
        ((1.0, 2.0, 3.0), (1.0, 1.0, 1.0)),
        (EIGHT, (1.0, -1.5, 0.0, 2.0, 3.0, -10.0, 0.1, 10.0)),
        ((-2.5,), (3.0,)),
        ((0.0, 0.0), (0.0, 1.0)),
    ]
]
entries = st.integers(-100, 100).map(lambda tenths: tenths / 10)
states = st.integers(1, 8).flatmap(
    lambda n: st.builds(
        Inputs,
        st.tuples(*[entries] * n),
        st.sampled_from(REDUCTIONS),
        st.tuples(*[entries] * n),
    )
)


def reduced(x: torch.Tensor, inputs: Inputs) -> torch.Tensor:
    """y once more, in float64 and without the page's program; a vector weighed by v."""
    squares = x * x
    if inputs.reduce == "none":
        return squares @ torch.tensor(inputs.v, dtype=torch.float64)
    return squares.sum() / (len(inputs.values) if inputs.reduce == "mean" else 1)


def printed(run: Run) -> list[tuple[str, str, str]]:
    return [(line.code, line.output, line.error) for line in run.lines]


def test_the_notebooks_cells_print_what_the_notebook_prints() -> None:
    assert printed(vectors.run(Inputs())) == [
        ("x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)", "", ""),
        ("y = (x ** 2).mean()", "", ""),
        ("y", "tensor(4.6667, grad_fn=<MeanBackward0>)", ""),
        ("y.backward()", "", ""),
        ("x.grad", "tensor([0.6667, 1.3333, 2.0000])", ""),
    ]


def test_the_notebooks_numbers() -> None:
    run = vectors.run(Inputs())
    assert run.y == 4.666666507720947
    assert run.grad == [0.6666666865348816, 1.3333333730697632, 2.0]
    assert run.jacobian == [run.grad]
    assert run.squares == [[2.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 6.0]]
    assert run.upstream == [0.3333333432674408] * 3
    assert run.error == ""


def test_a_sum_passes_back_ones() -> None:
    run = vectors.run(Inputs(reduce="sum"))
    assert (run.y, run.upstream, run.grad, run.jacobian) == (14.0, [1.0] * 3, [2.0, 4.0, 6.0], [[2.0, 4.0, 6.0]])


def test_backward_on_a_vector_is_torchs_own_error_and_v_the_way_round_it() -> None:
    run = vectors.run(Inputs(reduce="none", v=(1.0, -1.0, 0.5)))
    assert run.error == ERROR
    assert [code for code, _, error in printed(run) if error] == ["y.backward()"]
    assert printed(run)[-3:] == [
        ("v = torch.tensor([1.0, -1.0, 0.5])", "", ""),
        ("y.backward(gradient=v)", "", ""),
        ("x.grad", "tensor([ 2., -4.,  3.])", ""),
    ]
    assert (run.y, run.grad) == ([1.0, 4.0, 9.0], [2.0, -4.0, 3.0])
    assert run.jacobian == run.squares


def test_ones_are_the_sum() -> None:
    """The other cure: y.sum().backward()."""
    values = (1.5, -2.0, 0.3)
    x = torch.tensor(values, requires_grad=True)
    (x**2).sum().backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None
    assert vectors.run(Inputs(values, "none")).grad == x.grad.tolist()


def test_a_vector_of_one_entry_needs_no_v_and_is_not_refused() -> None:
    run = vectors.run(Inputs((3.0,), "none", (2.0,)))
    assert run.error == ""
    assert "y.backward()" not in [line.code for line in run.lines]
    assert (run.y, run.grad, run.jacobian) == ([9.0], [12.0], [[6.0]])
    x = torch.tensor([3.0], requires_grad=True)
    (x**2).backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None
    assert x.grad.tolist() == [6.0]


@pytest.mark.parametrize("inputs", STATES, ids=str)
def test_the_jacobian_is_that_of_torchs_own_function(inputs: Inputs) -> None:
    x = torch.tensor(inputs.values)
    functions = {"mean": lambda x: (x**2).mean(), "sum": lambda x: (x**2).sum(), "none": lambda x: x**2}
    jacobian = torch.autograd.functional.jacobian(functions[inputs.reduce], x)  # type: ignore[no-untyped-call]
    run = vectors.run(inputs)
    assert run.jacobian == jacobian.reshape(-1, len(x)).tolist()
    assert run.squares == torch.diag(2 * x).tolist()


@given(states)
def test_the_gradient_agrees_with_the_closed_form_and_a_central_difference(inputs: Inputs) -> None:
    run = vectors.run(inputs)
    weights = {"mean": [1 / len(inputs.values)] * 8, "sum": [1.0] * 8, "none": list(inputs.v)}[inputs.reduce]
    closed = [2 * x * weight for x, weight in zip(inputs.values, weights, strict=False)]
    assert run.grad == pytest.approx(closed, rel=1e-6)
    at = torch.tensor(inputs.values, dtype=torch.float64)
    steps = 1e-5 * torch.eye(len(at), dtype=torch.float64)
    numeric = [float(reduced(at + h, inputs) - reduced(at - h, inputs)) / 2e-5 for h in steps]
    assert run.grad == pytest.approx(numeric, rel=1e-5, abs=1e-4)


@given(states)
def test_upstream_times_jacobian_is_the_gradient(inputs: Inputs) -> None:
    run = vectors.run(inputs)
    product = torch.tensor(run.upstream) @ torch.tensor(run.squares)
    assert run.grad == pytest.approx(product.tolist(), rel=1e-6)
    assert len(run.squares) == len(run.upstream) == len(inputs.values)


@pytest.mark.parametrize("inputs", STATES, ids=str)
def test_the_graph_says_the_same(inputs: Inputs) -> None:
    run = vectors.run(inputs)
    graph = run.snapshot.graph
    last = {"mean": "MeanBackward0", "sum": "SumBackward0", "none": "PowBackward0"}[inputs.reduce]
    ids = ["x", "y"] if inputs.reduce == "none" else ["x", "pow", "y"]
    assert [node.id for node in graph.nodes] == ids
    assert [graph.nodes[0].op, graph.nodes[-1].op] == ["AccumulateGrad", last]
    assert graph.node("x").gradient == run.grad
    assert graph.node("y").value == run.y
    assert graph.nodes[1].gradient == run.upstream


FRESH = """
import json, sys, torch
printed = []
sys.displayhook = lambda value: value is None or printed.append(repr(value))

def say(line, names):
    printed.clear()
    try:
        exec(compile(line, "cell", "single"), names)
    except Exception as error:
        printed.append(f"{type(error).__name__}: {error}")
    return "".join(printed)

def run(lines):
    names = {"torch": torch}
    return [say(line, names) for line in lines]

json.dump([run(lines) for lines in json.load(sys.stdin)], sys.stdout)
"""
"""Each line as a cell of a notebook, one after the other, in names of each program's own."""


def test_the_lines_shown_print_the_same_in_a_fresh_interpreter() -> None:
    runs = [vectors.run(inputs) for inputs in STATES]
    programs = json.dumps([[line.code for line in run.lines] for run in runs])
    done = subprocess.run([sys.executable, "-c", FRESH], input=programs, capture_output=True, text=True, check=True)
    said = [[line.output or line.error for line in run.lines] for run in runs]
    assert json.loads(done.stdout) == said


def test_nothing_is_kept_from_one_run_to_the_next() -> None:
    assert vectors.run(Inputs()).grad == vectors.run(Inputs()).grad
    assert vectors.run(Inputs()).snapshot.graph.node("pow").op == vectors.SQUARES == "PowBackward0"
