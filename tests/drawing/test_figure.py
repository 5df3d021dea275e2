"""What figures of all pages share."""

import pytest

from components.drawing.figure import widened


def test_an_axis_shows_a_little_more_than_the_sliders_range() -> None:
    low, high = widened((-10.0, 10.0))
    assert low == -high
    assert 10.0 < high < 11.0
    assert widened((0.0, 1.0)) == pytest.approx([-(high - 10) / 20, 1 + (high - 10) / 20])
