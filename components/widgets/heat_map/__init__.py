"""A row vector times a matrix as three tables of coloured numbers."""

from components.widgets import mount

_component = mount.register("heat_map")


def show(key: str, page: str) -> None:
    """Mount the tables; their names and their numbers come with the messages of `page`."""
    _component(key=key, data={"page": page})
