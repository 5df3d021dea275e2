"""Several replicas behind nginx: everybody is served, and a replica that dies takes nobody's state with it."""

import asyncio
import contextlib
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.hosting.conftest import run
from tests.hosting.school import NGINX, School, open_school, wait_for
from tests.serving import ROOT, serve
from tests.visitor import visiting

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
                answer = await visitor.drag(w=w)
                assert answer.errors == []
                assert (answer.said["inputs"]["w"], answer.said["inputs"]["b"]) == (w, number / 1)

    async def crowd() -> None:
        await asyncio.gather(*(student(number) for number in range(-10, 10)))

    run(crowd())
    assert all(replica.cpu_seconds() - before[port] > 0.1 for port, replica in school.replicas.items())


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
    assert [socket.partition(":")[0] for socket in sockets] == ["wss"]


def test_a_killed_replicas_students_go_on_at_the_other(school: School, page: Page, tmp_path: Path) -> None:
    """Nothing is touched but the slider that is held all the while."""
    page.goto(f"{school.url}/?x=2&b=-1&y=1")
    page.locator("[data-node=loss]").wait_for()
    (cookie,) = [c["value"] for c in page.context.cookies() if c["name"] == "place"]
    replica = school.replica_of(cookie)
    page.evaluate(DRAG)
    page.wait_for_timeout(1000)
    replica.process.kill()
    page.evaluate("window.gaps = []")
    for _ in range(PATIENCE // 100):
        page.wait_for_timeout(100)
        if len(page.evaluate("window.gaps")) > 20:
            break
    gaps = page.evaluate("clearInterval(window.dragging), window.gaps")
    assert len(gaps) > 20
    print(f"on the other replica {max(gaps) / 1000:.1f} s after the kill")
    for name, value in (("x", "2.0"), ("b", "-1.0"), ("y", "1.0")):
        assert page.locator(f"[data-node={name}]").first.get_attribute("data-value") == value
    held = page.get_by_role("slider", name="w", exact=True).input_value()
    page.locator(f'[data-readout=w][data-value="{float(held)!r}"]').first.wait_for(timeout=PATIENCE)
    expect(page.locator(".lifeline")).to_be_empty(timeout=PATIENCE)
    assert school.replica_of(cookie) is not replica
    port = int(replica.url.rpartition(":")[2])
    with serve(ROOT / "app.py", port, log=tmp_path / "log"):
        for _ in range(100):
            with contextlib.suppress(KeyError):
                if school.replica_of(cookie).url == replica.url:
                    return
            page.wait_for_timeout(100)
        raise AssertionError("the replica that came back is not used")


def test_a_replica_that_stops_is_passed_over(tmp_path: Path) -> None:
    with open_school(tmp_path, {"DRAIN_SECONDS": "2"}) as school:
        wait_for(school.url)
        first, second = school.replicas.values()

        async def stop_one() -> None:
            async with visiting(first.url):
                first.process.send_signal(signal.SIGTERM)
                while first.process.poll() is None:
                    async with visiting(school.url) as late:
                        assert (await late.drag(w=2)).errors == []

        run(stop_one())
        assert second.process.poll() is None
