"""What a teacher needs in a class: Share, projector mode, and the list of keys."""

from collections.abc import Mapping, Sequence
from typing import Any

from components.widgets import mount

_component = mount.register("classroom")


def show(key: str, page: str, room: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> None:
    """Mount the buttons of `page`; a wish to begin or end the projection arrives in session state under `key`.

    `room` says whether the page is `present` and `embedded`, and which parts its address has `named` to be hidden;
    `parts` are all that it could: `name`, `title`, and which others it `takes` with it.
    """
    _component(key=key, data={"page": page, "parts": list(parts), **room}, on_present_change=lambda: None)
