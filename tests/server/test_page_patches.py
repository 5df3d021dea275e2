"""What is undocumented of Streamlit's page in the browser: its files, its settings, and what it does when it begins."""

import asyncio
import json
import re

from starlette.requests import Request
from starlette.routing import Route
from streamlit.web.server.starlette.starlette_routes import create_host_config_routes

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


def test_a_components_scripts_are_there_and_its_page_does_not_name_them() -> None:
    folder = patches.static_folder()
    names = patches.component_scripts()
    assert names[0].startswith("static/js/BidiComponent.")
    assert len(names) == len(set(names))
    assert all((folder / name).is_file() for name in names)
    assert not any(name in (folder / "index.html").read_text("utf-8") for name in names)
