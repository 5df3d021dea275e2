"""Visitors who mean harm: a plain refusal for them, and nothing for anybody else to notice."""

import contextlib
import json
import resource
import socket
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import websockets
from playwright.sync_api import Browser, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from components.server.streamlit_patches import FIRST_REQUEST_SECONDS
from tests.hosting.conftest import APP, bystander, closing_code, goes_on, run
from tests.serving import Server, serve
from tests.visitor import opening, streamlit_socket, visiting

TOO_LONG, NOT_BINARY, UNREADABLE = 1009, 1003, 1002


def test_what_is_no_message_ends_streamlits_socket(server: Server) -> None:
    refused: list[tuple[bytes | str, int]] = [
        (b"\xff" * 100, UNREADABLE),
        (b"GET / HTTP/1.1\r\n\r\n", UNREADABLE),
        ("text", NOT_BINARY),
        (b"\0" * (64 * 1024 + 1), TOO_LONG),
        (b"\0" * 6_000_000, TOO_LONG),
    ]

    async def attack() -> None:
        async with bystander(server.url) as answers:
            for said, code in refused:
                async with streamlit_socket(server.url) as attacker:
                    with contextlib.suppress(websockets.ConnectionClosed):
                        await attacker.send(said)
                    assert await closing_code(attacker) == code, said[:20]
            await goes_on(answers)

    run(attack())


def test_a_broken_frame_ends_streamlits_socket(server: Server) -> None:
    async def attack() -> None:
        async with streamlit_socket(server.url) as attacker:
            attacker.transport.write(b"\xff\xff\xff\xff broken")
            assert await closing_code(attacker) == UNREADABLE

    run(attack())


def test_orders_that_no_page_gives_do_nothing(server: Server) -> None:
    async def attack() -> None:
        async with opening(server.url) as attacker:
            for name in ("clear_cache", "load_git_info", "set_run_on_save", "debug_shutdown_runtime"):
                await attacker.socket.send(BackMsg(**{name: True}).SerializeToString())  # type: ignore[arg-type]
                answer = await attacker.drag(w=3)
                assert (answer.errors, answer.values["w"]) == ([], 3.0), name

    run(attack())


WRONG_KINDS: list[dict[str, Any]] = [
    {"int_value": 3},
    {"string_value": "<script>"},
    {"bool_value": True},
    {"double_value": float("nan")},
    {"bytes_value": b"\xff\xfe"},
    {"trigger_value": True},
    {"json_trigger_value": '{"event": 1}'},
    *(
        {"json_value": text}
        for text in ("[]", "1", "null", '{"event": []}', '{"event": {"page": "neuron", "seq": "1"}}')
    ),
    {"json_value": '{"event": {"page": "neuron", "seq": 1, "values": {"x": NaN, "w": Infinity, "b": 1, "y": 1}}}'},
    {"json_value": '{"event": {"page": "nobody", "seq": 1, "values": {"x": 1}}}'},
    {},
]


def test_states_of_the_wrong_kind_do_no_harm(server: Server) -> None:
    """Where events travel as the component's state."""

    async def attack() -> None:
        async with bystander(server.url), opening(server.url) as attacker:
            for forged in WRONG_KINDS:
                unknown = attacker.state(**forged)
                unknown.id = "$$ID-0000-<img src=x onerror=alert(1)>"
                for state in (attacker.state(**forged), unknown):
                    answer = await attacker.run([state])
                    assert [said for said in answer.errors if "Traceback" in said or "/" in said] == [], forged
                    assert (await attacker.drag(w=2)).values["w"] == 2.0, forged

    run(attack())


def test_forged_addresses_open_the_page(server: Server) -> None:
    queries = ("x=" + "9" * 30_000, "&".join(["w=1"] * 3000), "%ff%00%0a=%ff", "x=1&x=<b>", "=&&=;", "x=%ed%a0%80")

    async def attack() -> None:
        for query in queries:
            async with opening(server.url, query) as visitor:
                assert (await visitor.drag(b=1)).values["b"] == 1.0, query[:40]

    run(attack())


def test_a_burst_of_reruns_keeps_nobody_waiting(server: Server) -> None:
    async def attack() -> None:
        async with bystander(server.url) as answers, opening(server.url) as attacker:
            for i in range(300):
                state = attacker.state(json_value=json.dumps({"event": attacker.event(w=i / 100)}))
                await attacker.socket.send(attacker.rerun([state]))
            while attacker.message["values"]["w"] != 2.99:
                assert (await attacker.receive()).errors == []
            await goes_on(answers)

    run(attack())


def test_connections_that_say_nothing_are_closed(server: Server) -> None:
    count = 1500
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, count + 500)), hard))
    place = (urlsplit(server.url).hostname, urlsplit(server.url).port)

    async def attack() -> None:
        with contextlib.ExitStack() as stack:
            silent = [stack.enter_context(socket.create_connection(place)) for _ in range(count)]
            for one in silent[::2]:
                one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            async with bystander(server.url), opening(server.url), visiting(server.url) as late:
                assert (await late.drag(w=2)).values["w"] == 2.0
            for one in (silent[0], silent[-1]):
                one.settimeout(6 * FIRST_REQUEST_SECONDS)
            assert [ended(silent[0]), ended(silent[-1])] == [True, True]

    run(attack())
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_foreign_page_may_not_connect_and_no_name_is_asked_for(tmp_path: Path) -> None:
    """The proxy stands for an internet that does not answer; every question to it would show."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        proxy = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.MonkeyPatch.context() as patch:
            for name in ("http_proxy", "https_proxy"):
                patch.setenv(name, proxy)
            patch.setenv("no_proxy", "localhost,127.0.0.1")

            async def attack(url: str) -> None:
                async with bystander(url):
                    for _ in range(20):
                        with pytest.raises(websockets.InvalidStatus) as refused:
                            async with streamlit_socket(url, origin="https://evil.example", proxy=None):
                                pass
                        assert refused.value.response.status_code == 403

            with serve(APP, log=tmp_path / "log") as running:
                run(attack(running.url))
        silent.settimeout(0.1)
        with pytest.raises(TimeoutError):
            silent.accept()


@pytest.mark.parametrize(
    "path",
    [
        "_stcore/metrics",
        "_stcore/metrics?families=session_events",
        "_stcore/agent/mcp",
        "_stcore/agent/openapi.json",
        "_stcore/upload_file/a/b",
        "_stcore/bidi-components/x/y",
        "component/x/index.html",
        "//_stcore/metrics",
    ],
)
def test_doors_that_nobody_needs_are_closed(server: Server, path: str) -> None:
    assert status(f"{server.url}/{path}") in (400, 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_nothing_can_be_sent_to_the_server(server: Server, method: str) -> None:
    for path in ("", "/_stcore/health", "/_stcore/upload_file/a/b", "/_stcore/agent/interact"):
        assert status(f"{server.url}{path}", method) in (404, 405)


@pytest.mark.parametrize("path", ["", "/anything", "/_stcore/health", "/favicon.png", "/static/none.js"])
def test_every_answer_has_the_headers(server: Server, path: str) -> None:
    headers = answered(server.url + path)[1]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert bool(headers["Content-Security-Policy"]) is headers["Content-Type"].startswith("text/html")
    assert len(str(headers)) < 3000  # ordinary proxies take 4 kB


def test_pages_are_asked_for_again_and_scripts_are_kept(server: Server) -> None:
    with urllib.request.urlopen(server.url) as answer:
        html, tag = answer.read().decode(), answer.headers["ETag"]
        assert answer.headers["Cache-Control"] == "no-cache"
    script = html.partition('src="./static/')[2].partition('"')[0]
    with urllib.request.urlopen(f"{server.url}/static/{script}") as answer:
        assert "immutable" in answer.headers["Cache-Control"]
    assert status(server.url, headers={"If-None-Match": tag}) == 304


TRIES = [
    "<script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    "<svg onload=window.hacked=1>",
    "javascript:window.hacked=1",
    '"><img src=x onerror=window.hacked=1>',
    "[a](javascript:window.hacked=1)",
    "${window.hacked=1}",
    "';window.hacked=1;'",
    ":material/<img src=x onerror=window.hacked=1>:",
    "__import__('os').system('true')",
]


def test_text_from_an_address_stays_text(server: Server, browser: Browser) -> None:
    page = browser.new_page()
    state = ("x", "w", "b", "y", "loss", "dtype", "h", "other", "view", "open", "node", "step", "arrows")
    names = (*state, "hide", "present", "predict", "tour")
    for attempt in TRIES:
        said = quote(attempt, safe="")
        page.goto(f"{server.url}/{said}?{said}={said}&{'&'.join(f'{name}={said}' for name in names)}#{said}")
        page.locator("[data-readout=loss][data-value]").wait_for()
        expect(page.locator(".app")).to_contain_text("is not a number")
        expect(page.locator("img[src=x], svg[onload], a[href^='javascript']")).to_have_count(0)
        assert page.evaluate("window.hacked") is None, attempt
    page.close()


def test_what_got_into_the_page_could_not_run(server: Server, browser: Browser) -> None:
    """Should markup ever mistake in: the page's policy is the second lock. (It may load itself anew for that, once.)"""
    page = browser.new_page()
    page.goto(server.url)
    page.locator("[data-readout=loss][data-value]").wait_for()
    page.evaluate(
        """() => {
          const refused = new Set();
          document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
            refused.add(effectiveDirective);
            sessionStorage.refused = [...refused].sort();
          });
          document.body.insertAdjacentHTML("beforeend", '<img src="data:," onerror="sessionStorage.hacked = 1">');
          const script = document.createElement("script");
          script.textContent = "sessionStorage.hacked = 1";
          document.body.append(script);
          const foreign = document.createElement("script");
          foreign.src = "https://evil.example/x.js";
          document.body.append(foreign);
          fetch("https://evil.example/").catch(() => 0);
        }"""
    )
    page.wait_for_function(
        "() => sessionStorage.refused === 'connect-src,script-src-attr,script-src-elem' && !sessionStorage.hacked"
    )
    page.close()


def status(url: str, method: str = "GET", headers: dict[str, str] | None = None) -> int:
    return answered(url, method, headers)[0]


def answered(url: str, method: str = "GET", headers: dict[str, str] | None = None) -> tuple[int, Message]:
    """The status and the headers, of a refusal as well."""
    asked = urllib.request.Request(url, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(asked) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code, refused.headers


def ended(connection: socket.socket) -> bool:
    with contextlib.suppress(ConnectionError):
        while connection.recv(4096):
            pass
    return True
