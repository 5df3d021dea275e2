"""What a browser with an empty cache fetches, and what becomes of a page when the server has been upgraded."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from components.browser import assets
from tests.serving import Server

MISSING = "A part of this page did not arrive. Reload the page."
SHOWN = "[data-node=loss][data-value]"
CURVES = ".js-plotly-plot .scatterlayer .trace"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been here."""
    context = browser.new_context()
    yield context
    context.close()


def network(page: Page) -> dict[str, dict[str, Any]]:
    """Every answer that the page gets, by address: its headers, and the bytes that it took."""
    answers: dict[str, dict[str, Any]] = {}
    addresses: dict[str, str] = {}
    devtools = page.context.new_cdp_session(page)

    def receive(told: dict[str, Any]) -> None:
        address = told["response"]["url"]
        if address.startswith("http"):
            addresses[told["requestId"]] = address
            headers = {name.lower(): value for name, value in told["response"]["headers"].items()}
            answers[address] = {"headers": headers, "status": told["response"]["status"], "bytes": 0}

    def finish(told: dict[str, Any]) -> None:
        if address := addresses.get(told["requestId"]):
            answers[address]["bytes"] = told["encodedDataLength"]

    devtools.on("Network.responseReceived", receive)
    devtools.on("Network.loadingFinished", finish)
    devtools.send("Network.enable")
    return answers


@pytest.fixture(scope="module")
def opened(browser: Browser, server: Server) -> dict[str, dict[str, Any]]:
    """The answers of a first visit, its curves and its fonts included."""
    context = browser.new_context()
    page = context.new_page()
    answers = network(page)
    page.goto(server.url)
    page.locator(CURVES).first.wait_for(state="attached")
    page.evaluate("document.fonts.ready.then(() => true)")
    context.close()
    return answers


def test_a_first_visit_fetches_little(opened: dict[str, dict[str, Any]]) -> None:
    assert len(opened) <= 90
    assert sum(answer["bytes"] for answer in opened.values()) < 3.2e6


def test_all_scripts_and_styles_leave_compressed(opened: dict[str, dict[str, Any]]) -> None:
    texts = [address for address in opened if re.search(r"\.(?:js|css)$", address)]
    assert len(texts) > 50
    for address in texts:
        assert opened[address]["headers"].get("content-encoding") == "gzip", address
        assert "immutable" in opened[address]["headers"]["cache-control"], address


def test_our_own_files_are_three(opened: dict[str, dict[str, Any]]) -> None:
    ours = [address.rpartition("/")[2] for address in opened if "/assets/" in address]
    assert sorted(ours) == ["app.css", "app.js", "plotly.js"]


def test_only_fonts_that_the_page_shows_are_fetched(opened: dict[str, dict[str, Any]]) -> None:
    fonts = {address.rpartition("/")[2].partition(".")[0] for address in opened if address.endswith(".woff2")}
    assert fonts <= {"SourceSansVF-Upright", "SourceSerifVariable-Italic", "SourceSerifVariable-Roman"}


def test_the_icon_font_comes_with_an_icon(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    page.goto(server.url)
    page.locator(SHOWN).wait_for()
    with page.expect_response(re.compile("MaterialSymbols")):
        page.evaluate(
            """() => document.body.append(Object.assign(document.createElement("span"), {
              textContent: "home", style: 'font-family: "Material Symbols Rounded"' }))"""
        )


def test_every_script_is_the_same_in_the_bundle_as_by_itself(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    page.goto(server.url)
    page.locator(SHOWN).wait_for()
    names = [name for name in assets.files() if name.endswith(".js") and name != assets.SCRIPT]
    alone, together = page.evaluate(
        """async ([folder, names]) => {
          const at = (name) => import(new URL(`${folder}/${name}`, document.baseURI).href);
          const kinds = (module) => Object.entries(module).map(([name, one]) => [name, typeof one, one?.name]).sort();
          const app = await at("app.js");
          const alone = [];
          for (const name of names) alone.push(kinds(await at(name)));
          return [alone, names.map((name) => kinds(app.load(name)))];
        }""",
        [assets.address("").rstrip("/"), names],
    )
    assert len(alone) == len(names) > 30
    assert together == alone


@pytest.mark.parametrize("version", ["000000000000", "older"])
def test_a_page_of_another_version_is_given_the_files_of_this_one(
    context: BrowserContext, server: Server, version: str
) -> None:
    for name in (assets.SCRIPT, assets.STYLES, assets.ENTRY):
        answer = context.request.get(f"{server.url}/{assets.PREFIX}/{version}/{name}")
        assert answer.status == 200
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.body() == assets.files()[name]


class Upgrade:
    """A server that has other files than the page knows, until the page has been loaded anew `loads` times."""

    def __init__(self, page: Page, pattern: str, loads: int) -> None:
        self.navigations = 0
        self._loads = loads
        page.on("request", lambda request: self._count(request.is_navigation_request()))
        page.route(re.compile(pattern), self._answer)

    def _count(self, is_navigation: bool) -> None:
        self.navigations += is_navigation

    def _answer(self, route: Route) -> None:
        if self.navigations <= self._loads:
            route.fulfill(status=404, body="Not found")
        else:
            route.continue_()


GONE = [r"static/js/index\.\w+\.js", r"static/js/BidiComponent", r"static/js/react-dom", r"assets/.*/app\.(js|css)"]


@pytest.mark.parametrize("pattern", GONE)
def test_a_page_whose_files_are_gone_is_loaded_anew(context: BrowserContext, server: Server, pattern: str) -> None:
    page = context.new_page()
    upgrade = Upgrade(page, pattern, loads=1)
    page.goto(server.url + "/?w=2")
    page.locator(SHOWN).wait_for(timeout=30_000)
    assert upgrade.navigations == 2
    assert page.url.endswith("/?w=2")


def test_a_page_whose_files_stay_away_is_loaded_anew_once(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    upgrade = Upgrade(page, r"static/js/react-dom", loads=1000)
    page.goto(server.url, wait_until="commit")
    page.wait_for_function("performance.getEntriesByType('navigation')[0].type === 'reload'")
    page.wait_for_function("document.readyState === 'complete'")
    page.evaluate("fetch(location.href).then(() => true)")  # a third load would have begun before this is done
    assert upgrade.navigations == 2


def test_a_script_that_does_not_arrive_is_asked_for_again(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    asked: list[str] = []

    def lose(route: Route) -> None:
        asked.append(route.request.url)
        if "attempt=2" in route.request.url:
            route.continue_()
        else:
            route.abort()

    page.route(re.compile(r"assets/.*/app\.js"), lose)
    page.goto(server.url)
    page.locator(SHOWN).wait_for(timeout=60_000)
    assert any(address.endswith("attempt=1") for address in asked)


@pytest.mark.parametrize("pattern", [r"assets/.*/app\.js", r"static/js/BidiComponent"])
def test_where_scripts_stay_away_one_sentence_says_so(context: BrowserContext, server: Server, pattern: str) -> None:
    page = context.new_page()
    page.route(re.compile(pattern), lambda route: route.abort())
    page.goto(server.url)
    expect(page.get_by_role("alert")).to_have_text(MISSING, timeout=60_000)
    expect(page.get_by_text("Error").locator("visible=true")).to_have_count(0)


def test_a_page_without_a_network_stays_as_it_is(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    page.goto(server.url)
    page.locator(SHOWN).wait_for()
    page.evaluate("window.same = true")
    context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.evaluate("dispatchEvent(new Event('vite:preloadError'))")
    assert page.evaluate("window.same")
    context.set_offline(False)
    page.locator(SHOWN).wait_for()


def test_the_page_is_told_what_it_would_ask_for(context: BrowserContext, server: Server) -> None:
    answer = context.request.get(f"{server.url}/_stcore/host-config")
    told = context.request.get(server.url).text()
    settings = re.search(r"\.\.\.(\{.*\}) \};", told)
    assert settings
    assert json.loads(settings[1])["HOST_CONFIG"] == answer.json() | {"blockErrorDialogs": True}
