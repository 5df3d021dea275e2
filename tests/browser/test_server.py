"""What the server answers beside the page, and that nothing is fetched from elsewhere."""

import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from components.browser import assets as mount
from tests.browser.conftest import Visit, expect_query, ready, resize
from tests.serving import Server


def test_our_files_are_kept_for_ever_under_their_version(server: Server) -> None:
    for name in ("app.js", "app.css", "plotly.js", "browser/graph/graph_view.js", "pages/neuron/page.css"):
        with urllib.request.urlopen(f"{server.url}/{mount.PREFIX}/{mount.version()}/{name}") as answer:
            assert "immutable" in answer.headers["Cache-Control"]
            assert answer.headers["Content-Type"].startswith(mount.SUFFIXES["." + name.rpartition(".")[2]])
    with urllib.request.urlopen(f"{server.url}/{mount.PREFIX}/older/app.js") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["browser/mount.py", "../main.py", "%2e%2e/main.py", "nothing.js", "browser/assets.py"]
)
def test_nothing_else_is_served(server: Server, name: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server.url}/{mount.PREFIX}/{mount.version()}/{name}")
    refused.value.close()
    assert refused.value.code in (400, 403, 404)


@pytest.mark.parametrize(("theme", "background"), [("light", "rgb(251, 251, 249)"), ("dark", "rgb(20, 23, 27)")])
def test_the_theme_follows_the_visitors_system(visit: Visit, theme: str, background: str) -> None:
    page = visit(theme=theme)
    expect(page.locator(".stApp")).to_have_css("background-color", background)


def test_the_page_never_scrolls_sideways(visit: Visit) -> None:
    page = visit()
    for width, height in ((1440, 900), (1024, 768), (390, 844)):
        resize(page, width, height)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width


def test_no_request_leaves_the_servers_own_address(visit: Visit) -> None:
    asked: set[str | None] = set()
    page = visit()
    page.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
    page.reload()
    ready(page)
    page.get_by_role("slider", name="w", exact=True).fill("2")
    expect_query(page, "?w=2")
    assert asked - {None} == {"localhost"}
