"""How a graph is looked at, as an address and an event say it; what is corrected, and what is said about it."""

import math
from dataclasses import asdict
from string import ascii_letters
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from components.address.view import ARROWS, LONGEST_ID, MOST_OPENED, VIEWS, GraphView, read_view, take_view, write_view

ids = st.text(st.characters(exclude_characters=","), min_size=1, max_size=LONGEST_ID)
views = st.builds(
    GraphView,
    view=st.sampled_from(["", *VIEWS]),
    opened=st.lists(ids, max_size=8).map(tuple),
    node=st.text(max_size=LONGEST_ID),
    step=st.none() | st.integers(0, 99_999),
    arrows=st.sampled_from(ARROWS),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=100),
    lambda inner: st.lists(inner, max_size=10) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("view", "opened", "node", "step", "arrows")
PARAMETERS = ("view", "open", "node", "step", "arrows")
REFUSED = [
    ("view", "Full"), ("view", "concept "), ("view", "<script>"), ("view", "x" * 1_000_000), ("view", "a\nb\u202e"),
    ("step", "-1"), ("step", "1.0"), ("step", "1e3"), ("step", "nan"), ("step", "٣"), ("step", "１"), ("step", " 1"),
    ("step", "1\n"), ("step", "100000"), ("step", "9" * 1_000_000), ("step", "+1"), ("step", "\x00"),
    ("arrows", "Back"), ("arrows", "ahead "), ("arrows", "<b>"), ("arrows", "both,back"), ("arrows", "x" * 1_000_000),
]  # fmt: skip


def assert_is_a_line(name: str, notice: str) -> None:
    assert notice.startswith(f"{name} "), notice
    assert notice.count(";") == 1, notice
    assert notice.endswith("."), notice
    assert notice.isprintable(), notice
    assert len(notice) < 120, notice


@given(views)
def test_a_view_that_is_written_reads_back(view: GraphView) -> None:
    written = write_view(view)
    assert read_view({name: [text] for name, text in written.items() if text is not None}) == (view, ())
    asked = (view.view, view.opened, view.node, view.step is not None, view.arrows != ARROWS[0])
    assert [written[name] is not None for name in PARAMETERS] == [bool(said) for said in asked]


@given(views)
def test_an_event_says_the_view_that_it_is_taken_as(view: GraphView) -> None:
    assert take_view(asdict(view) | {"opened": list(view.opened)}) == view


def test_an_empty_address_is_the_usual_view() -> None:
    assert read_view({}) == (GraphView(), ())
    assert read_view({name: [""] for name in ("view", "open", "node", "step")}) == (GraphView(), ())
    assert read_view({"View": ["x"], "x": ["nan"], "steps": ["1", "2"], "opened": ["z"]}) == (GraphView(), ())


def test_a_view_that_cannot_be_read_is_the_usual_one_with_a_sentence() -> None:
    for name, text in REFUSED:
        view, (notice,) = read_view({name: [text]})
        assert view == GraphView(), (name, ascii(text[:20]))
        assert_is_a_line(name, notice)


def test_a_repeated_part_of_a_view_is_left_out() -> None:
    for name in PARAMETERS:
        for texts in (("1", "2"), ("full", "full"), ("",) * 3, ("z",) * 1000):
            view, notices = read_view({name: texts})
            assert view == GraphView(), (name, texts[:2])
            assert notices == (f"{name} is given {len(texts)} times; it is left out.",)


def test_each_part_of_a_view_that_is_changed_has_its_own_sentence() -> None:
    view, notices = read_view({"view": ["x"], "step": ["y"], "node": ["a", "b"], "open": ["z"], "arrows": ["up"]})
    assert view == GraphView(opened=("z",))
    assert sorted(notice.split()[0] for notice in notices) == ["arrows", "node", "step", "view"]


def test_opened_groups_are_separated_by_commas() -> None:
    for text, opened in (
        ("z", ("z",)),
        ("z,loss", ("z", "loss")),
        (",z,,", ("z",)),
        (",", ()),
        ("a b", ("a b",)),
        (",".join(ascii_letters), tuple(ascii_letters[:MOST_OPENED])),
    ):
        assert read_view({"open": [text]}) == (GraphView(opened=opened), ()), text


@given(st.dictionaries(st.sampled_from(PARAMETERS), st.lists(st.text(max_size=40), max_size=3)))
def test_any_address_is_some_view(address: dict[str, list[str]]) -> None:
    view, notices = read_view(address)
    assert view.view in ("", *VIEWS)
    assert view.arrows in ARROWS
    assert len(view.opened) <= 8
    assert view.step is None or 0 <= view.step <= 99_999
    assert len({notice.split()[0] for notice in notices}) == len(notices)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, json_values)))
def test_any_event_is_some_view(event: dict[str, object]) -> None:
    view = take_view(event)
    assert view.view in ("", *VIEWS)
    assert view.arrows in ARROWS
    assert all(isinstance(name, str) and len(name) <= LONGEST_ID for name in (*view.opened, view.node))
    assert len(view.opened) <= 8
    assert view.step is None or (type(view.step) is int and view.step >= 0)


def test_one_group_more_than_an_address_holds_is_taken_so_that_it_can_be_said() -> None:
    assert take_view({"opened": [str(number) for number in range(40)]}).opened[0] == str(39 - MOST_OPENED)


def test_a_forged_part_of_a_view_is_left_out() -> None:
    forged: list[Any] = [None, True, -1, math.nan, 1.5, {"a": 1}, b"z", 1j, 10**400]
    for name in FIELDS:
        for value in forged:
            assert take_view({name: value}) == GraphView(), (name, repr(value)[:20])
    for name in ("view", "arrows", "step", "node"):
        assert take_view({name: ["back"]}) == GraphView(), name
