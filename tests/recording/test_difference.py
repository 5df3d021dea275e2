"""Two backward passes compared: which nodes belong together, and what differs."""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.recording.difference import OPPOSITE, Change, Pair, changes, compare
from components.recording.read import Numbers, RecordedMoment, RecordedNode, Summary, read
from tests.lines import lines_run

EXAMPLES = Path(__file__).parents[2] / "components/recording/examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.json"))


@lru_cache(maxsize=8)
def example(name: str) -> tuple[RecordedMoment, ...]:
    return read((EXAMPLES / f"{name}.json").read_bytes()).moments


def numbers(*found: float) -> Numbers:
    finite = [one for one in found if math.isfinite(one)]
    low, high = (min(finite), max(finite)) if finite else (None, None)
    return Numbers(found, Summary(low, high, low, len(found) - len(finite)))


def node(place: int, op: str = "MulBackward0", *, module: str = "", name: str = "", value: float = 1.0) -> RecordedNode:
    found = numbers(value, value / 3)
    return RecordedNode(f"n{place}", op, name, module, 3, "y = f(y)", (2,), "float32", found, found)


def row(nodes: Sequence[RecordedNode]) -> RecordedMoment:
    """A pass of nodes of which each is the input of the next."""
    edges = tuple((later.id, node.id) for node, later in pairwise(nodes))
    return RecordedMoment("backward", 9, "loss.backward()", "", tuple(nodes), edges)


def without(moment: RecordedMoment, place: int) -> RecordedMoment:
    """The pass without one of its nodes; what used it uses its inputs."""
    gone = moment.nodes[place].id
    inputs = [source for consumer, source in moment.edges if consumer == gone]
    kept = [edge for edge in moment.edges if gone not in edge]
    joined = [(consumer, source) for consumer, used in moment.edges if used == gone for source in inputs]
    nodes = tuple(one for one in moment.nodes if one.id != gone)
    return moment._replace(nodes=nodes, edges=tuple(kept + joined))


def unlike(pairs: Sequence[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair.changes or None in (pair.first, pair.second)]


@pytest.mark.parametrize("name", NAMES)
def test_a_pass_and_itself_differ_in_nothing(name: str) -> None:
    for moment in example(name):
        assert compare(moment, moment) == tuple(Pair(place, place) for place in range(len(moment.nodes)))


@settings(max_examples=60)
@given(st.sampled_from(NAMES), st.data())
def test_what_is_taken_away_is_all_that_differs(name: str, data: st.DataObject) -> None:
    moment = example(name)[-1]
    place = data.draw(st.integers(0, len(moment.nodes) - 1))
    assert unlike(compare(moment, without(moment, place))) == [Pair(place, None)]
    assert unlike(compare(without(moment, place), moment)) == [Pair(None, place)]


nodes_in_a_row = st.lists(
    st.builds(
        lambda op, module, value: (op, module, value),
        st.sampled_from(["AddBackward0", "MulBackward0"]),
        st.sampled_from(["", "net.0"]),
        st.sampled_from([0.0, 1.0, 500.0, math.nan]),
    ),
    min_size=1,
    max_size=8,
).map(lambda kinds: row([node(i, op, module=module, value=value) for i, (op, module, value) in enumerate(kinds)]))


@given(nodes_in_a_row, nodes_in_a_row)
def test_seen_the_other_way_round_it_is_the_same(first: RecordedMoment, second: RecordedMoment) -> None:
    def turned(pair: Pair) -> Pair:
        said = tuple(Change(what, OPPOSITE[kind], size) for what, kind, size in pair.changes)
        return Pair(pair.second, pair.first, said)

    there, back = compare(first, second), compare(second, first)
    assert {turned(pair) for pair in there} == set(back)
    assert {pair.first for pair in there if pair.first is not None} == set(range(len(first.nodes)))
    assert {pair.second for pair in there if pair.second is not None} == set(range(len(second.nodes)))


def test_steps_of_one_training_have_the_same_nodes() -> None:
    first, last = example("first_nan")[0], example("first_nan")[-1]
    found = compare(first, last)
    assert all(pair.first == pair.second for pair in found)
    broken = [pair.first for pair in found if any(change.kind == "broken" for change in pair.changes)]
    assert [first.nodes[place].op for place in broken if place is not None] == [
        "LogBackward0", "AddBackward0", "MeanBackward0",
    ]  # fmt: skip


def test_another_activation_stands_in_the_same_place_whether_its_module_is_known_or_not() -> None:
    for module in ("net.1", ""):
        before = row([node(0, "Left"), node(1, "SigmoidBackward0", module=module), node(2, "Right")])
        after = row([node(0, "Left"), node(1, "ReluBackward0", module=module), node(2, "Right")])
        assert unlike(compare(before, after)) == [Pair(1, 1, (Change("operation", "other", math.inf),))]


def test_the_same_model_under_another_name_has_the_same_nodes() -> None:
    first = example("sigmoids")[0]
    nodes = [
        one._replace(module=one.module.replace("model", "net"), name=one.name.replace("model", "net"))
        for one in first.nodes
    ]
    found = compare(first, first._replace(nodes=tuple(nodes)))
    assert all(pair.first == pair.second for pair in found)
    assert {change.what for pair in found for change in pair.changes} == {"name", "module"}


def test_of_equal_steps_the_last_ones_are_those_that_the_other_pass_has_not() -> None:
    steps = [node(place, value=2.0**place) for place in range(12)]
    others = [node(place, value=3.0 + place) for place in range(10)]
    ends = node(100, "Begin"), node(101, "End")
    found = compare(row([ends[0], *steps, ends[1]]), row([ends[0], *others, ends[1]]))
    assert [pair.first for pair in found if pair.second is None] == [11, 12]


@pytest.mark.parametrize(
    ("before", "after", "kind", "size"),
    [
        ((1.0, 2.0), (1.0, 2.5), "other", 0.2),
        ((1.0, 2.0), (1.0, math.nan), "broken", math.inf),
        ((math.inf,), (3.0,), "mended", math.inf),
        ((1.0, -2.0), (0.0, 0.0), "zero", 1.0),
        ((0.0,), (4.0,), "nonzero", 1.0),
        ((1.0,), (0.01,), "vanished", 0.99),
        ((-0.5,), (50.0,), "grown", 1.01),
        ((0.0,), (-0.0,), "other", 0.0),
    ],
)
def test_numbers_differ_bit_for_bit_and_it_is_said_what_became_of_them(
    before: tuple[float, ...], after: tuple[float, ...], kind: str, size: float
) -> None:
    first, second = (node(0)._replace(gradient=numbers(*found)) for found in (before, after))
    (change,) = changes(first, second)
    assert (change.what, change.kind) == ("gradient", kind)
    assert change.size == pytest.approx(size)
    assert changes(first, first) == ()


def test_what_is_said_of_a_node_and_its_kept_gradient_are_compared_too() -> None:
    none = Numbers(None, None)
    first = node(0)._replace(before=none, after=numbers(1.0))
    second = first._replace(shape=(1, 2), dtype="float64", source="y = g(y)", line=8, before=numbers(2.0))
    assert [(change.what, change.kind) for change in changes(first, second)] == [
        ("source", "other"), ("shape", "other"), ("dtype", "other"), ("before", "some"),
    ]  # fmt: skip


def test_thousands_of_nodes_take_a_time_in_proportion() -> None:
    def lines(count: int) -> int:
        first = row([node(place, value=place) for place in range(count)])
        second = row([one._replace(value=numbers(0.5)) for one in first.nodes if one.id[-1] != "7"])
        assert len(compare(first, second)) == count
        return lines_run(lambda: compare(first, second))

    assert 1_000 < lines(4_000) < 12 * lines(1_000)
