"""What is undocumented of Streamlit's page in the browser: its files, its settings, and what it does when it begins."""

import asyncio
import json
import re

from starlette.requests import Request
from starlette.routing import Route
from streamlit.web.server.starlette.starlette_routes import create_host_config_routes

from components.browser import assets
from components.server import document
from components.server import streamlit_patches as patches


def test_streamlits_page_and_scripts_lie_in_its_folder() -> None:
    folder = patches.static_folder()
    assert "</head>" in (folder / "index.html").read_text("utf-8")
    assert any((folder / "static" / "js").glob("index.*.js"))


def page_script() -> str:
    """The script that Streamlit's page begins with."""
    page = (patches.static_folder() / "index.html").read_text("utf-8")
    (name,) = re.findall(r'src="\./(static/js/[^"]+)"', page)
    return str((patches.static_folder() / name).read_text("utf-8"))


def test_streamlits_page_reads_our_settings() -> None:
    settings = patches.page_settings(["a", "b"])
    assert settings.startswith("window.__streamlit = {")
    for name in ("BACKEND_BASE_URL", "HOST_CONFIG", "ENABLE_RELOAD_BASED_ON_HARDCODED_STREAMLIT_VERSION"):
        assert name in settings
        assert f"?.{name}" in page_script()


def test_our_settings_are_what_the_server_would_answer_without_dialogs() -> None:
    (route,) = create_host_config_routes("")
    assert isinstance(route, Route)
    answer = asyncio.run(route.endpoint(Request({"type": "http", "method": "GET", "headers": []})))
    settings = json.loads(patches.page_settings([]).partition("...")[2].removesuffix(" };"))
    assert settings["HOST_CONFIG"] == json.loads(answer.body) | {"blockErrorDialogs": True}
    assert "blockErrorDialogs:n}=this.state.appConfig;n!==!0&&this.openDialog" in page_script()


def test_streamlits_page_connects_at_once_where_it_is_told_all() -> None:
    assert "enableBypass===!0?(this.setFsmState($.CONNECTING)" in page_script()


def test_streamlits_page_fetches_its_icon_font_before_it_shows_an_icon() -> None:
    assert re.search(r"document\.fonts\.load\(`1em \"\$\{\w+\.materialIcons\}\"`\)", page_script())
    assert "Material Symbols" in patches.skip_icon_font()


def test_streamlits_scripts_try_web_assembly_and_go_on_without_it() -> None:
    (script,) = (patches.static_folder() / "static" / "js").glob("protobuf.*.js")
    assert re.search(r"try\{\w+=new WebAssembly\.Instance\(.{0,2000}\}catch\{\}", script.read_text("utf-8"))
    assert "WebAssembly" in patches.hide_web_assembly()


def test_streamlits_page_keeps_a_theme_for_each_path() -> None:
    scripts = (patches.static_folder() / "static" / "js").glob("utils.*.js")
    text = "".join(script.read_text("utf-8") for script in scripts)
    assert re.search(r"=2,(\w+)=`stActiveTheme-\$\{window\.location\.pathname\}`.{0,99}`\$\{\1\}-v\$\{\w+\}`", text)
    assert re.search(r"(\w)===`System`\|\|\1===`Light`\|\|\1===`Dark`", text)
    assert "`stActiveTheme-${location.pathname}-v2`" in patches.keep_theme("key")


def test_the_switch_and_the_documents_head_keep_the_theme_in_one_place() -> None:
    switch = assets.files()["browser/classroom/theme_switch.js"].decode()
    assert f'const KEY = "{document.THEME_KEY}";' in switch
    assert patches.keep_theme(document.THEME_KEY) in document.content().decode()


def test_a_components_scripts_are_there_and_its_page_does_not_name_them() -> None:
    folder = patches.static_folder()
    names = patches.component_scripts()
    assert names[0].startswith("static/js/BidiComponent.")
    assert len(names) == len(set(names))
    assert all((folder / name).is_file() for name in names)
    assert not any(name in (folder / "index.html").read_text("utf-8") for name in names)
