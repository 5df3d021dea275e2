"""What happens when the server goes away, and that nothing is fetched from elsewhere."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit, expect_query, number, ready
from tests.serving import ROOT, free_port, serve

PATIENCE = 30_000
APP = ROOT / "app.py"


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.new_page(viewport={"width": 1440, "height": 900})


def move(page: Page, name: str, value: str, event: str = "input") -> None:
    """Moves a slider as a hand does that has not let go ("input") or has ("change")."""
    page.evaluate(
        """([name, value, event]) => {
          const range = document.querySelector(`input[aria-label="${name}"]`);
          range.value = value;
          range.dispatchEvent(new Event(event, { bubbles: true }));
        }""",
        [name, value, event],
    )


def test_a_restart_while_the_page_is_idle(page: Page) -> None:
    port = free_port()
    with serve(APP, port) as server:
        page.goto(f"{server.url}/?w=2")
        ready(page)
    with serve(APP, port):
        page.get_by_role("slider", name="b", exact=True).fill("3")
        expect(page.locator("[data-node=b]")).to_have_attribute("data-value", "3.0", timeout=PATIENCE)
        expect(page.locator("[data-node=w]")).to_have_attribute("data-value", "2.0")
        expect_query(page, "?w=2&b=3")
        assert page.evaluate("location.pathname") == "/"
        expect(page.locator(".connection")).to_be_empty(timeout=PATIENCE)
    page.close()


def test_a_server_killed_in_the_middle_of_a_drag(page: Page) -> None:
    port = free_port()
    with serve(APP, port) as server:
        page.goto(server.url)
        ready(page)
        move(page, "w", "-1")
        server.process.kill()
        move(page, "w", "-2")
        expect(page.locator(".connection")).to_contain_text("trying again", timeout=PATIENCE)
    with serve(APP, port):
        move(page, "w", "-2.5")
        move(page, "w", "-2.5", "change")
        expect(page.locator("[data-node=w]")).to_have_attribute("data-value", "-2.5", timeout=PATIENCE)
        expect_query(page, "?w=-2.5")
        expect(page.locator(".connection")).to_be_empty(timeout=PATIENCE)
        before = number(page, "loss")
        page.reload()
        ready(page)
        assert number(page, "loss") == before
    page.close()


def test_a_restarted_server_shows_the_address_state(page: Page) -> None:
    port = free_port()
    with serve(APP, port) as server:
        page.goto(f"{server.url}/?x=2&w=-4&y=1")
        ready(page)
        before = number(page, "dw")
    with serve(APP, port):
        page.reload()
        ready(page)
        assert number(page, "dw") == before
    page.close()


def test_no_request_leaves_the_servers_own_address(visit: Visit, browser: Browser) -> None:
    asked: set[str | None] = set()
    page = visit()
    page.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
    page.reload()
    ready(page)
    page.get_by_role("slider", name="w", exact=True).fill("2")
    expect_query(page, "?w=2")
    assert asked - {None} == {"localhost"}
