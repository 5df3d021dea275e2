"""Plotly curves that are updated in place: zoom kept, nothing rebuilt."""

from components.widgets import mount

_component = mount.register("curves_view")


def show(key: str, page: str) -> None:
    """Mount the curves' window; the figure and its numbers come with the messages of `page`."""
    _component(key=key, data={"page": page})
