"""The graph as a place to find out why: selecting, paths, the walk, levels of detail, keyboard, table, files."""

import json
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Download, Locator, Page, expect

from components.drawing.layout import program
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs
from tests.browser.conftest import Visit, expect_query, move_to

LOG_P = ["loss.0-add", "add.0-mul_2", "mul_2.1-log", "log.0-clamp"]
LOG_1_MINUS_P = ["loss.0-add", "add.1-mul_3", "mul_3.1-log_2", "log_2.0-rsub", "rsub.0-clamp"]
TRUNK = ["clamp.0-y_pred", "y_pred.0-z", "z.0-mul", "mul.0-w"]


def node(page: Page, name: str) -> Locator:
    return page.locator(f'[data-graph] [data-node="{name}"]')


def inspector(page: Page, name: str) -> Locator:
    return page.locator(f'[data-inspector="{name}"]')


def notations(place: Locator) -> str:
    """All mathematics in a place, as it was written before it was typeset."""
    written: str = place.evaluate("p => [...p.querySelectorAll('math')].map(m => m.dataset.notation).join(' ; ')")
    return written


def lit(page: Page) -> set[str]:
    edges: list[str] = page.evaluate("[...document.querySelectorAll('.edge.lit')].map(e => e.dataset.edge)")
    return set(edges)


def walk(page: Page) -> Locator:
    return page.locator(".walk-bar")


def test_a_click_explains_a_node_and_the_address_keeps_it(visit: Visit) -> None:
    page = visit("/?view=full")
    node(page, "mul").click()
    place = inspector(page, "mul")
    expect(place).to_contain_text("MulBackward0")
    expect(place).to_contain_text("multiplication")
    said = notations(place)
    assert "∂(w·x)/∂w ; x ; 6.7000" in said
    assert "6.7000 × «+0.9988» ; «+6.6918»" in said
    expect(node(page, "mul")).to_have_attribute("aria-pressed", "true")
    expect_query(page, "?view=full&node=mul")
    again = visit("/?view=full&node=mul")
    expect(inspector(again, "mul")).to_be_visible()
    node(page, "mul").click()
    expect(page.locator("[data-inspector]")).to_have_count(0)
    expect_query(page, "?view=full")
    page.go_back()
    expect(inspector(page, "mul")).to_be_visible()


def test_the_inspector_stays_and_its_numbers_move_with_the_sliders(visit: Visit) -> None:
    page = visit("/?view=full&node=y_pred")
    page.evaluate("window.line = document.querySelector('[data-inspector] .line')")
    page.get_by_role("slider", name="w", exact=True).fill("0.2")
    run = neuron.run(Inputs(w=0.2))
    expect(node(page, "y_pred")).to_have_attribute("data-value", repr(run.y_pred))
    expect(inspector(page, "y_pred")).to_contain_text(f"{run.y_pred:.4f}")
    assert page.evaluate("window.line === document.querySelector('[data-inspector] .line')")


def test_a_click_explains_an_edge(visit: Visit) -> None:
    page = visit("/?view=full")
    page.locator("[data-edge='z.0-mul'] .reach").click(force=True)
    place = inspector(page, "z.0-mul")
    expect(place).to_contain_text("local derivative")
    assert "1 × «+0.9988» ; «+0.9988»" in notations(place)
    expect_query(page, "?view=full&node=z.0-mul")


def test_why_is_the_gradient_what_it_is_by_clicking_only(visit: Visit) -> None:
    """From w's node back to the loss through the names in the inspector."""
    page = visit("/?view=full")
    node(page, "w").click()
    for step in ("mul", "z", "y_pred", "clamp", "rsub", "log_2", "mul_3", "add", "loss"):
        place = page.locator("[data-inspector]")
        came_from = place.locator(".line", has_text="from ")
        wanted = came_from.nth(1) if step == "rsub" else came_from.first
        wanted.locator("button").click()
        expect(inspector(page, step)).to_be_visible()
    expect(inspector(page, "loss")).to_contain_text("backward() begins here")


def test_paths_of_a_leaf_light_up_and_add_up(visit: Visit) -> None:
    page = visit("/?view=full&node=w")
    place = inspector(page, "w")
    expect(place.locator(".path")).to_have_count(2)
    assert lit(page) == {*LOG_P, *LOG_1_MINUS_P, *TRUNK}
    expect(place.locator(".path").first).to_contain_text("switched off by a factor 0")
    expect(place.locator(".path").last).not_to_contain_text("switched off")
    expect(place).to_contain_text("sum, 1 ulp from w.grad")
    place.locator(".path").last.hover()
    assert lit(page) == {*LOG_1_MINUS_P, *TRUNK}
    page.get_by_role("slider", name="y", exact=True).fill("1")
    expect(place.locator(".path").last).to_contain_text("switched off by a factor 0")
    expect(place.locator(".path").first).not_to_contain_text("switched off")


def test_the_walk_shows_only_what_is_known(visit: Visit) -> None:
    page = visit("/?view=full")
    page.get_by_role("button", name="Walk through").click()
    expect_query(page, "?view=full&step=0")
    expect(node(page, "w")).to_have_attribute("data-value", "1.0")
    expect(node(page, "mul")).to_have_attribute("data-value", "None")
    expect(node(page, "w")).to_have_attribute("data-grad", "None")
    page.get_by_role("button", name="Next step").click()
    expect(node(page, "mul")).to_have_attribute("data-value", repr(neuron.run(Inputs()).z))
    expect(node(page, "mul")).to_have_attribute("data-now", "forward")
    expect(node(page, "z")).to_have_attribute("aria-label", re.compile("not computed yet"))
    expect(walk(page)).to_contain_text("Forward, multiplication")
    expect_query(page, "?view=full&step=1")
    page.get_by_role("slider", name="w", exact=True).fill("2")
    expect(node(page, "mul")).to_have_attribute("data-value", "13.399999618530273")
    expect(walk(page)).to_contain_text("1 / 25")
    expect(node(page, "loss")).to_have_attribute("data-value", "None")


def test_the_walk_by_keyboard(visit: Visit) -> None:
    page = visit("/?view=full&step=1")
    place = walk(page).locator(".place")
    for key, step in (
        ("ArrowRight", 2), ("PageDown", 3), ("PageUp", 2), ("ArrowLeft", 1), ("End", 25), ("Home", 0),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(place).to_have_text(f"{step} / 25")
    expect_query(page, "?view=full&step=0")
    page.keyboard.press("End")
    for inner in neuron.run(Inputs()).graph.nodes:
        expect(node(page, inner.id)).to_have_attribute("data-grad", repr(inner.gradient))
    page.keyboard.press("Escape")
    expect(walk(page)).to_be_hidden()
    expect_query(page, "?view=full")


def test_play_runs_to_the_end_and_pauses(visit: Visit) -> None:
    page = visit("/?view=full&step=23")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(walk(page).locator(".place")).to_have_text("25 / 25", timeout=6000)
    expect(walk(page).get_by_role("button", name="Play")).to_be_visible()
    expect_query(page, "?view=full&step=25")


def test_the_scrubber(visit: Visit) -> None:
    page = visit("/?view=full&step=0")
    page.get_by_role("slider", name="step of the walk").fill("12")
    expect(walk(page).locator(".words")).to_contain_text("backward() begins with 1 at L")
    expect(node(page, "loss")).to_have_attribute("data-grad", "1.0")
    expect(node(page, "w")).to_have_attribute("data-grad", "None")
    headline = page.locator("[data-part=headline]")
    expect(headline.locator("[data-readout=loss]")).to_have_text("6.7012")
    expect(headline.locator("[data-readout=dw]")).to_have_text("?")
    expect(headline.locator("[data-readout=dw]")).to_have_attribute("data-value", "covered")
    page.get_by_role("slider", name="step of the walk").fill("19")
    expect(node(page, "clamp")).to_have_attribute("data-now", "add")
    expect(page.locator("[data-edge][data-now=add]")).to_have_count(2)
    expect(walk(page).locator(".words")).to_contain_text("they are added")


def test_the_concept_and_back_without_losing_the_place(visit: Visit) -> None:
    page = visit("/?view=full&node=z&step=2")
    page.get_by_role("button", name="Concept").click()
    expect(page.locator("[data-graph] [data-node]")).to_have_count(len(neuron.CONCEPT))
    assert {n.get_attribute("data-node") for n in page.locator("[data-graph] [data-node]").all()} == set(neuron.CONCEPT)
    expect(inspector(page, "z")).to_be_visible()
    expect(node(page, "z")).to_have_attribute("data-now", "forward")
    expect(node(page, "z")).to_have_attribute("data-op", "AddBackward0")
    expect_query(page, "?node=z&step=1")
    page.get_by_role("button", name="Full", exact=True).click()
    expect(walk(page).locator(".place")).to_have_text("2 / 25")
    expect_query(page, "?view=full&node=z&step=2")


def test_a_group_opens_and_its_handle_stays_under_the_pointer(visit: Visit) -> None:
    page = visit("/?view=concept")
    for group, members, corner in (("loss", 16 - 1, "clamp"), ("z", 6 + 1, "mul")):
        expect_opening(page, group, members, corner)


def expect_opening(page: Page, group: str, members: int, corner: str) -> None:
    """A press on a group's handle opens it, another one closes it."""
    handle = page.locator(f'[data-group="{group}"]')
    before = handle.bounding_box()
    handle.click()
    expect(node(page, corner)).to_be_visible()
    expect(page.locator("[data-graph] [data-node]")).to_have_count(members)
    after = handle.bounding_box()
    assert before
    assert after
    assert after["x"] + after["width"] / 2 == pytest.approx(before["x"] + before["width"] / 2, abs=1.5)
    assert after["y"] + after["height"] / 2 == pytest.approx(before["y"] + before["height"] / 2, abs=1.5)
    expect_query(page, f"?view=concept&open={group}")
    handle.click()
    expect(page.locator("[data-graph] [data-node]")).to_have_count(len(neuron.CONCEPT))


def test_a_link_to_a_node_inside_a_group_opens_the_group(visit: Visit) -> None:
    page = visit("/?view=concept&node=rsub")
    expect(inspector(page, "rsub")).to_be_visible()
    expect(node(page, "rsub")).to_have_attribute("aria-pressed", "true")


def test_directions(visit: Visit) -> None:
    page = visit("/?view=full")
    edge = page.locator("[data-edge='y_pred.0-z']")
    for button, value, gradient in (("Values →", True, False), ("Both", True, True), ("← Gradients", False, True)):
        page.get_by_role("button", name=button).click()
        expect(edge.locator(".ahead")).to_be_visible(visible=value)
        expect(edge.locator(".flow")).to_be_visible(visible=gradient)
    expect(edge.locator(".ahead")).to_have_text("6.7")
    expect(edge.locator(".flow")).to_have_text("+0.999")


def test_from_w_to_the_loss_by_keyboard_only(visit: Visit) -> None:
    page = visit("/?view=full")
    node(page, "w").focus()
    focused = "document.activeElement.dataset.node ?? document.activeElement.dataset.edge"
    trail = []
    for _ in range(8):
        page.keyboard.press("ArrowRight")
        trail.append(page.evaluate(focused))
    assert trail == ["mul.0-w", "mul", "z.0-mul", "z", "y_pred.0-z", "y_pred", "clamp.0-y_pred", "clamp"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == "rsub.0-clamp"
    page.keyboard.press("Enter")
    expect(inspector(page, "rsub.0-clamp")).to_be_visible()
    assert page.evaluate(focused) == "rsub.0-clamp"
    spoken = page.locator("[data-edge='rsub.0-clamp']").get_attribute("aria-label") or ""
    assert "local derivative −1.0 × upstream gradient −813.3618774414062 = 813.3618774414062" in spoken
    page.keyboard.press("Escape")
    expect(page.locator("[data-inspector]")).to_have_count(0)


def test_the_table_says_the_same(visit: Visit) -> None:
    page = visit("/?view=full")
    page.get_by_role("button", name="Table").click()
    rows = page.locator(".graph-view tbody tr")
    expect(rows).to_have_count(16)
    expect(rows.filter(has_text="MulBackward0").first).to_contain_text("w·x")
    page.get_by_role("slider", name="w", exact=True).fill("2")
    expect(rows.first).to_contain_text("2.0000")
    page.get_by_role("button", name="Table").click()
    expect(rows.first).to_be_hidden()


def take(page: Page, kind: str) -> Download:
    page.locator("summary", has_text="Save").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=kind, exact=True).click()
    return waiting.value


def test_the_arrow_keys_step_as_soon_as_the_walk_has_been_started(visit: Visit) -> None:
    page = visit("/?view=full")
    page.get_by_role("button", name="Walk through").click()
    expect(page.locator(".walk-bar .place")).to_have_text("0 / 25")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".walk-bar .place")).to_have_text("1 / 25")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".walk-bar .place")).to_have_text("2 / 25")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".walk-bar .place")).to_have_text("1 / 25")
    page.keyboard.press("Escape")
    expect(page.locator(".walk-bar")).to_be_hidden()


def test_no_step_of_a_quick_hand_is_lost(visit: Visit) -> None:
    page = visit("/?view=full")
    page.get_by_role("button", name="Walk through").click()
    expect(page.locator(".walk-bar .place")).to_have_text("0 / 25")
    for _ in range(16):
        page.keyboard.press("ArrowRight")
    expect_query(page, "?view=full&step=16")
    expect(page.locator(".walk-bar .place")).to_have_text("16 / 25")


def test_a_sentence_names_a_node_whole_though_a_comma_stands_in_it(visit: Visit) -> None:
    page = visit("/?view=full&loss=bce")
    spoken = page.locator("[data-edge='loss.0-y_pred']").get_attribute("aria-label") or ""
    assert spoken.startswith("From L = BCE(ŷ, y) back to ŷ = σ(z): local derivative")


def test_the_svg_stands_alone(visit: Visit, tmp_path: Path) -> None:
    page = visit("/?view=full", theme="dark")
    take(page, "SVG").save_as(tmp_path / "graph.svg")
    text = (tmp_path / "graph.svg").read_text("utf-8")
    root = ElementTree.fromstring(text)
    words = {element.text for element in root.iter() if element.tag.endswith("text")}
    assert {"SigmoidBackward0", "+6.6918", "L"} <= words
    assert "font-family" in text
    assert_alone(text)


def assert_alone(text: str) -> None:
    """A drawing brings all that it needs, and nothing of the page."""
    drawing = re.sub(r"base64,[A-Za-z0-9+/=]*", "", text)
    assert not re.search(r"<script|var\(|data-|javascript|href=.http|url\(http", drawing)


def test_the_svg_needs_nothing_that_a_drawing_program_may_not_know(visit: Visit, tmp_path: Path) -> None:
    """Arrow heads turn with their line and have no outline; a text's outline is a text of its own beneath it."""
    take(visit("/?view=full&w=3"), "SVG").save_as(tmp_path / "graph.svg")
    text = (tmp_path / "graph.svg").read_text("utf-8")
    assert_alone(text)
    assert "paint-order" not in text
    parts = [(element.tag.rpartition("}")[2], element) for element in ElementTree.fromstring(text).iter()]
    markers = [element for tag, element in parts if tag == "marker"]
    assert {marker.get("orient") for marker in markers} == {"auto"}
    assert [head.get("stroke") for marker in markers for head in marker] == [None] * len(markers)
    texts = [element for tag, element in parts if tag == "text"]
    outlines = [element for element in texts if element.get("stroke")]
    assert outlines
    assert {element.get("fill") for element in outlines} == {"none"}
    words = [element.text for element in texts if not element.get("stroke")]
    assert {element.text for element in outlines} <= set(words)


def test_the_png_is_twice_the_screen(visit: Visit, tmp_path: Path) -> None:
    page = visit("/?view=full")
    box = page.locator("[data-graph] svg").bounding_box()
    take(page, "PNG").save_as(tmp_path / "graph.png")
    header = (tmp_path / "graph.png").read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert box
    assert int.from_bytes(header[16:20]) == pytest.approx(2 * box["width"], abs=2)
    assert int.from_bytes(header[20:24]) == pytest.approx(2 * box["height"], abs=2)


def test_dot_and_json_are_what_is_on_the_screen(visit: Visit, tmp_path: Path) -> None:
    page = visit("/?view=concept&step=5")
    take(page, "JSON").save_as(tmp_path / "graph.json")
    said = json.loads((tmp_path / "graph.json").read_text("utf-8"))
    by_id = {record["id"]: record for record in said["nodes"]}
    assert set(by_id) == set(neuron.CONCEPT)
    assert by_id["y_pred"]["grad"] == 813.3618774414062
    assert by_id["w"]["grad"] is None
    take(page, "DOT").save_as(tmp_path / "graph.dot")
    laid_out = subprocess.run([program(), "-Tjson", str(tmp_path / "graph.dot")], capture_output=True, check=True)
    assert len(json.loads(laid_out.stdout)["objects"]) == len(neuron.CONCEPT)


def test_full_screen_holds_sliders_graph_and_inspector(visit: Visit) -> None:
    page = visit("/?view=full&node=w")
    before = page.locator("[data-graph] svg").bounding_box()
    page.get_by_role("button", name="Full screen").click()
    expect(page.locator("[data-readout=loss]")).to_be_hidden()
    expect(page.get_by_role("slider", name="w", exact=True)).to_be_visible()
    expect(inspector(page, "w")).to_be_visible()
    after = page.locator("[data-graph] svg").bounding_box()
    assert before
    assert after
    assert after["height"] > 1.5 * before["height"]
    ground = page.locator(".page").evaluate("page => getComputedStyle(page).backgroundColor")
    assert ground.startswith("rgb(")
    seen = "link => link.contains(document.elementFromPoint(link.offsetLeft + 9, link.offsetTop + 9))"
    assert not page.locator(".app-head a").first.evaluate(seen)
    page.get_by_role("button", name="Full screen").click()
    expect(page.locator("[data-readout=loss]")).to_be_visible()


def test_an_overview_shows_while_only_a_part_is_seen(visit: Visit) -> None:
    page = visit("/?view=full")
    overview = page.locator(".minimap")
    expect(overview).to_be_hidden()
    page.get_by_role("button", name="Zoom in").click()
    expect(overview).to_be_visible()
    before = page.locator("[data-graph] svg").get_attribute("viewBox")
    overview.click(position={"x": 190, "y": 40})
    assert page.locator("[data-graph] svg").get_attribute("viewBox") != before
    page.get_by_role("button", name="Fit").click()
    expect(overview).to_be_hidden()


def test_the_concept_comes_first(visit: Visit) -> None:
    page = visit(width=390, height=844)
    expect(page.locator("[data-graph] [data-node]")).to_have_count(len(neuron.CONCEPT))
    assert page.evaluate("location.search") == ""
    page.get_by_role("button", name="Full", exact=True).click()
    expect(page.locator("[data-graph] [data-node]")).to_have_count(16)
    expect_query(page, "?view=full")


WRONG = {
    "?view=upside": "neither full nor concept",
    "?node=<b>x</b>": "is not in this graph",
    "?step=999": "beyond the walk's end",
    "?step=nan": "is not a step",
    "?view=full&view=concept": "given 2 times",
}


def test_a_look_that_cannot_be_shown_is_said_in_one_line(visit: Visit) -> None:
    page = visit("/?view=upside")
    for query, sentence in WRONG.items():
        move_to(page, query)
        expect(page.locator(".notice")).to_contain_text(sentence)
        expect(node(page, "loss")).to_be_visible()


def test_nothing_moves_for_those_who_asked_for_less_motion(visit: Visit) -> None:
    page = visit("/?step=1")
    moving = "getComputedStyle(document.querySelector('.node[data-now] .card')).animationName"
    assert page.evaluate(moving) == "arrive"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == "none"
