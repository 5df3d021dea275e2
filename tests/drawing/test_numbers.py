"""Numbers for people: readable, honest about size and sign, and exact where exactness is promised."""

import json
import math
from collections.abc import Callable
from fractions import Fraction

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from components.drawing import numbers
from components.drawing.numbers import INFINITY, MINUS, NOTHING
from components.graph.model import Number

finite = st.floats(allow_nan=False, allow_infinity=False)
inf, nan = math.inf, math.nan
FORMATS = [numbers.text, numbers.signed, numbers.short, numbers.long]


def back(text: str) -> Fraction:
    """The number that a text for people says."""
    return Fraction(text.replace(MINUS, "-"))


def error(text: str, value: float) -> Fraction:
    return abs(back(text) - Fraction(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (6.701176166534424, "6.7012"),
        (0.998770534992218, "0.9988"),
        (-6.699999809265137, "−6.7000"),
        (20.099998474121094, "20.100"),
        (813.3618774414062, "813.36"),
        (-536189600.0, "−5.362e8"),
        (0.0012279534712433815, "0.00123"),
        (1.865011922674853e-09, "1.865e−9"),
        (99_999.4, "99999.4"),
        (99_999.5, "1.000e5"),
        (0.0001, "0.00010"),
        (0.00009, "9.000e−5"),
        (1.0, "1.0000"),
        (0.0, "0"),
        (-0.0, "0"),
        (3, "3.0000"),
        (inf, "∞"),
        (-inf, "−∞"),
        (nan, "nan"),
        (None, "—"),
        ([1.0, -0.5], "[1.0000, −0.5000]"),
        ([[1.0], [nan]], "[[1.0000], [nan]]"),
        ([], "[]"),
    ],
)
def test_text(value: Number, text: str) -> None:
    assert numbers.text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (6.6917619705200195, "+6.6918"),
        (-1.0, "−1.0000"),
        (0.0, "0"),
        (-0.0, "0"),
        (inf, "+∞"),
        (-inf, "−∞"),
        (nan, "nan"),
        (None, "—"),
        ([1.0], "[1.0000]"),
    ],
)
def test_signed(value: Number, text: str) -> None:
    assert numbers.signed(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (6.6917619705200195, "+6.69"),
        (-0.9987704753875732, "−0.999"),
        (813.3618774414062, "+813"),
        (99.95, "+100"),
        (0.001, "+1e−3"),
        (-0.01894, "−0.019"),
        (-0.00283, "−3e−3"),
        (0.00995, "+0.01"),
        (0.00099, "+1e−3"),
        (1.25e-8, "+1e−8"),
        (99_999.4, "+99999"),
        (123_456.0, "+1e5"),
        (0.0, "0"),
        (-0.0, "0"),
        (inf, "+∞"),
        (-inf, "−∞"),
        (nan, "nan"),
        (None, "—"),
    ],
)
def test_short(value: Number, text: str) -> None:
    assert numbers.short(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (6.6917619705200195, "+6.69176197"),
        (6.691762447357178, "+6.69176245"),
        (-1.0, "−1.00000000"),
        (-1.25e-8, "−1.25000000e−8"),
        (0.0, "0"),
        (nan, "nan"),
        (-inf, "−∞"),
        (None, "—"),
    ],
)
def test_long(value: Number, text: str) -> None:
    assert numbers.long(value) == text


@pytest.mark.parametrize(
    ("number", "text"), [("+1.2e-08", "+1.2e−8"), ("-3", "−3"), ("-1e+05", "−1e5"), ("0.5", "0.5")]
)
def test_signed_text(number: str, text: str) -> None:
    assert numbers.signed_text(number) == text


@pytest.mark.parametrize("write", FORMATS)
@given(value=finite)
def test_no_format_says_minus_zero_or_uses_a_hyphen(write: Callable[[Number], str], value: float) -> None:
    text = write(value)
    assert "-" not in text
    assert not (text.startswith(MINUS) and back(text) == 0)


@pytest.mark.parametrize("write", FORMATS)
@given(value=finite)
def test_the_sign_is_the_values(write: Callable[[Number], str], value: float) -> None:
    assert write(value).startswith(MINUS) == (value < 0)


@given(finite)
def test_a_text_is_near_its_value(value: float) -> None:
    assert error(numbers.text(value), value) <= max(abs(Fraction(value)) * Fraction(5, 10_000), Fraction(1, 100_000))


@given(finite.filter(lambda value: abs(value) >= 0.1 or 0 < abs(value) < 9e-5))
def test_a_text_keeps_four_digits(value: float) -> None:
    assert error(numbers.text(value), value) <= abs(Fraction(value)) * Fraction(5, 10_000)


@given(st.floats(0.01, 99_998).flatmap(lambda size: st.sampled_from((size, -size))))
def test_a_short_text_keeps_three_digits_or_two_and_fits(value: float) -> None:
    share = Fraction(51, 10_000) if abs(value) >= 0.1 else Fraction(51, 1000)
    assert error(numbers.short(value), value) <= abs(Fraction(value)) * share
    assert len(numbers.short(value)) <= 6


@given(finite.filter(lambda value: value == 0 or 1e-90 < abs(value) < 1e90))
def test_a_short_text_fits_between_two_cards(value: float) -> None:
    assert len(numbers.short(value)) <= 6


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_long_text_tells_any_two_float32_apart(value: float) -> None:
    graph = torch.tensor(float(back(numbers.long(value))), dtype=torch.float32)
    assert graph.item() == value


@given(finite)
def test_texts_fit_their_places(value: float) -> None:
    assert len(numbers.text(value)) <= len("−1.234e−308")
    assert len(numbers.short(value)) <= len("−1e−308")


@given(st.floats())
def test_exact_is_every_digit(value: float) -> None:
    assert numbers.exact(value) == repr(value)
    assert math.isnan(value) or float(numbers.exact(value)) == value


@given(st.recursive(finite, lambda inner: st.lists(inner, max_size=3), max_leaves=8))
def test_an_exact_list_is_json(value: Number) -> None:
    assert json.loads(numbers.exact(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "None"), (inf, "inf"), (-inf, "-inf"), (nan, "nan"), (-0.0, "-0.0"), (0.1 + 0.2, "0.30000000000000004")],
)
def test_exact(value: Number, text: str) -> None:
    assert numbers.exact(value) == text


@pytest.mark.parametrize(
    ("value", "room", "said"),
    [
        ([2 / 3, 4 / 3, 2.0], 12, "[0.667, 1.33, 2]"),
        ([2 / 3, 4 / 3, 2.0], 11.5, "[0.667, …]"),
        ([2 / 3, 4 / 3, 2.0], 0, "[…]"),
        ([-1.0, inf, nan], inf, "[−1, ∞, nan]"),
        ([[1.0, 2.0], [3.0, 4.0]], inf, "[[1, 2], [3, 4]]"),
        ([[2 / 3, 4 / 3], [2.0, 1.0]], 10.5, "[[0.667, …], …]"),
        ([[2 / 3, 4 / 3]], 11, "[[0.667, 1.33]]"),
        ([], 0, "[]"),
        (1.5, 0, "1.5000"),
        (None, 0, NOTHING),
    ],
)
def test_brief(value: Number, room: float, said: str) -> None:
    assert numbers.brief(value, room) == said


def test_the_signs_are_the_typographers() -> None:
    assert (MINUS, NOTHING, INFINITY) == ("−", "—", "∞")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (-1.0, "−1"),
        (0.0, "0"),
        (-0.0, "0"),
        (6.7, "6.7000"),
        (100.0, "100"),
        (1e6, "1.000e6"),
        (math.nan, "nan"),
    ],
)
def test_a_factor_that_is_whole_looks_it(value: float, text: str) -> None:
    assert numbers.factor(value) == text


@pytest.mark.parametrize(
    ("ulps", "text"), [(None, "—"), (0, "0"), (9_999, "9999"), (2**30, "2³⁰"), (2**17 + 1, "2¹⁷"), (10**6, "2²⁰")]
)
def test_a_large_distance_is_a_power_of_two(ulps: int | None, text: str) -> None:
    assert numbers.distance(ulps) == text
