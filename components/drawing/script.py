"""A short torch script: as one Python file, and as a notebook of the same cells."""

from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import v4

from components.address.packed import pack

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


@dataclass(frozen=True, slots=True)
class Script:
    """A program in cells: `name` is that of its files, `title` one line about it."""

    name: str
    title: str
    cells: tuple[str, ...]


def program(script: Script) -> str:
    """The whole as one Python file."""
    return "\n\n".join((f"# {script.title}", *script.cells)) + "\n"


def notebook(script: Script) -> str:
    """The same cells as a Jupyter notebook; the same script gives the same file."""
    heading = v4.new_markdown_cell(f"# {script.title}", id="title")
    cells = [v4.new_code_cell(cell, id=f"cell-{number}") for number, cell in enumerate(script.cells, 1)]
    made = v4.new_notebook(cells=[heading, *cells], metadata={"kernelspec": KERNEL})
    return str(nbformat.writes(made))


def files(script: Script) -> dict[str, Any]:
    """What a page says of its script: the name of its files, their texts by kind, and the query of the playground."""
    text = program(script)
    return {"name": script.name, "py": text, "ipynb": notebook(script), "playground": f"?code={pack(text)}"}
