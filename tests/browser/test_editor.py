"""The editor of programs, by itself on a page: typing, undoing, and numbers that are dragged."""

from playwright.sync_api import Locator, Page, expect

from components.browser import assets
from tests.browser.conftest import Visit

PROGRAM = "w = 2.5\nif w > 0:\n    y = w ** 2\n"
LITERAL = {"line": 1, "column": 4, "length": 3, "value": 2.5, "step": 0.5, "min": -10, "max": 10, "decimals": 1}

MOUNT = """async ([script, code, literal]) => {
  const { Editor } = await import(new URL(script, document.baseURI));
  const place = document.createElement("div");
  document.querySelector(".app").prepend(place);
  window.told = [];
  const tell = (name) => (...values) => told.push([name, ...values]);
  const [onChange, onRun, onDrag] = ["change", "run", "drag"].map(tell);
  window.editor = new Editor(place, { code, onChange, onRun, onDrag });
  editor.show({ notes: [{ line: 1, text: "2.5" }], literals: [literal] });
}"""

FITS = """() => {
  const { field, lines } = editor;
  const shown = lines.rows.map(({ code }) => code.textContent).join("\\n");
  return shown === editor.code && field.scrollWidth === field.clientWidth && field.scrollHeight === field.clientHeight;
}"""
"""Whether the coloured copy says what the text says, and is as wide and as high."""


def opened(visit: Visit, program: str = PROGRAM) -> tuple[Page, Locator]:
    """A page with an editor on it, and its text area."""
    page = visit("/", parts="text")
    page.evaluate(MOUNT, [assets.address("browser/editor/editor.js"), program, LITERAL])
    return page, page.get_by_role("textbox", name="program", exact=True)


def test_a_program_is_typed_indented_and_undone(visit: Visit) -> None:
    page, field = opened(visit)
    page.evaluate("editor.goTo(3)")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("while y:")
    page.keyboard.press("Enter")
    expect(field).to_have_value("w = 2.5\nif w > 0:\n    y = w ** 2\n    while y:\n        \n")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("print(“漢字”) # " + "long " * 40)
    page.wait_for_function(FITS)
    assert page.evaluate("told.at(-1)[1] === editor.field.value")
    page.evaluate("document.documentElement.style.fontSize = '20.8px'")
    page.wait_for_function(FITS)
    for _ in range(300):
        page.keyboard.press("ControlOrMeta+z")
        if field.input_value() == PROGRAM:
            break
    expect(field).to_have_value(PROGRAM)
    page.wait_for_function(FITS)
    page.keyboard.press("ControlOrMeta+Enter")
    assert page.evaluate("told.at(-1)") == ["run"]
    page.keyboard.press("Tab")
    expect(field).not_to_be_focused()


def test_a_number_is_dragged_where_it_stands_and_taken_back_as_one_change(visit: Visit) -> None:
    page, field = opened(visit)
    box = page.locator(".editor .handle").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y, steps=6)
    expect(page.locator(".editor .line .code").first).to_have_text("w = -7.5")
    expect(field).to_have_value(PROGRAM)
    page.mouse.up()
    expect(field).to_have_value(PROGRAM.replace("2.5", "-7.5"))
    assert page.evaluate("told.map(([name, _, ...rest]) => [name, ...rest]).at(-1)") == ["drag", -7.5, True]
    page.wait_for_function(FITS)
    page.locator(".editor .handle").click()
    expect(field).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(field).to_have_value(PROGRAM.replace("2.5", "-7.0"))
    page.keyboard.press("ControlOrMeta+z")
    page.keyboard.press("ControlOrMeta+z")
    expect(field).to_have_value(PROGRAM)
