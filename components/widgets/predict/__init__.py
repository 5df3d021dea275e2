"""Predict first: a sign or a number for each covered quantity, what is said to it, and the score of this visit."""

from collections.abc import Mapping, Sequence
from typing import Any

from components.widgets import mount

_component = mount.register("predict")


def show(key: str, page: str, questions: Sequence[Mapping[str, str]], revealed: bool, answered: Any) -> None:
    """Mount the questions of `page` (`name`, `symbol`, `verdict`, `words`); events arrive under `key`.

    `answered` is the number of the event that led to this, `revealed` tells that the answers are shown now.
    """
    data = {"page": page, "questions": list(questions), "revealed": revealed, "answered": answered}
    _component(key=key, data=data, on_event_change=lambda: None)
