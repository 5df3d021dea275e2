"""Sharing: the link, its code and its preview, and what goes along."""

import io
import re

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.classroom import bounds, link, not_presenting, share
from tests.browser.conftest import Visit, resize
from tests.serving import Server


def decoded(picture: bytes) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))]


def test_the_link_is_the_state_as_of_now(visit: Visit, server: Server) -> None:
    page = visit("/?x=2")
    page.get_by_role("button", name="Walk through").click()
    expect(page.locator(".walk-bar .place")).to_have_text("0 / 8")
    page.get_by_role("slider", name="step of the walk").fill("5")
    share(page)
    expect(page.get_by_role("textbox", name="Link", exact=True)).to_have_value(f"{server.url}/?x=2&step=5")
    other = visit(link(page).removeprefix(server.url))
    expect(other.locator(".walk-bar .place")).to_have_text("5 / 8")


def test_the_code_is_read_from_the_screen(visit: Visit) -> None:
    page = visit("/?w=-2.5&y=1", theme="dark")
    shared = share(page)
    page.wait_for_function("document.querySelector('.classroom .code img').naturalWidth > 0")
    for width, height, theme in ((1440, 900, "light"), (1024, 768, "dark"), (390, 844, "light")):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its words
        resize(page, width, height)
        expect_readable(page, shared, width, height)


def expect_readable(page: Page, shared: str, width: int, height: int) -> None:
    """The panel's code, and the one that fills the screen."""
    assert decoded(page.screenshot()) == [shared]
    page.get_by_role("button", name="Show the QR code on the whole screen").click()
    large = page.get_by_role("dialog", name="QR code", exact=True)
    expect(large).to_be_visible()
    left, top, right, bottom = bounds(page, ".large-code img")
    assert right - left == pytest.approx(bottom - top, abs=1)
    assert min(width, height) * 0.8 <= right - left <= min(width, height)
    assert decoded(page.screenshot()) == [shared]
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()
    expect(page.get_by_role("dialog", name="Share what is on the screen")).to_be_visible()


def test_ticks_go_into_the_link_with_what_goes_along(visit: Visit) -> None:
    page = visit()
    assert share(page).endswith("/")
    page.get_by_role("checkbox", name="sliders and starting points").check()
    page.get_by_role("checkbox", name="every gradient, wherever it stands").check()
    expect(page.get_by_role("checkbox", name="curves")).to_be_checked()
    expect(page.get_by_role("checkbox", name="curves")).to_be_disabled()
    page.get_by_role("checkbox", name="for a projector").check()
    assert link(page).endswith("/?present=1&hide=sliders,answers")
    page.get_by_role("checkbox", name="inside another page").check()
    assert link(page).endswith("/?present=1&hide=sliders,answers&embed=true")
    snippet = page.get_by_role("textbox", name="HTML for another page")
    expect(snippet).to_have_value(re.compile("<iframe src=.*&amp;embed=true"))
    page.get_by_role("checkbox", name="every gradient, wherever it stands").uncheck()
    expect(page.get_by_role("checkbox", name="curves")).not_to_be_checked()
    assert "hide=sliders&" in link(page)


CLIPBOARDS = {
    "allowed": "navigator.clipboard.writeText = async (text) => { window.copied = text; }",
    "refused": "navigator.clipboard.writeText = () => Promise.reject(new Error('no'))",
    "missing": "Object.defineProperty(navigator, 'clipboard', { value: undefined })",
}


def test_copy_works_without_leave_to_use_the_clipboard(visit: Visit) -> None:
    page = visit("/?w=2")
    page.evaluate("document.addEventListener('copy', () => { window.copied = document.activeElement.value; })")
    share(page)
    for clipboard, change in CLIPBOARDS.items():
        page.evaluate(f"() => {{ window.copied = null; {change}; }}")
        page.get_by_role("button", name="Copy", exact=True).click()
        copied = page.get_by_role("status").filter(has_text="Copied.")
        expect(copied).to_be_visible()
        assert page.evaluate("window.copied") == link(page), clipboard
        page.get_by_role("checkbox", name="for a projector").click()
        expect(copied).to_have_count(0)


def test_focus_stays_in_the_panel_and_returns(visit: Visit) -> None:
    page = visit()
    share(page)
    inside = "document.activeElement === document.body || document.activeElement.closest('dialog.share') !== null"
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)
    page.keyboard.press("p")
    not_presenting(page)
    page.keyboard.press("Escape")
    expect(page.locator("dialog.share")).to_be_hidden()
    expect(page.get_by_role("button", name="Share", exact=True)).to_be_focused()


def test_the_preview_is_what_the_student_gets_and_loads_on_demand(visit: Visit) -> None:
    page = visit("/?w=2")
    share(page)
    page.get_by_role("checkbox", name="sliders and starting points").check()
    assert [frame.url for frame in page.frames if "hide" in frame.url] == []
    page.get_by_text("What students get").click()
    small = page.frame_locator(".preview iframe")
    small.locator("[data-node=loss][data-value]").wait_for(timeout=30_000)
    expect(small.locator(".sliders .cells")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(".preview iframe")).to_have_attribute("src", "about:blank")


def test_a_link_that_is_too_long_for_a_code_is_said_to_be(visit: Visit) -> None:
    page = visit("/?other=" + "x" * 600)
    share(page)
    expect(page.get_by_text("This link is too long for a QR code")).to_be_visible()
    expect(page.locator(".classroom .code")).to_be_hidden()


def test_what_students_predict_is_ticked_in_the_panel(visit: Visit) -> None:
    page = visit("/?w=2")
    share(page)
    page.get_by_role("checkbox", name="∂L/∂w").check()
    page.get_by_role("checkbox", name="ŷ").check()
    assert link(page).endswith("?w=2&predict=dw,y_pred")
    student = visit("/" + link(page).rpartition("/")[2], parts="graph")
    student.locator(".predict .row").nth(1).wait_for()
    assert student.locator(".predict .row").count() == 2
    share(student)
    expect(student.get_by_role("checkbox", name="ŷ")).to_be_checked()
