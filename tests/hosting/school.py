"""The reference set-up, running: Debian's nginx in front of two replicas."""

import contextlib
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.serving import ROOT, Server, free_port, serve

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@dataclass(frozen=True)
class School:
    """Where visitors come in, with and without TLS, and the replicas behind."""

    url: str
    tls_url: str
    replicas: dict[int, Server]
    access_log: Path

    def replica_of(self, cookie: str) -> Server:
        """The replica that answers a visitor with this cookie."""
        asked = urllib.request.Request(f"{self.url}/_stcore/health", headers={"Cookie": f"place={cookie}"})
        urllib.request.urlopen(asked).close()
        port = int(self.answered_by()[-1].rpartition(":")[2])
        return self.replicas[port]

    def answered_by(self) -> list[str]:
        """For each request the replica that answered it in the end."""
        return [line.split()[-3] for line in self.access_log.read_text().splitlines()]


@contextlib.contextmanager
def open_school(folder: Path, environment: dict[str, str] | None = None) -> Iterator[School]:
    """Two replicas and nginx, stopped at the end."""
    secret = {"STREAMLIT_SERVER_COOKIE_SECRET": "the same for all replicas", "PYTHONPATH": str(ROOT)}
    ports = [free_port() for _ in range(4)]
    with contextlib.ExitStack() as stack:
        replicas = {
            port: stack.enter_context(
                serve(ROOT / "app.py", port, environment=os.environ | secret | (environment or {}), log=folder / "log")
            )
            for port in ports[:2]
        }
        url, tls_url = f"http://localhost:{ports[2]}", f"https://localhost:{ports[3]}"
        stack.enter_context(proxy(folder, ports))
        wait_for(f"{url}/_stcore/health")
        yield School(url, tls_url, replicas, folder / "access.log")


@contextlib.contextmanager
def proxy(folder: Path, ports: list[int]) -> Iterator[None]:
    """nginx with the reference's own file."""
    assert NGINX is not None
    certify(folder)
    text = (Path(__file__).parent / "nginx.conf").read_text()
    fill = dict(zip(("first", "second", "port", "tls_port"), map(str, ports), strict=True)) | {
        "folder": str(folder),
        "user": "user root;" if os.geteuid() == 0 else "",
    }
    for name, value in fill.items():
        text = text.replace(f"@{name}@", value)
    (folder / "nginx.conf").write_text(text)
    with subprocess.Popen([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]) as process:
        try:
            yield
        finally:
            process.terminate()


def certify(folder: Path) -> None:
    """A certificate for localhost that nobody has signed."""
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout key.pem -out certificate.pem"
    )
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)


def wait_for(url: str, patience: float = 30) -> None:
    end = time.monotonic() + patience
    while True:
        try:
            urllib.request.urlopen(url).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
