"""Every page on a projector: what it keeps, and that lists and the walk stay in sight."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.classroom import SIZES, bounds, not_presenting, presenting
from tests.browser.conftest import Visit, expect_query, move_to, resize

KEPT = {
    "/?": "select[name=loss]", "chain-rule": ".speeds .wrong.lane", "vectors": "select[name=reduce]",
    "reduce=none": ".heat-map", "gradient-lab": ".tabs",
}  # fmt: skip
"""What each page is about, by a piece of its address: a projector shows it."""


PROJECTED = [
    ("/", ["view=full", "view=full&step=3"]),
    ("/chain-rule", [""]),
    ("/vectors", ["", "reduce=none"]),
    ("/gradient-lab", ["run=backward,again", "experiment=no-grad&run=no-grad,use"]),
]


@pytest.mark.parametrize(("path", "queries"), PROJECTED)
def test_every_page_can_be_projected(visit: Visit, path: str, queries: list[str]) -> None:
    page = visit(f"{path}?present=1", 1024, 768, parts="graph")
    for query in queries:
        move_to(page, f"?present=1&{query}")
        presenting(page)
        page.locator("[data-graph] [data-node][data-value]").first.wait_for()
        for width, height in ((1024, 768), (1440, 900)):
            resize(page, width, height)
            expect_projected(page, f"{path}?{query}", width, height)


def expect_projected(page: Page, address: str, width: int, height: int) -> None:
    """All that a projector shows is large, whole and in sight, and nothing else is shown."""
    assert min(page.evaluate(SIZES, "[data-graph] text")) >= 20
    assert min(page.evaluate(SIZES, ":is(.headline, .lab) [data-readout]")) >= 32
    page.locator("[data-graph]").scroll_into_view_if_needed()
    for place in ("[data-graph]", ".sliders .cells:visible, .sliders .lists:visible"):
        left, top, right, bottom = bounds(page, place)
        assert left >= 0 <= top
        assert right <= width
        assert bottom <= height
    for part in (".lesson", ".take-home", ".classroom .buttons", ".plots, .curves-view", ".starts"):
        assert page.locator(f"{part} >> visible=true").count() == 0
    for part in ("h1", ".legend", *(kept for name, kept in KEPT.items() if name in address)):
        expect(page.locator(f"{part} >> visible=true").first).to_be_visible()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= height


LISTS = ["", "&reduce=none", "&values=-9.9,-8.8,7.7,-6.6,5.5,-4.4,-3.3,2.2", "&values=-1.1,-2.2,-3.3,-4.4&reduce=none"]


WITHIN = """() => {
  const bounds = (element) => element.getBoundingClientRect();
  const around = bounds(document.querySelector('[data-graph]'));
  const isIn = (inner, outer) => inner.left >= outer.left && inner.right <= outer.right;
  const said = (part) => [...part.querySelectorAll('text')].filter((text) => text.textContent).map(bounds);
  const cards = [...document.querySelectorAll('[data-graph] [data-node]')].map((node) => ({
    card: bounds(node.querySelector('.card')), texts: said(node),
  }));
  const arrows = [...document.querySelectorAll('[data-graph] [data-edge]')].flatMap(said);
  return cards.every(({ card, texts }) => {
    const [name, value] = texts;
    const isWhole = card.top >= around.top && card.bottom <= around.bottom && isIn(card, around);
    return isWhole && texts.every((text) => isIn(text, card)) && name.right < value.left;
  }) && arrows.filter(({ width }) => width).every((label) => isIn(label, around));
}"""


def test_projected_lists_are_read_as_a_whole(visit: Visit) -> None:
    page = visit("/vectors?present=1", 1024, 768, parts="graph")
    for lists in LISTS:
        move_to(page, f"?present=1{lists}")
        presenting(page)
        page.locator("[data-graph] svg.projected [data-node][data-value]").first.wait_for()
        page.wait_for_function(WITHIN)
        assert min(page.evaluate(SIZES, "[data-graph] .number")) >= 31


def test_arrow_keys_follow_projected_lists_down(visit: Visit) -> None:
    page = visit("/vectors?present=1", 1024, 768, parts="graph")
    presenting(page)
    page.locator("[data-graph] svg.projected [data-node=x]").focus()
    for part in ("[data-edge][data-to=x]", "[data-node]:not([data-node=x], [data-node=y])"):
        page.keyboard.press("ArrowDown")
        expect(page.locator(f"[data-graph] {part}:focus")).to_have_count(1)


IN_SIGHT = """() => {
  const around = document.querySelector("[data-graph]").getBoundingClientRect();
  const cards = [...document.querySelectorAll("[data-graph] .node[data-now] .card")];
  const isInSight = ({ left, right }) => left >= around.left - 1 && right <= around.right + 1;
  return cards.length > 0 && cards.every((card) => isInSight(card.getBoundingClientRect()));
}"""
"""Whether the cards of the walk's step are in sight."""


def test_on_a_projector_the_walk_stays_in_sight(visit: Visit) -> None:
    """torch's full graph is wider than a projector's screen, at a size that can be read."""
    page = visit("/?present=1&view=full&step=0", 1024, 768, parts="graph")
    presenting(page)
    for step in range(1, 26):
        page.keyboard.press("PageDown")
        expect(page.locator(".walk-bar .place")).to_have_text(f"{step} / 25")
        page.wait_for_function(IN_SIGHT)
    expect_query(page, "?present=1&view=full&step=25")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    not_presenting(page)
    page.locator("[data-graph] [data-node=loss]").wait_for()
    left, _, right, _ = bounds(page, "[data-graph]")
    assert left <= bounds(page, "[data-graph] [data-node=w]")[0]
    assert bounds(page, "[data-graph] [data-node=loss]")[2] <= right
