"""Numbers on a logarithmic scale: three significant digits everywhere."""

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from components.address.scale import Scale

LR = Scale("lr", "learning rate", "0.001", "100", 3, 0.5)


def test_what_is_allowed_is_read_without_a_word_and_spelled_the_same() -> None:
    for text, value in (("0.5", 0.5), ("100", 100.0), ("0.001", 0.001), ("2,5", 2.5), ("1e-2", 0.01), ("33.3", 33.3)):
        assert LR.read(text) == (value, ""), text
        assert LR.read(LR.spell(value)) == (value, "")


def test_what_is_not_allowed_is_the_nearest_with_one_sentence() -> None:
    for text, value, why in (
        ("0", 0.001, "lr = 0 is out of range; lr is 0.001, the smallest value."),
        ("-1", 0.001, "lr = -1 is out of range; lr is 0.001, the smallest value."),
        ("1e9", 100.0, "lr = 1e9 is out of range; lr is 100, the largest value."),
        ("0.12345", 0.123, "lr = 0.12345 has more than 3 digits; lr is 0.123."),
        ("nan", 0.5, "lr = “nan” is not a number; lr is 0.5, its default."),
        ("inf", 0.5, "lr = “inf” is not a number; lr is 0.5, its default."),
        ("", 0.5, "lr = “” is not a number; lr is 0.5, its default."),
    ):
        assert LR.read(text) == (value, why), text


def test_an_event_says_a_number_or_a_text() -> None:
    assert LR.take(0.12345, 0.5) == (0.123, "")
    assert LR.take("2.5", 0.5) == (2.5, "")
    assert LR.take("abc", 0.25) == (0.25, "lr = “abc” is not a number; lr stays 0.25.")
    forged: list[Any] = [None, True, [], {}, math.nan, math.inf, 10**400]
    for said in forged:
        assert LR.take(said, 0.25) == (0.25, ""), said


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_whatever_is_said_is_in_range_and_settles_at_once(value: float) -> None:
    nearest, _ = LR.snap(value)
    assert 0.001 <= nearest <= 100
    assert LR.snap(nearest) == (nearest, "")
    assert LR.read(LR.spell(nearest)) == (nearest, "")


def test_a_slider_moves_between_powers_of_ten() -> None:
    assert LR.powers == (-3.0, 2.0)
