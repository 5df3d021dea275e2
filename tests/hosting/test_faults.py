"""What can go wrong on a host: the visitor ends where the address says, and others notice nothing."""

import asyncio
import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import websockets
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.hosting.conftest import (
    APP,
    HELD_LAYOUT,
    Layout,
    assert_tidy,
    bystander,
    customized,
    goes_on,
    layout_in,
    run,
    until,
)
from tests.network import network
from tests.serving import ROOT, Server, free_port, serve
from tests.visitor import PageVisitor, Visitor, connected, opening, streamlit_socket, visiting

PATIENCE = 30_000
SHORT = ("--server.disconnectedSessionTTL=0", "--server.websocketPingInterval=1")
"""The limits of a minute and more, so that a test need not wait for them."""


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all, so that what it has compiled is kept."""
    opened = browser.new_context()
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    opened = context.new_page()
    yield opened
    opened.close()


@dataclass(frozen=True)
class Strained:
    """A server with limits of a second, whose clock goes wrong by the seconds in a file, and whose layout may hang."""

    server: Server
    moved: Path
    layout: Layout


MOVED_CLOCK = """
import pathlib, time
wall, moved = time.time, pathlib.Path(__file__).with_name("moved")
time.time = lambda: wall() + float(moved.read_text())
"""


@pytest.fixture(scope="module")
def strained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Strained]:
    folder = tmp_path_factory.mktemp("strained")
    moved = folder / "moved"
    moved.write_text("0")
    environment = customized(folder, MOVED_CLOCK + HELD_LAYOUT)
    with serve(APP, settings=SHORT, environment=environment, log=folder / "log") as running:
        yield Strained(running, moved, layout_in(folder))
    assert_tidy(folder / "log")


def drag(page: Page, name: str, value: float, event: str = "input") -> None:
    page.get_by_role("slider", name=name, exact=True).evaluate(
        "(range, [value, event]) => { range.value = value; range.dispatchEvent(new Event(event, {bubbles: true})); }",
        [str(value), event],
    )


def expect_value(page: Page, name: str, value: float) -> None:
    page.locator(f'[data-readout={name}][data-value="{value!r}"]').first.wait_for(timeout=PATIENCE)


def release(page: Page, name: str, value: float) -> None:
    """Lets a slider go there, and waits for the picture and for the address, which follows it."""
    drag(page, name, value, "change")
    expect_value(page, name, value)
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get(name) == [f"{value:g}"], timeout=PATIENCE)


@contextlib.contextmanager
def timed(when: str) -> Iterator[None]:
    """Says how long it took; `pytest -s` shows it."""
    began = time.monotonic()
    yield
    print(f"the newest value {time.monotonic() - began:.1f} s {when}")


def expect_as_opened_anew(page: Page) -> None:
    """The page shows what somebody else is told at its address."""
    expect(page.locator(".connection")).to_be_empty(timeout=PATIENCE)
    url, _, query = page.url.partition("/?")
    told: dict[str, Any] = {}

    async def ask() -> None:
        async with visiting(url, query) as somebody:
            told.update(somebody.message["readouts"])

    run(ask())
    for name in ("x", "w", "b", "loss", "dw", "db"):
        shown = page.locator(f"[data-readout={name}]").first
        expect(shown).to_have_attribute("data-value", told[name][0], timeout=PATIENCE)
    expect(page.locator(".stException, .stAlert")).to_have_count(0)


def test_killed_in_the_middle_of_a_drag_and_restarted_while_idle(page: Page, tmp_path: Path) -> None:
    port = free_port()
    with serve(APP, port, log=tmp_path / "first") as server:
        page.goto(f"{server.url}/?x=2&b=1.5&y=1")
        expect_value(page, "x", 2.0)
        drag(page, "w", -1)
        expect_value(page, "w", -1.0)
        server.process.kill()
        drag(page, "w", -2)
        expect(page.locator(".connection")).to_contain_text("trying again", timeout=PATIENCE)
    with serve(APP, port, log=tmp_path / "second"):
        drag(page, "w", -2.5)
        with timed("after the restart"):
            expect_value(page, "w", -2.5)
        release(page, "w", -2.5)
        expect_as_opened_anew(page)
    with serve(APP, port, log=tmp_path / "third"):
        release(page, "b", 3.0)
        assert page.url.endswith(f":{port}/?x=2&w=-2.5&b=3&y=1")
        expect_as_opened_anew(page)
        page.reload()
        expect_value(page, "w", -2.5)
        expect_as_opened_anew(page)
    for log in ("second", "third"):
        assert_tidy(tmp_path / log)


SOCKETS = """
const Native = WebSocket;
window.sockets = [];
WebSocket = class extends Native {
  constructor(...all) {
    super(...all);
    window.sockets.push(this);
  }
};
"""
CLOSE = "end => window.sockets.filter((socket) => socket.url.endsWith(end)).at(-1).close()"


def test_a_socket_that_is_cut(page: Page, server: Server) -> None:
    """By whatever lies between, the line, Streamlit's own or both, again and again, while the hand goes on."""
    with network(server.url) as between:
        page.add_init_script(SOCKETS)
        page.goto(f"{between.url}/?x=2&y=1")
        expect_value(page, "x", 2.0)
        cuts = {
            "the line": lambda: page.evaluate(CLOSE, "/live"),
            "Streamlit's": lambda: page.evaluate(CLOSE, "/stream"),
            "both": between.cut,
        }
        for w, (name, cut) in zip((1.5, 2.5, -3.0), cuts.items(), strict=True):
            drag(page, "w", w / 2)
            cut()
            drag(page, "w", w)
            with timed(f"after the cut of {name}"):
                expect_value(page, "w", w)
        release(page, "w", -3.0)
        expect_as_opened_anew(page)


def test_a_connection_that_carries_nothing_any_more(page: Page, server: Server) -> None:
    """As when a router forgets it: nobody is told."""
    with network(server.url) as between:
        page.goto(f"{between.url}/?x=2&y=1")
        expect_value(page, "x", 2.0)
        drag(page, "w", 1.5)
        expect_value(page, "w", 1.5)
        between.strand()
        drag(page, "w", 2.5)
        with timed("after the connection's end"):
            expect_value(page, "w", 2.5)
        release(page, "w", -3.0)
        expect_as_opened_anew(page)


def test_a_tab_that_slept_longer_than_its_session_is_kept(page: Page, strained: Strained) -> None:
    """As after an hour: the sockets are gone, the session is forgotten, and the tab wakes up."""
    with network(strained.server.url) as between:
        page.goto(f"{between.url}/?x=2&y=1")
        expect_value(page, "x", 2.0)
        release(page, "w", 3.0)
        between.strand()
        run(until(lambda: connections(strained.server) == 0))
        between.cut()
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        with timed("after waking"):
            release(page, "b", 2.5)
        expect_value(page, "w", 3.0)
        expect_as_opened_anew(page)


def test_the_visitors_clock_jumps(page: Page, server: Server) -> None:
    page.add_init_script(
        "window.jump = 0; const real = Date.now; Date.now = () => real.call(Date) + window.jump * 3600e3;"
    )
    page.goto(f"{server.url}/?x=2")
    expect_value(page, "x", 2.0)
    for hours, ways in ((-2, (3.0, -1.5)), (2, (2.0, 0.5))):
        drag(page, "w", 2.5)
        page.evaluate("hours => { window.jump = hours; }", hours)
        for w in ways:
            release(page, "w", w)
        page.reload()
        expect_value(page, "w", ways[-1])
        expect_as_opened_anew(page)


def test_the_servers_clock_jumps(strained: Strained) -> None:
    """The clock on the wall, a day ahead and a day back: sessions, pings and timers go by the one that only runs on."""

    async def stay() -> None:
        async with bystander(strained.server.url) as answers:
            for seconds in (86_400, -86_400, 0):
                strained.moved.write_text(str(seconds))
                await goes_on(answers)
                async with opening(strained.server.url) as late:
                    assert (await late.drag(w=2)).errors == []

    run(stay())


def test_a_layout_program_that_hangs(strained: Strained) -> None:
    """Who asked for a picture that it never drew before waits for it, on the line or with the page, and nobody else."""
    hold, held = strained.layout.hold, strained.layout.held

    async def draw(open_page: Any, query: str) -> None:
        async with open_page(strained.server.url, query):
            assert not hold.exists()

    async def hang() -> None:
        async with bystander(strained.server.url) as answers:
            for open_page, what in ((visiting, "open=z"), (opening, "open=loss")):
                hold.touch()
                drawing = asyncio.create_task(draw(open_page, f"view=concept&{what}"))
                await until(held.exists)
                await goes_on(answers)
                held.unlink()
                hold.unlink()
                await drawing

    run(hang())


def test_clients_that_stop_reading(strained: Strained) -> None:
    """They are let go, with what lies unsent, and meanwhile nobody waits for them."""
    server = strained.server

    async def stop_reading() -> None:
        options: dict[str, Any] = {"ping_interval": None}
        async with (
            bystander(server.url) as answers,
            streamlit_socket(server.url, **options) as streamlits,
            connected(server.url, "live", **options) as line,
        ):
            page, visitor = PageVisitor(streamlits), Visitor(line)
            await page.run()
            await visitor.open()
            for socket in (streamlits, line):
                socket.transport.pause_reading()
            with contextlib.suppress(websockets.ConnectionClosed):
                for _ in range(600):
                    await asyncio.wait_for(streamlits.send(page.rerun()), 30)
                    await asyncio.wait_for(visitor.send(visitor.event() | {"static_id": ""}), 30)
            for socket in (streamlits, line):
                port = socket.transport.get_extra_info("sockname")[1]
                await until(lambda: connections(server, port) == 0)  # noqa: B023  # waited for within the loop
            await goes_on(answers)
            for socket in (streamlits, line):
                socket.transport.abort()

    run(stop_reading())


def connections(server: Server, port: int = 0) -> int:
    """How many connections the server holds; from this port, where one is given."""
    lines = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()]
    here, there = f":{int(server.url.rpartition(':')[2]):04X}", f":{port:04X}" if port else ""
    held = (line for line in lines if line[3] != "0A" and line[9] != "0")  # neither listening nor given up
    return sum(line[1].endswith(here) and line[2].endswith(there) for line in held)


ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else and mount file systems")
ORDINARY = (
    *("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
    *(
        "--inh-caps=-all,+dac_read_search",
        "--ambient-caps=-all,+dac_read_search",
        "--bounding-set=-all,+dac_read_search",
    ),
)
"""As nobody, who may read what root may (Python may be installed where others cannot look) and write nothing."""


def bare(**more: str) -> dict[str, str]:
    """An environment with next to nothing in it, not even a HOME."""
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"} | more


def test_without_a_home(tmp_path: Path) -> None:
    with serve(APP, environment=bare(), log=tmp_path / "log") as server:
        run(works(server))
    assert_tidy(tmp_path / "log")


def mounted(*commands: str) -> tuple[str, ...]:
    """Runs what follows with file systems of its own."""
    return ("unshare", "--mount", "bash", "-c", " && ".join([*commands, 'exec "$@"']), "-")


@ROOT_ONLY
@pytest.mark.parametrize(("who", "uid"), [((), 0), (ORDINARY, 65534)], ids=["root", "nobody"])
def test_a_read_only_file_system(who: tuple[str, ...], uid: int, tmp_path: Path) -> None:
    """Everything that is mounted, for root as for a user who owns nothing and has no home."""
    sealed = mounted("mount --bind / /", "mount -o remount,bind,ro /", f"! touch {tmp_path}/x 2>/dev/null")
    environment = bare(HOME="/nonexistent" if who else str(tmp_path))
    with serve(APP, before=(*sealed, *who), environment=environment, log=tmp_path / "log") as server:
        assert Path(f"/proc/{server.process.pid}").stat().st_uid == uid
        run(works(server))
    assert_tidy(tmp_path / "log")


@ROOT_ONLY
def test_a_full_disk(tmp_path: Path) -> None:
    """HOME and the place for temporary files are full, and so is the one that the log goes to."""
    full = mounted(
        f"mount -t tmpfs -o size=4k none {tmp_path}",
        f"! head -c 10000 /dev/zero > {tmp_path}/full 2>/dev/null",
    )
    environment = bare(HOME=str(tmp_path), TMPDIR=str(tmp_path))
    with serve(APP, before=full, environment=environment, log=Path("/dev/full")) as server:
        run(works(server))


async def works(server: Server) -> None:
    async with bystander(server.url), opening(server.url, "x=-3") as page, visiting(server.url, "x=-3") as visitor:
        for answer in (await page.drag(w=2), await visitor.drag(w=2)):
            assert answer.errors == []
            assert (answer.values["x"], answer.values["w"]) == (-3.0, 2.0)
            assert len(answer.message["readouts"]) > 10
