"""A page that a browser translates: its translator puts every text node into two elements of its own."""

import pytest

from tests.browser.conftest import Visit

TRANSLATE = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  const isProse = ({ data, parentElement }) => data.trim() && !parentElement.closest("script, style");
  for (const text of texts.filter(isProse)) {
    const [outer, inner] = [document.createElement("font"), document.createElement("font")];
    text.replaceWith(outer);
    outer.append(inner);
    inner.append(text);
  }
  window.translatable = [];
  const hasText = (nodes) => [...nodes].some(({ textContent }) => textContent.trim());
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes, removedNodes } of changes) {
      const place = type === "characterData" ? target.parentElement : target;
      const isText = type === "characterData" || hasText(addedNodes) || hasText(removedNodes);
      if (!isText || !place?.isConnected || place.closest("[translate=no]")) continue;
      window.translatable.push(`${place?.className}: ${place?.textContent}`);
    }
  }).observe(document.querySelector(".page"), { subtree: true, childList: true, characterData: true });
}"""
TEXTS = """() => JSON.stringify([...document.querySelectorAll(`
  [data-readout], [data-text], [data-graph] text, .walk-bar .words, .walk-bar .place, .line-of-words p, .graph-view td,
  .inspector .line, .notebook .cell, .program li, .predict .words`
)].map(({ textContent }) => textContent))"""


@pytest.mark.parametrize(
    ("address", "name", "value"),
    [
        ("/?node=w&step=9", "w", "0.5"),
        ("/chain-rule?node=y", "x", "2"),
        ("/vectors?reduce=sum", "x[0]", "4"),
        ("/gradient-lab?run=backward,backward", "x", "3"),
    ],
)
def test_a_translated_page_follows_the_hand(visit: Visit, address: str, name: str, value: str) -> None:
    page = visit(address)
    page.get_by_role("button", name="Table", exact=True).click()
    before = page.url
    page.evaluate(TRANSLATE)
    page.get_by_role("slider", name=name, exact=True).fill(value)
    page.wait_for_function("before => location.href !== before", arg=before)
    fresh = visit("/" + page.url.split("/", 3)[3])
    fresh.get_by_role("button", name="Table", exact=True).click()
    page.wait_for_function(f"texts => ({TEXTS})() === texts", arg=fresh.evaluate(TEXTS))
    assert page.evaluate("window.translatable") == []
    page.get_by_role("navigation", name="Pages").get_by_text("Teach", exact=True).click()
    page.get_by_text("twenty minutes").first.wait_for()
