"""The program that a page ran: its lines, and below each what torch answered."""

from components.widgets import mount

_component = mount.register("program")


def show(key: str, page: str) -> None:
    """Mount the program's lines; they come with the messages of `page`."""
    _component(key=key, data={"page": page})
