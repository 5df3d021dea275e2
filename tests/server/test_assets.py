"""The app's own scripts and styles: which are served, and under which address."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.browser import assets
from components.pages.index import PAGES

SINGLE = [name for name in assets.files() if name not in {assets.SCRIPT, assets.STYLES}]
SHEETS = [name for name in SINGLE if name.endswith(".css")]
KEYFRAMES = re.compile(r"@keyframes\s+\w+\s*\{.*?\}\s*\}", re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with two files of our own, with nothing remembered before or after."""
    for name, text in (
        (assets.ENTRY, "export default () => 1;"),
        ("browser/shell/page.css", "p {}"),
        ("pages/one/page.css", "q {}"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    monkeypatch.setattr(assets, "SHEETS", ("browser/shell/page.css",))
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    assets.files.cache_clear()
    assets.version.cache_clear()


def test_only_scripts_and_styles_are_served() -> None:
    assert {Path(name).suffix for name in assets.files()} == assets.SUFFIXES.keys()


def test_what_is_served_is_what_lies_there() -> None:
    assert all((assets.FOLDER / name).read_bytes() == assets.files()[name] for name in SINGLE)
    assert all(not name.startswith(("/", ".")) and "\\" not in name for name in SINGLE)


def test_other_files_are_left_out(folder: Path) -> None:
    for name in ("browser/a.py", "browser/a.html", "pages/notes.md", "browser/a.js.map", "pages/.env", "server/a.js"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("secret")
    ours = {assets.ENTRY, "browser/shell/page.css", "pages/one/page.css", assets.SCRIPT, assets.STYLES}
    assert assets.files().keys() == ours


def test_every_view_of_every_page_is_served() -> None:
    views = {part.view for page in PAGES.values() for part in page.parts if part.view}
    assert views <= set(SINGLE)


def test_every_general_sheet_has_its_place_in_the_order() -> None:
    assert [name for name in SHEETS if name.startswith("browser/")] == sorted(assets.SHEETS)


def test_one_sheet_has_the_general_ones_first_and_then_those_of_the_pages(folder: Path) -> None:
    sheet = assets.files()[assets.STYLES].decode()
    assert sheet.index("p {}") < sheet.index("q {}")


@pytest.mark.parametrize("name", SHEETS)
def test_every_brace_of_a_style_sheet_is_closed(name: str) -> None:
    depth = 0
    for line in assets.files()[name].decode().splitlines():
        depth += line.count("{") - line.count("}")
        assert 0 <= depth <= 2
    assert depth == 0


def test_the_version_is_the_same_for_the_same_files(folder: Path) -> None:
    before = assets.version()
    forget()
    assert assets.version() == before
    assert len(before) == 12
    assert before.isalnum()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (assets.ENTRY, "export default () => 2;"),
        ("browser/shell/page.css", "p { }"),
        ("pages/one/view.js", ""),
        ("pages/two/page.css", ""),
    ],
)
def test_the_version_changes_with_the_files(folder: Path, name: str, content: str) -> None:
    before = assets.version()
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(content)
    forget()
    assert assets.version() != before


def test_the_version_changes_with_plotly(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = assets.version()
    monkeypatch.setattr("plotly.__version__", "0.0.1")
    forget()
    assert assets.version() != before


def test_an_address_names_the_version(folder: Path) -> None:
    assert assets.address(assets.SCRIPT) == f"assets/{assets.version()}/app.js"


def test_no_colour_is_animated() -> None:
    """A mixed colour on its way to another one flashes yellow and red in Chromium."""
    animations = KEYFRAMES.findall(assets.files()[assets.STYLES].decode())
    assert animations
    assert [text for text in animations if re.search(r"\b(fill|stroke|color|background|border)\b(?!-)", text)] == []
