"""Starts an app as a user would, waits until it is ready, and reads what it costs."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--process-per-site",  # pages of one visitor share what has been compiled
    "--js-flags=--no-script-streaming,--no-flush-bytecode",  # else each page compiles everything again, in a thread
    "--disable-features=PaintHolding,MediaRouter,OptimizationHints,HttpsUpgrades,WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]


@dataclass(frozen=True)
class Server:
    """A running app: where it is, its process, and how long it took to be healthy (seconds)."""

    url: str
    process: subprocess.Popen[bytes]
    start_seconds: float

    def cpu_seconds(self) -> float:
        """Processor time that the server has used so far (Linux)."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serve(
    script: Path,
    port: int = 0,
    settings: tuple[str, ...] = (),
    *,
    environment: dict[str, str] | None = None,
    before: tuple[str, ...] = (),
    log: Path | None = None,
    base: str = "",
) -> Iterator[Server]:
    """The app at `script` under `streamlit run`, stopped at the end.

    `before` is put before the command, `log` is the file for what it writes, `base` the path it is served under.
    """
    port = port or free_port()
    command = [*before, sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", *settings]
    command += [f"--server.baseUrlPath={base}"] if base else []
    began = time.perf_counter()
    variables = os.environ | {"PYTHONPATH": str(ROOT)} if environment is None else environment
    with (
        contextlib.ExitStack() as files,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=variables,
            stdout=subprocess.DEVNULL,
            stderr=files.enter_context(log.open("ab")) if log else None,
        ) as process,
    ):
        url = f"http://localhost:{port}/{base}".rstrip("/")
        try:
            _wait_until_healthy(url, process)
            yield Server(url, process, time.perf_counter() - began)
        finally:
            process.terminate()


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], patience: float = 60) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{url}/_stcore/health").close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"{url} did not become healthy")


def chromium() -> str | None:
    """Debian's Chromium where it is installed; None lets Playwright use its own."""
    return next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)
