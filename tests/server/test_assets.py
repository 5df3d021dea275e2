"""The widgets' files: which are served, under which address, and that each widget is complete."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from components.widgets import (
    curves_view,
    graph_view,
    heat_map,
    inspector,
    lifeline,
    live_sliders,
    opinions,
    program,
    readouts,
    take_home,
)

from components.browser import assets as mount

WIDGETS = sorted(path.parent.name for path in mount.FOLDER.glob("*/__init__.py"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of widgets of our own, with nothing remembered before or after."""
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "one.js").write_text("export default () => {};")
    (tmp_path / "page.css").write_text("p {}")
    monkeypatch.setattr(mount, "FOLDER", tmp_path)
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    mount.files.cache_clear()
    mount.version.cache_clear()


def registered(monkeypatch: pytest.MonkeyPatch, *arguments: str, **options: str) -> dict[str, Any]:
    """What Streamlit is told when a widget is registered."""
    told: dict[str, Any] = {}
    monkeypatch.setattr(st.components.v2, "component", lambda name, **rest: told.update(rest, name=name))
    mount.register(*arguments, **options)
    return told


def test_the_widgets_are_those_of_the_design() -> None:
    assert {"curves_view", "graph_view", "live_sliders", "readouts"} <= set(WIDGETS)


@pytest.mark.parametrize("widget", WIDGETS)
def test_every_widget_has_a_script_and_a_wrapper(widget: str) -> None:
    script = mount.files()[f"{widget}/{widget}.js"].decode()
    assert "export default" in script
    wrapper = ast.parse((mount.FOLDER / widget / "__init__.py").read_text("utf-8"))
    public = [n for n in wrapper.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
    assert public
    assert all(ast.get_docstring(function) for function in public)


@pytest.mark.parametrize("name", [name for name in mount.files() if name.endswith(".css")])
def test_every_brace_of_a_style_sheet_is_closed(name: str) -> None:
    depth = 0
    for line in mount.files()[name].decode().splitlines():
        depth += line.count("{") - line.count("}")
        assert 0 <= depth <= 2
    assert depth == 0


def test_only_scripts_and_styles_are_served() -> None:
    assert {Path(name).suffix for name in mount.files()} == {".js", ".css"} == mount.SUFFIXES.keys()


def test_what_is_served_is_what_lies_there() -> None:
    assert all((mount.FOLDER / name).read_bytes() == content for name, content in mount.files().items())
    assert all(not name.startswith(("/", ".")) and "\\" not in name for name in mount.files())


def test_other_files_are_left_out(folder: Path) -> None:
    for name in ("one/__init__.py", "one/one.html", "one/notes.md", "one/one.js.map", ".env"):
        (folder / name).write_text("secret")
    assert mount.files().keys() == {"one/one.js", "page.css"}


def test_the_version_is_the_same_for_the_same_files(folder: Path) -> None:
    before = mount.version()
    forget()
    assert mount.version() == before
    assert len(before) == 12
    assert before.isalnum()


@pytest.mark.parametrize(
    ("name", "content"),
    [("one/one.js", "export default () => 1;"), ("page.css", "p { }"), ("one/two.js", ""), ("one/one.css", "")],
)
def test_the_version_changes_with_the_files(folder: Path, name: str, content: str) -> None:
    before = mount.version()
    (folder / name).write_text(content)
    forget()
    assert mount.version() != before


def test_the_version_changes_with_a_files_name(folder: Path) -> None:
    before = mount.version()
    (folder / "page.css").rename(folder / "pages.css")
    forget()
    assert mount.version() != before


@pytest.mark.parametrize(("options", "script"), [({}, "one/one.js"), ({"script": "two"}, "two/two.js")])
def test_a_widget_fetches_its_script_under_the_version(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, str], script: str
) -> None:
    told = registered(monkeypatch, "one", **options)
    assert told["name"] == "one"
    assert f'import(new URL("assets/{mount.version()}/{script}", document.baseURI).href)' in told["js"]
    assert "export default" in told["js"]


def test_a_widget_may_bring_its_own_html(monkeypatch: pytest.MonkeyPatch) -> None:
    told = registered(monkeypatch, "one", html="<p></p>")
    assert (told["html"], told["isolate_styles"]) == ("<p></p>", False)


@pytest.mark.parametrize(
    "module", [curves_view, graph_view, heat_map, inspector, lifeline, opinions, program, take_home]
)
def test_a_wrapper_mounts_its_widget_for_its_page(monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    told: list[tuple[str, object]] = []
    monkeypatch.setattr(module, "_component", lambda key, data, **_: told.append((key, data)))
    module.show("here", "vectors")
    assert told == [("here", {"page": "vectors"})]


def test_a_block_of_readouts_is_mounted_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, object]] = []
    monkeypatch.setattr(readouts, "_BLOCKS", {"by_hand": lambda key, data: told.append((key, data))})
    readouts.show("by_hand", "neuron")
    assert told == [("by-hand", {"page": "neuron"})]


def test_every_block_of_readouts_is_registered() -> None:
    assert set(readouts._BLOCKS) == {path.stem for path in (mount.FOLDER / "readouts").glob("*.html")} != set()


def test_the_sliders_carry_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    carried: dict[str, Any] = {}
    monkeypatch.setattr(live_sliders, "_component", lambda **told: carried.update(told))
    live_sliders.show("live", b"message")
    assert (carried["key"], carried["data"]) == ("live", b"message")
    assert carried["on_event_change"]() is None
