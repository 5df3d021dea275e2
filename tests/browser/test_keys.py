"""The head of the page: keys, the theme, and buttons that keep to their place."""

from playwright.sync_api import Page, expect

from tests.browser.classroom import bounds, not_presenting, presenting
from tests.browser.conftest import Visit, expect_query, resize


def test_the_sheet_lists_the_keys_and_closes(visit: Visit) -> None:
    page = visit()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()
    for words in ("projector mode", "torch’s full graph", "Page Down", "previous step", "explain", "a large step"):
        expect(sheet).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="Keys").click()
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Keys")).to_be_focused()


def test_the_theme_can_be_switched_and_stays_on_every_page(visit: Visit) -> None:
    page = visit("/?w=2")
    ground = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Theme: the system’s").click()
    page.get_by_role("button", name="Theme: light").click()
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible(timeout=30_000)
    page.locator("[data-node=loss][data-value]").wait_for()
    expect_query(page, "?w=2")
    dark = page.evaluate(ground)
    assert dark != light
    page.goto(page.url.partition("?")[0] + "vectors")
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible(timeout=30_000)
    assert page.evaluate(ground) == dark


def test_letters_can_be_switched_off_and_stay_off(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("checkbox", name="Keys of one letter work").uncheck()
    page.keyboard.press("Escape")
    for _ in range(2):
        for key in ("?", "p", "v"):
            page.keyboard.press(key)
        expect(page.locator("html.presenting, dialog[open]")).to_have_count(0)
        expect(page.locator("[data-graph] svg.concept")).to_be_attached()
        page.reload()
        page.locator("[data-node=loss][data-value]").wait_for()
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("checkbox", name="Keys of one letter work").check()
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    presenting(page)


def test_keys_of_the_browser_are_left_to_it(visit: Visit) -> None:
    page = visit()
    page.evaluate(
        "window.addEventListener('keydown', (event) => {"
        "  window.taken.push(event.defaultPrevented); event.preventDefault(); })"
    )
    for keys in ("Control+p", "Alt+v", "Meta+p", "Control+v"):
        page.evaluate("window.taken = []")
        page.keyboard.press(keys)
        assert page.evaluate("window.taken.length > 0 && !window.taken.includes(true)"), keys
        not_presenting(page)
        expect(page.locator("[data-graph] svg.concept")).to_be_attached()


def test_who_types_is_not_interrupted(visit: Visit) -> None:
    page = visit()
    page.get_by_role("textbox", name="w value").focus()
    for key in ("p", "v", "?"):
        page.keyboard.press(key)
    page.get_by_role("combobox", name="loss").focus()
    page.keyboard.press("p")
    expect(page.locator("html.presenting, dialog[open]")).to_have_count(0)
    expect(page.locator("[data-graph] svg.concept")).to_be_attached()


def test_the_head_keeps_to_its_place(visit: Visit) -> None:
    page = visit("/")
    for width, height in ((1440, 900), (1024, 768)):
        resize(page, width, height)
        expect_head(page, width, 34)
        if width == 1440:
            assert bounds(page, ".graph-view")[3] <= height
    expect_head(visit("/", 390, 844, touch=True), 390, 44)


def expect_head(page: Page, width: int, least: float) -> None:
    """Its buttons are in sight, and large enough."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for name in ("share", "present", "keys"):
        left, top, right, bottom = bounds(page, f"[data-act={name}]")
        assert right <= width
        assert min(right - left, bottom - top) >= least
