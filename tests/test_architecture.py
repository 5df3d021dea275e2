"""What the design forbids, read from the source itself; and proof that each reading would notice."""

import ast
import re
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COMPONENTS = ROOT / "components"
SOURCES = [ROOT / "app.py", *sorted(COMPONENTS.rglob("*.py"))]

MAY_IMPORT = {
    "components/engine/": ("torch", "components.engine"),
    "components/fields.py": (),
    "components/state.py": ("components.engine", "components.fields"),
    "components/room.py": ("components.fields",),
    "components/drawing/": (
        "plotly",
        "graphviz",
        "nbformat",
        "segno",
        "components.engine",
        "components.fields",
        "components.state",
        "components.drawing",
    ),
    "components/widgets/": ("streamlit", "components.widgets"),
    "components/lessons/": ("markdown_it", "components.lessons"),
    "components/session.py": (
        "streamlit",
        *(f"components.{part}" for part in ("engine", "fields", "state", "room")),
    ),
    "components/pages/": (
        "streamlit",
        *(
            f"components.{part}"
            for part in ("engine", "fields", "state", "room", "drawing", "widgets", "lessons", "session", "pages")
        ),
    ),
}
"""Beside the standard library; what is not listed here may import anything."""

MEMORY = {"session_state", "query_params"}
PATCHES = "components/server/streamlit_patches.py"
UNDOCUMENTED = ("uvicorn", "google.protobuf", "streamlit.")
DOCUMENTED = ("streamlit.components.v2.",)
LONGEST = 40
COLOUR = re.compile(r"#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b", re.IGNORECASE)
COLOURED = {"components/drawing/palette.py", ".streamlit/config.toml"}
VISIBLE = {"app.py", "components", "requirements.txt", "tests", "README.md"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def rule(name: str) -> tuple[str, ...] | None:
    """What the file of this name may import; None where that is not limited."""
    return next((allowed for beginning, allowed in MAY_IMPORT.items() if name.startswith(beginning)), None)


def imports(source: str) -> Iterator[str]:
    """The full name of everything that is imported, wherever the import stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def forbidden_imports(source: str, allowed: tuple[str, ...]) -> list[str]:
    return [
        name
        for name in imports(source)
        if name.split(".")[0] not in sys.stdlib_module_names - {"importlib"}
        and not any(f"{name}.".startswith(f"{prefix}.") for prefix in allowed)
    ]


def documentation(tree: ast.AST) -> set[ast.AST]:
    """Strings that stand alone as a statement."""
    statements = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {value for value in statements if isinstance(value, ast.Constant)}


def spelled(source: str) -> set[str]:
    """Every name, attribute, keyword and string of the code."""
    tree = ast.parse(source)
    prose = documentation(tree)
    return {word for node in ast.walk(tree) if node not in prose for word in words(node)}


def words(node: ast.AST) -> Iterator[str]:
    for field in ("id", "attr", "arg", "name", "value"):
        word = getattr(node, field, None)
        if isinstance(word, str):
            yield word


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Each function's name and its length in lines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, Function):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def too_long(source: str) -> list[str]:
    return [name for name, length in functions(source) if length > LONGEST]


def private_attributes(source: str) -> set[str]:
    """Attributes of others that begin with an underscore."""
    attributes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute))
    return {
        node.attr
        for node in attributes
        if node.attr.startswith("_")
        and not node.attr.startswith("__")
        and not (isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"})
    }


def undocumented(source: str, private: set[str]) -> set[str]:
    """What a file takes from Streamlit and uvicorn that they do not document: modules, and `private` attributes."""
    modules = {name for name in imports(source) if f"{name}.".startswith(UNDOCUMENTED)}
    modules -= {"streamlit"} | {name for name in modules if name.startswith(DOCUMENTED)}
    return modules | (private_attributes(source) & private)


def visible(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith((".", "__pycache__"))}


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_each_part_imports_only_what_it_may(path: Path) -> None:
    allowed = rule(place(path))
    assert allowed is None or forbidden_imports(path.read_text("utf-8"), allowed) == []


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_every_rule_is_about_something(part: str) -> None:
    assert any(place(path).startswith(part) for path in SOURCES)


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_only_one_file_names_streamlits_memory(path: Path) -> None:
    named = spelled(path.read_text("utf-8")) & MEMORY
    assert named == (MEMORY if place(path) == "components/session.py" else set())


def test_only_one_file_names_what_streamlit_does_not_document() -> None:
    private = private_attributes((ROOT / PATCHES).read_text("utf-8"))
    assert "_run_script" in private
    assert {place(path) for path in SOURCES if undocumented(path.read_text("utf-8"), private)} == {PATCHES}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import streamlit as st", set()),
        ("from streamlit.components.v2.types import ComponentRenderer", set()),
        ("from streamlit import config", {"streamlit.config"}),
        ("from streamlit.runtime import get_instance", {"streamlit.runtime.get_instance"}),
        ("import uvicorn", {"uvicorn"}),
        ("f(session)._state", {"_state"}),
        ("self._state = other._other", set()),
    ],
)
def test_what_is_not_documented_is_noticed(line: str, found: set[str]) -> None:
    assert undocumented(line, {"_state"}) == found


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_functions_fit_in_a_glance(path: Path) -> None:
    assert too_long(path.read_text("utf-8")) == []


def test_the_median_function_is_under_ten_lines() -> None:
    lengths = [length for path in SOURCES for _, length in functions(path.read_text("utf-8"))]
    assert len(lengths) > 50
    assert statistics.median(lengths) < 10


def test_colours_stand_in_the_palette_and_the_theme_alone() -> None:
    kinds = {".py", ".js", ".css", ".html", ".toml", ".svg", ".md"}
    files = [path for path in COMPONENTS.rglob("*") if path.suffix in kinds]
    files += [ROOT / "app.py", *(ROOT / ".streamlit").glob("*.toml")]
    assert {place(path) for path in files if COLOUR.search(path.read_text("utf-8"))} == COLOURED


def test_nothing_else_is_visible_at_the_top() -> None:
    assert visible(ROOT) <= VISIBLE
    assert {"app.py", "components", "tests"} <= visible(ROOT)


@pytest.mark.parametrize(
    ("part", "line"),
    [
        ("components/engine/neuron.py", "import streamlit"),
        ("components/engine/neuron.py", "def f():\n    import streamlit as st"),
        ("components/engine/neuron.py", "from components import drawing"),
        ("components/engine/neuron.py", "from components.drawing import numbers"),
        ("components/engine/neuron.py", "import torch, plotly.graph_objects"),
        ("components/engine/neuron.py", "from .. import session"),
        ("components/engine/neuron.py", "from ..drawing import numbers"),
        ("components/engine/neuron.py", "import torchvision"),
        ("components/engine/neuron.py", "import components"),
        ("components/engine/neuron.py", "import importlib"),
        ("components/state.py", "import torch"),
        ("components/state.py", "from components import session"),
        ("components/drawing/graph.py", "import streamlit"),
        ("components/drawing/graph.py", "from components.widgets import graph_view"),
        ("components/widgets/live_sliders/__init__.py", "from components.engine import neuron"),
        ("components/widgets/mount.py", "import torch"),
        ("components/session.py", "from components.pages import neuron"),
        ("components/pages/neuron.py", "from components.server import start"),
        ("components/pages/neuron.py", "import torch"),
    ],
)
def test_a_forbidden_import_is_noticed(part: str, line: str) -> None:
    allowed = rule(part)
    assert allowed is not None
    assert len(forbidden_imports(line, allowed)) == 1


@pytest.mark.parametrize(
    ("part", "line"),
    [
        ("components/engine/neuron.py", "import math\nfrom collections.abc import Iterator"),
        ("components/engine/neuron.py", "import torch\nfrom torch.autograd.graph import Node"),
        ("components/engine/neuron.py", "from components.engine import graph\nfrom components.engine.losses import L"),
        ("components/drawing/graph.py", "import graphviz\nfrom components import state"),
        ("components/widgets/mount.py", "import streamlit as st\nfrom streamlit.components.v2.types import X"),
        ("components/pages/neuron.py", "from components import session, state"),
        ("components/engine/neuron.py", '"""Never: import streamlit"""'),
    ],
)
def test_an_allowed_import_is_not_complained_about(part: str, line: str) -> None:
    allowed = rule(part)
    assert allowed is not None
    assert forbidden_imports(line, allowed) == []


@pytest.mark.parametrize(
    "line",
    [
        "st.session_state['a'] = 1",
        "from streamlit import session_state",
        "from streamlit import session_state as s",
        "getattr(st, 'session_state')",
        "f(session_state=1)",
        "def f(session_state): ...",
        "session_state = {}",
    ],
)
def test_memory_is_noticed_in_code(line: str) -> None:
    assert "session_state" in spelled(line)


@pytest.mark.parametrize("line", ['"""session_state"""', 'def f():\n    """session_state"""', "# session_state"])
def test_memory_may_be_spoken_of(line: str) -> None:
    assert "session_state" not in spelled(line)


@pytest.mark.parametrize(("lines", "found"), [(LONGEST, []), (LONGEST + 1, ["f"])])
@pytest.mark.parametrize("head", ["def f():", "async def f():"])
def test_a_long_function_is_noticed(head: str, lines: int, found: list[str]) -> None:
    assert too_long("\n    ".join([head, *["pass"] * (lines - 1)])) == found


@pytest.mark.parametrize("text", ["color: #fff;", '"#a1B2c3"', "#00000080", "fill='#abc'"])
def test_a_colour_is_noticed(text: str) -> None:
    assert COLOUR.search(text)


@pytest.mark.parametrize("text", ["url(#arrow-flow)", "#main { }", "# a comment", "PR #12", "#abcdefg"])
def test_what_is_not_a_colour_is_not_noticed(text: str) -> None:
    assert not COLOUR.search(text)


def test_what_is_visible_is_noticed(tmp_path: Path) -> None:
    for name in (".git", "__pycache__", "notes.md", "src"):
        (tmp_path / name).mkdir()
    assert visible(tmp_path) == {"notes.md", "src"}
