"""Several replicas behind nginx: everybody is served, and a replica that dies takes nobody's state with it."""

import asyncio
import contextlib
import json
import signal
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import websockets
from playwright.sync_api import Browser, Page, expect

from tests.hosting.conftest import run, until
from tests.hosting.school import NGINX, School, open_school
from tests.pages.recording import small
from tests.serving import ROOT, Server, serve
from tests.visitor import connected, opening, visiting

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

PATIENCE = 30_000

DRAG = """
() => {
  const range = document.querySelector('input[aria-label="w"]');
  const w = () => document.querySelector("[data-node=w]").dataset.value;
  let step = 0, last = w();
  window.gaps = [];
  let seen = performance.now();
  window.dragging = setInterval(() => {
    step += 1;
    range.value = (Math.sin(step / 40) * 4).toFixed(2);
    range.dispatchEvent(new Event("input", { bubbles: true }));
    if (w() !== last) { window.gaps.push(performance.now() - seen); seen = performance.now(); last = w(); }
  }, 30);
}
"""


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with open_school(tmp_path_factory.mktemp("school")) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(ignore_https_errors=True)
    yield context.new_page()
    context.close()


def test_a_crowd_is_served_by_both(school: School) -> None:
    before = {port: replica.cpu_seconds() for port, replica in school.replicas.items()}

    async def student(number: int) -> None:
        async with visiting(school.url, f"b={number}") as visitor:
            for w in range(-5, 5):
                values = (await visitor.drag(w=w)).values
                assert (values["w"], values["b"]) == (w, number)

    async def crowd() -> None:
        await asyncio.gather(*(student(number) for number in range(-10, 10)))

    run(crowd())
    assert all(replica.cpu_seconds() - before[port] > 0.1 for port, replica in school.replicas.items())


def test_every_replica_gives_the_same_answer(school: School) -> None:
    async def ask(url: str, event: str) -> bytes | str:
        async with connected(url, "live") as socket:
            await socket.send(event)
            return await socket.recv()

    async def compare() -> None:
        async with visiting(school.url, "x=2") as visitor:
            event = json.dumps(visitor.event(w=-1.5) | {"released": True})
        answers = {await ask(url, event) for url in (school.url, *(one.url for one in school.replicas.values()))}
        assert len(answers) == 1

    run(compare())


def test_a_visitor_stays_with_one_replica(school: School) -> None:
    for cookie in ("a", "b", "c", "d"):
        assert len({school.replica_of(cookie).url for _ in range(5)}) == 1
    assert len({school.replica_of(str(number)).url for number in range(40)}) == 2


def test_the_proxys_log_does_not_say_who_came(school: School) -> None:
    urllib.request.urlopen(f"{school.url}/teach?w=2&x=3").close()
    line = school.log_line("/teach")
    assert line.split()[1] == "200"
    assert "w=2" not in line
    assert line.count("127.0.0.1") == 1  # the replica's


def test_a_page_works_behind_tls(school: School, page: Page) -> None:
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    answer = page.goto(f"{school.tls_url}/?w=2")
    page.locator("[data-node=loss]").wait_for()
    page.get_by_role("slider", name="b", exact=True).fill("3")
    expect(page.locator("[data-node=b]")).to_have_attribute("data-value", "3.0", timeout=PATIENCE)
    assert answer is not None
    assert "max-age" in answer.headers["strict-transport-security"]
    wss = school.tls_url.replace("https", "wss")
    assert sorted(sockets) == [f"{wss}/_stcore/stream", f"{wss}/live"]


def test_the_line_works_behind_tls(school: School) -> None:
    async def visit() -> None:
        trusting = ssl.create_default_context(cafile=school.access_log.parent / "certificate.pem")
        async with visiting(school.tls_url, ssl=trusting) as visitor:
            assert (await visitor.drag(w=2)).values["w"] == 2.0
        with pytest.raises(websockets.InvalidStatus):
            async with connected(school.tls_url, "live", ssl=trusting, origin=school.url):
                pass

    run(visit())


def test_a_dead_replicas_lines_go_on_at_the_other(tmp_path: Path) -> None:
    """Each sends its newest event again, over a new socket, and gets its own answer."""
    with open_school(tmp_path) as school:
        first, second = school.replicas.values()
        everybody = asyncio.Barrier(9)

        async def drag(number: int) -> bool:
            """Until the replica is dead; whether it was this one's."""
            async with visiting(school.url, f"b={number}") as visitor:
                await everybody.wait()
                with contextlib.suppress(websockets.ConnectionClosed):
                    while first.process.poll() is None:
                        await visitor.drag(w=2)
                    await visitor.drag(w=3)
                    return False
            async with connected(school.url, "live") as socket:
                visitor.socket = socket
                values = (await visitor.drag(w=3)).values
                assert (values["w"], values["b"]) == (3.0, number)
            return True

        async def crowd() -> None:
            dragging = [asyncio.create_task(drag(number)) for number in range(8)]
            await everybody.wait()
            first.process.kill()
            moved = await asyncio.gather(*dragging)
            assert sorted(set(moved)) == [False, True]

        run(crowd())
        assert second.process.poll() is None


def test_a_killed_replicas_students_go_on_at_the_other(school: School, page: Page, tmp_path: Path) -> None:
    """Nothing is touched but the slider that is held all the while; one replica dies after the other."""
    page.goto(f"{school.url}/?x=2&b=-1&y=1&view=full")
    page.locator("[data-node=loss]").wait_for()
    (cookie,) = [c["value"] for c in page.context.cookies() if c["name"] == "place"]
    page.evaluate(DRAG)
    expect_updates(page)
    first = school.replica_of(cookie)
    (second,) = [replica for replica in school.replicas.values() if replica is not first]
    kill(page, first)
    assert school.replica_of(cookie) is second
    with restarted(school, first, tmp_path / "log") as first_again:
        kill(page, second)  # at the latest now it has been the line's
        page.evaluate("clearInterval(window.dragging)")
        for name, value in (("x", "2.0"), ("b", "-1.0"), ("y", "1.0")):
            assert page.locator(f"[data-node={name}]").first.get_attribute("data-value") == value
        held = page.get_by_role("slider", name="w", exact=True).input_value()
        page.locator(f'[data-readout=w][data-value="{float(held)!r}"]').first.wait_for(timeout=PATIENCE)
        expect(page.locator(".connection")).to_be_empty(timeout=PATIENCE)
        run(until(lambda: is_replica_of(school, cookie, first_again)))


def test_a_recording_is_sent_to_the_replica_of_its_line_and_to_the_other_where_that_dies(
    page: Page, tmp_path: Path
) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    with open_school(tmp_path) as school:
        page.goto(f"{school.url}/open")
        page.locator("[data-page=recording][data-state=empty]").wait_for(timeout=PATIENCE)
        page.locator("input[type=file]").set_input_files(
            {"name": "graph.json", "mimeType": "application/json", "buffer": small.chain(900).encode()}
        )
        page.locator("[data-page=recording][data-state=open] [data-graph] [data-node]").first.wait_for(timeout=PATIENCE)
        assert sent == [f"{school.url}/files/open"]
        (cookie,) = [c["value"] for c in page.context.cookies() if c["name"] == "place"]
        school.replica_of(cookie).process.kill()
        page.get_by_role("searchbox").fill("net.450")
        page.get_by_role("searchbox").press("Enter")
        selected = page.locator("[data-graph] .node[aria-pressed=true]")
        expect(selected).to_have_attribute("data-line", "451", timeout=PATIENCE)
        assert set(sent) == {f"{school.url}/files/open"}
        assert len(sent) > 1


def is_replica_of(school: School, cookie: str, replica: Server) -> bool:
    """Whether the proxy sends a visitor there; for a moment after a death it may know of no replica at all."""
    try:
        return school.replica_of(cookie) is replica
    except urllib.error.HTTPError as refused:
        refused.close()
        return False


def expect_updates(page: Page, updates: int = 20) -> None:
    """Waits for so many changes of the picture."""
    page.evaluate("window.gaps = []")
    page.wait_for_function("updates => window.gaps.length > updates", arg=updates, timeout=PATIENCE)


def kill(page: Page, replica: Server) -> None:
    """Ends a replica, and waits until the drag goes on."""
    replica.process.kill()
    replica.process.wait()
    expect_updates(page)
    print(f"the longest wait for a picture {max(page.evaluate('window.gaps')) / 1000:.1f} s after the kill")


@contextlib.contextmanager
def restarted(school: School, replica: Server, log: Path) -> Iterator[Server]:
    """The same replica in a new process, once the proxy uses it again."""
    port = int(replica.url.rpartition(":")[2])
    with serve(ROOT / "app.py", port, log=log) as again:
        school.replicas[port] = again
        run(until(lambda: any(school.replica_of(str(number)) is again for number in range(20))))
        yield again


def test_a_replica_that_stops_is_passed_over(tmp_path: Path) -> None:
    with open_school(tmp_path, {"DRAIN_SECONDS": "3600"}) as school:
        first, second = school.replicas.values()

        async def stop_one() -> None:
            async with visiting(first.url) as visitor:
                first.process.send_signal(signal.SIGTERM)
                await until(lambda: not is_healthy(first))
                for _ in range(8):
                    async with opening(school.url) as page, visiting(school.url) as late:
                        assert (await page.drag(w=2)).errors == []
                        assert (await late.drag(w=2)).values["w"] == 2.0
                assert (await visitor.drag(w=2)).values["w"] == 2.0

        try:
            run(stop_one())
        finally:
            first.process.kill()
        assert second.process.poll() is None


def is_healthy(server: Server) -> bool:
    try:
        urllib.request.urlopen(f"{server.url}/_stcore/health").close()
    except urllib.error.HTTPError as refused:
        refused.close()
        return False
    return True
