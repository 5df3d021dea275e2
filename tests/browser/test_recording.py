"""Recordings in a real browser: opened, searched, walked through pass by pass; what is refused leaves all as it was."""

from pathlib import Path

from playwright.sync_api import Page, expect

from components.drawing.colour_scale import LEVELS
from tests.browser.conftest import Visit
from tests.pages.recording import small

SAYS = ".recording-view .says"
SENT = "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/files/open')).length"
STATE = "[data-page=recording]"


def choose(page: Page, name: str, text: str | bytes) -> None:
    data = text.encode() if isinstance(text, str) else text
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/json", "buffer": data})


def visited(visit: Visit, address: str, width: int = 1440, height: int = 900, *, touch: bool = False) -> Page:
    page = visit(address, width, height, touch=touch, parts="text")
    page.locator(f"{STATE}[data-state]").wait_for()
    return page


def test_a_file_is_opened_searched_and_kept_where_the_next_one_is_refused(visit: Visit, tmp_path: Path) -> None:
    page = visit("/playground", parts="text")
    page.get_by_role("link", name="Your own model").click()
    page.locator(f"{STATE}[data-state=empty]").wait_for()
    expect(page.locator(".recorder code")).to_contain_text("class record")
    expect(page.locator(".recorder code")).to_contain_text(page.url.partition("?")[0])
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save recorder.py").click()
    saving.value.save_as(tmp_path / "recorder.py")
    assert (tmp_path / "recorder.py").read_text() == page.locator(".recorder code").text_content()
    choose(page, "graph.json", small.text())
    page.locator("[data-graph] [data-node=sigmoid][data-line]").wait_for()
    expect(page.locator(".badge")).to_be_visible()
    assert "graph=" in page.url
    for name, content, said in (
        ("graph.json", "{", "JSON"),
        ("a.pt", b"PK\3\4", "zip"),
        ("a.py", b"\xff", "UTF-8"),
        ("a.ipynb", "{", "JSON"),
    ):
        choose(page, name, content)
        expect(page.locator(SAYS)).to_contain_text(said)
        expect(page.locator("[data-graph] [data-node=sigmoid]")).to_be_visible()
    field = page.get_by_role("searchbox")
    field.fill("model.2")
    expect(page.locator(".count")).to_have_text("4 found")
    field.press("Enter")
    expect(page.locator(".count")).to_have_text("1 of 4")
    field.press("Shift+Enter")
    expect(page.locator(".count")).to_have_text("4 of 4")
    field.fill("sigmoid")
    field.press("Enter")
    page.locator("[data-inspector=sigmoid]").wait_for()
    expect(page.locator(".source-view")).to_contain_text("hidden = model(x)")
    page.get_by_role("button", name="1st backward pass").click()
    page.wait_for_function("() => new URLSearchParams(location.search).get('moment') === '0'")
    page.reload()
    page.locator("[data-inspector=sigmoid]").wait_for()
    expect(page.get_by_role("button", name="1st backward pass")).to_have_attribute("aria-pressed", "true")


def test_a_large_file_is_searched_and_one_that_the_server_has_not_is_sent_again_a_few_times(visit: Visit) -> None:
    page = visited(visit, "/open?view=full")
    choose(page, "graph.json", small.chain(900))
    page.locator("[data-graph] [data-node][data-value]").first.wait_for(timeout=60_000)
    page.wait_for_function("() => /file=[0-9a-f]{32}(&|$)/.test(location.search)")
    assert page.locator("[data-graph] [data-node]").count() == 900
    page.get_by_role("searchbox").fill("sigmoid")
    expect(page.locator("[data-graph] .matches")).to_have_attribute("data-count", "900")
    assert page.locator("[data-graph] .labels").count() == 0
    page.get_by_role("searchbox").fill("net.450")
    expect(page.locator("[data-graph] .matches")).to_have_attribute("data-count", "1")
    page.get_by_role("searchbox").press("Enter")
    node = page.locator("[data-graph] .node[aria-pressed=true]")
    expect(node).to_be_in_viewport()
    box = node.bounding_box()
    assert box is not None
    assert box["height"] > 20
    expect(node.locator(".labels .number.value")).not_to_be_empty(timeout=30_000)
    expect(page.locator(".source-view")).to_contain_text("line 451")
    page.route("**/files/open", lambda route: route.fulfill(json={"file": "0" * 32}))
    choose(page, "graph.json", small.chain(2))
    page.locator(f"{STATE}[data-state=missing]").wait_for()
    page.wait_for_function(f"() => {SENT} === 1 + 1 + 6")  # it is sent again six times where it is not there
    expect(page.locator(SAYS)).to_contain_text("open the file again")


def test_blocks_open_and_fold_by_their_handles_by_a_search_and_by_back(visit: Visit) -> None:
    page = visited(visit, "/open?example=transformer")
    cards = page.locator("[data-graph] [data-node]")
    expect(cards).to_have_count(10)
    expect(page.get_by_role("button", name="Folded", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Open attention: 11 steps").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Close attention: 11 steps").wait_for()
    expect(page.get_by_role("button", name="Open query: 2 steps")).to_be_visible()
    expect(page.locator("[data-group='layer.attention']")).to_be_focused()
    assert "open=layer.attention" in page.url
    field = page.get_by_role("searchbox")
    field.fill("attention.query")
    expect(page.locator("[data-graph] .matches")).to_have_attribute("data-count", "1")  # the block in which they are
    field.fill("query.weight")
    field.press("Enter")
    page.locator("[data-inspector='layer.attention.query.weight']").wait_for()
    expect(page.locator("[data-graph] .node[aria-pressed=true]")).to_be_in_viewport()
    page.get_by_role("button", name="Close layer: 20 steps").click()
    page.locator("[data-inspector=layer]").wait_for()
    expect(cards).to_have_count(5)
    page.go_back()
    page.locator("[data-inspector='layer.attention.query.weight']").wait_for()
    page.go_back()
    page.go_back()
    expect(cards).to_have_count(10)
    page.keyboard.press("v")
    expect(cards).to_have_count(42)
    assert "view=full" in page.url


def test_on_a_phone_a_link_opens_its_recording_and_a_file_can_be_chosen(visit: Visit) -> None:
    page = visited(visit, f"/open?graph={small.packed()}", 390, 844, touch=True)
    page.locator("[data-graph] [data-node][data-value]").first.wait_for()
    assert page.evaluate("document.scrollingElement.scrollWidth") == 390
    for button in ("Open another", "Next match", "2nd backward pass"):
        box = page.get_by_role("button", name=button).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, button
    with page.expect_file_chooser():
        page.get_by_role("button", name="Open another").tap()


def test_nodes_are_coloured_and_a_bar_and_a_row_select_theirs(visit: Visit) -> None:
    page = visited(visit, "/open?example=sigmoids&view=full")
    card = page.locator('[data-graph] [data-node="model.0.weight"] > .card')
    card.wait_for()
    plain = card.evaluate("(card) => getComputedStyle(card).fill")
    page.get_by_label("Colour by").select_option("gradient size")
    page.locator('[data-graph] [data-node="model.0.weight"][data-level="0"]').wait_for()
    page.wait_for_function("() => new URLSearchParams(location.search).get('colour') === 'gradient'")
    assert card.evaluate("(card) => getComputedStyle(card).fill") != plain
    expect(page.locator(".colour-view .levels")).to_contain_text("1e−12")
    with page.expect_download() as saving:
        page.locator(".graph-view .take summary").click()
        page.get_by_role("button", name="SVG", exact=True).click()
    drawing = saving.value.path().read_text()
    assert all(text in drawing for text in ("1e−12", "the scale is logarithmic", *(colour for colour, _ in LEVELS)))
    page.locator(".layers-view").get_by_role("button", name="model.10", exact=True).press("Enter")
    page.locator('[data-inspector="model.10.bias"]').wait_for()
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Table", exact=True).last.click()
    names = page.locator(".layers-view .names")
    names.get_by_role("button", name=".grad after").click()
    expect(names.locator("tbody th").first).to_have_text("loss")
    names.get_by_role("button", name=".grad after").click()
    expect(names.locator("tbody th").first).to_have_text("model.22.bias")
    names.locator("tbody tr").first.locator("td").last.click()
    page.locator('[data-inspector="model.22.bias"]').wait_for()
    expect(names.locator("tbody button").first).to_have_attribute("aria-pressed", "true")


def test_a_finding_leads_to_its_node_in_its_pass(visit: Visit) -> None:
    page = visited(visit, "/open?example=first_nan")
    why = page.locator(".findings [data-readout=why][data-kind=nan]")
    expect(why).to_contain_text("the logarithm of a negative number is nan")
    expect(page.get_by_role("button", name="8th backward pass")).to_have_attribute("aria-pressed", "true")
    assert page.locator(".found-mark").count() == 0
    page.get_by_role("button", name="Here the numbers break").click()
    page.locator("[data-inspector=log]").wait_for()
    page.locator("[data-graph] [data-node=log] .found-mark").wait_for()
    expect(page.get_by_role("button", name="7th backward pass")).to_have_attribute("aria-pressed", "true")
