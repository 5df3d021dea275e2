"""An experiment as a notebook: what can be pressed, the cells that were run, and what they said."""

from components.widgets import mount

_component = mount.register("notebook")


def show(key: str, page: str) -> None:
    """Mount the notebook; its cells come with the messages of `page`."""
    _component(key=key, data={"page": page})
