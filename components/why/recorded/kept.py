"""What `.grad` held before a pass and afterwards: gradients that have added up, or never came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from components.recording import sizes
from components.recording.read import Numbers, RecordedNode
from components.why.recorded.case import Case, Found, Pass, listed

OWN = re.compile(r"Backward$")
"""The end of what torch calls a Function that a program wrote."""

NEAR = 1e-4
"""How far a sum may be off, as a part of the largest entry that goes into it."""

Change = tuple[RecordedNode, RecordedNode]
"""A leaf in one pass and in the next."""


def two_losses(case: Case) -> Iterator[Found]:
    """Another loss has reached leaves that its step did not change, and the next pass adds to what it brought."""
    for earlier, later in _pairs(case):
        if _is_repeated(earlier, later):
            continue
        common = _common(earlier, later)
        stepped = [new for old, new in common if _is_changed(old, new)]
        mixed = [new for old, new in common if not _is_changed(old, new) and _has_added(old, new)]
        moved, still = _roots(stepped), _roots(mixed)
        if not moved or not still or moved & still:
            continue
        bridge = _bridge(earlier, moved, still)
        line, nodes = earlier.moment.line, tuple(new.id for new in mixed)
        place, repair = later.place, f"Clear the gradients of {listed(sorted(still))} before it."
        if bridge is not None:
            user, source = bridge
            handed = f"`{source.name}.detach()`" if source.name else "what it makes, after `detach()`,"
            line, place, nodes = user.line, earlier.place, (source.id, user.id)
            repair = f"Hand {handed} to {listed(sorted(moved))} in line {line}."
        text = (
            f"{_said(earlier)} went on into {listed(sorted(still))}, and its gradients were still there when "
            f"{_said(later)} added its own: the step that follows uses the sum of both. {repair}"
        )
        yield Found("accumulated", line, text, place, nodes)


def not_cleared(case: Case) -> Iterator[Found]:
    """A step was taken, and the next pass of the same line adds to the gradients from before it."""
    for earlier, later in _pairs(case):
        added = [new for old, new in _common(earlier, later) if _is_changed(old, new) and _has_added(old, new)]
        if added and _is_repeated(earlier, later):
            names = listed([f"{leaf.name}.grad" for leaf in added])
            text = (
                f"{names} still held what pass {earlier.place + 1} had brought when pass {later.place + 1} added its "
                "own, though a step had changed the parameters in between: write `optimizer.zero_grad()` before "
                f"{_said(later)}."
            )
            yield Found("accumulated", later.moment.line, text, later.place, tuple(leaf.id for leaf in added))


def no_gradient(case: Case) -> Iterator[Found]:
    """Leaves that the pass did not reach, though it came to all that they are used by."""
    for one in case.passes:
        if one.moment.call != "backward":
            continue
        missed = [leaf for leaf in one.leaves.values() if _is_missed(one, leaf)]
        makers = {user.id: user for leaf in missed for user in one.consumers[leaf.id] if OWN.search(user.op)}
        if not missed:
            continue
        names, ids = listed([leaf.name for leaf in missed]), tuple(leaf.id for leaf in missed)
        verb = "takes" if len(missed) == 1 else "take"
        if makers:
            maker = next(iter(makers.values()))
            function = maker.op.removesuffix("Backward")
            text = (
                f"{names} {verb} no gradient in {_said(one)}: the backward() of `{function}`, a Function of your own, "
                "gives None for it. Let it give a gradient for each input that needs one."
            )
            yield Found("none", maker.line, text, one.place, ids)
        else:
            text = (
                f"{names} {verb} no gradient in {_said(one)}, though it comes to all that is made of it. "
                "Was `inputs=` meant to leave it out?"
            )
            yield Found("none", one.moment.line, text, one.place, ids, is_question=True)


def _is_missed(one: Pass, leaf: RecordedNode) -> bool:
    """Whether no gradient came: one that is sparse, or of complex numbers, is not recorded either."""
    users = one.consumers[leaf.id]
    is_reached = bool(users) and all(user.gradient.value is not None for user in users)
    is_listed = leaf.value.summary is not None and not any(user.op.startswith("Embedding") for user in users)
    return is_reached and is_listed and leaf.gradient == _NOTHING and leaf.after in (None, _NOTHING)


def _pairs(case: Case) -> Iterator[tuple[Pass, Pass]]:
    """Passes of `backward()` that follow one another."""
    for earlier, later in pairwise(case.passes):
        if {earlier.moment.call, later.moment.call} == {"backward"}:
            yield earlier, later


def _is_repeated(earlier: Pass, later: Pass) -> bool:
    """Whether two passes are of one loss: from the same line of a program, to the same leaves."""
    return earlier.moment.line == later.moment.line and earlier.leaves.keys() == later.leaves.keys()


def _common(earlier: Pass, later: Pass) -> list[Change]:
    return [(earlier.leaves[name], leaf) for name, leaf in later.leaves.items() if name in earlier.leaves]


def _is_changed(old: RecordedNode, new: RecordedNode) -> bool:
    return old.value != new.value


def _has_added(old: RecordedNode, new: RecordedNode) -> bool:
    """Whether a leaf's `.grad` still was what the earlier pass left, and then became the sum of it and what arrived."""
    before, after, arrived = new.before, new.after, new.gradient
    if before is None or after is None or before != old.after or not sizes.largest(before):
        return False
    return bool(sizes.largest(arrived)) and _is_sum(before, arrived, after)


def _is_sum(one: Numbers, other: Numbers, total: Numbers) -> bool:
    listing = [one.value, other.value, total.value]
    summaries = [one.summary, other.summary, total.summary]
    if None in listing or None in summaries:
        return False
    near = NEAR * max(size for size in map(sizes.largest, (one, other, total)) if size is not None)
    means = [summary.mean for summary in summaries if summary is not None and summary.mean is not None]
    if len(means) < 3 or not abs(means[0] + means[1] - means[2]) <= near:
        return False
    rows = zip(*[numbers or () for numbers in listing], strict=False)
    return all(abs(first + second - third) <= near for first, second, third in rows)


def _roots(leaves: list[RecordedNode]) -> set[str]:
    """The models that leaves belong to."""
    return {leaf.name.partition(".")[0] for leaf in leaves}


def _bridge(one: Pass, users: set[str], makers: set[str]) -> tuple[RecordedNode, RecordedNode] | None:
    """A node of one of these models, and the result of another one that it is made of."""
    for node in one.moment.nodes:
        for source in one.inputs[node.id]:
            if node.module.partition(".")[0] in users and source.module.partition(".")[0] in makers:
                return node, source
    return None


def _said(one: Pass) -> str:
    where = f" (line {one.moment.line})" if one.moment.line is not None else f" (pass {one.place + 1})"
    source = one.moment.source
    return f"`{source}`{where}" if source and "`" not in source else f"the pass{where}"


_NOTHING = Numbers(None, None)

RULES = (two_losses, not_cleared, no_gradient)
