"""The headers, and the page that they go with."""

import asyncio
import base64
import hashlib
import re

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Scope

from components.server import document, headers


def directives(embedded: bool) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in headers.content_policy(embedded).split("; "))


@pytest.mark.parametrize(
    ("query", "embedded"),
    [
        (b"", False),
        (b"embed=true", True),
        (b"embed=True", True),
        (b"w=2&amp;embed=true", True),
        (b"w=2&embed=true&embed_options=dark_theme", True),
        (b"embed=false", False),
        (b"node=embed%3Dtrue", False),
        (b"embed", False),
        (b"%ff=\xff&embed=true", True),
    ],
)
def test_an_embedded_page_is_told_by_its_address(query: bytes, embedded: bool) -> None:
    scope: Scope = {"type": "http", "query_string": query}
    assert headers.is_embedded(scope) is embedded


def test_nothing_is_allowed_that_is_not_named() -> None:
    said = directives(embedded=False)
    assert said["default-src"] == "'none'"
    assert "unsafe-eval" not in said["script-src"]
    assert "unsafe-inline" not in said["script-src"]
    assert not any("http" in sources or "*" in sources for sources in said.values())


def test_only_an_embedded_page_may_stand_in_a_foreign_frame() -> None:
    assert directives(embedded=False)["frame-ancestors"] == "'self'"
    assert directives(embedded=True)["frame-ancestors"] == "*"
    assert headers.page_headers(embedded=False)["X-Frame-Options"] == "SAMEORIGIN"
    assert "X-Frame-Options" not in headers.page_headers(embedded=True)


def test_no_answer_sets_a_cookie() -> None:
    answer = PlainTextResponse("ok")
    answer.set_cookie("_streamlit_xsrf", "2|6606f215")
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(headers.Headers(answer)({"type": "http"}, asyncio.Queue[Message]().get, send))
    assert dict(sent[0]["headers"])[b"x-content-type-options"] == b"nosniff"
    assert b"set-cookie" not in dict(sent[0]["headers"])
    assert sent[1]["body"] == b"ok"


def test_the_pages_own_scripts_are_allowed_by_their_digests() -> None:
    scripts = headers.inline_scripts(document.content().decode())
    assert len(scripts) == 6
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in directives(embedded=False)["script-src"]


def test_a_script_in_a_page_is_noticed() -> None:
    assert headers.inline_scripts("<script>a()</script><script src='x'></script><script>\nb()\n</script>") == [
        "a()",
        "\nb()\n",
    ]


def test_the_page_has_our_title_and_icon_and_fetches_none() -> None:
    head = document.content().decode().partition("</head>")[0]
    assert "<title>Autograd Explorer</title>" in head
    assert re.findall(r'<link[^>]*icon"[^>]*href="([^"]{9})', head) == ["data:imag"]
    assert "favicon" not in head


def test_fonts_come_after_the_scripts_and_plotly_last() -> None:
    head = document.content().decode().partition("</head>")[0]
    places = [head.index(name) for name in ("js/index.", "BidiComponent", "/app.js", 'as="font"', "plotly.js")]
    assert places == sorted(places)
    assert head.count('as="font"') == 1


def test_the_page_names_what_can_be_fetched_beforehand() -> None:
    html = document.content().decode()
    for name in ("app.js", "app.css", "plotly.js", "BidiComponent"):
        assert name in html.partition("</head>")[0]


@pytest.mark.parametrize(
    ("asked", "status", "encoding"),
    [
        ({}, 200, None),
        ({"accept-encoding": "gzip, br"}, 200, "gzip"),
        ({"if-none-match": "other"}, 200, None),
        ({"if-none-match": document.tag()}, 304, None),
        ({"if-none-match": f"W/{document.tag()}"}, 304, None),
    ],
)
def test_a_browser_that_has_the_page_is_told_so(asked: dict[str, str], status: int, encoding: str | None) -> None:
    scope: Scope = {"type": "http", "headers": [(k.encode(), v.encode()) for k, v in asked.items()]}
    answer = document.response(scope)
    assert answer.status_code == status
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["cache-control"] == "no-cache"
    assert bool(answer.body) is (status == 200)
