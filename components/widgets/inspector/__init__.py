"""What one node or one arrow of the graph does, in typeset mathematics: the selected one's numbers, live."""

from components.widgets import mount

_component = mount.register("inspector")


def show(key: str, page: str) -> None:
    """Mount the inspector; what it says comes with the messages of `page`."""
    _component(key=key, data={"page": page})
