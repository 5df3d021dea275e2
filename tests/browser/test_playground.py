"""The playground: a visitor's own program, its graph, what its lines made, and what it says where it fails."""

import re
from urllib.parse import urlencode

import torch
from playwright.sync_api import Locator, Page, expect

from components.address.packed import pack
from tests.browser.conftest import Visit

SQUARE = """import torch

x = torch.tensor(3.0, requires_grad=True)
y = x ** 2
y.backward()
print("grad", x.grad)
"""

ENDLESS = "i = 0\nwhile i < 1:\n    i = 2 * i\n"

UNTRACKED = SQUARE.replace(", requires_grad=True", "")

PASSES = """import torch

w = torch.tensor(2.0, requires_grad=True)
for step in range(3):
    loss = w ** 2
    w.grad = None
    loss.backward()
    with torch.no_grad():
        w -= 0.25 * w.grad
"""


TAG = "<img src=x onerror=alert(1)>"

MOVING = """(x) => {
  const handles = document.querySelector(".editor .handles");
  const note = document.querySelectorAll(".editor .lines .note")[2];
  const [notes, numbers] = [new Set(), new Set()];
  const { get } = Object.getOwnPropertyDescriptor(Element.prototype, "clientWidth");
  let asked = 0;
  Object.defineProperty(Element.prototype, "clientWidth", { configurable: true, get() {
    asked += this.matches("[data-graph]");
    return get.call(this);
  } });
  return new Promise((done) => {
    let steps = 0;
    const moving = setInterval(() => {
      steps += 1;
      handles.dispatchEvent(new PointerEvent("pointermove", { clientX: x + 3 * steps, bubbles: true, pointerId: 1 }));
      notes.add(note.textContent);
      numbers.add(document.querySelector("[data-readout=x]").dataset.value);
      if (numbers.size < 20 && steps < 4000) return;
      clearInterval(moving);
      done([notes.size > 10, asked]);
    }, 8);
  });
}"""
"""A held number goes on and on until a readout has followed it; whether the value at its line has done so, too, and how
often the graph's size was asked for."""

PATIENCE = 30_000
"""Milliseconds until a first program has run, for which its process may have to start."""


def address(code: str, **others: str) -> str:
    """The playground with this program."""
    return "/playground?" + urlencode({"code": pack(code)} | others)


def program(page: Page) -> Locator:
    return page.get_by_role("textbox", name="program", exact=True)


def readout(page: Page, name: str) -> Locator:
    return page.locator(f'[data-readout="{name}"]')


def expect_readout(page: Page, name: str, value: str) -> None:
    expect(readout(page, name)).to_have_attribute("data-value", value, timeout=PATIENCE)


def expect_address(page: Page, **parts: str | None) -> None:
    """Waits until the address says these of its parts (None: says nothing of it)."""
    page.wait_for_function(
        """parts => Object.entries(parts).every(([name, text]) => {
          return new URLSearchParams(location.search).get(name) === text;
        })""",
        arg=parts,
    )


def nodes(page: Page) -> Locator:
    return page.locator("[data-graph] [data-node][data-line]")


def line(page: Page, number: int) -> Locator:
    """A line of the editor, as it is shown."""
    return page.locator(".editor .lines > .line").nth(number - 1)


def test_what_is_typed_runs_by_itself_and_is_kept_in_the_address(visit: Visit) -> None:
    page = visit("/playground", parts="text")
    program(page).fill(SQUARE)
    expect_readout(page, "x.grad", "6.0")
    expect_readout(page, "y", "9.0")
    expect_readout(page, "printed", "grad tensor(6.)\n")
    expect(nodes(page)).to_have_count(2)
    expect(page.locator("[data-node=x]")).to_have_attribute("data-line", "3")
    expect(line(page, 4).locator(".note")).to_contain_text("9")
    expect(page.get_by_role("combobox", name="preset")).to_have_value("")
    expect_address(page, code=pack(SQUARE))

    page.reload()
    expect(program(page)).to_have_value(SQUARE, timeout=PATIENCE)
    expect_readout(page, "x.grad", "6.0")
    page.get_by_role("combobox", name="preset").select_option("weight sharing")
    expect_address(page, code=None, preset="weight sharing")
    expect(readout(page, "w.grad")).to_have_attribute("data-value", re.compile(r"\d"), timeout=PATIENCE)
    expect(readout(page, "x.grad")).to_have_count(0)
    page.go_back()
    expect(program(page)).to_have_value(SQUARE)
    expect_readout(page, "x.grad", "6.0")

    program(page).focus()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type("y = 5")
    page.keyboard.press("ControlOrMeta+Enter")
    expect_readout(page, "y", "5")
    page.keyboard.press("Tab")
    expect(program(page)).not_to_be_focused()


def test_what_is_refused_or_fails_says_so_at_its_line(visit: Visit) -> None:
    page = visit(address("import torch\nimport os\nprint(os.getcwd())\n"), parts="text")
    expect(readout(page, "refused")).to_have_attribute("data-line", "2", timeout=PATIENCE)
    expect(readout(page, "refused")).to_contain_text("os")
    expect(line(page, 2)).to_have_attribute("data-mark", "refused")
    expect(nodes(page)).to_have_count(0)
    expect(page.locator("[data-graph]")).to_contain_text("nothing of this program has run")
    expect(readout(page, "printed")).to_be_hidden()

    program(page).fill(SQUARE.replace("y.backward()", "z = y + torch.ones(2) @ torch.ones(3)\ny.backward()"))
    expect(readout(page, "error")).to_have_attribute("data-line", "5", timeout=PATIENCE)
    expect(readout(page, "error")).to_contain_text("RuntimeError: ")
    expect(line(page, 5)).to_have_attribute("data-mark", "error")
    expect(readout(page, "refused")).to_have_count(0)
    expect(page.locator("[data-graph] [data-node][data-value]")).to_have_count(2)
    expect_readout(page, "y", "9.0")
    page.locator(".says").get_by_role("button", name="line 5", exact=True).click()
    expect(line(page, 5)).to_contain_class("current")

    program(page).fill(f'name = "{TAG}"\nprint(name)\nint(name)\n')
    expect_readout(page, "printed", f"{TAG}\n")
    expect(readout(page, "error")).to_contain_text(TAG)
    expect(line(page, 1).locator(".code")).to_have_text(f'name = "{TAG}"')
    program(page).fill(f"import torch\n{TAG}\n")
    expect(readout(page, "refused")).to_be_visible(timeout=PATIENCE)
    expect(line(page, 2).locator(".code")).to_have_text(TAG)
    expect(page.locator("img[src=x]")).to_have_count(0)


def test_what_went_wrong_is_marked_and_one_press_mends_it(visit: Visit) -> None:
    page = visit(address(UNTRACKED), parts="text")
    why = readout(page, "why")
    expect(why).to_have_attribute("data-kind", "cut", timeout=PATIENCE)
    expect(why).to_have_attribute("data-line", "3")
    expect(why.locator("code").first).to_be_visible()
    expect(line(page, 3)).to_have_attribute("data-mark", "finding")
    guilty = page.locator("[data-graph] [data-node=x]")
    expect(guilty).to_have_attribute("aria-pressed", "true")
    expect(guilty.locator(".found-mark .ring")).to_be_visible()
    expect(guilty.locator(".found-mark .sign")).to_have_text("!")

    page.get_by_role("button", name="Apply", exact=True).click()
    expect(program(page)).to_have_value(SQUARE)
    expect_readout(page, "x.grad", "6.0")
    expect(why).to_have_count(0)
    expect(page.locator(".found-mark")).to_have_count(0)
    expect(page.locator("[data-node][aria-pressed=true]")).to_have_count(0)
    expect_address(page, code=pack(SQUARE), node=None)
    page.keyboard.press("ControlOrMeta+z")
    expect(program(page)).to_have_value(UNTRACKED)
    expect(why).to_have_attribute("data-line", "3", timeout=PATIENCE)
    page.locator(".findings .title").click()
    expect_address(page, code=pack(UNTRACKED), node="x")


def test_a_graph_is_folded_and_opened_and_links_say_so(visit: Visit) -> None:
    page = visit(address(SQUARE), parts="graph")
    views = page.get_by_role("group", name="Level of detail")
    expect(views).to_be_hidden()
    folding = SQUARE.replace("x ** 2", "(2 * x + 1) ** 2")
    program(page).fill(folding)
    expect(page.locator("[data-graph] [data-node]")).to_have_count(6, timeout=PATIENCE)
    views.get_by_role("button", name="Concept").click()
    expect(page.locator("[data-graph] [data-node]")).to_have_count(2, timeout=PATIENCE)
    expect(page.locator("[data-edge=y-x]")).to_have_attribute("data-local", "28.0")
    expect_address(page, code=pack(folding), view="concept")
    page.get_by_role("button", name="Open y: 3 steps").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-graph] [data-node]")).to_have_count(6, timeout=PATIENCE)
    expect_address(page, view="concept", open="y")
    page.go_back()
    expect(page.locator("[data-graph] [data-node]")).to_have_count(2, timeout=PATIENCE)
    views.get_by_role("button", name="Full").click()
    expect_address(page, view=None, open=None)


def test_a_number_is_dragged_and_each_pass_has_a_graph(visit: Visit) -> None:
    code = SQUARE.replace("3.0", "3.000")
    page = visit(address(code), parts="graph")
    page.wait_for_function("window.Plotly")  # the first number that is dragged does not wait for it
    handle = page.locator(".editor .handle").first
    box = handle.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    assert page.evaluate(MOVING, x) == [True, 0]
    expect(readout(page, "x.grad")).not_to_have_attribute("data-value", "6.0", timeout=PATIENCE)
    expect_address(page, code=pack(code))
    page.mouse.up()
    expect(program(page)).not_to_have_value(code)
    dragged = program(page).input_value()
    found = re.search(r"tensor\((-?[\d.]+)", dragged)
    assert found
    expect_readout(page, "x", repr(torch.tensor(float(found[1])).item()))
    expect_address(page, code=pack(dragged))

    expect(page.get_by_role("region", name="Curve").locator(".trace").first).to_be_attached(timeout=PATIENCE)

    square = page.locator("[data-graph] [data-node][data-line='4']")
    written = line(page, 4).bounding_box()
    assert written
    page.mouse.move(written["x"] + 20, written["y"] + written["height"] / 2)
    expect(square).to_contain_class("of-line")
    expect(page.locator("[data-node=x]")).not_to_contain_class("of-line")
    page.locator("[data-node=x]").hover()
    expect(line(page, 3)).to_contain_class("lit")
    expect(square).not_to_contain_class("of-line")

    program(page).fill(PASSES)
    strip = page.get_by_role("group", name="Backward passes")
    expect(strip.get_by_role("button")).to_have_count(3, timeout=PATIENCE)
    expect(strip.get_by_role("button", pressed=True)).to_have_text("3")
    leaf = page.locator("[data-graph] [data-node=w]")
    expect(leaf).to_have_attribute("data-value", "0.5")
    strip.get_by_role("button").first.click()
    expect(leaf).to_have_attribute("data-value", "2.0")
    expect_address(page, code=pack(PASSES), moment="0")
    page.keyboard.press("ArrowRight")
    expect(leaf).to_have_attribute("data-value", "1.0")
    expect_address(page, code=pack(PASSES), moment="1")


def test_a_broken_link_is_told_and_answers_can_be_hidden(visit: Visit) -> None:
    page = visit("/playground?code=!!", parts="text")
    expect(page.locator(".notice")).to_contain_text("cannot be unpacked")
    expect(program(page)).to_have_value(re.compile("import torch"))

    page = visit(address(SQUARE, hide="answers"), parts="graph")
    expect(program(page)).to_have_value(SQUARE)
    expect(page.locator("[data-node=x]")).to_have_attribute("data-value", "3.0")
    expect(page.locator("[data-node=x]")).to_have_attribute("data-grad", "covered")
    expect(page.locator(".editor .note:not(:empty)")).to_have_count(0)
    for name in ("printed", "x.grad"):
        expect(readout(page, name).locator("visible=true")).to_have_count(0)
    expect(page.locator(".app")).not_to_contain_text("grad tensor(6.)")


def test_another_pages_program_is_opened_and_an_endless_one_holds_nobody_up(visit: Visit) -> None:
    page = visit("/chain-rule?x=1.5", parts="text")
    other = visit("/playground", parts="text")
    program(other).fill(ENDLESS)
    page.locator(".take-home summary").click()
    page.get_by_role("button", name="Open in the playground").click()
    expect(program(page)).to_have_value(re.compile(r"1\.5"), timeout=PATIENCE)
    expect(readout(page, "x")).to_have_attribute("data-value", "1.5", timeout=PATIENCE)
    expect(readout(other, "limit")).to_have_attribute("data-line", re.compile("[23]"), timeout=PATIENCE)
    expect(page.locator(".editor .line[data-mark]")).to_have_count(0)
    program(other).fill(SQUARE)
    expect_readout(other, "x.grad", "6.0")
