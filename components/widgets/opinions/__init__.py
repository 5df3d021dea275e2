"""Second opinions: how far a difference quotient can be trusted, and why the gradient at z is ŷ − y."""

from pathlib import Path

from components.widgets import mount

_component = mount.register("opinions", (Path(__file__).parent / "opinions.html").read_text("utf-8"))


def show(key: str, page: str) -> None:
    """Mount the section; its numbers come with the messages of `page` once a visitor has opened it."""
    _component(key=key, data={"page": page})
