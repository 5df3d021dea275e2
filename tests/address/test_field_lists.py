"""Fields that are lists: what each reads of an address, takes of an event and spells, and what is said about it."""

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from components.address.fields import Names, Parameter
from components.address.lists import Numbers

ENTRY = Parameter("x", "", "-10", "10", "0.1", 0.0)
VALUES = Numbers("values", ENTRY, (1.0, 2.0, 3.0))
WEIGHTS = Numbers("v", Parameter("v", "", "-10", "10", "0.1", 0.0), (1.0,), of="values")

LISTS = [
    ("1", (1.0,)), ("1,2,3", (1.0, 2.0, 3.0)), (" 1 , -2.5,+.5", (1.0, -2.5, 0.5)), ("-0", (0.0,)),
    ("\u22121, 2\uff0c\uff13", (-1.0, 2.0, 3.0)), ("(\u22121),\u00a02", (-1.0, 2.0)),
    ("1,2,3,4,5,6,7,8", (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)),
]  # fmt: skip

REFUSED_LISTS = [
    ("", "values is empty"),
    (" ", "values is empty"),
    (",", "values[0] = “” is not a number"),
    ("1,2,", "values[2] = “” is not a number"),
    ("1;2", "values[0] = “1;2” is not a number"),
    ("1,nan,3", "values[1] = “nan” is not a number"),
    ("inf", "values[0] = “inf” is not a number"),
    ("1,٣", "values[1] = “٣” is not a number"),
    ("1,1e999", "values[1] = “1e999” is not a number"),
    ("[1,2]", "values[0] = “[1” is not a number"),
    ("<script>", "values[0] = “<script>” is not a number"),
    ("1,2,3,4,5,6,7,8,9", "values has 9 numbers, more than 8"),
    ("1," * 500_000, "values has 500001 numbers, more than 8"),
    ("," * 1_000_000, "values has 1000001 numbers, more than 8"),
    ("1" * 1_000_000, "values[0] = “11111111111111111111111…” is not a number"),
]

FORGED_LISTS: list[Any] = [
    None, "1,2,3", 1.0, [], [1.0] * 9, [1.0, math.nan], [math.inf], [True], [None], [[1.0]], {"0": 1.0}, [10**400],
    (1.0,), ["1"] * 1000,
]  # fmt: skip


def test_a_list_that_can_be_read_is_read_without_a_word() -> None:
    for text, values in LISTS:
        assert repr(VALUES.read(text)) == repr((values, "")), text


def test_a_list_that_cannot_be_read_is_the_default_with_one_sentence() -> None:
    for text, why in REFUSED_LISTS:
        assert VALUES.read(text) == ((1.0, 2.0, 3.0), f"{why}; values is 1,2,3, its default."), ascii(text[:20])


def test_entries_that_are_not_allowed_become_the_nearest() -> None:
    for text, values, sentence in (
        ("1,99", (1.0, 10.0), "values[1] = 99 is out of range; values[1] is 10, the largest value."),
        ("-1e300", (-10.0,), "values[0] = -1e300 is out of range; values[0] is -10, the smallest value."),
        ("1.26,1", (1.3, 1.0), "values[0] = 1.26 is between two steps; values[0] is 1.3, the nearer one."),
        ("99,1,-99", (10.0, 1.0, -10.0), "values has 2 numbers out of range or between two steps; values is 10,1,-10."),
    ):
        assert VALUES.read(text) == (values, sentence), text


def test_a_list_is_cut_or_filled_to_the_length_of_another() -> None:
    assert WEIGHTS.fit((4.0, 5.0), 2) == ((4.0, 5.0), "")
    assert WEIGHTS.fit((4.0,), 3) == (
        (4.0, 1.0, 1.0),
        "v has 1 number where values has 3; it is filled up with 1.",
    )
    assert WEIGHTS.fit((4.0, 5.0, 6.0), 1) == ((4.0,), "v has 3 numbers where values has 1; it is cut to length.")


def test_an_events_list_is_taken_entry_by_entry() -> None:
    assert VALUES.take([1, 2.04, 99], (0.0,)) == ((1.0, 2.0, 10.0), "")
    assert VALUES.take(["2,5", 1], (0.0,)) == ((2.5, 1.0), "")
    assert VALUES.take([3], (1.0, 2.0)) == ((3.0,), "")


def test_a_typed_entry_that_is_no_number_stays_and_is_said() -> None:
    values, notice = VALUES.take([1, "lots", "99"], (5.0, 6.0))
    assert values == (1.0, 6.0, 10.0)
    assert notice == (
        "values[1] = “lots” is not a number; values[1] stays 6. "
        "values[2] = 99 is out of range; values[2] is 10, the largest value."
    )


def test_a_forged_list_leaves_the_current_one() -> None:
    for forged in FORGED_LISTS:
        assert VALUES.take(forged, (4.0, 5.0)) == ((4.0, 5.0), ""), repr(forged)[:20]


@given(st.text(max_size=200) | st.lists(st.text(max_size=6), max_size=12).map(",".join) | st.text("0123456789.,-+e"))
def test_any_text_gives_an_allowed_list(text: str) -> None:
    values, notice = VALUES.read(text)
    assert 1 <= len(values) <= 8
    assert all(ENTRY.snap(value) == (value, "") for value in values)
    assert notice == "" or (notice.startswith("values") and notice.endswith(".") and notice.isprintable())


RUN = Names("run", 4)


def test_names_are_read_and_spelled_in_their_order() -> None:
    assert RUN.read("b, a,,b ,") == (("b", "a", "b"), "")
    assert RUN.read("") == ((), "")
    assert RUN.spell(("b", "a")) == "b,a"
    assert RUN.is_default(())
    assert not RUN.is_default(("a",))


def test_of_too_many_names_the_first_are_kept() -> None:
    assert RUN.read("a,b,c,d,e") == (tuple("abcd"), "run has 5 names; the first 4 are kept.")
    assert RUN.take(list("abcde"), ()) == (tuple("abcd"), "")


def test_an_events_names_are_taken_without_what_is_none() -> None:
    assert RUN.take(["a", 3, None, ["b"], "c"], ("z",)) == (("a", "c"), "")
    for forged in (None, 3, "zero", {"zero": 1}, True, math.nan):
        assert RUN.take(forged, ("z",)) == (("z",), ""), repr(forged)
