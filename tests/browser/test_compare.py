"""Two recordings side by side in a real browser: chosen, selected in both, swapped; and a file to compare with."""

import json

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.pages.recording import small

FIRST, SECOND = "[data-part=graph] [data-graph]", ".beside-view [data-graph]"
SELECTED = "[data-node][aria-pressed=true]"

DROP = """text => {
  const files = new DataTransfer();
  files.items.add(new File([text], "graph.json", { type: "application/json" }));
  for (const name of ["dragover", "drop"]) {
    const event = new DragEvent(name, { dataTransfer: files, bubbles: true, cancelable: true });
    document.querySelector(".beside-view").dispatchEvent(event);
  }
}"""


def opened(visit: Visit, query: str, width: int = 1440, height: int = 900, *, touch: bool = False) -> Page:
    page = visit(f"/open?{query}", width, height, touch=touch, parts="text")
    page.locator(f"{FIRST} [data-node][data-value]").first.wait_for()
    return page


def expect_parameters(page: Page, **said: str) -> None:
    """Waits until the address says these parameters so; "": it does not."""
    page.wait_for_function(
        """said => {
          const query = new URLSearchParams(location.search);
          return Object.entries(said).every(([name, text]) => (query.get(name) ?? "") === text);
        }""",
        arg=said,
    )


def choose(page: Page, data: bytes) -> None:
    """Chooses a file to compare with."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="A file", exact=True).click()
    chooser.value.set_files({"name": "graph.json", "mimeType": "application/json", "buffer": data})


def test_two_passes_side_by_side_are_selected_swapped_and_left(visit: Visit) -> None:
    page = opened(visit, "example=first_nan&moment=0")
    expect(page.locator(SECOND)).to_have_count(0)
    page.locator(".compare-view summary").click()
    page.get_by_role("button", name="Pass 7", exact=True).click()
    page.locator(f"{SECOND} [data-node=log][data-value=nan]").wait_for()
    expect(page.locator(".compare-view summary")).to_be_focused()
    expect_parameters(page, beside="same", beside_moment="6")
    expect(page.locator(".side-title .says")).to_have_text(
        ["the first nan · pass 1 of 8 · 9 nodes", "the first nan · pass 7 of 8 · 9 nodes"]
    )
    assert page.locator(f"{FIRST} .difference-mark.broken .sign").all_text_contents() == ["nan"] * 3
    assert page.locator(f"{SECOND} .difference-mark").count() == 9
    page.locator(f"{SECOND} [data-node=log]").click()
    page.locator(f"{FIRST} [data-node=log]{SELECTED}").wait_for()
    expect(page.locator(f"{SECOND} {SELECTED}")).to_have_attribute("data-node", "log")
    expect(page.locator("[data-inspector=log]")).to_contain_text("value: 0.693 → nan")
    expect_parameters(page, node="log")
    page.locator(".differences-view .entry").nth(2).click()
    page.locator(f"{SECOND} [data-node=loss]{SELECTED}").wait_for()
    page.get_by_role("button", name="Swap A and B").click()
    page.locator(f"{FIRST} [data-node=log][data-value=nan]").wait_for()
    expect_parameters(page, moment="6", beside="same", beside_moment="0", node="loss")
    expect(page.locator(".differences-view .counts")).to_contain_text("3 nan or infinite no more")
    page.go_back()
    page.locator(f"{SECOND} [data-node=log][data-value=nan]").wait_for()
    page.get_by_role("button", name="Stop comparing").click()
    expect(page.locator(SECOND)).to_have_count(0)
    expect(page.locator(".difference-mark")).to_have_count(0)
    expect_parameters(page, beside="", beside_moment="")


def test_a_file_is_compared_with_and_what_it_alone_has_can_be_selected(visit: Visit) -> None:
    page = opened(visit, "example=gan&moment=1&beside=same&beside_moment=0")
    page.locator(f"{SECOND} [data-node=addmm_2]").click()
    page.locator(f"{SECOND} [data-node=addmm_2]{SELECTED}").wait_for()
    expect_parameters(page, node="beside:addmm_2")
    expect(page.locator("[data-inspector=addmm_2]")).to_contain_text("only in B")
    expect(page.locator(f"{FIRST} {SELECTED}")).to_have_count(0)
    page.reload()
    page.locator(f"{SECOND} [data-node=addmm_2]{SELECTED}").wait_for()
    page.evaluate(DROP, small.text())
    expect(page.locator(".file-drop")).to_be_hidden()
    page.locator(f"{SECOND} [data-node=sigmoid]").wait_for()
    expect_parameters(page, beside=f"graph:{small.packed()}", example="gan", beside_moment="")
    page.locator(".compare-view summary").click()
    recording = json.loads(small.text()) | {"torch": "9.9"}
    choose(page, b"{")
    expect(page.locator(".compare-view .status")).to_contain_text("JSON")
    choose(page, json.dumps(recording).encode())
    page.wait_for_function(f"() => !location.search.includes('{small.packed()}')")
    page.get_by_role("button", name="Swap A and B").click()
    expect_parameters(page, beside="example:gan", beside_moment="1", example="", moment="1")
    expect(page.locator(".recording-view .counts").first).to_contain_text("PyTorch 9.9")


def test_a_block_that_is_opened_in_the_second_graph_opens_in_both(visit: Visit) -> None:
    page = opened(visit, "example=gan&moment=0&beside=same&beside_moment=1&view=concept")
    page.locator(f"{SECOND} .toggle[data-group='generator'][aria-expanded=false]").click()
    for place in (FIRST, SECOND):
        page.locator(f"{place} .toggle[data-group='generator'][aria-expanded=true]").wait_for()
    expect_parameters(page, open="generator", node="")


def test_on_a_phone_the_second_graph_stands_below_the_first_and_what_differs_below_both(visit: Visit) -> None:
    page = opened(visit, "example=first_nan&moment=0&beside=same&beside_moment=6", 390, 844, touch=True)
    page.locator(f"{SECOND} [data-node][data-value]").first.wait_for()
    first, second = (page.locator(place).bounding_box() for place in (FIRST, SECOND))
    assert first
    assert second
    assert second["y"] >= first["y"] + first["height"]
    differences = page.locator(".differences-view").bounding_box()
    assert differences
    assert differences["y"] >= second["y"] + second["height"]
    assert page.evaluate("document.scrollingElement.scrollWidth") == 390
