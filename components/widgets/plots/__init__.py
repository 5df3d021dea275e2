"""Plotly figures that stand still but for what a message moves: markers, tangents, a growing line."""

from components.widgets import mount

_component = mount.register("plots")


def show(key: str, page: str, part: str = "plots") -> None:
    """Mount a figure: `part` names it among the standing parts of `page`, and its moving numbers in the messages."""
    _component(key=key, data={"page": page, "part": part})
