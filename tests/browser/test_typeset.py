"""Notation as MathML: what each rule of the grammar becomes, and that no text can break it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from components.browser import assets as mount
from tests.browser.conftest import ready
from tests.serving import Server

PATIENCE_MS = 2_000
MATHML = "http://www.w3.org/1998/Math/MathML"

STRUCTURE = """(element) => {
  const written = (node) => {
    const kind = node.localName;
    if (kind === "mtext") return JSON.stringify(node.textContent).replaceAll("\\u00a0", "~");
    if (["mi", "mn", "mo"].includes(kind)) return node.textContent;
    const parts = [...node.children].map(written).join(" ");
    return kind === "mrow" ? `${node.className}{${parts}}` : `${kind}[${parts}]`;
  };
  return [...element.children].map(written).join(" ");
}"""

NOTATIONS = {
    "a = b ≈ c, d": "{a = b ≈ c , d}",
    "a ≤ b < c → d > e ≥ f": "{a ≤ b < c → d > e ≥ f}",
    "a + b − c - d": "{a + b − c − d}",
    "−a·b / c": "{− mfrac[{a · b} c]}",
    "a × −b": "{a × {− b}}",
    "−x^2": "{− msup[x 2]}",
    "−−x": "{− {− x}}",
    "a @ b": "{a @ b}",
    "1 / (2·x)": "mfrac[1 {2 · x}]",
    "(a + b) / c·d": "{mfrac[{a + b} c] · d}",
    "a·b/c": "mfrac[{a · b} c]",
    "a / b / c": "mfrac[mfrac[a b] c]",
    "(a)·(b) / 2": "mfrac[{{( a )} · {( b )}} 2]",
    "x^(n − 1)": "msup[x {n − 1}]",
    "a^b^−c": "msup[a msup[b {− c}]]",
    "(a / b)^2": "msup[{( mfrac[a b] )} 2]",
    "√x·√(x + 1)": "{msqrt[x] · msqrt[{x + 1}]}",
    "∂(w·x)/∂w": "mfrac[{∂ {( {w · x} )}} {∂ w}]",
    "∂σ(z)/∂z": "mfrac[{∂ {σ {( z )}}} {∂ z}]",
    "x @ Wᵀ": '{x @ msup[W "T"]}',
    "(a @ b)ᵀ": 'msup[{( {a @ b} )} "T"]',
    "6.7000 − .5": "{6.7000 − .5}",
    "1.2e−8": "{1.2 · msup[10 {− 8}]}",
    "1e-08": "{1 · msup[10 {− 8}]}",
    "−3.5E+20": "{− {3.5 · msup[10 20]}}",
    "−∞, nan": '{{− ∞} , "nan"}',
    "y_pred": 'msub[y "pred"]',
    "dL_dy_pred": 'msub[dL "dy_pred"]',
    "W_1ᵀ = y_pred^2": '{msubsup[W "1" "T"] = msubsup[y "pred" 2]}',
    "ŷ − y\u0302 + x1·loss": "{ŷ − ŷ + {x1 · loss}}",
    "log(p) + clamp(1 − p)": "{{log {( p )}} + {clamp {( {1 − p} )}}}",
    "f(a, b)^2": "msup[{f {( {a , b} )}} 2]",
    "[1.0, 2.0, …]": "{[ {1.0 , 2.0 , …} ]}",
    "|x·|y|| / |x|": "mfrac[{| {x · {| y |}} |} {| x |}]",
    '1 "where" x > 0 "and 0 elsewhere"': '{{1 "~where~" x} > {0 "~and 0 elsewhere~"}}',
    '"<b>" |x|': '{"~<b>~" {| x |}}',
    "‹6.7000› × «+0.99877» = «+6.6918»": "{{value{6.7000} × gradient{{+ 0.99877}}} = gradient{{+ 6.6918}}}",
    "1 / ‹0.00123›": "mfrac[1 value{0.00123}]",
    "‹a·«b»›^2": "msup[value{{a · gradient{b}}} 2]",
}

NOT_NOTATION = [
    "",
    " ",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"unclosed',
    '""',
    "((",
    "(a]",
    "()",
    "‹a",
    "‹a»",
    "a b",
    "a (b)",
    "1.2.3",
    "a = = b",
    "a +",
    "^2",
    "xᵀᵀ",
    "a ≠ b",
    "x_",
    "😀",
]

ENDLESS = {
    "brackets": "(" * 5_000,
    "pairs of brackets": "(" * 2_500 + "x" + ")" * 2_500,
    "marks": "‹" * 5_000,
    "signs": "−" * 5_000 + "x",
    "roots": "√" * 5_000 + "x",
    "powers": "x^" * 5_000 + "x",
    "fractions": "x/" * 5_000 + "x",
    "functions": "f(" * 5_000 + "x" + ")" * 5_000,
    "quotes": '"' * 4_999,
}


@pytest.fixture(scope="module")
def page(server: Server, households: dict[bool, BrowserContext]) -> Iterator[Page]:
    """One for all: what is typeset depends on nothing but the text. At the end it may have reported no error."""
    opened = households[False].new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    opened.goto(server.url)
    ready(opened)
    address = f"/{mount.PREFIX}/{mount.version()}/browser/maths/typeset.js"
    opened.evaluate(
        "async (address) => { window.maths = await import(new URL(address, location.href).href); }", address
    )
    yield opened
    opened.close()
    assert errors == []


def structures(page: Page, texts: list[str]) -> dict[str, str]:
    """By text, its MathML written shortly: `{...}` an mrow, quotes an mtext (`~` its wide spaces), others bare."""
    written = f"(texts) => texts.map((text) => ({STRUCTURE})(maths.typeset(text)))"
    return dict(zip(texts, page.evaluate(written, texts), strict=True))


def test_every_rule_of_the_grammar(page: Page) -> None:
    assert structures(page, list(NOTATIONS)) == NOTATIONS


def test_the_kinds_of_tokens(page: Page) -> None:
    kinds = """(text) => {
      const tokens = maths.typeset(text).querySelectorAll("mi, mn, mo, mtext");
      return [...tokens].map((token) => [token.localName, token.textContent]);
    }"""
    assert page.evaluate(kinds, "∂loss → y_pred·∞ + nan, …") == [
        ["mo", "∂"],
        ["mi", "loss"],
        ["mo", "→"],
        ["mi", "y"],
        ["mtext", "pred"],
        ["mo", "·"],
        ["mn", "∞"],
        ["mo", "+"],
        ["mtext", "nan"],
        ["mo", ","],
        ["mo", "…"],
    ]


def test_a_unary_sign_is_a_prefix(page: Page) -> None:
    forms = "(text) => [...maths.typeset(text).querySelectorAll('mo')].map((mo) => mo.getAttribute('form'))"
    assert page.evaluate(forms, "−x + 2 × «+0.99877»") == ["prefix", None, None, "prefix"]


def test_what_is_no_notation_is_shown_as_it_is(page: Page) -> None:
    assert structures(page, NOT_NOTATION) == {text: json.dumps(text, ensure_ascii=False) for text in NOT_NOTATION}


def test_no_text_is_too_long_or_too_deep(page: Page) -> None:
    shown = """(text) => {
      const began = performance.now();
      const math = maths.typeset(text);
      document.body.append(math);
      math.getBoundingClientRect();
      return [performance.now() - began, math.children.length, math.firstChild.localName, math.textContent];
    }"""
    for name, text in ENDLESS.items():
        milliseconds, *found = page.evaluate(shown, text)
        assert found == [1, "mtext", text], name
        assert milliseconds < PATIENCE_MS, name


def test_an_element_of_mathml_that_keeps_its_notation(page: Page) -> None:
    about = """(text) => {
      const math = maths.typeset(text);
      const spaces = new Set([math, ...math.querySelectorAll("*")].map((node) => node.namespaceURI));
      return [math.localName, [...spaces], math.getAttributeNames(), math.getAttribute("data-notation")];
    }"""
    for text in ("x^2 / ‹3›", "<script>"):
        assert page.evaluate(about, text) == ["math", [MATHML], ["data-notation"], text]


def test_the_same_notation_stays_in_place(page: Page) -> None:
    shown: dict[str, Any] = page.evaluate(
        """() => {
          const place = document.createElement("p");
          place.textContent = "a = 1";
          const set = (text) => {
            maths.setMath(place, text);
            return place.firstChild;
          };
          const first = set("a = 1");
          const again = set("a = 1");
          const other = set("a = ((");
          const same = set("a = ((");
          place.append("more");
          const alone = set("a = ((");
          return {
            again: again === first, other: other === first, same: same === other, alone: alone === other,
            children: place.childNodes.length, text: place.textContent,
          };
        }"""
    )
    assert shown == {"again": True, "other": False, "same": True, "alone": False, "children": 1, "text": "a = (("}


def test_the_bar_of_a_fraction_keeps_its_distance(page: Page) -> None:
    distance = page.evaluate(
        """() => {
          const place = document.body.appendChild(document.createElement("p"));
          maths.setMath(place, "1 / ‹0.00123›");
          const [above, below] = [...place.querySelector("mfrac").children].map((part) => getComputedStyle(part));
          return [above.paddingBottom, below.paddingTop].map(parseFloat);
        }"""
    )
    assert min(distance) > 1
