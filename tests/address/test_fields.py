"""Kinds of fields: what each reads of an address, takes of an event and spells, and what is said about it."""

import math
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.address import fields
from components.address.fields import Choice, Flag, Names, Numbers, Parameter

X = Parameter("x", "input", "-10", "10", "0.1", 6.7)
W = Parameter("w", "weight", "-5", "5", "0.01", 1.0)
B = Parameter("b", "bias", "-10", "10", "0.1", 0.0)
Y = Parameter("y", "label", "0", "1", "1", 0.0)
PARAMETERS = {parameter.name: parameter for parameter in (X, W, B, Y)}
SENTENCE = re.compile(r"(?P<name>[xwby]) = .+ is .+[^.]\.", re.DOTALL)

UNREADABLE = [
    "nan", "inf", "-inf", "NaN", "Infinity", "hello", "", " ", "1_0", "٣", "१", "１", "\u00a01", "1\u00a0", "1e999",
    "-1e999", "1e400", "<script>alert(1)</script>", "0x10", "0b1", "1,5", "1 2", "1e", ".", "+", "--1", "1j", "None",
    "True", "1\t", "1\n", "½", "1" * 1_000_000, "x" * 1_000_000, "1;2", "%31", "1e+", "e5", "\x00", "1\x00",
]  # fmt: skip

READABLE = [
    ("3", 3.0), ("+3", 3.0), ("-3", -3.0), ("3.", 3.0), (".5", 0.5), ("3.0", 3.0), (" 3 ", 3.0), ("30e-1", 3.0),
    ("0.3E1", 3.0), ("0003", 3.0), ("-0", 0.0), ("-0.0", 0.0), ("6.7000", 6.7), ("9.9", 9.9), ("-10", -10.0),
]  # fmt: skip

OUT_OF_RANGE = [
    ("x", "11", "10"), ("x", "-11", "-10"), ("x", "10.04", "10"), ("x", "1e2", "10"), ("x", "1e308", "10"),
    ("w", "5.001", "5"), ("w", "-1e300", "-5"), ("b", "-10.0000001", "-10"), ("b", "9" * 60, "10"),
    ("y", "2", "1"), ("y", "-1", "0"), ("y", "-0.0001", "0"),
]  # fmt: skip

BETWEEN_STEPS = [
    ("x", "6.74", 6.7), ("x", "6.76", 6.8), ("x", "-6.76", -6.8), ("x", "0.04", 0.0), ("x", "-0.04", 0.0),
    ("x", "1e-99", 0.0), ("x", "9.97", 10.0), ("w", "1.004", 1.0), ("w", "1.006", 1.01), ("w", "0.005", 0.01),
    ("w", "2.675", 2.68), ("w", "-4.996", -5.0), ("b", "0.15", 0.2), ("y", "0.4", 0.0), ("y", "0.6", 1.0),
]  # fmt: skip

FORGED: list[Any] = [
    None, True, False, math.nan, math.inf, -math.inf, 10**400, -(10**400), [1.0], {"value": 1.0}, b"1", 1j, [], {},
]  # fmt: skip
"""What is neither a number nor a text."""


def assert_is_one_sentence_about(name: str, notice: str) -> None:
    match = SENTENCE.fullmatch(notice)
    assert match is not None, notice
    assert match["name"] == name, notice
    assert len(notice) < 120, notice


def test_decimals_tell_two_steps_apart() -> None:
    assert {name: parameter.decimals for name, parameter in PARAMETERS.items()} == {"x": 1, "w": 2, "b": 1, "y": 0}


def test_what_can_be_read_is_read_without_a_word() -> None:
    for text, value in READABLE:
        read, notice = X.read(text)
        assert (repr(read), notice) == (repr(value), ""), text


@pytest.mark.parametrize("name", PARAMETERS)
def test_what_cannot_be_read_is_the_default_with_one_sentence(name: str) -> None:
    parameter = PARAMETERS[name]
    for text in UNREADABLE:
        value, notice = parameter.read(text)
        assert repr(value) == repr(parameter.default), ascii(text[:20])
        assert_is_one_sentence_about(name, notice)
        assert notice.endswith(f"; {name} is {fields.write(parameter.default)}, its default."), notice


def test_a_notice_stays_in_its_line_and_direction() -> None:
    """No control character (Cc), no mark that turns the direction (Cf), no line separator (Zl) is repeated."""
    for text in ("1\n", "a\rb", "1\t", "\x001", "\x1b[1m", "\u202e1", "\u2028"):
        for notice in (W.read(text)[1], W.take(text + "!", 1.0)[1]):
            categories = {unicodedata.category(character) for character in notice}
            assert notice, ascii(text)
            assert categories.isdisjoint({"Cc", "Cf", "Zl", "Zp"}), ascii(text)


def test_a_text_longer_than_any_number_is_not_read() -> None:
    assert fields.parse("0" * 64) == 0.0
    assert fields.parse("0" * 65) is None


def test_out_of_range_is_the_nearest_end() -> None:
    for name, text, end in OUT_OF_RANGE:
        value, notice = PARAMETERS[name].read(text)
        assert repr(value) == repr(float(end)), (name, text)
        assert_is_one_sentence_about(name, notice)
        assert f"out of range; {name} is {end}, the " in notice, (name, text)


def test_between_two_steps_is_the_nearer_one() -> None:
    for name, text, nearest in BETWEEN_STEPS:
        value, notice = PARAMETERS[name].read(text)
        assert repr(value) == repr(nearest), (name, text)
        assert_is_one_sentence_about(name, notice)
        said = f"{name} = {text} is between two steps; {name} is {fields.write(nearest)}, the nearer one."
        assert notice == said, (name, text)


def test_a_notice_repeats_no_more_than_fits_in_a_line() -> None:
    for text in ("1" * 1_000_000, "<" * 1_000_000, "9" * 64 + "<"):
        for notice in (X.read(text)[1], X.take(text, 1.0)[1]):
            assert text[:20] in notice
            assert text[: fields.LONGEST_SHOWN] not in notice


@given(st.sampled_from([*PARAMETERS.values()]), st.text(max_size=80))
def test_any_text_gives_an_allowed_value(parameter: Parameter, text: str) -> None:
    for value, notice in (parameter.read(text), parameter.take(text, parameter.default)):
        assert float(parameter.minimum) <= value <= float(parameter.maximum)
        assert parameter.snap(value) == (value, "")
        assert notice == "" or notice.startswith(parameter.name)


@given(st.sampled_from([*PARAMETERS.values()]), st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_snaps_to_the_nearest_allowed_one(parameter: Parameter, number: float) -> None:
    value, notice = parameter.snap(number)
    inside = min(max(number, float(parameter.minimum)), float(parameter.maximum))
    assert abs(value - inside) <= float(parameter.step) / 2 * (1 + 1e-9)
    assert (notice == "") == (value == number)
    assert math.copysign(1, value) == 1 or value != 0


def test_write() -> None:
    spelled = {1.0: "1", -3.0: "-3", 6.7: "6.7", 0.01: "0.01", -0.1: "-0.1"}
    assert {value: fields.write(value) for value in spelled} == spelled
    assert [fields.write(zero) for zero in (0.0, -0.0)] == ["0", "0"]


def test_an_events_number_is_taken_as_the_nearest_allowed_one_without_a_word() -> None:
    for parameter, said, taken in (
        (X, 6.74, 6.7), (X, 10**300, 10.0), (X, -0.0, 0.0), (X, 3, 3.0), (W, 0.005, 0.01), (W, 1.0000000001, 1.0),
        (W, 5e-324, 0.0), (W, 0.29, 0.29), (B, -1e300, -10.0), (Y, 0.7, 1.0), (Y, 1, 1.0),
    ):  # fmt: skip
        value, notice = parameter.take(said, 0.0)
        assert (repr(value), notice) == (repr(taken), ""), (parameter.name, said)


def test_a_forged_number_leaves_the_current_one() -> None:
    for parameter in PARAMETERS.values():
        for forged in FORGED:
            assert parameter.take(forged, 1.0) == (1.0, ""), (parameter.name, repr(forged)[:20])


def test_a_typed_number_is_read_as_in_an_address() -> None:
    for text, value in READABLE:
        assert repr(X.take(text, 1.0)) == repr((value, "")), text
    for cases in (OUT_OF_RANGE, BETWEEN_STEPS):
        for name, text, _ in cases:
            assert PARAMETERS[name].take(text, 0.0) == PARAMETERS[name].read(text), (name, text)


def test_a_typed_number_may_have_a_comma_and_a_minus_as_they_are_printed() -> None:
    for text, value in (("2,5", 2.5), ("\u22121.5", -1.5), ("\u22122,5", -2.5), ("\t3\n", 3.0), ("\u00a03", 3.0)):
        assert X.take(text, 1.0) == (value, ""), ascii(text)


def test_a_typed_text_that_is_no_number_leaves_the_current_one_and_is_said() -> None:
    typed = {"1,5", "1\u00a0", "\u00a01", "1\t", "1\n"}
    for text in UNREADABLE:
        value, notice = W.take(text, 2.0)
        if text in typed:
            assert (value, notice) == (float(text.strip().replace(",", ".")), ""), ascii(text)
        else:
            assert value == 2.0, ascii(text[:20])
            assert notice == f"w = “{fields.shown(text)}” is not a number; w stays 2.", ascii(text[:20])


LOSS = Choice("loss", {"notebook": "the notebook's own", "bce": "binary_cross_entropy", "logits": "from logits"})
OTHER = Choice("other", {"": "", "bce": "binary_cross_entropy"}, is_control=False)
UNKNOWN = [
    " ", "nan", "0", "Notebook", "notebook ", " bce", "bce,logits", "float16", "1e-05", "<script>alert(1)</script>",
    "a\nb\u202e", "\x00", "x" * 1_000_000, "٣", "__class__",
]  # fmt: skip


def test_a_choice_is_read_and_spelled() -> None:
    for choice in (LOSS, OTHER):
        for option in choice.options:
            assert choice.read(option) == choice.take(option, choice.default) == (option, "")
            assert choice.spell(option) == option
            assert choice.is_default(option) == (option == choice.options[0])


def test_an_unknown_word_is_the_default_with_a_sentence() -> None:
    for text in ("", *UNKNOWN):
        value, notice = LOSS.read(text)
        assert value == "notebook"
        said = f"loss = “{fields.shown(text)}” is none of notebook, bce, logits; loss is notebook, its default."
        assert notice == said, ascii(text[:20])
        assert notice.isprintable()


def test_an_option_without_a_name_is_not_listed() -> None:
    _, notice = OTHER.read("mse")
    assert notice.startswith("other = “mse” is none of bce; ")


def test_a_forged_choice_leaves_the_current_one() -> None:
    for forged in (*FORGED, *UNKNOWN, "", "BCE", ["bce"], {"bce": 1}, 1.0):
        assert LOSS.take(forged, "logits") == ("logits", ""), repr(forged)[:20]


WITH_X = Flag("with_x")


def test_a_flag_is_read_taken_and_spelled() -> None:
    assert [WITH_X.read(text) for text in ("0", "1")] == [(False, ""), (True, "")]
    for value in (True, False):
        assert WITH_X.take(value, not value) == (value, "")
        assert WITH_X.read(WITH_X.spell(value)) == (value, "")
        assert WITH_X.is_default(value) is not value


def test_a_flag_that_says_neither_is_off_with_a_sentence() -> None:
    for text in ("", "true", "on", "2", "01", " 1", "1\n", "١", "x" * 1_000_000):
        value, notice = WITH_X.read(text)
        assert value is False, ascii(text[:20])
        assert notice == f"with_x = “{fields.shown(text)}” is neither 0 nor 1; with_x is off, its default."


def test_a_forged_flag_leaves_the_current_one() -> None:
    for forged in (None, 0, 1, "1", "", math.nan, [True], {"a": True}, b"1"):
        for current in (True, False):
            assert WITH_X.take(forged, current) == (current, ""), repr(forged)


ENTRY = Parameter("x", "", "-10", "10", "0.1", 0.0)
VALUES = Numbers("values", ENTRY, (1.0, 2.0, 3.0))
WEIGHTS = Numbers("v", Parameter("v", "", "-10", "10", "0.1", 0.0), (1.0,), of="values")

LISTS = [
    ("1", (1.0,)), ("1,2,3", (1.0, 2.0, 3.0)), (" 1 , -2.5,+.5", (1.0, -2.5, 0.5)), ("-0", (0.0,)),
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


def test_a_visitors_text_is_shown_in_one_short_line() -> None:
    assert fields.shown("short") == "short"
    assert fields.shown("x" * 24) == "x" * 24
    assert fields.shown("x" * 25) == "x" * 23 + "…"
    assert fields.shown("a\n\u202eb\x00") == "a��b�"


def test_what_is_said_once_counts_and_the_rest_is_named() -> None:
    address = {"a": ["1"], "b": ["1", "2"], "c": [], "d": ["4"]}
    assert fields.said_once(address, ("a", "b", "c")) == ({"a": "1"}, ["b is given 2 times; it is left out."])
