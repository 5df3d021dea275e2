"""The server's start and its end, and where it is served."""

import asyncio
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import websockets
from playwright.sync_api import Browser, expect

from tests.hosting.conftest import APP, assert_tidy, bystander, run, until
from tests.serving import ROOT, Server, free_port, serve
from tests.visitor import Visitor, connected, visiting


def test_it_is_healthy_only_when_it_is_warm(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serve(APP, log=log):
        assert "INFO autograd_explorer: Ready at http" in log.read_text()


def test_it_works_under_a_prefix(browser: Browser, tmp_path: Path) -> None:
    with serve(APP, base="school/autograd", log=tmp_path / "log") as server:
        page = browser.new_page()
        failed: list[str] = []
        page.on("console", lambda line: failed.append(line.text) if line.type == "error" else None)
        page.on("requestfailed", lambda request: failed.append(request.url))
        page.goto(f"{server.url}?w=2")
        page.locator("[data-node=loss]").wait_for()
        page.locator(".js-plotly-plot .scatterlayer .trace").first.wait_for(state="attached")
        page.get_by_role("slider", name="b", exact=True).fill("3")
        expect(page.locator("[data-node=b]")).to_have_attribute("data-value", "3.0")
        assert page.url.startswith(server.url)
        assert failed == []
        page.close()


def test_sigterm_lets_an_update_arrive_and_sends_the_visitor_on(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serve(APP, log=log) as server:

        async def stop_in_the_middle() -> None:
            async with visiting(server.url) as visitor:
                await visitor.socket.send(visitor.step(w=2))
                await visitor.socket.recv()
                server.process.send_signal(signal.SIGTERM)
                assert (await visitor.answer()).said["inputs"]["w"] == 2.0
                assert await goodbye(visitor) == 1012

        run(stop_in_the_middle())
        assert server.process.wait(20) in (0, -signal.SIGTERM)
    assert_tidy(log)
    assert log.read_text().rstrip().endswith("Stopped")


def test_while_it_drains_visitors_go_on_and_nobody_new_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAIN_SECONDS", "3")
    with serve(APP, log=tmp_path / "log") as server:

        async def drain() -> None:
            async with visiting(server.url) as visitor:
                server.process.send_signal(signal.SIGTERM)
                await until(lambda: health(server) == 503)
                with pytest.raises(websockets.InvalidStatus) as refused:
                    async with connected(server.url):
                        pass
                assert refused.value.response.status_code == 503
                assert (await visitor.drag(w=2)).said["inputs"]["w"] == 2.0
                assert await goodbye(visitor) == 1012

        run(drain())
        assert server.process.wait(20) in (0, -signal.SIGTERM)


def test_it_ends_though_a_visitor_takes_nothing(tmp_path: Path) -> None:
    with serve(APP, settings=("--server.websocketPingInterval=1",), log=tmp_path / "log") as server:

        async def stop_listening() -> None:
            async with visiting(server.url) as visitor:
                visitor.socket.transport.pause_reading()
                for _ in range(40):
                    await visitor.socket.send(visitor.message([], ""))
                    await asyncio.sleep(0.01)
                server.process.send_signal(signal.SIGTERM)
                await asyncio.to_thread(server.process.wait, 30)
                visitor.socket.transport.abort()

        run(stop_listening())


def test_ctrl_c_ends_it_at_once(tmp_path: Path) -> None:
    with serve(APP, log=tmp_path / "log") as server:
        server.process.send_signal(signal.SIGINT)
        server.process.wait(20)
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.parametrize(("level", "said"), [("warning", False), ("info", True), ("debug", True)])
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


def test_a_second_session_on_one_id_leaves_no_id_in_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serve(APP, log=log) as server:

        async def join() -> None:
            async with visiting(server.url) as visitor, connected(server.url, visitor.session):
                assert await goodbye(visitor, seconds=1) is None
            assert visitor.session not in log.read_text()
            assert visitor.session != ""

        run(join())
    assert "(session)" in log.read_text()
    assert_tidy(log)


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    port = free_port()
    with serve(APP, port):
        command = [sys.executable, "-m", "streamlit", "run", str(APP), f"--server.port={port}"]
        second = subprocess.run(
            command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=60, check=False
        )
    assert second.returncode != 0
    assert f"Port {port} is not available" in second.stderr
    assert "Traceback" not in second.stderr


async def goodbye(visitor: Visitor, seconds: float = 20) -> int | None:
    """The code with which the server ends this visit; None if it does not."""
    try:
        async with asyncio.timeout(seconds):
            async for _ in visitor.socket:
                pass
    except (TimeoutError, websockets.ConnectionClosed):
        pass
    return visitor.socket.close_code


def health(server: Server) -> int:
    try:
        with urllib.request.urlopen(f"{server.url}/_stcore/health") as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code
