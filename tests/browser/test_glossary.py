"""Words that are explained where they stand, and listed with the keys."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit

INSIDE = """note => {
  const { left, top, right, bottom } = note.getBoundingClientRect();
  return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && note.matches(":popover-open");
}"""


def note(page: Page) -> Locator:
    return page.locator(".term-note")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (320, 600)])
def test_a_term_is_explained_at_a_pointer_in_focus_and_at_a_press(visit: Visit, width: int, height: int) -> None:
    page = visit("/?node=w&view=full", width, height, parts="graph")
    for form, says in (("leaf", "no operation made"), ("local derivative", "each unit of one of its inputs")):
        term = page.locator("dfn.explained", has_text=re.compile(f"^{form}$")).first
        term.scroll_into_view_if_needed()
        term.hover()
        expect(note(page)).to_contain_text(says)
        assert note(page).evaluate(INSIDE)
        page.mouse.move(2, 2)
        expect(note(page)).to_be_hidden()
        term.focus()
        expect(note(page)).to_contain_text(says)
        assert note(page).evaluate(INSIDE)
        page.keyboard.press("Escape")
        expect(note(page)).to_be_hidden()
        expect(page.locator("[data-inspector=w]")).to_be_visible()
        term.evaluate("term => term.blur()")
        term.click()
        expect(note(page)).to_be_visible()
        page.keyboard.press("Escape")


def test_terms_are_explained_in_labels_in_the_tour_and_in_captions(visit: Visit) -> None:
    page = visit("/?tour=3", parts="text")
    for place, says in ((".sliders .meaning", "the neuron multiplies its input by"), (".tour .text", "each unit that")):
        page.locator(f"{place} dfn", has_text=re.compile("^(weight|gradient)$")).first.hover()
        expect(note(page)).to_contain_text(says)
    page = visit("/vectors", parts="text")
    page.locator(".heat-map caption dfn").first.hover()
    expect(note(page)).to_contain_text("a row for each output")


def test_all_terms_stand_with_the_keys(visit: Visit) -> None:
    page = visit("/")
    page.get_by_role("button", name="Keys and words").click()
    words = page.get_by_role("dialog").locator(".terms dt").all_inner_texts()
    assert {"leaf", "ulp", "closed form", "clamp", "upstream gradient", "saturated", "other", "self", "ŷ"} <= set(words)
    assert words == sorted(words, key=str.casefold)
