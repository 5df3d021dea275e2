"""Layout: no text is cut off or covered at any size, the picture keeps its room, nothing is fixed in a tiny window."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from components.pages.index import PAGES
from tests.browser.conftest import STILL, Visit, resize

SIZES = [
    (320, 600),
    (512, 384),
    (861, 600),
    (960, 540),
    (1024, 768),
    (1280, 720),
    (1366, 768),
    (1920, 1080),
    (3840, 2160),
]

CLIPPED = """async () => {
  const rest = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const scrolls = "pre, table, .presets, .lists, .cells, .pages, .take-home, .table, .says, samp, .strip, .names-view";
  const apart = "svg, math, option, .editor, .js-plotly-plot, dialog:not([open]), style";
  const styles = new Map();
  const styleOf = (element) => styles.get(element) ?? styles.set(element, getComputedStyle(element)).get(element);
  const name = (element) => `${element.localName}.${element.getAttribute("class") ?? ""}`;
  const around = (element) => {
    const found = [];
    for (let one = element; one && one !== document.documentElement; one = one.parentElement) found.push(one);
    return found;
  };
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && around(element).every((one) => styleOf(one).clipPath === "none");
  const texts = () => {
    const walker = document.createTreeWalker(document.querySelector(".app"), NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      const isApart = element.closest(apart);
      if (walker.currentNode.data.trim() && !isApart && isSeen(element)) found.push(walker.currentNode);
    }
    return found;
  };
  const boxes = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
  };
  const cutBy = (element, box) => {
    const slack = box.height * 0.3;
    let { top, bottom } = box;
    for (const one of around(element)) {
      const { overflowX, overflowY, position, display } = styleOf(one);
      const edge = one.getBoundingClientRect();
      if (overflowX !== "visible" && !/inline$|contents/.test(display)) {
        const isBeyond = box.right > edge.right + 1.5 || box.left < edge.left - 1.5;
        if (isBeyond) return one.matches(scrolls) && /auto|scroll/.test(overflowX) ? "" : `${name(one)} (aside)`;
        const isBelow = bottom > edge.bottom + slack || top < edge.top - slack;
        if (isBelow && /hidden|clip/.test(overflowY)) return `${name(one)} (down)`;
        if (isBelow) return ""; // it scrolls
      }
      if (position === "fixed") return null;
    }
    return box.right > innerWidth + 1.5 || box.left < -1.5 ? "the window" : null;
  };
  const isPinned = (element) => around(element).some((one) => /fixed|sticky/.test(styleOf(one).position));
  const coveredBy = (element, box) => {
    const y = (box.top + box.bottom) / 2;
    if (y < 1 || y > innerHeight - 1) return null;
    for (const x of box.width < 12 ? [(box.left + box.right) / 2] : [box.left + 3, box.right - 3]) {
      const top = document.elementFromPoint(x, y);
      if (!top || top.contains(element) || element.contains(top) || isPinned(top)) continue;
      if (element.closest("label")?.contains(top)) continue;
      return name(top);
    }
    return null;
  };
  const faults = new Set();
  const say = (node, by) => by && faults.add(`${node.data.trim().slice(0, 40)} | ${name(node.parentElement)} | ${by}`);
  const main = document.querySelector("[data-testid=stMain]");
  const page = document.documentElement.matches(".presenting") ? document.querySelector(".app") : main;
  for (let at = 0; at === 0 || at < page.scrollHeight; at += innerHeight * 0.6) {
    page.scrollTo(0, at);
    await rest();
    for (const node of texts()) {
      for (const box of boxes(node).filter(({ top, bottom }) => at === 0 || bottom > 0 && top < innerHeight)) {
        say(node, cutBy(node.parentElement, box) ?? coveredBy(node.parentElement, box));
      }
    }
    if (page.scrollHeight <= page.clientHeight + 1) break;
  }
  const pen = document.createElement("canvas").getContext("2d");
  for (const field of document.querySelectorAll(".app :is(input[type=text], select)")) {
    if (!isSeen(field) || !field.clientWidth) continue;
    const { font, paddingLeft, paddingRight } = getComputedStyle(field);
    pen.font = font;
    const text = field.selectedOptions?.[0].textContent ?? field.value;
    const room = field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    if (pen.measureText(text).width > room + 1) faults.add(`${text} | ${name(field)} | itself`);
  }
  for (const text of document.querySelectorAll(".app :is(.js-plotly-plot svg, .bands, .lessons svg) text")) {
    if (!text.textContent.trim() || !isSeen(text)) continue;
    const [frame, box] = [text.farthestViewportElement, text].map((one) => one.getBoundingClientRect());
    const isInside = box.left >= frame.left - 1.5 && box.right <= frame.right + 1.5
      && box.top >= frame.top - 1.5 && box.bottom <= frame.bottom + 1.5;
    if (!isInside) faults.add(`${text.textContent} | ${name(text)} | its drawing`);
  }
  for (const maths of document.querySelectorAll(".app math")) {
    const [box] = maths.getClientRects();
    if (box && isSeen(maths.parentElement)) {
      const by = cutBy(maths.parentElement, box);
      if (by) faults.add(`${maths.textContent} | math | ${by}`);
    }
  }
  page.scrollTo(0, 0);
  return [...faults];
}"""
"""What of a page's text is cut off by a box that does not scroll, lies under another element, or beyond the window.

All of it is looked at before anything is scrolled, and then what is in the window.

A projector shows two lines of what torch raises in the lab, and all of it in the cell beside."""

ADDRESSES = [
    "/", "/?w=3&y=1&node=w&precision=1", "/?x=-9.9&w=-4.99&b=-9.9&loss=logits&view=full&step=3", "/?predict=dw,db",
    "/chain-rule",
    "/vectors?reduce=none&values=-9.9,-8.8,7.7,-6.6,5.5,-4.4,-3.3,2.2", "/gradient-lab?run=backward,again", "/teach",
    "/playground?preset=training%20loop",
]  # fmt: skip

PROJECTED = [
    "/?predict=dw,db", "/chain-rule?", "/vectors?reduce=none", "/gradient-lab?run=backward,again", "/teach?",
    "/playground?preset=training%20loop",
]  # fmt: skip
SCREENS = [(1024, 768), (1280, 720), (1366, 768), (1920, 1080), (390, 844)]

FIXED = """() => [...document.querySelectorAll(".app *")].filter((part) => {
  const isFixed = getComputedStyle(part).position === "fixed";
  return isFixed && part.checkVisibility({ visibilityProperty: true }) && part.getBoundingClientRect().height;
}).map((part) => part.getBoundingClientRect().height)"""

PICTURE = """() => {
  const graph = document.querySelector("[data-graph]");
  graph.scrollIntoView({ block: "start" });
  const { top, bottom, height } = graph.getBoundingClientRect();
  const bar = parseFloat(getComputedStyle(document.querySelector(".app")).getPropertyValue("--bar"));
  const seen = Math.min(bottom, innerHeight - bar) - Math.max(top, 0);
  return seen >= Math.min(height, innerHeight / 2) - 1;
}"""
"""Whether, scrolled to, the graph has half of the window, or is seen whole."""


LOW = {
    "/": "[data-graph]",
    "/?view=full": "[data-graph]",
    "/?predict=dw,db": "[data-graph]",
    "/chain-rule": "[data-graph]",
    "/chain-rule?predict=dz_dx": "[data-graph]",
    "/vectors?reduce=none": ".heat-map",
    "/vectors?values=1,2,3,4,5,6&reduce=none&predict=grad": ".heat-map, [data-graph]",
    "/gradient-lab?run=backward,again": "[data-graph]",
    "/training?predict=next": ".map-view .plot",
    "/gradient-lab": "",
}
"""By address: what is the picture at the first look, where the page begins with one."""

SCROLLED_TO = {"/", "/?predict=dw,db", "/chain-rule", "/vectors?reduce=none", "/gradient-lab"}
"""Where the graph is the picture once it has been scrolled to, and nothing pinned takes its room."""

PRINTED = {
    "/?w=3&y=1&precision=1": [".headline", "[data-graph]", ".curves-view", ".by-hand", ".lesson"],
    "/chain-rule": [".headline", "[data-graph]", ".speeds", ".plots", ".three-answers", ".chain-code", ".lesson"],
    "/vectors?reduce=none": [".headline", "[data-graph]", ".heat-map", ".program", ".lesson"],
    "/playground": [".editor", "[data-graph]", ".names-view", ".lesson"],
    "/gradient-lab?run=backward,again": [".lab", "[data-graph]", ".notebook .cell", ".plots", ".lesson"],
}
"""By address: what of the page a handout has."""

PAPER = (680, 980)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_text_is_cut_off_or_covered(visit: Visit, address: str) -> None:
    page = visit(address, 1440, 900, parts="text")
    faults = {}
    for width, height in SIZES:
        resize(page, width, height)
        if found := page.evaluate(CLIPPED):
            faults[width, height] = found
    assert faults == {}


@pytest.mark.parametrize("address", PROJECTED)
def test_no_text_is_cut_off_or_covered_on_a_projector(visit: Visit, address: str) -> None:
    page = visit(f"{address}&present=1", 1440, 900, parts="graph" if "playground" in address else "text")
    expect(page.locator("html.presenting")).to_be_attached()
    faults = {}
    for width, height in SCREENS:
        resize(page, width, height)
        expect(page.locator("h1")).to_be_visible()
        if found := page.evaluate(CLIPPED):
            faults[width, height] = found
        if "predict" in address:
            page.get_by_role("button", name="Check").click(trial=True)
    assert faults == {}


TYPE = """() => {
  const heights = ["[data-node] .number", ".app h1", ".lesson p", ".headline dd", ".xtick text"].map((selector) => {
    const range = document.createRange();
    range.selectNodeContents(document.querySelector(selector));
    return range.getClientRects()[0].height;
  });
  return [...heights, document.querySelector(".sliders input").offsetHeight];
}"""
"""How high the text of a graph, a question, a lesson, a headline and a curve's axis is, and a slider."""


def test_larger_type_enlarges_everything_is_kept_and_cuts_nothing_off(visit: Visit) -> None:
    page = visit("/", 1440, 1100)
    before = page.evaluate(TYPE)
    page.get_by_role("button", name="Type: 100 %").press("Enter")
    expect(page.get_by_role("status").get_by_text("Type: 115 %")).to_be_attached()
    page.get_by_role("button", name="Type: 115 %").press("Enter")
    page.wait_for_function("() => document.querySelector('.xtick text').style.fontSize === '15.6px'")
    page.evaluate(STILL)
    graph, *others = (after / old for after, old in zip(page.evaluate(TYPE), before, strict=True))
    assert graph > 1.05
    assert min(others) > 1.24
    page.reload()
    faults = {}
    for name, record in PAGES.items():
        page.get_by_role("link", name=record.title, exact=True).click()
        page.locator(f".page[data-page={name}] .readouts[data-ready]").first.wait_for()
        expect(page.locator(".pages [aria-current]")).to_be_in_viewport(ratio=1)
        for width, height in [(1366, 768), (1024, 768), (390, 844)]:
            resize(page, width, height)
            if found := page.evaluate(CLIPPED):
                faults[name, width] = found
    assert faults == {}
    page.keyboard.press("?")
    expect(page.get_by_role("button", name="130 %")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="100 %").click()
    assert page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "16px"


@pytest.mark.parametrize("address", LOW)
def test_in_a_low_window_the_picture_has_half_of_it(visit: Visit, address: str) -> None:
    """Scrolled to; and where the window is wide, at the first look."""
    page = visit(address, 1440, 900, parts="graph")
    if address in SCROLLED_TO:
        for width, height in [(667, 375), (844, 390), (683, 384), (390, 844)]:
            resize(page, width, height)
            assert sum(page.evaluate(FIXED)) < height * 0.4, (width, height)
            assert page.evaluate(PICTURE), (width, height)
        resize(page, 320, 256)
        assert page.evaluate(FIXED) == []
        page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    if picture := LOW[address]:
        for revealed in range(1 + ("predict" in address)):
            if revealed:
                page.get_by_role("button", name="Reveal").click()
                page.get_by_role("button", name="Ask me again").wait_for()
            expect_half_at_first(page, picture)


def expect_half_at_first(page: Page, picture: str) -> None:
    """Half of a window that is wide and low is the picture, before anything is scrolled."""
    for width, height in [(960, 540), (1280, 600), (1366, 614)]:
        resize(page, width, height)
        box = page.locator(picture).first.bounding_box()
        assert box is not None
        assert min(box["y"] + box["height"], height) - box["y"] >= height / 2 - 1, (width, height)
        assert box["x"] + box["width"] <= width, (width, height)


@pytest.mark.parametrize("address", PRINTED)
def test_a_printed_page_is_the_lessons_handout(visit: Visit, address: str) -> None:
    page = visit(address)
    assert page.pdf(format="A4").count(b"/Type /Page\n") >= 2
    page.emulate_media(media="print")
    resize(page, *PAPER)
    for part in ("h1", *PRINTED[address]):
        expect(page.locator(part).first).to_be_visible()
    expect(page.locator(".app :is(button, input, select, summary)").locator("visible=true")).to_have_count(0)
    assert page.evaluate(FIXED) == []
    assert page.evaluate(CLIPPED) == []


def test_a_printed_graph_is_as_large_as_the_sheet_allows(visit: Visit) -> None:
    page = visit("/?view=full", parts="graph")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    resize(page, *PAPER)
    scale = "() => document.querySelector('.sheet > svg').getScreenCTM().a"
    assert page.evaluate(scale) > 0.7
    box = page.locator(".graph-view").first.bounding_box()
    assert box is not None
    assert box["height"] < PAPER[1]
    page.emulate_media(media="screen")
    resize(page, 1440, 900)
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".graph-view .frame")).to_have_attribute("data-direction", "LR")
    expect(page.locator("[data-graph].zoomed")).to_have_count(0)


def colours(page: Page, selector: str, left: float = 0, right: float = 1) -> int:
    """How many colours a piece of an element has, from `left` to `right` of its width."""
    picture = Image.open(io.BytesIO(page.locator(selector).first.screenshot())).convert("RGB")
    piece = picture.crop((int(picture.width * left) + 2, 2, int(picture.width * right) - 2, picture.height - 2))
    return len(piece.getcolors(1 << 20) or [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_controls_and_bars_are_seen_in_the_systems_colours(visit: Visit, theme: str) -> None:
    page = visit("/chain-rule?x=1.5", theme=theme)
    page.emulate_media(forced_colors="active", color_scheme="dark" if theme == "dark" else "light")
    page.evaluate(STILL)
    slider = ".sliders input[type=range]"
    assert colours(page, slider, 0.1, 0.4) > 1, "the track"
    resting = colours(page, slider)
    page.locator(slider).first.focus()
    page.wait_for_function("() => document.activeElement.matches(':focus-visible')")
    assert colours(page, slider) != resting, "the focused slider's ring"
    for bar in ("dy_dx", "notebook_dz_dx"):
        assert colours(page, f".speeds .track:has([data-bar={bar}])", 0.51, 0.57) > 1, bar
