"""Predict first: covered until it is answered, and a miss explained."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, expect_number, expect_query


def answer(page: Page, symbol: str, text: str) -> None:
    page.get_by_role("textbox", name=f"{symbol}: a sign or a number").fill(text)
    page.get_by_role("button", name="Check").click()


def test_gradients_are_covered_and_shown_once_all_are_predicted(visit: Visit) -> None:
    received: list[str | bytes] = []
    page = visit("/?precision=1&predict=dw,db")

    def keep(data: str | bytes) -> None:
        received.append(data)

    page.on("websocket", lambda ws: ws.on("framereceived", keep))
    page.reload()
    expect(page.locator("[data-node=w]")).to_have_attribute("data-grad", "covered")
    assert not any(b"6.69176" in data for data in received if isinstance(data, bytes))
    assert page.locator("[data-readout=manual_dw]").count() == 0
    answer(page, "∂L/∂w", "-6.69")
    expect(page.locator(".predict .words").first).to_contain_text("the sign is not")
    answer(page, "∂L/∂w", "6.69")
    expect_number(page, "dw", "6.6917619705200195")
    expect(page.locator("[data-node=w]")).to_have_attribute("data-grad", "6.6917619705200195")
    expect(page.locator("[data-node=b]")).to_have_attribute("data-grad", "covered")
    expect(page.locator("[data-part=headline] [data-readout=db]")).to_have_text("?")
    expect(page.locator("[data-readout=manual_dw]")).to_have_text("+6.69176245")
    expect(page.locator("[data-readout=manual_db]")).to_have_text("?")
    expect(page.locator(".by-hand .factors, .opinions, .curves-view").locator("visible=true")).to_have_count(0)
    page.get_by_role("slider", name="w", exact=True).fill("1.5")
    expect(page.locator("[data-node=w]")).to_have_attribute("data-value", "1.5")
    page.get_by_role("slider", name="w", exact=True).fill("1")
    answer(page, "∂L/∂b", "1.0")
    expect_number(page, "dw", "6.6917619705200195")
    expect_number(page, "manual_dw", "6.691762447357178")
    expect(page.locator(".predict .score")).to_have_text("2 of 2 right in this visit, 1 miss")
    page.get_by_role("slider", name="w", exact=True).fill("0.5")
    expect(page.locator("[data-node=w]")).to_have_attribute("data-value", "0.5")
    page.get_by_role("button", name="Ask me again").click()
    expect(page.locator("[data-node=w]")).to_have_attribute("data-grad", "covered")


def test_a_slip_is_named(visit: Visit) -> None:
    page = visit("/?predict=dw")
    answer(page, "∂L/∂w", "0.9988")
    expect(page.locator(".predict .words").first).to_contain_text("the step from z back to w is forgotten")
    answer(page, "∂L/∂w", "813.4")
    expect(page.locator(".predict .words").first).to_contain_text("That is what arrives at ŷ")
    page.get_by_role("button", name="Reveal").click()
    expect_number(page, "dw", "6.6917619705200195")
    expect(page.get_by_role("textbox", name="∂L/∂w: a sign or a number")).to_have_value("813.4")
    expect(page.locator(".predict .score")).to_have_text("0 of 1 right in this visit, 2 misses")


@pytest.mark.parametrize(
    ("address", "symbol", "mistake", "words", "right"),
    [
        ("/chain-rule?x=2&predict=dz_dx", "dz/dx", "3.35", "the sum of the local derivatives", "-2.61"),
        ("/vectors?predict=grad", "x.grad[2]", "6", "multiply by", "2"),
    ],
)
def test_other_pages_ask_too(  # noqa: PLR0917  # one row of the table above
    visit: Visit, address: str, symbol: str, mistake: str, words: str, right: str
) -> None:
    page = visit(address)
    expect(page.locator("[data-node=x]")).to_have_attribute("data-grad", "covered")
    answer(page, symbol, mistake)
    expect(page.locator(".predict .words").first).to_contain_text(words)
    answer(page, symbol, right)
    expect(page.locator("[data-node=x]")).not_to_have_attribute("data-grad", "covered")
    for place in page.locator(".speeds [data-of=dz_dx], .three-answers [data-of=dz_dx], [data-readout=vjp]").all():
        expect(place).not_to_have_attribute("data-value", "covered")
    expect(page.locator(".predict .words").first).to_contain_text("Right")


def test_a_sign_is_an_answer_and_the_button_begins_it(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Predict", exact=True).click()
    expect_query(page, "?predict=dw%2Cdb")
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".predict .score")).to_have_text("Choose one, or write a number, then check.")
    rises = page.get_by_role("button", name="rises").first
    places = "all => all.map(part => JSON.stringify(part.getBoundingClientRect()))"
    before = page.locator(".predict :is(button, input)").evaluate_all(places)
    rises.click()
    expect(rises).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".predict .words").first).to_be_empty()
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".predict .words").first).to_contain_text("is positive")
    expect(page.locator(".frame[data-mode=ahead]")).to_be_attached()
    expect(page.get_by_role("group", name="On the arrows")).to_be_hidden()
    expect(page.locator("[data-edge='y_pred.0-z'] .ahead")).to_have_text("6.7")
    assert page.locator(".predict :is(button, input)").evaluate_all(places) == before
    page.get_by_role("button", name="falls").first.click()
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".predict .words").first).to_contain_text("each negative step on the way turns the sign round")
    expect(page.locator("[data-node=w]")).to_have_attribute("data-grad", "covered")
    page.get_by_role("button", name="Predict", exact=True).click()
    expect(page.locator("[data-node=w]")).to_have_attribute("data-grad", re.compile(r"6\.69"))
    expect_query(page, "")


def test_nonsense_is_said_so(visit: Visit) -> None:
    page = visit("/?predict=dw")
    for text, shown in {"<img src=x onerror=alert(1)>": "<img", "1e999": "1e999", "hello": "hello"}.items():
        answer(page, "∂L/∂w", text)
        said = re.compile(f"“{shown}.*” is neither a sign nor a number")
        expect(page.locator(".predict .words").first).to_have_text(said)
        assert page.locator(".predict img").count() == 0


def test_what_cannot_be_predicted_is_said_in_one_line(visit: Visit) -> None:
    page = visit("/?predict=dw,nonsense")
    expect(
        page.get_by_role("status").filter(has_text="predict = “nonsense” is nothing that can be predicted")
    ).to_be_visible()


def test_values_can_be_predicted(visit: Visit) -> None:
    page = visit("/?x=2&w=0.5&b=1&predict=z", parts="graph")
    expect(page.locator("[data-node=z]")).to_have_attribute("data-value", "covered")
    answer(page, "z", "1")
    expect(page.locator(".predict .words").first).to_contain_text("the bias b is still to be added")
    answer(page, "z", "2")
    expect_number(page, "z", "2.0")


def test_revealed_answers_stay_when_the_host_builds_the_page_anew(visit: Visit) -> None:
    """As Streamlit does after the connection was lost for long."""
    page = visit("/?predict=dw,db")
    page.get_by_role("button", name="Reveal").click()
    expect(page.locator(".predict.revealed")).to_be_visible()
    page.evaluate(
        """async () => {
          const { parentElement } = document.querySelector(".app");
          const { data } = parentElement.shell;
          parentElement.shell.close();
          parentElement.shell = null;
          const { href } = document.querySelector("link[rel=modulepreload][href$='/app.js']");
          await (await import(href)).default({ parentElement, data, setStateValue() {} });
        }"""
    )
    expect(page.locator(".predict.revealed")).to_be_visible()
    expect(page.locator("[data-node=w]")).to_have_attribute("data-grad", re.compile(r"6\.69"))
    page.get_by_role("button", name="Ask me again").click()
    expect(page.locator("[data-node=w]")).to_have_attribute("data-grad", "covered")
