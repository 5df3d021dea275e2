"""`python -m components.sandbox`: files, pipes and batches."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from components.sandbox import __main__ as command
from tests.sandbox import pools

ROOT = Path(__file__).parents[2]
PID = "import os\nanswer = os.getpid()"
REFUSED = "fields = {'accepted': False, 'refused': {'line': 1, 'text': 'No.'}}"

Run = Callable[..., tuple[int, list[object], str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The exit status, the JSON that was printed, and what was said beside it."""

    def run(*arguments: str, given: bytes = b"") -> tuple[int, list[object], str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        status = command.main(list(arguments), pools.settings())
        printed = capsys.readouterr()
        return status, [json.loads(line, parse_constant=pytest.fail) for line in printed.out.splitlines()], printed.err

    return run


def batch(*codes: str) -> bytes:
    return b"".join(json.dumps({"id": number, "code": code}).encode() + b"\n" for number, code in enumerate(codes))


def test_a_program_from_a_file_and_from_standard_input(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_bytes("answer = 'ŷ'".encode())
    for found in (run(str(file)), run(given="answer = 'ŷ'".encode())):
        assert (found[0], found[1][0]["answer"], found[2]) == (0, "ŷ", "")  # type: ignore[index]


def test_a_refused_program_has_an_exit_status_of_its_own(run: Run) -> None:
    assert run(given=REFUSED.encode())[0] == 3
    assert run("--batch", given=batch("answer = 1", REFUSED, "answer = 2"))[0] == 3


def test_a_batch_keeps_order_and_ids_and_gives_each_program_a_worker_of_its_own(run: Run) -> None:
    codes = [PID, "import ctypes\nctypes.string_at(0)", PID, "answer = '\\ud800'", "answer = float('nan')"]
    status, said, errors = run("--batch", given=batch(*codes) + b"\n")
    answers = [line["answer"] if "answer" in line else line["limit"]["text"] for line in said]  # type: ignore
    assert [line["id"] for line in said] == [0, 1, 2, 3, 4]  # type: ignore
    assert answers[0] != answers[2]
    assert answers[3] == "\ud800"
    assert "ended" in answers[1]
    assert "ended" in answers[4]
    assert (status, errors) == (0, "")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (b"{", "Line 1 is not a JSON object"),
        (b"[]", "Line 1 is not a JSON object"),
        (b'{"id": 1}', "Line 1 is not a JSON object"),
        (b'{"id": 1, "code": 2}', "Line 1 is not a JSON object"),
        (b'{"id": NaN, "code": ""}', "Line 1 is not a JSON object"),
        (b"[" * 100_000, "Line 1 is not a JSON object"),
        (b"\xff\xfe", "Line 1 is not text in UTF-8"),
    ],
)
def test_a_batch_that_cannot_be_read(run: Run, given: bytes, sentence: str) -> None:
    status, said, errors = run("--batch", given=given)
    assert (status, said) == (2, [])
    assert errors.startswith(sentence)
    assert errors.count("\n") == 1


def test_what_stands_before_an_unreadable_line_is_answered(run: Run) -> None:
    status, said, errors = run("--batch", given=batch("answer = 1") + b"nonsense\n")
    assert (status, len(said)) == (2, 1)
    assert errors.startswith("Line 2 is not a JSON object")


@pytest.mark.parametrize("arguments", [["nowhere.py"], ["."], ["\0"], ["--nonsense"], ["a", "b"]])
def test_a_program_that_cannot_be_read(run: Run, arguments: list[str]) -> None:
    status, said, errors = run(*arguments)
    assert (status, said, errors.count("\n")) == (2, [], 1)
    assert errors.strip()


def test_a_program_that_is_not_text(run: Run) -> None:
    assert run(given=b"\xff") == (2, [], "The program is not text in UTF-8.\n")


def test_the_module_is_a_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "components.sandbox", "nowhere.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "nowhere.py: No such file or directory\n"
