"""Where the first nan or infinite number comes from: in the values, or else in the gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from components.recording import sizes
from components.recording.layers import LEAF
from components.recording.read import RecordedNode, Summary
from components.why.recorded.case import Case, Found, Pass, at, called, is_broken, number

LARGEST_EXP = 88.7
"""The largest number of which exp() is finite in float32."""


def in_values(case: Case) -> Iterator[Found]:
    """The first node whose result is not finite though all that it was made of is: only where it reaches the loss."""
    for one in case.passes:
        if not any(is_broken(node.value) for node in one.results):
            continue
        origin = _origin(one)
        if origin is not None:
            yield _begins(case, one, origin)
        return


def _origin(one: Pass) -> RecordedNode | None:
    """The first node, of those from which the loss has its nan, whose own inputs are finite; None: not known."""
    waiting = [node for node in one.results if is_broken(node.value)]
    broken, begins = {node.id for node in waiting}, []
    for node in waiting:
        sources = one.sources(node)
        worse = [source for source in sources if is_broken(source.value)]
        if not worse and all(source.value.summary is not None for source in sources):
            begins.append(node.id)
        waiting += [source for source in worse if source.id not in broken]
        broken.update(source.id for source in worse)
    return next((node for node in one.moment.nodes if node.id in begins), None)


def _begins(case: Case, one: Pass, node: RecordedNode) -> Found:
    when = case.spoken(one)
    if node.op == LEAF:
        text = (
            f"{when}{called(node)} holds nan or infinite numbers before anything is computed with it: how it was made, "
            "or the optimizer's step before this pass, has broken it."
        )
        return Found("nan", one.moment.line, text, one.place, (node.id,))
    what = (
        "is the first result that is nan or infinite" if node.shape == () else "has the first nan or infinite numbers"
    )
    text = (
        f"{when}{called(node)}{at(node)} {what}: all that goes into it and takes a gradient is finite."
        f"{reason(one, node, _VALUES)}"
    )
    return Found("nan", node.line, text, one.place, (node.id,))


def in_gradients(case: Case) -> Iterator[Found]:
    """The first node, from the loss back, that is handed a finite gradient and passes on another."""
    for one in case.passes:
        if any(is_broken(node.value) or is_broken(node.gradient) for node in one.results):
            return
        for node in reversed(one.moment.nodes):
            consumers = one.consumers[node.id]
            if is_broken(node.gradient) and consumers and not any(is_broken(made.gradient) for made in consumers):
                yield _turns(case, one, node, consumers)
                return


def _turns(case: Case, one: Pass, node: RecordedNode, consumers: list[RecordedNode]) -> Found:
    halves = any(other.dtype == "float16" for other in one.moment.nodes)
    kinds = {made.id: made for made in consumers}
    maker = next(iter(kinds.values()))
    who = f"what comes back to {called(node)}{at(node)} is nan or infinite, though every gradient before it is finite"
    because = ""
    if len(kinds) == 1:
        who = f"{called(maker)}{at(maker)} is handed a finite gradient, and what it passes on to {called(node)} is not"
        because = reason(one, maker, _SLOPES)
    begin = case.spoken(one)
    text = f"{begin or who[0].upper()}{who if begin else who[1:]}.{because}"
    if halves:
        text += " GradScaler skips the step of such a pass: is one in use?"
    line = maker.line if maker.line is not None else one.moment.line
    return Found("nan", line, text, one.place, (*kinds, node.id), is_question=halves)


Reason = Callable[[RecordedNode, RecordedNode, Summary], str]
"""What is said of a node, its only input with a gradient, and that one's summary; "": nothing is known."""


def reason(one: Pass, node: RecordedNode, known: Mapping[str, Reason]) -> str:
    """Why a function gives nan or inf, as a sentence with a space before it; "" where that is not certain."""
    sources = one.sources(node)
    say = known.get(node.op.partition("Backward")[0])
    if say is None or len(sources) != 1 or sources[0].value.summary is None:
        return ""
    said = say(node, sources[0], sources[0].value.summary)
    return f" {said}" if said else ""


def _reaches(node: RecordedNode, end: float) -> str:
    return f"{called(node)} {'is' if node.shape == () else 'reaches'} {number(end)}"


def _log(_: RecordedNode, source: RecordedNode, summary: Summary) -> str:
    if summary.min is None or summary.min > 0:
        return ""
    if summary.min < 0:
        return f"{_reaches(source, summary.min)}, and the logarithm of a negative number is nan."
    return f"{called(source)} has a 0, and the logarithm of 0 is −inf."


def _root(_: RecordedNode, source: RecordedNode, summary: Summary) -> str:
    if summary.min is None or summary.min >= 0:
        return ""
    return f"{_reaches(source, summary.min)}, and the square root of a negative number is nan."


def _inverse(_: RecordedNode, source: RecordedNode, __: Summary) -> str:
    return f"{called(source)} has a 0, and 1/0 is inf." if sizes.zeros(source.value, source.op, source.shape) else ""


def _exponential(node: RecordedNode, source: RecordedNode, summary: Summary) -> str:
    if node.dtype != "float32" or summary.max is None or summary.max < LARGEST_EXP:
        return ""
    return f"{_reaches(source, summary.max)}, and in float32 exp() of more than 88 is inf."


def _steep_root(_: RecordedNode, source: RecordedNode, summary: Summary) -> str:
    return f"{called(source)} has a 0, where the slope of the square root is infinite." if summary.min == 0 else ""


def _steep_norm(node: RecordedNode, source: RecordedNode, _: Summary) -> str:
    if not sizes.zeros(node.value, node.op, node.shape):
        return ""
    return f"A norm of {called(source)} is 0, where it has no slope."


def _steep_log(_: RecordedNode, source: RecordedNode, summary: Summary) -> str:
    return f"{called(source)} has a 0, where the slope of the logarithm is infinite." if summary.min == 0 else ""


_VALUES: Mapping[str, Reason] = {
    **dict.fromkeys(("Log", "Log2", "Log10"), _log),
    "Sqrt": _root,
    "Rsqrt": _root,
    "Reciprocal": _inverse,
    "Exp": _exponential,
}
_SLOPES: Mapping[str, Reason] = {
    "Sqrt": _steep_root,
    **dict.fromkeys(("Norm", "LinalgVectorNorm"), _steep_norm),
    **dict.fromkeys(("Log", "Log2", "Log10"), _steep_log),
}

RULES = (in_values, in_gradients)
