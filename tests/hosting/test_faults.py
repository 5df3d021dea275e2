"""What can go wrong on a host: the visitor ends where the address says, and others notice nothing."""

import asyncio
import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import websockets
from playwright.sync_api import Browser, Page, expect

from tests.hosting.conftest import APP, BEARABLE, assert_tidy, bystander, goes_on, run, until
from tests.network import network
from tests.serving import ROOT, Server, free_port, serve
from tests.visitor import PageVisitor, Visitor, connected, opening, streamlit_socket, visiting

PATIENCE = 30_000
SHORT = ("--server.disconnectedSessionTTL=0", "--server.websocketPingInterval=1")
"""The limits of a minute and more, so that a test need not wait for them."""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


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


def expect_as_opened_anew(page: Page, browser: Browser) -> None:
    """The page shows what its address shows to somebody else."""
    expect(page.locator(".connection")).to_be_empty(timeout=PATIENCE)
    other = browser.new_page()
    other.goto(page.url)
    other.locator("[data-readout=loss][data-value]").wait_for()
    for name in ("x", "w", "b", "loss", "dw", "db"):
        shown = other.locator(f"[data-readout={name}]").first.get_attribute("data-value")
        expect(page.locator(f"[data-readout={name}]").first).to_have_attribute(
            "data-value", shown or "", timeout=PATIENCE
        )
    expect(page.locator(".stException, .stAlert")).to_have_count(0)
    other.close()


def test_killed_and_restarted_in_the_middle_of_a_drag(page: Page, browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    with serve(APP, port, log=tmp_path / "first") as server:
        page.goto(f"{server.url}/?x=2&b=1.5&y=1")
        expect_value(page, "x", 2.0)
        drag(page, "w", -1)
        expect_value(page, "w", -1.0)
        server.process.kill()
        drag(page, "w", -2)
    with serve(APP, port, log=tmp_path / "second"):
        drag(page, "w", -2.5)
        with timed("after the restart"):
            expect_value(page, "w", -2.5)
        release(page, "w", -2.5)
        expect_as_opened_anew(page, browser)
    assert_tidy(tmp_path / "second")


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


def test_a_socket_that_is_cut(page: Page, browser: Browser, tmp_path: Path) -> None:
    """By whatever lies between, the line, Streamlit's own or both, again and again, while the hand goes on."""
    with serve(APP, log=tmp_path / "log") as server, network(server.url) as between:
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
        expect_as_opened_anew(page, browser)
    assert_tidy(tmp_path / "log")


def test_a_connection_that_carries_nothing_any_more(page: Page, browser: Browser, tmp_path: Path) -> None:
    """As when a router forgets it: nobody is told."""
    with serve(APP, log=tmp_path / "log") as server, network(server.url) as between:
        page.goto(f"{between.url}/?x=2&y=1")
        expect_value(page, "x", 2.0)
        drag(page, "w", 1.5)
        expect_value(page, "w", 1.5)
        between.strand()
        drag(page, "w", 2.5)
        with timed("after the connection's end"):
            expect_value(page, "w", 2.5)
        release(page, "w", -3.0)
        expect_as_opened_anew(page, browser)


def test_a_tab_that_slept_longer_than_its_session_is_kept(page: Page, browser: Browser, tmp_path: Path) -> None:
    """As after an hour: the sockets are gone, the session is forgotten, and the tab wakes up."""
    with serve(APP, settings=SHORT, log=tmp_path / "log") as server, network(server.url) as between:
        page.goto(f"{between.url}/?x=2&y=1")
        expect_value(page, "x", 2.0)
        release(page, "w", 3.0)
        between.strand()
        run(until(lambda: connections(server) == 0))
        between.cut()
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        with timed("after waking"):
            release(page, "b", 2.5)
        expect_value(page, "w", 3.0)
        expect_as_opened_anew(page, browser)
    assert_tidy(tmp_path / "log")


@pytest.mark.parametrize("hours", [-2, 2])
def test_the_visitors_clock_jumps(page: Page, browser: Browser, hours: int, tmp_path: Path) -> None:
    with serve(APP, log=tmp_path / "log") as server:
        page.add_init_script(
            "window.jump = 0; const real = Date.now; Date.now = () => real.call(Date) + window.jump * 3600e3;"
        )
        page.goto(f"{server.url}/?x=2")
        expect_value(page, "x", 2.0)
        drag(page, "w", 2)
        page.evaluate("hours => { window.jump = hours; }", hours)
        for w in (3.0, -1.5):
            release(page, "w", w)
        page.reload()
        expect_value(page, "w", -1.5)
        expect_as_opened_anew(page, browser)


def test_the_servers_clock_jumps(tmp_path: Path) -> None:
    """The clock on the wall, a day ahead and a day back: sessions, pings and timers go by the one that only runs on."""
    (tmp_path / "sitecustomize.py").write_text(
        """import pathlib, time
wall, moved = time.time, pathlib.Path(__file__).with_name("moved")
time.time = lambda: wall() + float(moved.read_text())
"""
    )
    moved = tmp_path / "moved"
    moved.write_text("0")
    paths = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    with serve(APP, settings=SHORT, environment=os.environ | paths, log=tmp_path / "log") as server:

        async def stay() -> None:
            async with bystander(server.url) as answers:
                for seconds in (86_400, -86_400, 0):
                    moved.write_text(str(seconds))
                    await goes_on(answers)
                    async with opening(server.url) as late:
                        assert (await late.drag(w=2)).errors == []

        run(stay())
    assert_tidy(tmp_path / "log")


def test_a_layout_program_that_hangs(tmp_path: Path) -> None:
    """Who asked for a picture that it never drew before waits for it, on the line or with the page, and nobody else."""
    (tmp_path / "sitecustomize.py").write_text(
        f"""import pathlib, subprocess, time
run, hangs = subprocess.run, pathlib.Path(__file__).with_name("hangs")
def hang(*command, **how):
    if hangs.exists():
        hangs.unlink()
        time.sleep(2 * {BEARABLE})
    return run(*command, **how)
subprocess.run = hang
"""
    )
    paths = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    with serve(APP, environment=os.environ | paths, log=tmp_path / "log") as server:

        async def hang() -> None:
            async with bystander(server.url) as answers:
                for open_page, what in ((visiting, "open=z"), (opening, "open=loss")):
                    (tmp_path / "hangs").touch()
                    seen = len(answers)
                    async with open_page(server.url, f"view=concept&{what}"):
                        assert len(answers) > seen + 20
                    assert not (tmp_path / "hangs").exists()

        run(hang())
    assert_tidy(tmp_path / "log")


def test_clients_that_stop_reading(tmp_path: Path) -> None:
    """They are let go, with what lies unsent, and meanwhile nobody waits for them."""
    with serve(APP, settings=SHORT, log=tmp_path / "log") as server:

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
                    await until(lambda: connections(server, port) == 0)  # noqa: B023
                await goes_on(answers)
                for socket in (streamlits, line):
                    socket.transport.abort()

        run(stop_reading())
    assert_tidy(tmp_path / "log")


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


@ROOT_ONLY
def test_not_root(tmp_path: Path) -> None:
    with serve(APP, before=ORDINARY, environment=bare(HOME="/nonexistent"), log=tmp_path / "log") as server:
        assert Path(f"/proc/{server.process.pid}").stat().st_uid == 65534
        run(works(server))
    assert_tidy(tmp_path / "log")


def mounted(*commands: str) -> tuple[str, ...]:
    """Runs what follows with file systems of its own."""
    return ("unshare", "--mount", "bash", "-c", " && ".join([*commands, 'exec "$@"']), "-")


@ROOT_ONLY
def test_a_read_only_file_system(tmp_path: Path) -> None:
    """Everything that is mounted, for root as for a user who owns nothing."""
    sealed = mounted("mount --bind / /", "mount -o remount,bind,ro /", f"! touch {tmp_path}/x 2>/dev/null")
    for who in ((), ORDINARY):
        with serve(APP, before=(*sealed, *who), environment=bare(HOME=str(tmp_path)), log=tmp_path / "log") as server:
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
