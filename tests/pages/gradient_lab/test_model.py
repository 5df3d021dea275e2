"""The lab's experiments: the notebook's outputs, torch's own errors, and the same code in a fresh interpreter."""

import json
import subprocess
import sys
import threading
import warnings
from functools import lru_cache

import pytest
import torch

from components.pages.gradient_lab import model as experiments
from components.pages.gradient_lab.model import EXPERIMENTS, MOST, Cell, Lab

BACKWARD_TWICE = (
    "RuntimeError: Trying to backward through the graph a second time (or directly access saved tensors after they have"
    " already been freed). Saved intermediate values of the graph are freed when you call .backward() or"
    " autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if you need"
    " to access saved tensors after calling backward."
)
NO_HISTORY = "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn"
IN_PLACE = (
    "RuntimeError: one of the variables needed for gradient computation has been modified by an inplace operation"
)

RUNS = [
    *[Lab(experiment=name, run=tuple(experiment.presses)) for name, experiment in EXPERIMENTS.items()],
    *[Lab(experiment=name, run=tuple(reversed(list(experiment.presses)))) for name, experiment in EXPERIMENTS.items()],
    *[Lab(experiment=name, run=(press,)) for name, experiment in EXPERIMENTS.items() for press in experiment.presses],
    Lab(x=-1.3, run=("backward",) * 5),
    Lab(run=("backward", "again", "retain", "again", "again")),
    Lab(experiment="leaf", run=("retain-grad", "backward", "y-grad", "backward", "forward", "y-grad")),
    Lab(experiment="requires-grad", run=("backward", "off", "backward", "on", "backward")),
    Lab(experiment="detach", run=("detach", "write", "backward", "forward", "backward", "y1-backward")),
    Lab(experiment="no-grad", run=("no-grad", "backward", "use", "z-backward", "forward", "backward")),
    Lab(experiment="no-grad", run=("use", "z-backward")),
]

FRESH = """
import ast, contextlib, io, json, sys, warnings
warnings.simplefilter("always")
answers, names = [], {}
exec("import torch", names)
for run in json.load(sys.stdin):
    names = {"torch": names["torch"]}
    said, failed = [], False
    for press in run:
        for source in press:
            out, err, value, error = io.StringIO(), [], "", ""
            with contextlib.redirect_stdout(out), warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                tree = ast.parse(source)
                last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
                try:
                    exec(compile(tree, "cell", "exec"), names)
                    if last is not None:
                        result = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
                        value = "" if result is None else repr(result)
                except Exception as raised:
                    error = type(raised).__name__ + ": " + str(raised)
            warned = "\\n".join(w.category.__name__ + ": " + str(w.message) for w in caught)
            said.append([source, out.getvalue().rstrip("\\n"), value, warned, error])
            if error:
                break
    answers.append(said)
print(json.dumps(answers))
"""


def presses_of(lab: Lab) -> list[list[str]]:
    """The code of a run, press by press, with the beginning first."""
    setup = [[source.format(x=repr(lab.x))] for source in experiments.SETUP]
    return setup + [list(EXPERIMENTS[lab.experiment].presses[name].cells) for name in lab.run]


@lru_cache(maxsize=1)
def fresh() -> list[list[list[str]]]:
    """What a new interpreter, which has never seen this app, says to the code of every run."""
    said = subprocess.run(
        [sys.executable, "-c", FRESH],
        input=json.dumps([presses_of(lab) for lab in RUNS]),
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[list[list[str]]] = json.loads(said.stdout)
    return answers


def last(experiment: str, *run: str, x: float = 2.0) -> Cell:
    return experiments.run(Lab(x, experiment, run)).cells[-1]


@pytest.mark.parametrize("number", range(len(RUNS)), ids=[str((lab.experiment, *lab.run)) for lab in RUNS])
def test_the_same_code_says_the_same_in_a_fresh_interpreter(number: int) -> None:
    assert [list(cell) for cell in experiments.run(RUNS[number]).cells] == fresh()[number]


def test_every_run_begins_as_the_notebook_does() -> None:
    first, second = experiments.run(Lab()).cells
    assert first == Cell("x = torch.tensor(2.0, requires_grad=True)\nx", "", "tensor(2., requires_grad=True)", "", "")
    assert second == Cell("y = x ** 2\ny", "", "tensor(4., grad_fn=<PowBackward0>)", "", "")


@pytest.mark.parametrize(
    ("experiment", "run", "value"),
    [
        ("accumulate", ("backward",), "tensor(4.)"),
        ("accumulate", ("backward", "zero"), "tensor(0.)"),
        ("requires-grad", ("backward",), "tensor(4.)"),
        ("requires-grad", ("backward", "off"), "tensor(4.)"),
        ("detach", ("forward",), "tensor(4., grad_fn=<PowBackward0>)"),
        ("detach", ("detach",), "tensor(4.)"),
        ("no-grad", ("no-grad",), "tensor(4.)"),
    ],
)
def test_the_notebooks_outputs(experiment: str, run: tuple[str, ...], value: str) -> None:
    assert last(experiment, *run).value == value


def test_the_notebooks_tensor_that_is_not_tracked() -> None:
    cells = experiments.run(Lab(experiment="requires-grad", run=("backward", "off"))).cells
    assert [cell.value for cell in cells[-2:]] == ["tensor(2.)", "tensor(4.)"]
    assert cells[-2].source == "x.requires_grad_(False)"


@pytest.mark.parametrize(
    ("experiment", "run"),
    [
        ("requires-grad", ("off", "backward")),
        ("detach", ("detach", "y1-backward")),
        ("no-grad", ("no-grad", "backward")),
    ],
)
def test_the_notebooks_three_commented_lines_raise_torchs_error(experiment: str, run: tuple[str, ...]) -> None:
    done = experiments.run(Lab(experiment=experiment, run=run))
    assert done.error == done.cells[-1].error == NO_HISTORY
    assert done.grad is None


def test_passes_add_up() -> None:
    done = experiments.run(Lab(run=("backward", "backward", "backward", "zero", "backward", "none", "backward")))
    assert done.history == (None, 4.0, 8.0, 12.0, 0.0, 4.0, None, 4.0)
    assert experiments.run(Lab(x=-1.5, run=("backward",) * 3)).grad == -9.0


def test_what_a_pass_brought_is_on_the_arrows_until_it_is_cleared() -> None:
    def brought(*run: str) -> object:
        done = experiments.run(Lab(run=run))
        assert done.snapshot.seen is not None
        (edge,) = [edge for edge in done.snapshot.graph.edges if edge.input == "x"]
        return edge.gradient if edge.id in done.snapshot.seen.edges else "nothing"

    assert brought("backward") == 4.0
    assert brought("backward", "zero") == brought("backward", "none") == "nothing"
    assert brought("backward", "zero", "backward") == 4.0


def test_one_graph_can_be_walked_back_once_unless_it_is_kept() -> None:
    assert experiments.run(Lab(run=("backward", "again"))).error == BACKWARD_TWICE
    done = experiments.run(Lab(run=("retain", "again")))
    assert (done.error, done.grad) == ("", 8.0)
    assert experiments.run(Lab(run=("retain", "again", "again"))).error == BACKWARD_TWICE


def test_none_is_not_zero() -> None:
    assert experiments.run(Lab(run=("zero",))).error == "AttributeError: 'NoneType' object has no attribute 'zero_'"
    assert last("accumulate", "backward", "none").printed == "None"


def test_a_leaf_and_what_is_made_from_it() -> None:
    assert last("leaf", "is-leaf").value == "(True, False)"
    said = last("leaf", "grad-fn")
    assert (said.printed, said.value) == ("None\nPowBackward0", "'torch::autograd::AccumulateGrad'")
    asked = last("leaf", "backward", "y-grad")
    assert asked.printed == "None"
    assert asked.warned.startswith(
        "UserWarning: The .grad attribute of a Tensor that is not a leaf Tensor is being accessed."
    )
    kept = last("leaf", "retain-grad", "backward", "y-grad")
    assert (kept.printed, kept.warned) == ("tensor(1.)", "")


def test_what_writes_into_its_data_changes_x() -> None:
    assert experiments.run(Lab(experiment="detach", run=("detach", "write"))).x == 3.0
    assert experiments.run(Lab(experiment="detach", run=("detach",))).x == 2.0


def test_a_detached_tensor_shares_its_data_and_not_its_history() -> None:
    assert last("detach", "detach", "same-data").value == "True"
    assert last("detach", "detach", "write").value == "tensor(3., requires_grad=True)"
    assert last("detach", "detach", "write", "backward").error.startswith(IN_PLACE)
    assert experiments.run(Lab(experiment="detach", run=("detach", "write", "forward", "backward"))).grad == 6.0


def test_a_number_from_inside_the_block_is_a_constant_outside() -> None:
    inside = experiments.run(Lab(experiment="no-grad", run=("no-grad", "use", "z-backward")))
    outside = experiments.run(Lab(experiment="no-grad", run=("use", "z-backward")))
    assert (inside.grad, outside.grad) == (4.0, 12.0)  # y, and 3x² where y is tracked


def test_an_error_stops_its_press_and_no_other() -> None:
    done = experiments.run(Lab(experiment="requires-grad", run=("off", "backward", "on", "backward")))
    assert (done.error, done.grad) == ("", 4.0)
    assert [bool(cell.error) for cell in done.cells].count(True) == 1


def test_no_address_is_ever_shown() -> None:
    said = [text for lab in RUNS for cell in experiments.run(lab).cells for text in cell]
    assert not [text for text in said if "0x" in text]


def test_a_run_is_bounded_and_knows_only_its_own_presses() -> None:
    assert len(experiments.run(Lab(run=("backward",) * (MOST + 5))).history) == MOST + 1
    assert experiments.run(Lab(run=("__import__", "y-grad", "backward"))).history == (None, 4.0)


def test_code_can_reach_torch_and_print_alone() -> None:
    notebook = experiments._Notebook()
    notebook.cell("open")
    assert notebook.error == "NameError: name 'open' is not defined"
    notebook.cell("import os")
    assert notebook.error.startswith("ImportError")


def test_warnings_of_other_threads_go_where_they_went_before() -> None:
    done, stop = [], threading.Event()

    def chatter() -> None:
        while not stop.wait(0.0005):
            warnings.warn("from elsewhere", UserWarning, stacklevel=1)

    with warnings.catch_warnings(record=True) as elsewhere:
        warnings.simplefilter("always")
        thread = threading.Thread(target=chatter)
        thread.start()
        try:
            done = [experiments.run(Lab(experiment="leaf", run=("y-grad",))) for _ in range(20)]
        finally:
            stop.set()
            thread.join()
    heard = [cell.warned for run in done for cell in run.cells if cell.warned]
    assert len(heard) == 20
    assert not [text for text in heard if "elsewhere" in text]
    assert {str(warning.message) for warning in elsewhere} <= {"from elsewhere"}


def test_runs_side_by_side_say_what_they_say_alone() -> None:
    alone = [experiments.run(lab).cells for lab in RUNS[:5]]
    said: dict[int, list[tuple[Cell, ...]]] = {number: [] for number in range(5)}

    def work(number: int) -> None:
        for _ in range(5):
            said[number].append(experiments.run(RUNS[number]).cells)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(cells == alone[number] for number, runs in said.items() for cells in runs)


@pytest.mark.parametrize("x", [0.0, 5.0, -5.0, 0.1, -0.3])
def test_the_number_in_the_code_is_the_visitors(x: float) -> None:
    done = experiments.run(Lab(x=x, run=("backward",)))
    assert done.cells[0].source == f"x = torch.tensor({x!r}, requires_grad=True)\nx"
    assert done.grad == float(2 * torch.tensor(x))
