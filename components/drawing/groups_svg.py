"""Groups and blocks of nodes in a drawing: one card where they are folded, else a frame; and the handle of either."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from components.drawing.card_svg import FINGER, HANDLE, LEAF_PX, Card, cut, ending, finger, quoted, text
from components.drawing.routes import Box
from components.graph import operations

STACK = 5
FEW_STEPS, LONGEST_BLOCK = 2, 34
TIMES_PX = 11
"""How far the card behind a repeated block's shows; steps that are told by their last one; room for texts."""


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes that can be shown or folded away: their result's id, a title, all their ids, whether they are shown,
    and how many steps they and the result are.

    A block has a `key` of its own (else it is that of the result): folded it is the node `result`, open it holds its
    `members` and blocks whose `parent` it is. What is in it stands there several `times`.
    """

    result: str
    title: str
    members: tuple[str, ...]
    is_open: bool
    steps: int
    key: str = ""
    parent: str = ""
    times: int = 1


def clusters(groups: tuple[Group, ...]) -> tuple[tuple[str, ...], ...]:
    """The nodes of each open group."""
    return tuple((*group.members, *filter(None, [group.result])) for group in groups if group.is_open)


def within(groups: tuple[Group, ...]) -> tuple[int, ...]:
    """By open group the place of the one around it, or -1; nothing where none stands in another."""
    opened = [group for group in groups if group.is_open]
    places = {group.key: place for place, group in enumerate(opened) if group.key}
    found = tuple([places.get(group.parent, -1) for group in opened])
    return found if any(place >= 0 for place in found) else ()


def stack(box: Box) -> str:
    """What lies behind the card of a repeated block: one card more, as of several."""
    left, top, width, height = box
    return (
        f'<path class="stack" d="M{left + 9:g} {top + height + STACK:g}h{width - 9:g}a9 9 0 0 0 9 -9v{9 - height:g}"/>'
    )


def spoken_block(group: Group, op: str) -> str:
    """The part of a folded block's sentence that never changes."""
    return f"{group.title}, folded, {extent(group)}, with the result of {operations.find(op).word}, {op}"


def extent(group: Group) -> str:
    """How many steps a group is."""
    steps = f"{group.steps} step{'' if group.steps == 1 else 's'}"
    return f"{group.times} times, {steps}" if group.times > 1 else steps


def block_texts(card: Card, op: str, group: Group, keeps: bool) -> Iterator[str]:
    """What stands on the card of a folded block; a few steps are told by what torch calls the last one."""
    right, times = card.width - 9, f"× {group.times}" if group.times > 1 else ""
    steps = op if group.steps <= FEW_STEPS else extent(replace(group, times=1))
    title = ending(group.title, card.width - LEAF_PX - TIMES_PX * len(times))
    yield card.text("symbol title", HANDLE, 26, title) + card.text("times", right, 26, times)
    yield card.text("torch", 10, 41, cut(steps, LONGEST_BLOCK))
    yield card.rule(48)
    yield card.text("key", 10, 63, "value") + card.text("number value", right, 63, "")
    yield card.text("key", 10, 78, ".grad" if keeps else "grad") + card.text("number grad", right, 78, "")


def toggle(group: Group, is_phone: bool, left: float = 0, top: float = 0) -> str:
    """The handle that opens a closed group, at its card's corner, or closes an open one, at its cluster's.

    A finger reaches it from outside, where it is in no other card's way.
    """
    sign, verb = ("−", "Close") if group.is_open else ("+", "Open")
    said = f"{verb} {group.title}: {extent(group)}"
    return (
        f'<g class="toggle" data-group={quoted(group.key or group.result)} role="button" tabindex="0"'
        f' aria-expanded="{str(group.is_open).lower()}" aria-label={quoted(said)}>'
        f"{finger(left - FINGER + 16, top - FINGER / 2) if is_phone else ''}"
        f'<circle cx="{left:g}" cy="{top:g}" r="11"/><text x="{left:g}" y="{top + 5.5:g}">{sign}</text></g>'
    )


def cluster(group: Group, box: Box, is_phone: bool) -> str:
    """The frame of an open group, with its title and its handle."""
    left, top, hull_width, hull_height = box
    return (
        f'<g class="cluster" transform="translate({left:g} {top:g})">'
        f'<rect width="{hull_width:g}" height="{hull_height:g}" rx="14"/>{text("title", 18, 4, group.title)}'
        f"{toggle(group, is_phone)}</g>"
    )
