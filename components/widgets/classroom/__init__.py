"""What a teacher needs in a class: Share, projector mode, and the list of keys."""

from collections.abc import Mapping, Sequence
from typing import Any

from components.widgets import mount

_component = mount.register("classroom")


def show(key: str, page: str, room: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> None:
    """Mount the buttons of `page`; wishes to begin or end projection and predictions arrive under `key`.

    `room` says whether the page is `present`, `embedded` and `predicts`, how much it `asks`, and which parts its
    address has `named` to be hidden; `parts` are all that it could: `name`, `title`, and which others it `takes`.
    """
    data = {"page": page, "parts": list(parts), **room}
    _component(key=key, data=data, on_present_change=lambda: None, on_predict_change=lambda: None)
