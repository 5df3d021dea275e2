"""How a page is shown to a class: what an address hides, projects, asks to predict, and where its tour stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.address.fields import said_once, shown

PARAMETERS = ("present", "hide", "show", "predict", "tour", "from")
"""Parameters that a visitor keeps from page to page."""

OVER = "off"
"""What an address says of the tour where it has been taken, or is not wanted."""

ORIGINS = ("teach",)
"""Paths of the pages that lessons are opened from, which a way back leads to."""

ONLY_ON_REQUEST = ("lesson", "take-home")
"""Parts that a page inside another one leaves out, unless its address says `show=`."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that an address may say: names of parts, names of what can be predicted, and the tour's stops."""

    parts: Collection[str]
    questions: Collection[str]
    stops: int


@dataclass(frozen=True, slots=True)
class Classroom:
    """How a page is shown to a class: by a projector (`present`), `embedded` in another page, and without which parts.

    `named` are the parts that the address names, `omitted` those that an embedded page leaves out. `predict` names what
    is to be predicted before it is shown, on whichever page it stands. `tour` is the number of its stop, `OVER`, or "".
    `origin` is the path of the page that the lesson was opened from, or "".
    """

    present: bool = False
    embedded: bool = False
    named: tuple[str, ...] = ()
    omitted: tuple[str, ...] = ()
    predict: tuple[str, ...] = ()
    tour: str = ""
    origin: str = ""

    def record(self) -> dict[str, Any]:
        """What differs from a page that is opened alone, by name."""
        fields = {"present": self.present, "embedded": self.embedded, "named": self.named}
        fields |= {"predict": self.predict, "tour": self.tour, "from": self.origin}
        return {name: value for name, value in fields.items() if value}


def read_classroom(query: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> tuple[Classroom, tuple[str, ...]]:
    """The classroom that an address asks for, and a sentence for each parameter that says nothing that can be done.

    An embedded page (`embed=true`, as Streamlit itself has it) omits `ONLY_ON_REQUEST` unless `show=` names it.
    """
    embedded = is_embedded(query)
    texts, notices = said_once(query, PARAMETERS)
    if texts.get("present", "0") not in ("0", "1"):
        notices.append(f"present = “{shown(texts['present'])}” is neither 0 nor 1; the page is not projected.")
    named, hide_notice = _names("hide", texts.get("hide", ""), vocabulary.parts)
    wanted, show_notice = _names("show", texts.get("show", ""), ONLY_ON_REQUEST)
    predict, predict_notice = _names("predict", texts.get("predict", ""), vocabulary.questions)
    tour, tour_notice = _tour(texts.get("tour", ""), vocabulary.stops)
    origin, origin_notice = _origin(texts.get("from", ""))
    said = (hide_notice, show_notice, predict_notice, tour_notice, origin_notice)
    notices += [notice for notice in said if notice]
    omitted = tuple(part for part in ONLY_ON_REQUEST if embedded and part not in wanted)
    return Classroom(texts.get("present") == "1", embedded, named, omitted, predict, tour, origin), tuple(notices)


def is_embedded(query: Mapping[str, Sequence[str]]) -> bool:
    """Whether an address is made for a frame in another page, as Streamlit itself reads it."""
    return any(text.lower() == "true" for text in query.get("embed", ()))


def _tour(text: str, stops: int) -> tuple[str, str]:
    if text in ("", OVER, *(str(number + 1) for number in range(stops))):
        return text, ""
    return "", f"tour = “{shown(text)}” is neither {OVER} nor a stop from 1 to {stops}; no tour is shown."


def _origin(text: str) -> tuple[str, str]:
    if text in ("", *ORIGINS):
        return text, ""
    return "", f"from = “{shown(text)}” is no page that lessons are opened from; no way back is shown."


def _names(parameter: str, text: str, known: Collection[str]) -> tuple[tuple[str, ...], str]:
    """The known names in a list with commas, and one sentence about all others ("" where there are none)."""
    said = [name.strip() for name in text.split(",") if name.strip()]
    others = list(dict.fromkeys(name for name in said if name not in known))
    names = tuple(name for name in known if name in said)
    if not others:
        return names, ""
    more = f" (and {len(others) - 1} more)" if len(others) > 1 else ""
    what = "nothing that can be predicted" if parameter == "predict" else "no part of a page"
    return names, f"{parameter} = “{shown(others[0])}”{more} is {what}; it is left out."
