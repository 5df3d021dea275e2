"""What the design forbids, read from the source itself; and proof that each reading would notice."""

import re
import statistics
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.source import forbidden_imports, functions, imports, private_attributes, spelled, strings

ROOT = Path(__file__).parents[1]
COMPONENTS = ROOT / "components"
SOURCES = {path: path.read_text("utf-8") for path in (ROOT / "app.py", *sorted(COMPONENTS.rglob("*.py")))}

COMPUTING = ("model", "curves", "diagnosis", "code", "descent", "optimizers", "surface")
"""Modules of a page that compute: they know torch, and no screen."""

OF_ALL_PAGES = tuple(f"components.pages.{name}" for name in ("page", "parts", "content", "predictions", "lessons"))

MAY_IMPORT: Mapping[str, tuple[str, ...]] = {
    r"app\.py": ("streamlit", "components.live", "components.server"),
    r"components/__init__\.py": (),
    r"components/main\.py": ("streamlit", "components.browser", "components.drawing", "components.pages.index"),
    r"components/cache\.py": (),
    r"components/(?:precision|losses|optimizer_step)\.py": ("torch",),
    r"components/graph/model\.py": (),
    r"components/graph/\w+\.py": ("torch", "components.cache", "components.graph"),
    r"components/sandbox/(?:tables/)?\w+\.py": (
        *("torch", "numpy", "pyseccomp"),
        *("components.optimizer_step", "components.graph", "components.sandbox", "components.why"),
    ),
    r"components/why/recorded/\w+\.py": ("components.recording", "components.why.recorded"),
    r"components/why/(?:rules/)?\w+\.py": ("torch", "components.graph", "components.why"),
    r"components/recording/recorder\.py": ("torch",),
    r"components/recording/examples/\w+\.py": ("torch", "components.recording.recorder"),
    r"components/recording/\w+\.py": ("components.graph", "components.recording"),
    r"components/address/\w+\.py": ("components.address",),
    r"components/notebook/\w+\.py": ("components.address.packed",),
    r"components/drawing/\w+\.py": (
        *("plotly", "graphviz", "nbformat", "segno"),
        *("components.cache", "components.precision", "components.graph", "components.address", "components.drawing"),
    ),
    r"components/pages/index\.py": ("components.address", "components.pages"),
    r"components/pages/lessons\.py": ("markdown_it",),
    r"components/pages/\w+\.py": (
        *("components.graph", "components.address", "components.drawing"),
        *OF_ALL_PAGES,
    ),
    r"components/pages/playground/model\.py": (
        *("components.cache", "components.graph", "components.sandbox.pool", "components.sandbox.answers"),
        *("components.pages.playground.curve", "components.pages.playground.programs"),
    ),
    r"components/pages/playground/\w+\.py": (
        *("components.notebook", "components.graph", "components.address", "components.drawing"),
        *OF_ALL_PAGES,
        "components.pages.playground",
    ),
    r"components/pages/recording/model\.py": (
        *("components.cache", "components.address.packed"),
        *("components.recording.read", "components.recording.graph_file"),
        *("components.recording.schema", "components.recording.snapshots", "components.why.recorded"),
    ),
    r"components/pages/recording/\w+\.py": (
        *("components.cache", "components.recording", "components.graph", "components.address", "components.drawing"),
        *("components.why.recorded", *OF_ALL_PAGES),
        "components.pages.recording",
    ),
    rf"components/pages/(?P<page>\w+)/(?:{'|'.join(COMPUTING)})\.py": (
        *("torch", "components.cache", "components.precision", "components.losses", "components.graph"),
        "components.optimizer_step",
        *(f"components.pages.{{page}}.{name}" for name in COMPUTING),
    ),
    r"components/pages/teach/\w+\.py": (
        "components.losses",
        "components.address",
        "components.drawing",
        "components.pages",
    ),
    r"components/pages/(?P<page>\w+)/\w+\.py": (
        *("components.precision", "components.losses", "components.graph", "components.address", "components.drawing"),
        *OF_ALL_PAGES,
        "components.pages.{page}",
    ),
    r"components/live/route\.py": ("starlette", "components.live"),
    r"components/live/\w+\.py": (
        *("components.address", "components.drawing", "components.live", "components.pages.index"),
        *OF_ALL_PAGES,
    ),
    r"components/browser/mount\.py": ("streamlit", "components.browser", "components.live", "components.pages.page"),
    r"components/browser/\w+\.py": ("plotly", "components.browser"),
    r"components/server/\w+\.py": (
        *("streamlit", "starlette", "uvicorn", "google.protobuf", "plotly", "torch", "components.server"),
        *(
            "components.address",
            "components.browser",
            "components.drawing",
            "components.live",
            "components.pages.index",
            "components.pages.page",
        ),
    ),
}
"""What a file may import beside the standard library; the first pattern that its place fits is its rule."""

MEMORY = {"session_state", "query_params"}
MOUNT = "components/browser/mount.py"
PATCHES = "components/server/streamlit_patches.py"
UNDOCUMENTED = ("uvicorn", "google.protobuf", "streamlit.")
DOCUMENTED = ("streamlit.components.v2.",)

OF_THE_ADDRESS = {"present", "hide", "show"}
OF_THE_WIRE = {"seq", "query", "graph_view", "guesses", "held", "released", "walked", "static_id", "skeleton"}

ONE_PLACE: Mapping[str, tuple[str, str]] = {
    "selectors on Streamlit's own page": (
        r"data-testid|\bst-key-|\bst-emotion|\.st[A-Z]\w+",
        "components/browser/shell/streamlit.css",
    ),
    "private names of Plotly": (
        r"\b_full(?:Layout|Data)\b|\._(?:offset|length)\b|\bl2p\b",
        "components/browser/figure/repaint.js",
    ),
    "the browser's history": (r"\b(?:push|replace)State\(", "components/browser/shell/address.js"),
}
"""What stands in one script or style sheet, as a pattern, and where."""

LONGEST = 40
MOST_LINES = 350
COLOUR = re.compile(r"#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b", re.IGNORECASE)
COLOURED = {"components/drawing/palette.py", ".streamlit/config.toml"}
VISIBLE = {"app.py", "components", "requirements.txt", "tests", "README.md"}


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def files(*suffixes: str) -> dict[str, str]:
    """The text of every file of these kinds, by its place."""
    found = (path for path in COMPONENTS.rglob("*") if path.suffix in suffixes)
    return {place(path): path.read_text("utf-8") for path in sorted(found)}


def rule(name: str) -> tuple[str, ...] | None:
    """What the file of this name may import; None where nobody has said."""
    for pattern, allowed in MAY_IMPORT.items():
        if match := re.fullmatch(pattern, name):
            return tuple(prefix.format(**match.groupdict()) for prefix in allowed)
    return None


def too_long(source: str) -> list[str]:
    return [name for name, length in functions(source) if length > LONGEST]


def has_too_many_lines(text: str) -> bool:
    return text.count("\n") > MOST_LINES


def undocumented(source: str, private: set[str]) -> set[str]:
    """What a file takes from Streamlit and uvicorn that they do not document: modules, and `private` attributes."""
    modules = {name for name in imports(source) if f"{name}.".startswith(UNDOCUMENTED)}
    modules -= {"streamlit"} | {name for name in modules if name.startswith(DOCUMENTED)}
    return modules | (private_attributes(source) & private)


def visible(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith((".", "__pycache__"))}


def test_each_file_imports_only_what_it_may() -> None:
    found = {place(path): forbidden_imports(source, rule(place(path))) for path, source in SOURCES.items()}
    assert {name: names for name, names in found.items() if names} == {}


def test_every_file_has_a_rule_and_every_rule_is_about_something() -> None:
    names = [place(path) for path in SOURCES]
    firsts = {name: next((p for p in MAY_IMPORT if re.fullmatch(p, name)), None) for name in names}
    assert [name for name, pattern in firsts.items() if pattern is None] == []
    assert set(MAY_IMPORT) - set(firsts.values()) == set()


def test_only_one_file_names_streamlits_memory() -> None:
    assert {place(path): found for path, source in SOURCES.items() if (found := spelled(source) & MEMORY)} == {
        MOUNT: MEMORY
    }


def test_only_one_file_names_what_streamlit_does_not_document() -> None:
    private = private_attributes((ROOT / PATCHES).read_text("utf-8"))
    assert "_run_script" in private
    assert {place(path) for path, source in SOURCES.items() if undocumented(source, private)} == {PATCHES}


def test_only_its_own_folder_spells_the_address_or_the_wire() -> None:
    for folder, names in (("components/address/", OF_THE_ADDRESS), ("components/live/", OF_THE_WIRE)):
        found = {place(path): strings(source) & names for path, source in SOURCES.items()}
        assert {name for name, said in found.items() if said and not name.startswith(folder)} == set()
        assert set().union(*found.values()) == names


@pytest.mark.parametrize("what", ONE_PLACE)
def test_what_is_private_to_others_stands_in_one_place(what: str) -> None:
    pattern, where = ONE_PLACE[what]
    assert [name for name, text in files(".js", ".css", ".html").items() if re.search(pattern, text)] == [where]


def test_functions_fit_in_a_glance() -> None:
    assert {place(path): names for path, source in SOURCES.items() if (names := too_long(source))} == {}


def test_the_median_function_is_under_ten_lines() -> None:
    lengths = [length for source in SOURCES.values() for _, length in functions(source)]
    assert len(lengths) > 50
    assert statistics.median(lengths) < 10


def test_files_can_be_read_in_one_sitting() -> None:
    found = files(".py", ".js", ".css")
    assert len(found) > 50
    assert [name for name, text in found.items() if has_too_many_lines(text)] == []


def test_colours_stand_in_the_palette_and_the_theme_alone() -> None:
    found = files(".py", ".js", ".css", ".html", ".toml", ".svg", ".md")
    found |= {place(path): path.read_text("utf-8") for path in (ROOT / "app.py", *(ROOT / ".streamlit").glob("*.toml"))}
    assert {name for name, text in found.items() if COLOUR.search(text)} == COLOURED


def test_nothing_else_is_visible_at_the_top() -> None:
    assert visible(ROOT) <= VISIBLE
    assert {"app.py", "components", "tests"} <= visible(ROOT)


def test_a_forbidden_import_is_noticed() -> None:
    for name, line in (
        ("components/graph/read.py", "import streamlit"),
        ("components/graph/read.py", "def f():\n    import streamlit as st"),
        ("components/graph/read.py", "from components import drawing"),
        ("components/graph/read.py", "from components.pages.neuron import model"),
        ("components/graph/read.py", "import torch, plotly.graph_objects"),
        ("components/graph/read.py", "from .. import main"),
        ("components/graph/read.py", "from ..drawing import numbers"),
        ("components/graph/read.py", "import torchvision"),
        ("components/graph/read.py", "import components"),
        ("components/graph/read.py", "import importlib"),
        ("components/graph/model.py", "import torch"),
        ("components/address/form.py", "from components.pages import index"),
        ("components/address/form.py", "import torch"),
        ("components/pages/neuron/model.py", "from components.drawing import numbers"),
        ("components/pages/neuron/model.py", "from components.pages.neuron import figures"),
        ("components/pages/neuron/model.py", "from components.pages.vectors import model"),
        ("components/losses.py", "from components.address.fields import Choice"),
        ("components/pages/neuron/page.py", "from components.pages.vectors.page import FORM"),
        ("components/pages/neuron/page.py", "from components.live.update import update"),
        ("components/pages/neuron/page.py", "from components.pages.index import PAGES"),
        ("components/pages/neuron/page.py", "import streamlit"),
        ("components/pages/neuron/figures.py", "import torch"),
        ("components/pages/page.py", "from components.pages.neuron import page"),
        ("components/live/update.py", "import starlette"),
        ("components/live/update.py", "from components.pages.neuron.page import PAGE"),
        ("components/live/route.py", "from components.server import guard"),
        ("components/drawing/panel.py", "import streamlit"),
        ("components/drawing/panel.py", "from components.pages.page import Page"),
        ("components/browser/mount.py", "from components.pages.neuron import page"),
        ("components/browser/assets.py", "import streamlit"),
        ("components/server/start.py", "from components.pages.neuron import page"),
        ("components/main.py", "from components.live import update"),
        ("components/nowhere.py", "import torch"),
    ):
        assert len(forbidden_imports(line, rule(name))) == 1, (name, line)


def test_an_allowed_import_is_not_complained_about() -> None:
    for name, line in (
        ("components/graph/read.py", "import math\nfrom collections.abc import Iterator"),
        ("components/graph/read.py", "import torch\nfrom torch.autograd.graph import Node"),
        ("components/graph/read.py", "from components.graph import model\nfrom components.graph.model import Node"),
        ("components/graph/read.py", '"""Never: import streamlit"""'),
        ("components/drawing/panel.py", "import graphviz\nfrom components.address.view import GraphView"),
        ("components/pages/neuron/model.py", "import torch\nfrom components.losses import LOSSES"),
        (
            "components/pages/neuron/page.py",
            "from components.pages import parts\nfrom components.pages.neuron import model",
        ),
        ("components/live/update.py", "from components.pages.index import PAGES"),
        ("components/live/route.py", "from starlette.routing import WebSocketRoute"),
        ("components/browser/mount.py", "import streamlit as st"),
    ):
        assert forbidden_imports(line, rule(name)) == [], (name, line)


def test_memory_is_noticed_in_code_and_may_be_spoken_of() -> None:
    for line in (
        "st.session_state['a'] = 1",
        "from streamlit import session_state",
        "from streamlit import session_state as s",
        "getattr(st, 'session_state')",
        "f(session_state=1)",
        "def f(session_state): ...",
        "session_state = {}",
    ):
        assert "session_state" in spelled(line), line
    for line in ('"""session_state"""', 'def f():\n    """session_state"""', "# session_state"):
        assert "session_state" not in spelled(line), line


def test_what_is_not_documented_is_noticed() -> None:
    for line, found in (
        ("import streamlit as st", set()),
        ("from streamlit.components.v2.types import ComponentRenderer", set()),
        ("from streamlit import config", {"streamlit.config"}),
        ("from streamlit.runtime import get_instance", {"streamlit.runtime.get_instance"}),
        ("import uvicorn", {"uvicorn"}),
        ("f(session)._state", {"_state"}),
        ("self._state = other._other", set()),
    ):
        assert undocumented(line, {"_state"}) == found, line


def test_words_of_the_address_and_the_wire_are_noticed() -> None:
    assert strings('fields["seq"]\nf(hide=1)\n"""held"""\nx = f"{a}query"') == {"seq", "query"}


def test_what_is_private_to_others_is_noticed() -> None:
    for what, text in (
        ("selectors on Streamlit's own page", '[data-testid="stHeader"] { }'),
        ("selectors on Streamlit's own page", "document.querySelector('.stMain')"),
        ("selectors on Streamlit's own page", ".st-key-app { }"),
        ("private names of Plotly", "plot._fullLayout.xaxis"),
        ("private names of Plotly", "axis.l2p(value)"),
        ("the browser's history", "window.history.pushState({}, '', path)"),
    ):
        assert re.search(ONE_PLACE[what][0], text), text
    for pattern, _ in ONE_PLACE.values():
        assert not re.search(pattern, ".status { } .stack.start { } this._layout = list.length; first.step")


def test_a_long_function_and_a_long_file_are_noticed() -> None:
    for head in ("def f():", "async def f():"):
        for lines, found in ((LONGEST, []), (LONGEST + 1, ["f"])):
            assert too_long("\n    ".join([head, *["pass"] * (lines - 1)])) == found, (head, lines)
    assert not has_too_many_lines("\n" * MOST_LINES)
    assert has_too_many_lines("\n" * (MOST_LINES + 1))


def test_a_colour_is_noticed_and_nothing_else() -> None:
    for text in ("color: #fff;", '"#a1B2c3"', "#00000080", "fill='#abc'"):
        assert COLOUR.search(text), text
    for text in ("url(#arrow-flow)", "#main { }", "# a comment", "PR #12", "#abcdefg"):
        assert not COLOUR.search(text), text


def test_what_is_visible_is_noticed(tmp_path: Path) -> None:
    for name in (".git", "__pycache__", "notes.md", "src"):
        (tmp_path / name).mkdir()
    assert visible(tmp_path) == {"notes.md", "src"}
