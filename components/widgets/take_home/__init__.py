"""Take it home: the page's state as a short torch script, to copy and to download."""

from pathlib import Path

from components.widgets import mount

_component = mount.register("take_home", (Path(__file__).parent / "take_home.html").read_text("utf-8"))


def show(key: str, page: str) -> None:
    """Mount the panel; the script comes with the messages of `page` where an open panel asks for it."""
    _component(key=key, data={"page": page})
