"""How a page's graph is looked at, and how an address and an event spell it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.address.fields import said_once, shown

FULL, CONCEPT = VIEWS = ("full", "concept")
ARROWS = ("back", "ahead", "both")
"""What the arrows carry: gradients back, values ahead, or both. The first is the default."""

LONGEST_ID = 420
MOST_OPENED = 32


@dataclass(frozen=True, slots=True)
class GraphView:
    """How a graph is looked at.

    `view` is full, concept, or "" for the page's usual one; `opened` ids of groups; `node` the id of the selected
    node or edge ("" for none); `step` that of the walk (None outside it); `arrows` what the arrows carry.
    """

    view: str = ""
    opened: tuple[str, ...] = ()
    node: str = ""
    step: int | None = None
    arrows: str = ARROWS[0]


def read_view(query: Mapping[str, Sequence[str]]) -> tuple[GraphView, tuple[str, ...]]:
    """The view that an address asks for, and a sentence for each parameter that says nothing that can be shown."""
    texts, notices = said_once(query, ("view", "open", "node", "step", "arrows"))
    view, step, arrows = texts.get("view", ""), texts.get("step", ""), texts.get("arrows", ARROWS[0])
    if view not in ("", *VIEWS):
        notices.append(f"view = “{shown(view)}” is neither full nor concept; the usual view is shown.")
        view = ""
    if step and not re.fullmatch(r"\d{1,5}", step, re.ASCII):
        notices.append(f"step = “{shown(step)}” is not a step of the walk; the walk is not begun.")
        step = ""
    if arrows not in ARROWS:
        known = ", ".join(ARROWS)
        notices.append(f"arrows = “{shown(arrows)}” is none of {known}; arrows is {ARROWS[0]}, its default.")
        arrows = ARROWS[0]
    opened = tuple(name for name in texts.get("open", "").split(",") if name)[:MOST_OPENED]
    return GraphView(view, opened, texts.get("node", ""), int(step) if step else None, arrows), tuple(notices)


def write_view(view: GraphView) -> dict[str, str | None]:
    """The view as address parameters; None where nothing needs to be said."""
    return {
        "view": view.view or None,
        "open": ",".join(view.opened) or None,
        "node": view.node or None,
        "step": None if view.step is None else str(view.step),
        "arrows": None if view.arrows == ARROWS[0] else view.arrows,
    }


def take_view(said: Mapping[str, object]) -> GraphView:
    """The view that an event describes; whatever is not of its kind is left out."""
    view, opened, node, step, arrows = (said.get(name) for name in ("view", "opened", "node", "step", "arrows"))
    names = opened[-MOST_OPENED - 1 :] if isinstance(opened, list) else []  # one too many is said
    return GraphView(
        view=str(view) if view in VIEWS else "",
        opened=tuple(name[:LONGEST_ID] for name in names if isinstance(name, str)),
        node=node[:LONGEST_ID] if isinstance(node, str) else "",
        step=step if type(step) is int and 0 <= step < 10**5 else None,
        arrows=str(arrows) if arrows in ARROWS else ARROWS[0],
    )
