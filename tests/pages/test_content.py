"""Readouts and static parts, as every page says them."""

import math

from components.drawing import numbers
from components.pages.content import readouts, static


def test_readouts_have_all_digits_and_a_text_for_people() -> None:
    assert readouts(numbers.text, {"z": 6.699999809265137, "loss": math.inf}) == {
        "z": ("6.699999809265137", "6.7000"),
        "loss": ("inf", "∞"),
    }
    assert readouts(numbers.text, {"grad": [1.0, -2.5]})["grad"][0] == "[1.0, -2.5]"
    assert readouts(numbers.signed, {"dw": 0.5}) == {"dw": ("0.5", "+0.5000")}


def test_a_static_part_is_named_by_all_that_it_says() -> None:
    first = static(a=1, b={"c": [1.0]})
    assert first == {"a": 1, "b": {"c": [1.0]}, "id": first["id"]}
    assert static(a=1, b={"c": [1.0]})["id"] == first["id"]
    assert len({static()["id"], first["id"], static(a=2, b={"c": [1.0]})["id"], static(a=1)["id"]}) == 4
