"""The server's start and its end, and where it is served."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import websockets
from playwright.sync_api import Browser, expect

from tests.hosting.conftest import (
    APP,
    HELD_LAYOUT,
    assert_tidy,
    bystander,
    closing_code,
    customized,
    layout_in,
    run,
    tight_socket,
    until,
)
from tests.serving import ROOT, Server, free_port, serve
from tests.visitor import connected, opening, steps, visiting


def test_it_works_under_a_prefix(browser: Browser, tmp_path: Path) -> None:
    with serve(APP, base="school/autograd", log=tmp_path / "log") as server:
        assert "INFO autograd_explorer: Ready at http" in (tmp_path / "log").read_text()  # healthy once it is warm
        page = browser.new_page()
        failed: list[str] = []
        page.on("console", lambda line: failed.append(line.text) if line.type == "error" else None)
        page.on("requestfailed", lambda request: failed.append(request.url))
        sockets: list[str] = []
        page.on("websocket", lambda socket: sockets.append(socket.url))
        page.goto(f"{server.url}/chain-rule?x=2")  # the very first visitor may come by any link
        page.locator('[data-readout=dy_dx][data-value="4.0"]').wait_for()
        expect(page.get_by_text("Page not found")).to_have_count(0)
        page.locator(".js-plotly-plot .scatterlayer .trace").first.wait_for(state="attached")
        page.get_by_role("slider", name="x", exact=True).fill("3")
        expect(page.locator("[data-node=x]")).to_have_attribute("data-value", "3.0")
        assert page.url.startswith(server.url)
        assert failed == []
        below = server.url.replace("http", "ws")
        assert sorted(sockets) == [f"{below}/_stcore/stream", f"{below}/live"]
        page.close()


def test_sigterm_lets_an_update_arrive_and_sends_all_visitors_on(tmp_path: Path) -> None:
    """The one whose update is under way, and those who only look."""
    layout = layout_in(tmp_path)
    with serve(APP, environment=customized(tmp_path, HELD_LAYOUT), log=tmp_path / "log") as server:

        async def stop_in_the_middle() -> None:
            async with visiting(server.url) as visitor, visiting(server.url) as line, opening(server.url) as page:
                layout.hold.touch()
                await visitor.send(visitor.event(w=2) | {"graph_view": {"view": "concept", "opened": ["z"]}})
                await until(layout.held.exists)
                server.process.send_signal(signal.SIGTERM)
                await until(lambda: health(server) == 503)
                layout.hold.unlink()
                assert (await visitor.receive()).values["w"] == 2.0
                for socket in (visitor.socket, line.socket, page.socket):
                    assert await closing_code(socket) == 1012

        run(stop_in_the_middle())
        assert server.process.wait(60) in (0, -signal.SIGTERM)
    assert_tidy(tmp_path / "log")
    assert (tmp_path / "log").read_text().rstrip().endswith("Stopped")


def test_while_it_drains_visitors_go_on_and_nobody_new_comes(tmp_path: Path) -> None:
    """As long as they like: the time to drain is longer than any test."""
    with serve(APP, environment=os.environ | {"DRAIN_SECONDS": "3600"}, log=tmp_path / "log") as server:

        async def drain() -> None:
            async with opening(server.url) as page, visiting(server.url) as visitor:
                server.process.send_signal(signal.SIGTERM)
                await until(lambda: health(server) == 503)
                for path in ("live", "_stcore/stream"):
                    with pytest.raises(websockets.InvalidStatus) as refused:
                        async with connected(server.url, path):
                            pass
                    assert refused.value.response.status_code == 503
                for w in (2, 3, 4):
                    assert (await visitor.drag(w=w)).values["w"] == w
                    assert (await page.drag(w=w)).values["w"] == w

        try:
            run(drain())
        finally:
            server.process.kill()


def test_the_time_to_drain_ends(tmp_path: Path) -> None:
    """It is given to a line alone, too; its last value before the end is answered."""
    with serve(APP, environment=os.environ | {"DRAIN_SECONDS": "1"}, log=tmp_path / "log") as server:

        async def drag_to_the_end() -> None:
            answers = []
            async with visiting(server.url) as visitor:
                server.process.send_signal(signal.SIGTERM)
                began = time.monotonic()
                with contextlib.suppress(websockets.ConnectionClosed):
                    for w in steps():
                        answers.append(await visitor.drag(w=w))
                assert time.monotonic() - began >= 1
                assert visitor.socket.close_code == 1012
            assert len(answers) > 1

        run(drag_to_the_end())
        assert server.process.wait(60) in (0, -signal.SIGTERM)


def test_it_ends_though_a_visitor_takes_nothing(tmp_path: Path) -> None:
    """Neither on the line nor on Streamlit's socket, more lies unsent than the network holds, and no ping finds out."""
    with serve(APP, settings=("--server.websocketPingInterval=600",), log=tmp_path / "log") as server:

        async def stop_listening() -> None:
            tight: dict[str, Any] = {"sock": tight_socket(server.url, SO_RCVBUF=4096), "ping_interval": None}
            async with visiting(server.url, **tight) as deaf, visiting(server.url) as other:
                deaf.socket.transport.pause_reading()
                for _ in range(150):
                    await deaf.send(deaf.event() | {"static_id": "", "released": True})
                    await other.drag(w=2)  # in turn: by now what was asked before has been answered
                async with opening(server.url) as page:
                    page.socket.transport.pause_reading()
                    for _ in range(40):
                        await page.socket.send(page.rerun())
                    server.process.send_signal(signal.SIGTERM)
                    await asyncio.to_thread(server.process.wait, 60)
                    for socket in (page.socket, deaf.socket):
                        socket.transport.abort()

        run(stop_listening())
    assert_tidy(tmp_path / "log")


@pytest.mark.parametrize(("level", "said"), [("warning", False), ("debug", True)])
def test_the_level_of_the_log_can_be_set(tmp_path: Path, level: str, said: bool) -> None:
    log = tmp_path / "log"
    with serve(APP, settings=(f"--logger.level={level}",), log=log) as server:

        async def come_and_go() -> None:
            async with bystander(server.url):
                pass

        run(come_and_go())
    text = log.read_text()
    assert ("Ready at" in text) is said
    assert "127.0.0.1" not in text
    assert "(address)" in text or level != "debug"


def test_a_taken_port_is_said_in_one_line_and_ctrl_c_ends_at_once(tmp_path: Path) -> None:
    port = free_port()
    with serve(APP, port, log=tmp_path / "log") as server:
        command = [sys.executable, "-m", "streamlit", "run", str(APP), f"--server.port={port}"]
        second = subprocess.run(
            command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=60, check=False
        )
        server.process.send_signal(signal.SIGINT)
        server.process.wait(20)
    assert second.returncode != 0
    assert f"Port {port} is not available" in second.stderr
    assert "Traceback" not in second.stderr
    assert "Traceback" not in (tmp_path / "log").read_text()


def health(server: Server) -> int:
    try:
        with urllib.request.urlopen(f"{server.url}/_stcore/health") as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code
