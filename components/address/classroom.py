"""How a page is shown to a class: what an address hides, projects, asks to predict, and where its tour stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from components.address.fields import said_once, shown

PARTS: Mapping[str, str] = {
    "sliders": "sliders and starting points",
    "headline": "headline",
    "answers": "every gradient, wherever it stands",
    "graph": "graph",
    "numbers": "all numbers in the graph",
    "gradients": "gradients in the graph",
    "inspector": "inspector",
    "speeds": "speeds",
    "curves": "curves",
    "by-hand": "answers by hand",
    "jacobian": "Jacobian",
    "code": "code and what it prints",
    "opinions": "how far to trust them",
    "lesson": "lesson",
    "take-home": "script to take home",
}
"""What an address may leave out of a page, by name, as a teacher ticks it; a page has those that it lists."""

IMPLIED: Mapping[str, tuple[str, ...]] = {
    "answers": ("gradients", "speeds", "curves", "by-hand", "opinions", "jacobian", "code", "take-home"),
    "graph": ("numbers", "gradients", "inspector"),
    "numbers": ("gradients",),
}
"""What goes with a part that is left out: the same number must not stand anywhere else."""

GRADIENTS, VALUES = ("answers",), ("answers", "headline", "numbers")
"""What is covered while a gradient, or a value, is to be predicted."""

ASKED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "neuron": {"dw": GRADIENTS, "db": GRADIENTS, "z": VALUES, "y_pred": VALUES, "loss": VALUES},
    "chain_rule": {"dz_dx": GRADIENTS},
    "vectors": {"grad": GRADIENTS},
}
"""By page: what can be predicted there, by the readout's name, and the parts that it covers until then."""

PREDICTABLE: Mapping[str, str] = {
    "dw": "∂L/∂w",
    "db": "∂L/∂b",
    "z": "z",
    "y_pred": "ŷ",
    "loss": "L",
    "dz_dx": "dz/dx",
    "grad": "x.grad",
}
"""What can be predicted, as it is written."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop of the tour: the part of the page that it points at, and what is to be tried there.

    `change` names an input, or what a look at the graph says ("" where there is nothing to try).
    """

    part: str
    change: str = ""


TOUR_PAGE = "neuron"
TOUR = (
    Stop("formula"),
    Stop("sliders", "w"),
    Stop("gradients", "y"),
    Stop("graph", "node"),
    Stop("inspector", "node"),
    Stop("walk", "step"),
    Stop("curves", "w"),
    Stop("pages"),
)
"""The tour of the first visit, in its order."""

OVER = "off"
"""What an address says of the tour where it has been taken, or is not wanted."""

ROOM = ("present", "hide", "show", "predict", "tour")
"""Parameters that a visitor keeps from page to page."""

APART = ("lesson", "take-home")
"""Parts that a page inside another one leaves out, unless its address says `show=`."""


@dataclass(frozen=True, slots=True)
class Classroom:
    """How a page is shown to a class: by a projector (`present`), `embedded` in another page, and without which parts.

    `named` are the parts that the address names, `hidden` those and what goes with them. `predict` names what is to be
    predicted before it is shown, on whichever page it stands. `tour` is the number of its stop, `OVER`, or "".
    """

    present: bool = False
    embedded: bool = False
    named: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    predict: tuple[str, ...] = ()
    tour: str = ""


def cover(room: Classroom, page: str) -> Classroom:
    """The room while a page's predictions are open: without the parts in which their answers stand."""
    parts = {part for name in room.predict for part in ASKED.get(page, {}).get(name, ())}
    return replace(room, hidden=room.hidden.union(parts, *(IMPLIED.get(part, ()) for part in parts)))


def usual_questions(page: str) -> tuple[str, ...]:
    """What is to be predicted on a page where nobody says what: its gradients."""
    return tuple(name for name, parts in ASKED.get(page, {}).items() if parts == GRADIENTS)


def read_classroom(address: Mapping[str, Sequence[str]], embedded: bool = False) -> tuple[Classroom, tuple[str, ...]]:
    """The room that an address asks for, and a sentence for each parameter that says nothing that can be done.

    An embedded page leaves out what is `APART` unless the address says to show it.
    """
    texts, notices = said_once(address, ROOM)
    if texts.get("present", "0") not in ("0", "1"):
        notices.append(f"present = “{shown(texts['present'])}” is neither 0 nor 1; the page is not projected.")
    named, hide_notice = _names("hide", texts.get("hide", ""), tuple(PARTS))
    wanted, show_notice = _names("show", texts.get("show", ""), APART)
    predict, predict_notice = _names("predict", texts.get("predict", ""), tuple(n for of in ASKED.values() for n in of))
    tour, tour_notice = _tour(texts.get("tour", ""))
    notices += [notice for notice in (hide_notice, show_notice, predict_notice, tour_notice) if notice]
    left_out = set(APART).difference(wanted) if embedded else set()
    hidden = left_out.union(named, *(IMPLIED.get(name, ()) for name in named))
    return Classroom(texts.get("present") == "1", embedded, named, frozenset(hidden), predict, tour), tuple(notices)


def _tour(text: str) -> tuple[str, str]:
    if text in ("", OVER, *(str(number + 1) for number in range(len(TOUR)))):
        return text, ""
    return "", f"tour = “{shown(text)}” is neither {OVER} nor a stop from 1 to {len(TOUR)}; no tour is shown."


def _names(parameter: str, text: str, known: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The known names in a list with commas, and one sentence about all others ("" where there are none)."""
    said = [name.strip() for name in text.split(",") if name.strip()]
    others = list(dict.fromkeys(name for name in said if name not in known))
    names = tuple(name for name in known if name in said)
    if not others:
        return names, ""
    more = f" (and {len(others) - 1} more)" if len(others) > 1 else ""
    what = "nothing that can be predicted" if parameter == "predict" else "no part of a page"
    return names, f"{parameter} = “{shown(others[0])}”{more} is {what}; it is left out."
