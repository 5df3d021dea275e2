"""As on a community cloud: a fresh environment from `requirements.txt` alone, an ordinary user, one command, 1 GB."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.load import rss
from tests.hosting.conftest import run
from tests.hosting.test_faults import ORDINARY
from tests.serving import ROOT, Server, free_port
from tests.visitor import opening, visiting

GIGABYTE = 1024.0
STUDENTS = 30

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of what is in the repository beside a fresh environment, owned by an ordinary user."""
    folder = tmp_path_factory.mktemp("cloud")
    for name in ("app.py", "components", "requirements.txt", ".streamlit"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    pip = f"-m pip --python {folder}/venv/bin/python install --quiet --disable-pip-version-check --no-compile"
    command = [sys.executable, *pip.split(), "-r", str(folder / "requirements.txt")]
    subprocess.run(command, check=True, timeout=900)
    yield folder
    shutil.rmtree(folder / "venv")


def test_a_fresh_environment_serves_a_class_within_a_gigabyte(home: Path) -> None:
    port = free_port()
    ordinary = ORDINARY if os.geteuid() == 0 else ()
    command = [*ordinary, "venv/bin/streamlit", "run", "app.py", f"--server.port={port}"]
    environment = {"PATH": f"{home}/venv/bin:/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}
    with (home / "log").open("wb") as log, subprocess.Popen(command, cwd=home, env=environment, stderr=log) as process:
        try:
            server = Server(f"http://localhost:{port}", process, 0)
            wait_until_healthy(server)

            async def lesson() -> None:
                for number in range(STUDENTS):
                    query = f"x={number / 10}"
                    async with opening(server.url, query) as page, visiting(server.url, query) as visitor:
                        assert page.message["values"] == visitor.message["values"]
                        for w in (-1, 0, 1):
                            values = (await visitor.drag(w=w)).values
                            assert (values["x"], values["w"]) == (number / 10, w)

            run(lesson())
            assert rss(process.pid) < GIGABYTE
            with urllib.request.urlopen(f"{server.url}/_stcore/health") as answer:
                assert answer.status == 200
        finally:
            process.terminate()
    assert "Traceback" not in (home / "log").read_text()


def wait_until_healthy(server: Server, patience: float = 120) -> None:
    end = time.monotonic() + patience
    while True:
        assert server.process.poll() is None
        try:
            urllib.request.urlopen(f"{server.url}/_stcore/health").close()
            return
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.1)
