"""What every page's script has to be: short, plain torch, and the same numbers as a program and as a notebook."""

import ast
import io
import tokenize
from pathlib import Path

import nbformat

from components.drawing import script
from components.drawing.script import Script
from tests.interpreter import printed

LIBRARY = {"torch", "torch.nn.functional", "math"}


def check_text(program: str) -> None:
    """Short lines, few of them, imports of torch alone; a hash always begins a comment, as the panel colours it."""
    lines = program.splitlines()
    assert max(map(len, lines)) <= 100
    assert len([line for line in lines if line and not line.startswith("#")]) <= 26
    imports = [node for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {i.module if isinstance(i, ast.ImportFrom) else name.name for i in imports for name in i.names}
    assert "torch" in modules <= LIBRARY
    tokens = list(tokenize.generate_tokens(io.StringIO(program).readline))
    assert all("#" not in token.string for token in tokens if token.type != tokenize.COMMENT)


def run_all(scripts: list[Script], folder: Path) -> list[str]:
    """What each script prints, in one fresh Python; its notebook prints the same."""
    programs = [[script.program(made)] for made in scripts]
    notebooks = [cells(script.notebook(made)) for made in scripts]
    texts = printed(programs + notebooks, folder)
    assert texts[: len(scripts)] == texts[len(scripts) :]
    return texts[: len(scripts)]


def cells(notebook: str) -> list[str]:
    """The code of a notebook, in its order."""
    read = nbformat.reads(notebook, as_version=4)
    nbformat.validate(read)
    return [cell.source for cell in read.cells if cell.cell_type == "code"]
