"""The reference set-up, running: Debian's nginx in front of two replicas."""

import contextlib
import os
import secrets
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
        path = f"/who-{secrets.token_hex(8)}"
        urllib.request.urlopen(urllib.request.Request(self.url + path, headers={"Cookie": f"place={cookie}"})).close()
        return self.replicas[int(self.log_line(path).split()[-3].rpartition(":")[2])]

    def log_line(self, path: str, patience: float = 10) -> str:
        """What the proxy's log says of the request for `path`; nginx writes it after the answer."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            for line in self.access_log.read_text().splitlines():
                if line.endswith(f" {path}"):
                    return line
            time.sleep(0.01)
        raise TimeoutError(f"{path} is not in the log")


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
