"""Brings a page back to life when its server has forgotten it, and says so while that takes."""

from components.widgets import mount

_component = mount.register("lifeline")


def show(key: str, page: str) -> None:
    """Mount outside every fragment: its state change makes the server run the whole page again."""
    _component(key=key, data={"page": page}, on_revive_change=lambda: None)
