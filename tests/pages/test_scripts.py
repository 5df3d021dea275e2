"""What each page's script says: short programs of plain torch. That they print the page's numbers is tested there."""

import ast
import io
import tokenize
from pathlib import Path

import pytest

from components.drawing import script
from components.pages.index import PAGES
from components.pages.neuron.losses import DTYPES, LOSSES
from components.pages.neuron.model import Inputs
from components.pages.scripts import SCRIPTS
from tests.interpreter import printed

NEURONS = [Inputs(w=w, loss=loss, dtype=dtype) for w in (1.0, 2.0) for loss in LOSSES for dtype in DTYPES]
STATES = [
    *[("neuron", inputs) for inputs in NEURONS],
    *[(name, inputs) for name, page in PAGES.items() for inputs in page.form.presets.values()],
]
PROGRAMS = [script.program(SCRIPTS[page](inputs)) for page, inputs in STATES]
LIBRARY = {"torch", "torch.nn.functional", "math"}


def test_every_page_has_a_script() -> None:
    assert SCRIPTS.keys() == PAGES.keys()


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_is_short_and_plain_torch(program: str) -> None:
    lines = program.splitlines()
    assert max(map(len, lines)) <= 100
    assert len([line for line in lines if line and not line.startswith("#")]) <= 26
    tree = ast.walk(ast.parse(program))
    imports = [node for node in tree if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {i.module if isinstance(i, ast.ImportFrom) else name.name for i in imports for name in i.names}
    assert "torch" in modules <= LIBRARY


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_hash_always_begins_a_comment(program: str) -> None:
    """The panel colours from a hash to the end of the line."""
    tokens = list(tokenize.generate_tokens(io.StringIO(program).readline))
    assert all("#" not in token.string for token in tokens if token.type != tokenize.COMMENT)


def test_each_state_has_a_program_of_its_own() -> None:
    assert len(set(PROGRAMS)) == len(set(STATES))


def test_the_notebooks_numbers_are_printed(tmp_path: Path) -> None:
    (said,) = printed([[script.program(SCRIPTS["neuron"](Inputs()))]], tmp_path)
    assert said.splitlines() == [
        "z = 6.699999809265137",
        "y_pred = 0.998770534992218",
        "loss = 6.701176166534424",
        "w.grad = 6.6917619705200195",
        "b.grad = 0.9987704753875732",
        "dL/dw by hand = 6.691762447357178",
        "dL/db by hand = 0.998770534992218",
    ]
