"""The tour of the first visit: offered once, skipped or taken, and remembered by the address alone."""

import re

from playwright.sync_api import Locator, Page, expect

from components.pages.lessons import tour
from components.pages.neuron.page import PAGE
from tests.browser.conftest import Visit, expect_number, expect_query, resize

SIZES = [(1440, 900), (1024, 768), (390, 844)]
OFFER, STOPS = tour("neuron")


def card(page: Page) -> Locator:
    return page.locator(".tour .card")


def expect_stop(page: Page, number: int) -> None:
    expect(card(page).locator(".place")).to_have_text(f"{number} of {len(PAGE.tour)}")
    page.wait_for_function("stop => new URLSearchParams(location.search).get('tour') === stop", arg=str(number))


def press(page: Page, name: str) -> None:
    card(page).get_by_role("button", name=name, exact=True).click()


def test_a_first_visit_is_offered_the_tour_and_may_decline(visit: Visit) -> None:
    page = visit("/")
    expect(page.get_by_role("button", name=OFFER)).to_be_visible()
    page.get_by_role("button", name="No tour").click()
    expect_query(page, "?tour=off")
    expect(page.get_by_role("button", name=OFFER)).to_be_hidden()
    page.reload()
    page.locator("[data-graph] [data-node]").first.wait_for()
    expect(page.get_by_role("button", name=OFFER)).to_be_hidden()
    expect(page.get_by_role("link", name="Vectors")).to_have_attribute("href", re.compile(r"tour=off"))


def test_who_comes_by_a_link_is_not_asked(visit: Visit) -> None:
    page = visit("/?w=2", parts="graph")
    expect(page.get_by_role("button", name=OFFER)).to_be_hidden()


def test_it_is_taken_from_stop_to_stop_and_back(visit: Visit) -> None:
    page = visit("/")
    page.get_by_role("button", name=OFFER).click()
    expect_stop(page, 1)
    expect(card(page).locator("[data-readout]").first).to_have_attribute("data-value", re.compile(r"0\.99"))
    press(page, "Continue")
    expect_stop(page, 2)
    press(page, "Back")
    expect_stop(page, 1)
    page.go_back()
    expect_stop(page, 2)
    press(page, "End the tour")
    expect_query(page, "?tour=off")
    expect(card(page)).to_be_hidden()


def test_a_link_opens_at_its_stop(visit: Visit) -> None:
    page = visit("/?tour=3&w=2")
    expect(card(page).get_by_role("heading")).to_have_text(STOPS[2][0])
    expect(card(page).locator("[data-readout=lesson_dw]")).to_have_attribute("data-value", re.compile(r"^6\.69998"))


def test_what_is_to_be_tried_is_noticed(visit: Visit) -> None:
    page = visit("/?tour=2")
    done = card(page).locator(".done")
    expect(done).to_be_empty()
    page.get_by_role("slider", name="w", exact=True).fill("-1")
    expect(done).to_have_text("Done.")
    press(page, "Continue")
    expect(done).to_be_empty()
    page.get_by_role("slider", name="y", exact=True).fill("1")
    expect(done).to_have_text("Done.")
    press(page, "Continue")
    page.locator('[data-graph] [data-node="w"]').click()
    expect(done).to_have_text("Done.")
    press(page, "Continue")
    page.locator("[data-graph] [data-node=loss]").click()
    expect(done).to_have_text("Done.")
    press(page, "Continue")
    page.get_by_role("button", name="Walk through").click()
    expect(done).to_have_text("Done.")


def test_it_can_be_taken_by_keyboard_alone_and_taken_again(visit: Visit) -> None:
    page = visit("/")
    page.get_by_role("button", name=OFFER).focus()
    page.keyboard.press("Enter")
    for number in range(1, len(PAGE.tour) + 1):
        expect_stop(page, number)
        expect(card(page).locator(".next")).to_be_focused()
        page.keyboard.press("Enter")
    expect_query(page, "?tour=off")
    expect(page.get_by_role("button", name="Keys")).to_be_focused()
    page.keyboard.press("?")
    page.get_by_role("button", name="Take the tour").click()
    expect_stop(page, 1)
    card(page).locator(".next").focus()
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()


def test_a_stop_begins_from_a_state_of_its_own(visit: Visit) -> None:
    page = visit("/?tour=2")
    page.get_by_role("slider", name="w", exact=True).fill("5")
    expect_number(page, "dw", "nan")
    press(page, "Continue")
    expect_number(page, "dw", "6.6917619705200195")
    expect(card(page).locator(".done")).to_be_empty()
    page.locator('[data-graph] [data-node="b"]').click()
    press(page, "Continue")
    expect(page.locator("[data-inspector]")).to_have_count(0)
    press(page, "Continue")
    expect(page.locator("[data-inspector=z]")).to_be_visible()
    press(page, "Continue")
    page.get_by_role("button", name="Walk through").click()
    expect(page.get_by_role("button").filter(has_text=re.compile("^Next$")).locator("visible=true")).to_have_count(1)
    press(page, "Continue")
    expect(page.locator(".walk-bar")).to_be_hidden()
    expect(page.locator("[data-inspector]")).to_have_count(0)


def test_what_has_scrolled_away_is_not_pointed_at(visit: Visit) -> None:
    page = visit("/?tour=1", 1024, 768)
    ring = page.locator(".tour .ring")
    expect(ring).to_be_visible()
    page.locator(".lesson").evaluate("lesson => lesson.scrollIntoView({ block: 'end' })")
    expect(ring).to_be_hidden()


def test_the_card_is_on_the_screen_and_beside_what_it_points_at(visit: Visit) -> None:
    page = visit("/?tour=1")
    for stop in range(1, len(PAGE.tour) + 1):
        expect_stop(page, stop)
        for width, height in SIZES:
            resize(page, width, height)
            expect_beside(page, width, height)
        resize(page, *SIZES[0])
        press(page, "Continue" if stop < len(PAGE.tour) else "End the tour")


def expect_beside(page: Page, width: int, height: int) -> None:
    """The tour's card is on the screen, and leaves free what its ring is around."""
    box, ring = (page.locator(f".tour {part}").bounding_box() for part in (".card", ".ring"))
    assert box is not None
    assert ring is not None
    assert box["x"] >= 0 <= box["y"]
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= height
    beside = box["x"] >= ring["x"] + ring["width"] or box["x"] + box["width"] <= ring["x"]
    apart = box["y"] >= ring["y"] + ring["height"] or box["y"] + box["height"] <= ring["y"]
    assert beside or apart or ring["height"] > height / 3
