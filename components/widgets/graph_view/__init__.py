"""The backward graph: drawn once, painted at every update, with pan and zoom."""

from components.widgets import mount

_component = mount.register("graph_view")


def show(key: str, page: str) -> None:
    """Mount the graph's window; its drawing and its numbers come with the messages of `page`."""
    _component(key=key, data={"page": page})
