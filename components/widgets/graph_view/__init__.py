"""The backward graph: drawn once, painted at every update, with pan and zoom."""

from components.widgets import mount

_component = mount.register("graph_view")


def show(key: str) -> None:
    """Mount the graph's window; its drawing and its numbers come with the page's messages."""
    _component(key=key)
