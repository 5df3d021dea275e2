"""A Python of its own, as someone has it at home: what programs print there."""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

_RUN_ALL = """
import contextlib, io, json, os, sys

def run(cells):
    names = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()) as out:
        for cell in cells:
            exec(compile(cell, "cell", "exec"), names)
    return out.getvalue()

for line in sys.stdin:
    folder, programs = json.loads(line)
    os.chdir(folder)
    print(json.dumps([run(cells) for cells in programs]), flush=True)
"""


class _Python:
    """A process far from the app's code that runs programs, each with names of its own; it loads torch once for all."""

    def __init__(self) -> None:
        self.complaints = tempfile.TemporaryFile()  # noqa: SIM115  # as long as the process
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", _RUN_ALL],
            env=_environment(),
            cwd=tempfile.gettempdir(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.complaints,
            text=True,
        )
        atexit.register(self.end)

    def printed(self, folder: Path, programs: list[list[str]]) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([str(folder), programs]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        self.complaints.seek(0)
        assert self.complaints.read() == b""
        return json.loads(answer)

    def end(self) -> None:
        self.process.communicate()
        self.complaints.close()


_python = cache(_Python)


def printed(programs: list[list[str]], folder: Path) -> list[str]:
    """What each program prints, its cells run from top to bottom."""
    said: list[str] = _python().printed(folder, programs)
    return said


def run_file(path: Path) -> tuple[str, str]:
    """What `python path` prints, and its warnings."""
    command = [sys.executable, path.name]
    done = subprocess.run(
        command, cwd=path.parent, env=_environment(), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def labelled(text: str) -> dict[str, str]:
    """Lines such as `z = 6.7`, as a table."""
    return {label: number for label, mark, number in (line.partition(" = ") for line in text.splitlines()) if mark}


def _environment() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
