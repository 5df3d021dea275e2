"""A fresh Python, as someone has it at home: what programs print there."""

import json
import os
import subprocess
import sys
from pathlib import Path

_RUN_ALL = """
import contextlib, io, json, sys
printed = []
for cells in json.load(sys.stdin):
    names = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()) as out:
        for cell in cells:
            exec(compile(cell, "cell", "exec"), names)
    printed.append(out.getvalue())
json.dump(printed, sys.stdout)
"""


def printed(programs: list[list[str]], folder: Path) -> list[str]:
    """What each program prints, its cells run from top to bottom, all in one process far from the app's code."""
    done, complaints = _run(["-W", "ignore", "-c", _RUN_ALL], folder, json.dumps(programs))
    assert complaints == ""
    said: list[str] = json.loads(done)
    return said


def run_file(path: Path) -> tuple[str, str]:
    """What `python path` prints, and its warnings."""
    return _run([path.name], path.parent)


def labelled(text: str) -> dict[str, str]:
    """Lines such as `z = 6.7`, as a table."""
    return {label: number for label, mark, number in (line.partition(" = ") for line in text.splitlines()) if mark}


def _run(arguments: list[str], folder: Path, given: str = "") -> tuple[str, str]:
    command = [sys.executable, *arguments]
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=folder, env=environment, input=given, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr
