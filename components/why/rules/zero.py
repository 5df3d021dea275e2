"""A gradient that is zero, or next to nothing, where the loss is not at its least."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from torch import Tensor
from torch.autograd.graph import Node as TorchNode

from components.graph.record import grad_node
from components.why.finding import Case, Factor, Finding, listed, named
from components.why.rules.numbers import call_of, flows, leaf_gradients, number, numbers, value_of
from components.why.rules.zero_reasons import Flat, guards, limits_of, reason
from components.why.rules.zero_repairs import rectified, unclamped
from components.why.trace import Called, Passed

NOTHING = 2e-6
"""The largest entry of a gradient that may be a rounding error of zero."""

LITTLE = 1e-4
"""The part of a gradient that is as good as nothing."""

LASTING = 5
"""Passes without a gradient that are no chance, for a leaf that had one before."""

SOME = 1e-3
"""The least that has to arrive at a function for it to have taken something away."""

FEWEST = 4
"""Sigmoids on a way that may take a gradient away together."""

FAINT = 2e-3
"""The product of their slopes from which on they do."""

SQUASHING = ("SigmoidBackward0", "TanhBackward0")


class Way(NamedTuple):
    """A pass, a leaf that it brought nothing to, and the nodes that lead there."""

    passed: Passed
    leaf: Tensor
    nodes: frozenset[TorchNode]


MOST_DEAD = 6
"""Leaves without a gradient of which the way is looked at: those after them have mostly the same."""


def no_gradient(case: Case) -> Iterator[Finding]:
    """Leaves that every pass brought a gradient of zero: the function that has no slope there."""
    said: set[TorchNode] = set()
    dead = dead_leaves(case)
    for passed, leaf in dead[:MOST_DEAD]:
        way = Way(passed, leaf, leading(passed, leaf))
        for node in killers(way):
            found = told(case, way, node, [one for _, one in dead])
            if found is None or node in said:
                break
            said.add(node)
            yield found
            break
        else:
            yield from cancelled(case, way)


def dead_leaves(case: Case) -> list[tuple[Passed, Tensor]]:
    """The leaves that nothing arrived at, or no more, each with the last pass that reached it."""
    last: dict[int, tuple[Passed, Tensor]] = {}
    ever: set[int] = set()
    without: Counter[int] = Counter()
    for passed in case.trace.passes():
        for leaf, gradient in leaf_gradients(passed) if passed.is_finished else ():
            last[id(leaf)] = (passed, leaf)
            without[id(leaf)] += 1
            if not size_of(gradient) <= LITTLE or not gradient.numel():
                ever.add(id(leaf))
                without[id(leaf)] = 0
    return [pair for one, pair in last.items() if without[one] >= (LASTING if one in ever else 1)]


def size_of(gradient: Tensor | None) -> float:
    """The largest entry of a gradient."""
    return float(gradient.abs().max()) if gradient is not None and gradient.numel() else 0.0


def leading(passed: Passed, leaf: Tensor) -> frozenset[TorchNode]:
    """The nodes of a pass that lead to a leaf."""
    assert passed.backward is not None
    found = {grad_node(leaf)}
    for node in passed.backward.order:
        if any(source in found for source, _ in node.next_functions):
            found.add(node)
    return frozenset(found)


def killers(way: Way) -> list[TorchNode]:
    """The nodes on a way where a gradient came, and none went on."""
    kept = way.passed.backward
    assert kept is not None
    found = []
    for node in reversed(kept.order):
        if node not in way.nodes or node not in kept.passed:
            continue
        came = max(map(size_of, kept.arrived.get(node, ())), default=0.0)
        if came < SOME:
            continue
        sources = [source for source, _ in node.next_functions]
        left = [one for source, one in zip(sources, kept.passed[node], strict=False) if source in way.nodes]
        if left and max(map(size_of, left)) <= LITTLE * min(came, 1.0):
            found.append(node)
    return found


def told(case: Case, way: Way, node: TorchNode, dead: list[Tensor]) -> Finding | None:
    """What is said of a node that passes nothing on; None where that is right, or not known to be wrong."""
    call = call_of(case, way.passed, node)
    kept = way.passed.backward
    if call is None or kept is None:
        return None
    arrived = next(one for one in kept.arrived[node] if one is not None)
    said = reason(Flat(case, way.passed, call, arrived, way.leaf, tuple(dead)))
    if said is None:
        return None
    affected = [one for one in dead if node in leading(way.passed, one)]
    line = said.offer[1] if said.offer else said.line or call.line
    repair = said.offer[0] if said.offer else None
    text = f"{said.text} So {gradients(case, way.passed, affected)}."
    factors = strip_of(way.passed, [node]) if len(node.next_functions) == 1 else ()
    return Finding(
        "zero",
        line,
        named(*map(case.bare_name, affected)),
        text,
        repair,
        said.is_question,
        way.passed,
        (node,),
        factors,
    )


def gradients(case: Case, passed: Passed, leaves: list[Tensor]) -> str:
    """Which gradients are 0, or next to it."""
    every = [f"`{case.bare_name(leaf)}.grad`" for leaf in leaves if case.bare_name(leaf)]
    most = max(
        (size_of(gradient) for leaf, gradient in leaf_gradients(passed) if any(one is leaf for one in leaves)),
        default=0.0,
    )
    what = "0" if most <= NOTHING / 100 else f"at most {number(most)}"
    return f"{listed(every)} {'is' if len(every) == 1 else 'are'} {what}" if every else f"the gradient is {what}"


def cancelled(case: Case, way: Way) -> Iterator[Finding]:
    """Gradients that come on two ways and add up to nothing."""
    handed = flows(way.passed)
    assert way.passed.backward is not None
    for node in reversed(way.passed.backward.order):
        came = [flow for flow in handed if flow.source is node and size_of(flow.gradient) > SOME]
        arrived = max(map(size_of, way.passed.backward.arrived.get(node, ())), default=0.0)
        if node not in way.nodes or len(came) < 2 or arrived > NOTHING:
            continue
        made = [case.trace.by_node.get(flow.consumer) for flow in came]
        lines = sorted({call.line for call in made if call is not None})
        name = case.bare_name(way.leaf)
        values = [number(flow.gradient.flatten()[0]) for flow in came if flow.gradient is not None]
        text = (
            f"The gradients that come to `{name}` on {len(came)} ways ({' and '.join(values)} at its first "
            "entry) add up "
            f"to 0: the loss stays the same however `{name}` changes."
        )
        yield Finding(
            "zero", lines[-1] if lines else way.passed.line, named(name), text, during=way.passed, marks=(node,)
        )
        return


# parts of a gradient


def clamped_entries(case: Case) -> Iterator[Finding]:
    """Entries of a leaf outside the range of a clamp, which the loss would move back into it."""
    passes = [one for one in case.trace.passes() if one.is_finished and one.backward is not None]
    clamps = [one for one in case.trace.calls() if one.name in ("clamp", "clip", "hardtanh")] if passes else []
    for call in clamps:
        operands = call.operands()
        leaf = operands[0] if operands else None
        if leaf is None or not leaf.is_leaf or not leaf.requires_grad or guards(case, call):
            continue
        passed = next((one for one in passes if one.backward and call.result.grad_fn in one.backward.arrived), None)
        place = stuck(case, passed, call, leaf) if passed is not None else None
        if passed is None or place is None or is_alive(passes, leaf, place):
            continue
        value, least, most = place_numbers(passed, call, leaf, place)
        name = case.bare_name(leaf)
        side = f"below {number(least)}" if value < least else f"above {number(most)}"
        gradient = next(g for one, g in leaf_gradients(passed) if one is leaf)
        listing = (
            f"`{name}.grad` is {numbers(gradient)}"
            if gradient.numel() <= 4 and gradient.ndim < 2
            else "its gradient is 0"
        )
        text = (
            f"`{name}` has {number(value)}, which is {side}: there `{call.name}` in line {call.line} gives the same "
            f"whatever it is, so nothing moves it back. {listing}."
        )
        offer = unclamped(case, call)
        line = offer[1] if offer else call.line
        marks = (call.result.grad_fn,)
        yield Finding("zero", line, named(name), text, offer[0] if offer else None, during=passed, marks=marks)


def stuck(case: Case, passed: Passed, call: Called, leaf: Tensor) -> int | None:
    """The first entry outside a clamp's range that a step against the gradient would move towards it."""
    del case
    least, most = limits_of(call)
    kept = passed.backward
    arrived = kept.arrived[call.result.grad_fn][0] if kept is not None else None
    if least is None or most is None or arrived is None:
        return None
    value = value_of(passed, leaf)
    inward = ((value < least) & (arrived < -SOME)) | ((value > most) & (arrived > SOME))
    places = inward.flatten().nonzero()
    return int(places[0]) if len(places) else None


def is_alive(passes: list[Passed], leaf: Tensor, place: int) -> bool:
    """Whether some pass brought an entry of a leaf a gradient."""
    found = [gradient for one in passes for other, gradient in leaf_gradients(one) if other is leaf]
    return any(float(gradient.flatten()[place]) for gradient in found)


def place_numbers(passed: Passed, call: Called, leaf: Tensor, place: int) -> tuple[float, float, float]:
    """An entry of a leaf, and the range that it is outside of."""
    least, most = limits_of(call)
    assert least is not None
    assert most is not None
    return float(value_of(passed, leaf).flatten()[place]), least, most


# little by little


def vanishing(case: Case) -> Iterator[Finding]:
    """Many sigmoids behind one another, each of which leaves a part of the gradient."""
    passed = next((one for one in case.trace.passes() if one.is_finished and one.backward is not None), None)
    chain = chain_of(passed) if passed is not None else []
    if passed is None or len(chain) < FEWEST or chain[-1].value > FAINT:
        return
    sizes = [abs(float(one)) for _, gradient in leaf_gradients(passed) for one in largest_of(gradient) if float(one)]
    strip = strip_of(passed, [factor.node for factor in chain])
    came = arrived_at(passed, chain[0].node)
    if not sizes or min(sizes) > max(*sizes, abs(came) if len(sizes) == 1 else 0.0) / 100:
        return
    calls = [case.trace.by_node.get(factor.node) for factor in chain]
    lines = sorted({call.line for call in calls if call is not None})
    names = [case.bare_name(leaf) for leaf, _ in leaf_gradients(passed)]
    so = f"So the gradients go from {number(max(sizes))} down to {number(min(sizes))}."
    so = so if len(sizes) > 1 else f"So {number(min(sizes))} is left."
    word = "sigmoids" if any(factor.node.name() == SQUASHING[0] for factor in chain) else "tanhs"
    text = (
        f"{len(chain)} {word} stand one behind the other, and each passes on only a part of the gradient: "
        f"{number(came)} comes to the last of them, and {number(strip[-1].value)} gets past the first. "
        f"{so}"
    )
    repair = rectified(case, [call for call in calls if call is not None])
    line = lines[0] if lines else passed.line
    marks = tuple(factor.node for factor in reversed(chain))
    yield Finding("zero", line, named(*names), text, repair, during=passed, marks=marks, factors=strip)


def strip_of(passed: Passed, nodes: list[TorchNode]) -> tuple[Factor, ...]:
    """What came to the first of some nodes, from the one before it, and what each of them has passed on."""
    kept = passed.backward
    assert kept is not None
    sender = next((flow.consumer for flow in flows(passed) if flow.source is nodes[0]), None)
    begin = [Factor(sender, arrived_at(passed, nodes[0]))] if sender is not None else []
    left = [(node, kept.passed[node][0]) for node in nodes if node in kept.passed]
    return (*begin, *[Factor(node, extreme(gradient)) for node, gradient in left if gradient is not None])


def arrived_at(passed: Passed, node: TorchNode) -> float:
    """The largest entry of what came to a node."""
    came = passed.backward.arrived[node][0] if passed.backward is not None else None
    return extreme(came) if came is not None else 0.0


def extreme(gradient: Tensor) -> float:
    """The entry of a gradient that is the largest without its sign."""
    flat = gradient.flatten()
    return float(flat[flat.abs().argmax()]) if len(flat) else 0.0


def largest_of(gradient: Tensor) -> list[Tensor]:
    """The entries of a list of numbers; of anything else, the largest."""
    return list(gradient) if gradient.ndim == 1 and gradient.numel() <= 64 else [gradient.abs().max()]


def chain_of(passed: Passed) -> list[Factor]:
    """The longest way through sigmoids, from the loss on: each with the product of the slopes so far."""
    kept = passed.backward
    assert kept is not None
    if sum(node.name() in SQUASHING for node in kept.order) < FEWEST:
        return []
    longest: dict[TorchNode, tuple[Factor, ...]] = {}
    best: tuple[Factor, ...] = ()
    for node in reversed(kept.order):
        chain = longest.get(node, ())
        slope = kept.local[node][0] if node.name() in SQUASHING else None
        if slope is not None:
            before = chain[-1].value if chain else 1.0
            chain = (*chain, Factor(node, before * float(slope.abs().mean())))
            best = max(best, chain, key=len)
        for source, _ in node.next_functions:
            if source is not None and len(chain) > len(longest.get(source, ())):
                longest[source] = chain
    return list(best)


RULES = (no_gradient, clamped_entries, vanishing)
