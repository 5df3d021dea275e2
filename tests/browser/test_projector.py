"""Projector mode: its size, its colours, how it begins and ends, and what drives it."""

import pytest
from playwright.sync_api import Page, expect

from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.browser.classroom import IS_LIGHT, SIZES, bounds, not_presenting, presenting
from tests.browser.conftest import Visit, expect_number, expect_query, resize

SCREENS = pytest.mark.parametrize(("width", "height"), [(1024, 768), (1440, 900), (1920, 1080)])


MOVED = """(before) => {
    const parts = [...document.querySelectorAll(
        ".headline, .cards > div, .headline [data-readout], .term, .graph-view, [data-node], .cell, .cell input"
    )];
    const places = parts.map((part) => {
        const { x, y, width, height } = part.getBoundingClientRect();
        const name = part.dataset.readout ?? part.dataset.node ?? part.className;
        const size = part.matches(".term") ? [] : [width, height];
        return [name, ...[x, y, ...size].map(Math.round)].join(" ");
    });
    return before ? places.filter((place, i) => place !== before[i]) : places;
}"""


CONTRAST = """() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const light = (colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const parts = [...canvas.getImageData(0, 0, 1, 1).data].map((v) => v / 255);
        const [r, g, b] = parts.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const all = (selector) => [...document.querySelectorAll(selector)].map((part) => getComputedStyle(part));
    const ground = light(getComputedStyle(document.querySelector(".stApp")).backgroundColor);
    const inks = [
        ...all(".headline [data-readout], .headline dt, .sliders .name").map(({ color }) => color),
        ...all("[data-graph] :is(.number, .name, .flow)").map(({ fill }) => fill),
    ];
    return Math.min(...inks.map(light).map((ink) => (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05)));
}"""


@SCREENS
def test_a_projector_shows_large_texts_that_stay_in_place(visit: Visit, width: int, height: int) -> None:
    page = visit("/?present=1", width, height, parts="graph")
    presenting(page)
    expect(page.locator("[data-graph] svg.projected")).to_be_attached()
    assert min(page.evaluate(SIZES, "[data-graph] text")) >= 20
    assert min(page.evaluate(SIZES, "[data-readout]")) >= 32
    expect_contrast(page)
    expect_headline_graph_and_one_row_of_controls(page, width, height)
    expect_nothing_moves(page, width)


def test_a_projector_gives_the_picture_the_room_of_what_is_covered(visit: Visit) -> None:
    page = visit("/?present=1&predict=dw,db", parts="graph")
    presenting(page)
    for width, height in [(1024, 768), (1366, 768), (1920, 1080)]:
        resize(page, width, height)
        assert min(page.evaluate(SIZES, "[data-graph] text")) >= 20, width
    expect(page.locator(".graph-view .legend")).to_be_hidden()


def expect_contrast(page: Page) -> None:
    """Whatever theme the system has."""
    for theme, is_light in (("light", True), ("dark", False)):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its words
        page.wait_for_function(f"isLight => ({IS_LIGHT}) === isLight", arg=is_light)
        page.wait_for_function(f"() => ({CONTRAST})() >= 7")
    page.emulate_media(color_scheme="light")


def expect_headline_graph_and_one_row_of_controls(page: Page, width: int, height: int) -> None:
    """Nothing else is shown, and nothing lies outside the screen."""
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= height
    for part in ("[data-graph]", ".headline", ".sliders .cells"):
        left, top, right, bottom = bounds(page, part)
        assert left >= 0 <= top
        assert right <= width
        assert bottom <= height
    _, top, _, bottom = bounds(page, "[data-graph]")
    assert bottom - top > height / 2
    for part in (".graph-view .tools", ".starts", ".lesson", ".curves-view", ".by-hand", ".classroom .buttons"):
        expect(page.locator(part).first).to_be_hidden()
    for name, least in (("w", 180), ("y", 100)):
        left, _, right, _ = bounds(page, f"input[type=range][aria-label={name}]")
        assert right - left >= least
    rows = [round(bounds(page, f".sliders .cell:nth-child({number})")[1]) for number in (1, 2, 3, 4)]
    assert len(set(rows)) == 1


def expect_nothing_moves(page: Page, width: int) -> None:
    """Whatever the numbers are."""
    before = page.evaluate(MOVED)
    assert len(before) > 20
    for inputs in (Inputs(w=3.0), Inputs(x=-9.9, w=-4.99, b=-9.9), Inputs(x=-9.9, w=-5.0, b=-9.9, y=1.0)):
        for name in "xwby":
            page.get_by_role("slider", name=name, exact=True).fill(f"{getattr(inputs, name):g}")
        expect_number(page, "dw", repr(neuron.run(inputs).dw))
        assert page.evaluate(MOVED, before) == []
        terms = [bounds(page, f".headline .term:nth-of-type({number})") for number in (1, 3, 5)]
        assert terms[0][2] <= terms[1][0]
        assert terms[1][2] <= terms[2][0]
        assert bounds(page, ".headline b.value")[2] <= terms[1][0]
        assert terms[2][2] <= width


def test_one_button_begins_one_key_ends_and_the_address_says_so(visit: Visit) -> None:
    page = visit("/?w=2")
    page.get_by_role("button", name="Present").click()
    presenting(page)
    expect_query(page, "?w=2&present=1")
    expect(page.locator("[data-graph] svg.projected")).to_be_attached()
    page.keyboard.press("p")
    not_presenting(page)
    expect_query(page, "?w=2")
    expect(page.locator("[data-graph] svg.concept:not(.projected)")).to_be_attached()
    page.go_back()
    presenting(page)


def test_escape_and_a_button_leave_and_the_walk_stays(visit: Visit) -> None:
    page = visit("/?present=1&step=8", 1024, 768, parts="graph")
    presenting(page)
    place, here = page.locator(".walk-bar .place"), page.locator("[data-node=w][data-now=backward]")
    page.locator(".headline").click(position={"x": 4, "y": 4})
    for way in ("key", "button"):
        if way == "key":
            page.keyboard.press("Escape")
        else:
            page.get_by_role("button", name="Leave projector mode").click()
        not_presenting(page)
        expect(place).to_have_text("8 / 8")
        expect_query(page, "?step=8")
        assert page.evaluate("getComputedStyle(document.activeElement, '::before').content") == "none"
        page.keyboard.press("p")
        presenting(page)
        expect(place).to_have_text("8 / 8")
        expect_query(page, "?step=8&present=1")
        expect(here).to_be_attached()
    page.go_back()
    not_presenting(page)
    expect(place).to_have_text("8 / 8")
    page.go_forward()
    expect(place).to_have_text("8 / 8")
    expect(page.locator(".notice")).to_be_hidden()


def test_a_clicker_begins_the_walk_and_drives_it(visit: Visit) -> None:
    page = visit("/?present=1", 1024, 768, parts="graph")
    presenting(page)
    expect(page.locator("[data-graph] svg.projected")).to_be_attached()
    before = bounds(page, "[data-graph]")
    for key, step in (("PageDown", 0), ("PageDown", 1), ("PageDown", 2), ("PageUp", 1)):
        page.keyboard.press(key)
        expect(page.locator(".walk-bar .place")).to_have_text(f"{step} / 8")
    expect(page.locator(".walk-bar .words")).to_contain_text("Forward")
    assert bounds(page, "[data-graph]") == before
    expect_query(page, "?present=1&step=1")


def test_after_a_drag_the_clicker_still_drives_the_walk(visit: Visit) -> None:
    page = visit("/?present=1", 1024, 768, parts="graph")
    presenting(page)
    slider = page.get_by_role("slider", name="w", exact=True)
    slider.click()
    value = slider.input_value()
    page.keyboard.press("PageDown")
    expect(page.locator(".walk-bar .place")).to_have_text("0 / 8")
    assert slider.input_value() == value
    slider.focus()
    page.keyboard.press("PageDown")
    expect(slider).not_to_have_value(value)


def test_the_full_graph_is_one_key_away(visit: Visit) -> None:
    page = visit("/?present=1", 1024, 768, parts="graph")
    presenting(page)
    page.keyboard.press("v")
    expect(page.locator("[data-graph] svg.whole")).to_be_attached()
    expect_query(page, "?present=1&view=full")
    page.keyboard.press("v")
    expect(page.locator("[data-graph] svg.projected")).to_be_attached()
    expect_query(page, "?present=1")


def test_a_phone_can_open_a_projectors_link(visit: Visit) -> None:
    page = visit("/?present=1", 390, 844, touch=True, parts="graph")
    presenting(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    _, top, _, bottom = bounds(page, "[data-graph]")
    assert bottom - top > 250
    assert bottom <= bounds(page, ".sliders .cells")[1]
    for part in (".graph-view .refit", ".graph-view .minimap"):
        expect(page.locator(part)).to_be_visible()
        assert bottom <= bounds(page, part)[1] + 1
        assert bounds(page, part)[3] <= bounds(page, ".line-of-words")[1] + 1
    expect(page.get_by_role("button", name="Leave projector mode")).to_be_visible()
