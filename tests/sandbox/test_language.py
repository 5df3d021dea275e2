"""The allowed language: programs end as in plain Python, others are refused before they begin or stopped in time."""

import builtins
import contextlib
import io
import json
import traceback
import warnings
from typing import Any

import pytest
import torch
from torch import Tensor

from components.sandbox import budget
from components.sandbox.run import SEED, handle
from tests.sandbox.corpus import ALLOWED, REFUSED, STOPPED

PLAIN = "<plain>"


def run_plainly(code: str) -> tuple[str, tuple[str, str, int] | None, dict[str, Any]]:
    """What the program prints, raises (type, message, line) and leaves under plain Python."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    printed, error = io.StringIO(), None
    with contextlib.redirect_stdout(printed), warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
        warnings.simplefilter("ignore")
        torch.manual_seed(SEED)
        try:
            exec(compile(code, PLAIN, "exec"), namespace)
        except Exception as raised:
            frames = traceback.walk_tb(raised.__traceback__)
            lines = [line for frame, line in frames if frame.f_code.co_filename == PLAIN]
            error = type(raised).__name__, str(raised), lines[-1]
    return printed.getvalue(), error, namespace


def plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine, what is not endless may take its time."""
    monkeypatch.setattr(budget, "MOST_SECONDS", 60)


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("name", ALLOWED)
def test_an_allowed_program_ends_as_in_plain_python(name: str) -> None:
    code = ALLOWED[name]
    answer = handle({"code": code, "draw": True})
    printed, error, namespace = run_plainly(code)
    assert answer["refused"] is None
    assert answer["limit"] is None
    said = answer["error"]
    assert (said and (said["type"], said["message"], said["line"])) == error
    assert answer["printed"] == printed
    tensors = {n: v for n, v in namespace.items() if isinstance(v, Tensor)}
    assert tensors.keys() == {n for n, record in answer["names"].items() if record["kind"] == "tensor"}
    for one, tensor in tensors.items():
        record = answer["names"][one]
        assert record["value"] == tensor.tolist()
        assert (record["requires_grad"], record["is_leaf"]) == (tensor.requires_grad, tensor.is_leaf)
        if tensor.is_leaf and tensor.grad is not None:
            assert record["grad"] == tensor.grad.tolist()
    json.dumps(answer, allow_nan=False)


@pytest.mark.parametrize("name", REFUSED)
def test_a_program_outside_the_language_does_not_begin(name: str) -> None:
    answer = handle({"code": "print('begun')\n" + REFUSED[name]})
    assert not answer["accepted"]
    assert answer["printed"] == ""
    assert answer["names"] == {}
    assert answer["limit"] is None
    assert answer["error"] is None or answer["error"]["type"] in ("SyntaxError", "IndentationError", "TabError")
    assert answer["refused"]["text"].endswith((".", "?"))
    assert len(answer["refused"]["text"]) < 250


@pytest.mark.parametrize("name", STOPPED)
def test_a_program_that_asks_for_too_much_is_stopped(name: str) -> None:
    answer = handle({"code": STOPPED[name]})
    assert answer["accepted"]
    if name == "recursion without an end":
        assert answer["error"]["type"] == "RecursionError"
    elif name == "math of integers":
        assert answer["error"] is None
    else:
        assert answer["error"] is None
        assert answer["limit"]["text"].endswith(".")
        assert answer["limit"]["line"] is not None
    json.dumps(answer, allow_nan=False)


@pytest.mark.usefixtures("patience")
def test_nothing_of_the_process_is_another_afterwards() -> None:
    before = state()
    for code in (*ALLOWED.values(), "import torch\ntorch.manual_seed(7)\ntorch.randn(3)\n"):
        handle({"code": code})
    assert state() == before


def state() -> dict[str, Any]:
    """Settings that every program of this process shares."""
    return {
        "random": torch.get_rng_state().tolist(),
        "grad": torch.is_grad_enabled(),
        "anomaly": torch.is_anomaly_enabled(),
        "dtype": torch.get_default_dtype(),
        "threads": torch.get_num_threads(),
        "warn": torch.is_warn_always_enabled(),
        "print": str(torch.tensor(1 / 3)),
        "builtins": sorted(vars(builtins)),
        "filters": list(warnings.filters),
    }


@pytest.mark.usefixtures("patience")
def test_random_numbers_come_again_with_the_program_alone() -> None:
    code = "import torch\nx = torch.randn(3)\n"
    first = handle({"code": code})["names"]["x"]["value"]
    torch.randn(5)
    assert handle({"code": code})["names"]["x"]["value"] == first


@pytest.mark.usefixtures("patience")
def test_addresses_of_memory_are_not_told() -> None:
    code = (
        "import torch\ndef f(x):\n    return x\n\nx = torch.ones(1, requires_grad=True)\ny = x * 2\n"
        "print(f, [f], print, torch.sin, torch.nn.Linear, type(x), y.grad_fn, (i for i in [1]))\n"
        "print(f'{f} {y.grad_fn!r}')\n"
    )
    printed = handle({"code": code})["printed"]
    assert "<function f>" in printed
    assert "MulBackward0" in printed
    assert "0x" not in printed


@pytest.mark.usefixtures("patience")
def test_lines_say_what_they_made() -> None:
    code = (
        "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\nfor i in range(3):\n    y = x * i\nx.sum()\n"
    )
    lines = {record["line"]: record for record in handle({"code": code})["lines"]}
    assert lines[2]["text"] == "[1, 2] ∂"
    assert (lines[4]["text"], lines[4]["count"]) == ("[2, 4] ∂", 3)
    assert lines[5]["text"] == "3 ∂"


@pytest.mark.usefixtures("patience")
def test_numbers_that_can_be_dragged_are_found_with_their_places() -> None:
    code = "import torch\nα = torch.tensor([1.5, -2], requires_grad=True)\nlr = 0.1\nz = torch.sum(α, dim=0)\n"
    found = [(n["line"], n["text"], n["name"]) for n in handle({"code": code})["literals"]]
    assert found == [(2, "1.5", "α"), (2, "-2", "α"), (3, "0.1", "lr")]
    [first, second, _] = handle({"code": code})["literals"]
    line = code.split("\n")[1]
    assert [line[n["column"] : n["end"]] for n in (first, second)] == ["1.5", "-2"]


@pytest.mark.usefixtures("patience")
def test_warnings_stand_at_their_lines() -> None:
    code = "import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 2\nprint(y.grad)\n"
    for _ in range(2):
        [warning] = handle({"code": code})["warnings"]
        assert warning["line"] == 4
        assert "not a leaf" in warning["message"]


def test_a_refusal_says_what_to_write_instead() -> None:
    for code, words in {
        "import pandas": "torch.tensor",
        "import torch\nx = torch.zeross(3)": "torch.zeros",
        "import torch\nx = torch.ones(3).summ()": ".sum",
        "with open('x') as f:\n    pass": "torch.no_grad()",
        "x = input()": "write the value",
    }.items():
        assert words in handle({"code": code})["refused"]["text"]


def test_a_limit_is_told_in_its_line_with_all_that_was_before_it() -> None:
    code = (
        "import torch\nx = torch.ones(2, requires_grad=True)\n(x * 2).sum().backward()\nn = 1\nwhile n:\n    n += 1\n"
    )
    answer = handle({"code": code})
    assert answer["limit"]["line"] in (5, 6)
    assert answer["limit"]["text"] in (budget.TIME, budget.STEPS)
    assert answer["names"]["x"]["grad"] == [2.0, 2.0]
    assert len(answer["moments"]) == 1


def test_what_python_cannot_read_is_refused_in_its_own_words_too() -> None:
    answer = handle({"code": "x = 1\nprint((x\n"})
    assert answer["error"] == {"type": "SyntaxError", "message": "'(' was never closed", "line": 2}
    assert answer["refused"] == {"line": 2, "text": "Python cannot read this line: '(' was never closed."}


def test_an_integer_of_many_digits_is_no_fault() -> None:
    answer = handle({"code": "a = 3 ** 9000\nb = [a, -a]\nc = 3 ** 2000\n"})
    assert answer["error"] is answer["limit"] is None
    assert "bits" in answer["names"]["a"]["value"]
    assert answer["names"]["c"]["value"] == str(3**2000)[:2000]
    assert "bits" in next(record["text"] for record in answer["lines"] if record["line"] == 1)
    json.dumps(answer, allow_nan=False)
