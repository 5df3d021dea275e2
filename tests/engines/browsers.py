"""Firefox, and WebKit, Safari's engine, as Debian has them: what each needs, and how it is started."""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from selenium.webdriver.firefox.options import Options as FirefoxOptions
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.options import Options as WebKitOptions
from selenium.webdriver.webkitgtk.service import Service

from tests.engines.marionette import MarionetteConnection

DOWNLOADS: Final = "downloads"
"""Where in a browser's own folder it puts the files that a visitor saves."""
_START_SECONDS: Final = 60
_PREFERENCES: Final = """\
user_pref("marionette.port", 0);
user_pref("browser.download.folderList", 2);
user_pref("browser.download.dir", "{downloads}");
user_pref("layout.css.prefers-color-scheme.content-override", 1);
user_pref("widget.gtk.overlay-scrollbars.enabled", false);
"""
_FIREFOX: Final = ("firefox-esr", "--headless", "--no-remote", "--marionette", "--remote-allow-system-access")
_DRIVER: Final = "/usr/bin/WebKitWebDriver"
_WEBKIT_FOLDERS: Final = "*/webkit2gtk-4.*/MiniBrowser"


class Engine(NamedTuple):
    """A browser's name, the programs that it needs, the Debian packages that have them, and how it is started."""

    name: str
    programs: tuple[str, ...]
    packages: tuple[str, ...]
    start: Callable[[Path], contextlib.AbstractContextManager[WebDriver]]

    @property
    def missing(self) -> str:
        """Why this browser cannot be tried, in one line; "" where it can."""
        absent = ", ".join(name for name in self.programs if not shutil.which(name))
        return f"NOT TRIED IN {self.name}: no {absent} (Debian: {' '.join(self.packages)})" if absent else ""


@contextlib.contextmanager
def _firefox(folder: Path) -> Iterator[WebDriver]:
    """A Firefox without a window, which keeps everything in the folder."""
    (folder / "user.js").write_text(_PREFERENCES.format(downloads=folder / DOWNLOADS))
    with (
        _running(*_FIREFOX, "--profile", str(folder)) as process,
        contextlib.closing(MarionetteConnection(_port(folder / "MarionetteActivePort", process))) as connection,
    ):
        yield WebDriver(connection, options=FirefoxOptions())


def _port(file: Path, process: subprocess.Popen[bytes]) -> int:
    """The port that Firefox writes down once it takes commands."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if file.exists() and (text := file.read_text()):
            return int(text)
        time.sleep(0.05)
    raise RuntimeError("Firefox did not start")


@contextlib.contextmanager
def _webkit(folder: Path) -> Iterator[WebDriver]:
    """WebKitGTK's small browser, on a screen that nobody sees."""
    (folder / "user-dirs.dirs").write_text(f'XDG_DOWNLOAD_DIR="{folder / DOWNLOADS}"\n')
    with _screen() as display:
        service = Service(_DRIVER, env={**os.environ, "DISPLAY": display, "XDG_CONFIG_HOME": str(folder)})
        service.start()
        try:
            connection = RemoteConnection(client_config=ClientConfig(remote_server_addr=service.service_url))
            yield WebDriver(connection, options=_webkit_options())
        finally:
            service.stop()


def _webkit_options() -> WebKitOptions:
    options = WebKitOptions()
    options.binary_location = str(next(Path("/usr/lib").glob(_WEBKIT_FOLDERS)))
    options.overlay_scrollbars_enabled = False
    options.add_argument("--automation")
    return options


@contextlib.contextmanager
def _screen() -> Iterator[str]:
    """The name of an X display of its own."""
    reading, writing = os.pipe()
    with _running("Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1200x24", inherited=(writing,)):
        os.close(writing)
        with open(reading) as numbers:
            yield f":{numbers.readline().strip()}"


@contextlib.contextmanager
def _running(*command: str, inherited: tuple[int, ...] = ()) -> Iterator[subprocess.Popen[bytes]]:
    """A program that is stopped at the end."""
    silent = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=silent, stderr=silent, pass_fds=inherited) as process:
        try:
            yield process
        finally:
            process.terminate()


ENGINES: Final = (
    Engine("Firefox", ("firefox-esr",), ("firefox-esr",), _firefox),
    Engine("WebKit", (_DRIVER, "Xvfb"), ("webkit2gtk-driver", "xvfb"), _webkit),
)
