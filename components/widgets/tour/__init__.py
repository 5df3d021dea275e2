"""The tour of the first visit: a card that points at one part of the page after the other, and says what to try."""

from collections.abc import Mapping, Sequence

from components.widgets import mount

_component = mount.register("tour")


def show(key: str, page: str, at: str, offer: str, stops: Sequence[Mapping[str, str]]) -> None:
    """Mount the tour of `page`; the wish for another stop arrives under `key`.

    `at` is the number of the stop, or anything else where none is shown; `offer` invites to it ("" where nobody is to
    be asked). A stop has its `title`, its text as `html`, the `part` that it points at, and what it asks to `change`.
    """
    data = {"page": page, "at": at, "offer": offer, "stops": list(stops)}
    _component(key=key, data=data, on_tour_change=lambda: None)
