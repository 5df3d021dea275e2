"""Kinds of fields: what each reads of an address, takes of an event and spells, and what is said about it."""

import json
import math
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.address import fields
from components.address.fields import Choice, Flag, Parameter

X = Parameter("x", "input", "-10", "10", "0.1", 6.7)
W = Parameter("w", "weight", "-5", "5", "0.01", 1.0)
B = Parameter("b", "bias", "-10", "10", "0.1", 0.0)
Y = Parameter("y", "label", "0", "1", "1", 0.0)
PARAMETERS = {parameter.name: parameter for parameter in (X, W, B, Y)}
WIDE = Parameter("wide", "", "-10", "10", "0.001", 0.0)
PASTED = json.loads((Path(__file__).parents[1] / "typed_numbers.json").read_text("utf-8"))
SENTENCE = re.compile(r"(?P<name>[xwby]) = .+ is .+[^.]\.", re.DOTALL)

UNREADABLE = [
    "nan", "inf", "-inf", "NaN", "Infinity", "hello", "", " ", "1_0", "٣", "१", "1e999",
    "-1e999", "1e400", "<script>alert(1)</script>", "0x10", "0b1", "1,2,3", "1 2", "1e", ".", "+", "--1", "1j", "None",
    "True", "½", "1" * 1_000_000, "x" * 1_000_000, "1;2", "%31", "1e+", "e5", "\x00", "1\x00",
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


def test_what_people_paste_is_read_in_an_address_and_in_a_field() -> None:
    """The browser's own parser has the same cases."""
    for text, value in PASTED["readable"]:
        assert fields.parse(text) == value, ascii(text)
        assert WIDE.read(text) == WIDE.take(text, 0.0) == (value, ""), ascii(text)
    for text in PASTED["unreadable"]:
        assert fields.parse(text) is None, ascii(text)


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
    for text in ("1\n1", "a\rb", "1\t1", "\x001", "\x1b[1m", "\u202e1", "\u2028", "\u200b99", "99\n"):
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


def test_a_typed_text_that_is_no_number_leaves_the_current_one_and_is_said() -> None:
    for text in UNREADABLE:
        value, notice = W.take(text, 2.0)
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


def test_a_visitors_text_is_shown_in_one_short_line() -> None:
    assert fields.shown("short") == "short"
    assert fields.shown("x" * 24) == "x" * 24
    assert fields.shown("x" * 25) == "x" * 23 + "…"
    assert fields.shown("a\n\u202eb\x00") == "a��b�"


def test_what_is_said_once_counts_and_the_rest_is_named() -> None:
    address = {"a": ["1"], "b": ["1", "2"], "c": [], "d": ["4"]}
    assert fields.said_once(address, ("a", "b", "c")) == ({"a": "1"}, ["b is given 2 times; it is left out."])
