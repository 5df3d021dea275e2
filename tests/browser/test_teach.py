"""The teacher's page: lessons that lead back, a timer, worksheets on paper, and the script over the whole screen."""

import re

from playwright.sync_api import Page, expect

from components.pages.teach.worksheets import SHEETS
from tests.browser.conftest import STILL, Visit, expect_number
from tests.browser.test_layout import CLIPPED

BACK = "← Back to Teach"
PAPER = {"A4": (688, 1017), "Letter": (710, 950)}
"""What is left of a sheet beside its margins of 14 mm, in CSS pixels."""


def card(page: Page, title: str, link: str) -> None:
    page.locator(".lessons article", has_text=title).get_by_role("link", name=link, exact=True).click()


def test_a_lesson_opens_in_present_and_leads_back(visit: Visit) -> None:
    page = visit("/teach", 1366, 768, parts="text")
    expect(page.locator(".lessons article")).to_have_count(6)
    expect(page.locator(".lessons .explained").first).to_be_attached()
    expect(page.locator(".lessons svg .explained")).to_have_count(0)
    expect_number(page, "neuron_dw", "6.6917619705200195")
    back = page.get_by_role("link", name=BACK)
    expect(back).to_have_count(0)
    card(page, "Slopes multiply", "Present")
    expect(page.locator("html.presenting [data-page=chain_rule] h1")).to_be_visible()
    expect(back).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("html:not(.presenting) [data-page=chain_rule]")).to_be_visible()
    expect(back).to_be_visible()
    back.click()
    expect(page.locator("html:not(.presenting) [data-page=teach] h1")).to_be_visible()
    assert "from=" not in page.url
    page.go_back()
    expect(page.locator("[data-page=chain_rule] h1")).to_be_visible()
    page.get_by_role("link", name="Vectors").click()
    expect(page.locator("[data-page=vectors] h1")).to_be_visible()
    expect(back).to_be_visible()
    page.get_by_role("button", name="Share").click()
    expect(page.locator(".share .link")).to_have_value(re.compile(r"/vectors$"))


def test_a_timer_runs_through_the_pages_and_ends_calmly(visit: Visit) -> None:
    page = visit("/teach", 1024, 768, parts="text")
    digits = page.get_by_role("timer")
    page.clock.install()
    page.get_by_role("button", name="Start a timer of 5 min").click()
    expect(digits).to_have_text("5:00")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Go on")).to_be_focused()
    card(page, "The neuron", "Present")
    expect(page.locator("html.presenting [data-page=neuron] h1")).to_be_visible()
    expect(digits).to_be_visible()
    assert float(digits.evaluate("digits => parseFloat(getComputedStyle(digits).fontSize)")) >= 36
    page.keyboard.press("t")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.clock.run_for(299_500)
    expect(digits).to_have_text("0:01")
    page.clock.run_for(2_000)
    expect(digits).to_have_text("0:00")
    expect(page.get_by_text("Time is up")).to_be_visible()
    page.get_by_role("button", name="Reset the timer").click()
    expect(digits).to_be_hidden()


def test_a_worksheet_is_two_sheets_of_paper(visit: Visit) -> None:
    page = visit("/teach", 1024, 768, parts="text")
    sheets = page.locator("article.worksheet")
    for name, sheet in SHEETS.items():
        page.locator(f'.lessons [href$="worksheet={name}"]').click()
        expect(sheets.locator("h2")).to_have_text([sheet.title] * 2)
        expect(sheets.first.locator(".answer")).to_have_count(0)
        expect(sheets.last.locator(".blank")).to_have_count(0)
        page.emulate_media(media="print")
        for paper, (width, height) in PAPER.items():
            assert page.pdf(format=paper).count(b"/Type /Page\n") == 2, (name, paper)
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(STILL)
            assert page.evaluate(CLIPPED) == []
        expect(page.locator(".app :is(h1, button, .lessons, .lesson)").locator("visible=true")).to_have_count(0)
        page.emulate_media(media="screen")
        page.get_by_role("button", name="Close").click()
        expect(page.locator(".lessons")).to_be_visible()
    page.wait_for_function("() => location.search === ''")


def test_the_script_fills_the_screen_in_large_type(visit: Visit) -> None:
    page = visit("/?x=-3.1&loss=logits", 1024, 768)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".take-home summary").click()
    page.get_by_role("button", name="Large type").click()
    dialog = page.get_by_role("dialog", name="The script in large type")
    lines = dialog.locator("pre > div")
    expect(lines.filter(has_text="torch.tensor(-3.1)")).to_be_visible()
    assert float(lines.first.evaluate("line => parseFloat(getComputedStyle(line).fontSize)")) >= 20
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_role("status")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".take-home code").text_content()
    assert copied.rstrip("\n").count("\n") + 1 == lines.count()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
