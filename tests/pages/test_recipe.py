"""A new page, made as the README says: a folder of its own and one entry in the list of pages, nothing else."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

PAGE = '''\
"""A straight line: its slope is everywhere the same."""

from dataclasses import dataclass

import torch

from components.address.fields import Parameter
from components.address.form import Form
from components.drawing import controls, numbers
from components.pages import parts
from components.pages.content import readouts, static
from components.pages.page import Content, Page, Part, Request


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the line is looked at."""

    x: float = 1.0


FORM = Form(make=Inputs, fields=(Parameter("x", "input", "-3", "3", "0.5", 1.0),), presets={"one": Inputs()})


def update(request: Request[Inputs]) -> Content:
    """The line at the requested input."""
    x = torch.tensor(request.inputs.x, requires_grad=True)
    y = 2 * x + 1
    y.backward()
    return Content(
        static=static(controls=controls.records(FORM)),
        readouts={
            "headline": readouts(numbers.text, {"y": y.item()}),
            "slope": readouts(numbers.signed, {"dx": x.grad.item()}),
        },
    )


PAGE = Page(
    name="line",
    title="A line",
    path="straight-line",
    form=FORM,
    parts=(
        parts.SLIDERS,
        parts.headline("line"),
        parts.ANSWERS,
        Part("slope", "the slope", "pages/line/slope.js", "pages/line/slope.html", shows_answers=True),
        parts.LESSON,
    ),
    update=update,
)
'''

FOLDER = {
    "__init__.py": "",
    "page.py": PAGE,
    "lesson.md": "# How steep is it?\n\nAt every *x* the same: {dx}.\n",
    "headline.html": '<div class="readouts"><b data-readout="y"></b></div>\n',
    "slope.html": '<div class="readouts"><b data-readout="dx"></b></div>\n',
    "slope.js": 'import { element } from "../../browser/shell/dom.js";\n\nexport default class Slope {}\n',
    "page.css": '[data-page="line"] { display: grid; }\n',
}

VISIT = """
import json
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from components.browser import assets
from tests.messages import answer, decode

app = AppTest.from_file(MAIN, default_timeout=60)
app._page_hash = calc_hash("straight-line")
app.query_params["x"] = "2.5"
app.run()
assert not app.exception
print(json.dumps({
    "first": decode(app.get("bidi_component")[0].proto.bytes).fields,
    "answer": answer("line", {"x": "1.4"}, released=True).fields,
    "by path": answer("straight-line", {"x": -3}).fields,
    "hidden": answer("line", query="?hide=slope").fields,
    "answers": answer("line", query="?hide=answers").fields,
    "another": answer("neuron", query="?hide=slope").fields["notices"],
    "files": {name: data.decode() for name, data in assets.files().items() if name in ("app.js", "app.css")},
}))
"""


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the app with the new page shows and answers, in a Python of its own."""
    top = tmp_path_factory.mktemp("app")
    shutil.copytree(ROOT / "components", top / "components", ignore=shutil.ignore_patterns("__pycache__"))
    folder = top / "components" / "pages" / "line"
    folder.mkdir()
    for name, text in FOLDER.items():
        (folder / name).write_text(text, "utf-8")
    index = top / "components" / "pages" / "index.py"
    index.write_text(with_entry(index.read_text("utf-8")), "utf-8")
    code = VISIT.replace("MAIN", repr(str(top / "components" / "main.py")))
    paths = os.pathsep.join([str(top), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=top,
        env=os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def with_entry(index: str) -> str:
    """The list of pages with the new one in it: its import, and its place."""
    imported = "from components.pages.neuron.page import PAGE as NEURON\n"
    entry = "TEACH"
    assert index.count(imported) == index.count(f"{entry})") == 1
    index = index.replace(imported, f"from components.pages.line.page import PAGE as LINE\n{imported}")
    return index.replace(f"{entry})", f"{entry}, LINE)")


def test_the_page_opens_by_its_path(visited: dict[str, Any]) -> None:
    first = visited["first"]
    assert (first["page"], first["seq"], first["values"]) == ("line", 0, {"x": 2.5})
    assert first["readouts"] == {"y": ["6.0", "6.0000"], "dx": ["2.0", "+2.0000"]}


def test_its_skeleton_is_whole(visited: dict[str, Any]) -> None:
    built = visited["first"]["skeleton"]
    assert (built["title"], built["question"]) == ("A line", "How steep is it?")
    assert built["pages"][-1] == {"name": "line", "title": "A line", "path": "straight-line"}
    parts = {part["name"]: part for part in built["parts"]}
    assert list(parts) == ["sliders", "headline", "answers", "slope", "lesson"]
    assert parts["slope"]["html"] == FOLDER["slope.html"]
    assert parts["answers"]["hides"] == ["slope"]
    assert 'data-of="dx"' in parts["lesson"]["html"]
    (slider,) = visited["first"]["static"]["controls"]["sliders"]
    assert (slider["name"], slider["min"], slider["step"]) == ("x", -3.0, 0.5)


def test_it_answers_events_and_has_addresses(visited: dict[str, Any]) -> None:
    answer = visited["answer"]
    assert answer["values"] == {"x": 1.5}
    assert answer["notices"] == ["x = 1.4 is between two steps; x is 1.5, the nearer one."]
    assert answer["address"]["x"] == "1.5"
    assert visited["by path"]["readouts"]["y"][0] == "-5.0"


def test_its_parts_can_be_hidden(visited: dict[str, Any]) -> None:
    for how in ("hidden", "answers"):
        assert "slope" in visited[how]["hidden"]
        assert visited[how]["readouts"].keys() == {"y"}
    assert visited["another"] == []


def test_its_scripts_and_styles_are_served(visited: dict[str, Any]) -> None:
    assert '"pages/line/slope.js"' in visited["files"]["app.js"]
    assert "class Slope" in visited["files"]["app.js"]
    assert FOLDER["page.css"].strip() in visited["files"]["app.css"]
