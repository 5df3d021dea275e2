"""A program with a fault and the same without it, and how they are run."""

from typing import NamedTuple

IMPORTS = "import torch; from torch import nn"


class Programs(NamedTuple):
    """A program with a fault, the line that a finding names, the program without it."""

    speaks: str
    line: int
    silent: str


def program(text: str) -> str:
    """A program of a table as it is run: what it imports stands in line 1."""
    return IMPORTS + text if text.startswith("\n") else f"{IMPORTS}; {text}"
