"""An address is the whole state: links, reloads, other browsers, bad parameters."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit, expect_number, expect_query, move_to, number, ready, slider


def test_a_link_reopens_its_state_in_another_browser(visit: Visit) -> None:
    first = visit()
    for name, value in (("x", "-2.5"), ("w", "0.75"), ("b", "3.1"), ("y", "1")):
        first.get_by_role("slider", name=name, exact=True).fill(value)
    expect_query(first, "?x=-2.5&w=0.75&b=3.1&y=1")
    second = visit(first.evaluate("location.pathname + location.search"))
    for name in ("loss", "dw", "db", "z", "y_pred"):
        expect_number(first, name, number(second, name))


def test_a_reload_shows_the_same_state(visit: Visit) -> None:
    page = visit("/?x=-4&w=-1.5&y=1")
    before = number(page, "dw")
    page.reload()
    ready(page)
    assert number(page, "dw") == before
    assert slider(page, "w") == "-1.5"


BAD = [
    ("w=99", "w", "5", "w = 99 is out of range; w is 5, the largest value."),
    ("x=-1e300", "x", "-10", "x = -1e300 is out of range; x is -10, the smallest value."),
    ("x=1.26", "x", "1.3", "x = 1.26 is between two steps; x is 1.3, the nearer one."),
    ("b=nan", "b", "0", "b = “nan” is not a number; b is 0, its default."),
    ("w=inf", "w", "1", "w = “inf” is not a number; w is 1, its default."),
    ("y=yes", "y", "0", "y = “yes” is not a number; y is 0, its default."),
    ("x=1&x=2", "x", "6.7", "x is given 2 times; x is 6.7, its default."),
    ("w=%D9%A3", "w", "1", "w = “٣” is not a number; w is 1, its default."),
]


def test_bad_parameters_open_with_one_line(visit: Visit) -> None:
    """The first when the page is opened, the others in the page that is open."""
    page = visit(f"/?{BAD[0][0]}")
    for query, name, value, said in BAD:
        move_to(page, f"?{query}")
        expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
        expect(page.get_by_role("slider", name=name, exact=True)).to_have_value(value)
        page.get_by_role("button", name="Dismiss").click()
        expect(page.locator(".notice")).to_be_hidden()


def test_text_in_an_address_is_never_markup(visit: Visit) -> None:
    page = visit("/?w=%3Cimg%20src%3Dx%20onerror%3Dwindow.ran%3D1%3E")
    expect(page.get_by_role("status").filter(has_text="<img src=x onerror=wind")).to_be_visible()
    assert page.evaluate("window.ran") is None


def test_unknown_parameters_are_left_alone(visit: Visit) -> None:
    page = visit("/?colour=green&w=2")
    expect(page.locator(".notice")).to_be_hidden()
    page.get_by_role("slider", name="w", exact=True).fill("3")
    page.wait_for_function("location.search.includes('w=3')")
    assert page.evaluate("new URLSearchParams(location.search).get('colour')") == "green"


def test_infinity_and_nan_are_shown(visit: Visit) -> None:
    page = visit("/?w=3")
    expect_number(page, "loss", "inf")
    expect(page.locator("[data-readout=loss]")).to_have_text("∞")
    expect_number(page, "dw", "nan")
    expect(page.locator("[data-readout=dw]")).to_have_text("nan")
    expect(page.get_by_role("status").filter(has_text="the loss is ∞")).to_be_visible()
    page.get_by_role("slider", name="w", exact=True).fill("1")
    expect(page.get_by_role("status").filter(has_text="the loss is ∞")).to_be_hidden()


def test_links_in_texts_and_pages_names(visit: Visit) -> None:
    """A state is opened without a new page; with Ctrl or Shift, and with the middle button, beside this one."""
    page = visit("/Chain-Rule?x=2")
    assert page.evaluate("location.pathname + location.search") == "/chain-rule?x=2"
    page.evaluate("window.same = true")
    name = page.get_by_role("link", name="Teach", exact=True)
    for press in ({"modifiers": ["ControlOrMeta"]}, {"modifiers": ["Shift"]}, {"button": "middle"}):
        with page.context.expect_page() as opened:
            name.click(**press)
        opened.value.wait_for_url("**/teach")
        opened.value.close()
    name.click()
    page.get_by_role("link", name="Flip the label").click()
    expect(page.locator("[data-inspector=w]")).to_be_visible()
    expect(page.get_by_role("slider", name="y", exact=True)).to_have_value("1")
    expect_query(page, "?present=1&node=w&y=1&from=teach")
    page.go_back()
    expect(page.get_by_role("link", name="Flip the label")).to_be_visible()
    assert page.evaluate("window.same")


def test_a_burst_of_keys_is_one_step_back(visit: Visit) -> None:
    page = visit("/?b=1")
    page.evaluate("Date.now = () => 1e12")  # all keys at once, however slow the machine is
    slider_w = page.get_by_role("slider", name="w", exact=True)
    for _ in range(5):
        slider_w.press("ArrowRight")
    expect_query(page, "?w=1.05&b=1")
    page.go_back()
    expect_query(page, "?b=1")
    expect(slider_w).to_have_value("1")


def test_a_path_that_no_page_has_opens_the_first_page_which_says_so(visit: Visit) -> None:
    page = visit("/no/page?w=2", parts="text")
    expect(page.locator(".notice")).to_contain_text("There is no page “/no/page”; this is “Neuron”.")
    expect_query(page, "?w=2")
    assert page.evaluate("location.pathname + location.hash") == "/"
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".notice")).to_be_hidden()
