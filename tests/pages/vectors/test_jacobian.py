"""The heat maps: one scale, zero and sign told apart without colour, a sentence for every cell, legible numbers."""

import itertools
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.drawing import numbers
from components.drawing.palette import DARK, LIGHT
from components.pages.vectors import jacobian as heat_map
from components.pages.vectors import model as vectors
from components.pages.vectors.model import Inputs
from tests.drawing.test_palette import LEGIBLE, contrast

EIGHT = Inputs((-4.0, -3.3, -2.0, -1.0, 0.0, 2.5, 3.0, 10.0), "none", (1.0, 2.0, -1.5, 0.0, 1.0, 1.0, 1.0, 1.0))
TABLES = ("left", "matrix", "product")


def mixed(hue: str, surface: str, share: float) -> str:
    """What `color-mix(in srgb, hue share, surface)` gives."""
    pairs = [(int(hue[i : i + 2], 16), int(surface[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def test_the_notebooks_tables() -> None:
    said = heat_map.dynamic(vectors.run(Inputs()))
    assert said["left"]["texts"] == ["+0.333"] * 3
    assert said["matrix"]["texts"] == ["+2", "0", "0", "0", "+4", "0", "0", "0", "+6"]
    assert said["product"]["texts"] == ["+0.667", "+1.33", "+2"]
    assert (said["columns"], said["rows"], said["end"]) == (["1", "2", "3"], ["1", "4", "9"], "6")


def test_tones_have_the_sign_of_their_number_and_zero_stands_for_zero_alone() -> None:
    run = vectors.run(EIGHT)
    said = heat_map.dynamic(run)
    exact = {"left": run.upstream, "matrix": list(itertools.chain(*run.squares)), "product": run.grad}
    for name in TABLES:
        for number, tone, text in zip(exact[name], said[name]["tones"], said[name]["texts"], strict=True):
            assert (number > 0, number < 0) == (tone > 0, tone < 0) == ("+" in text, "−" in text)
            assert (text == "0") == (number == 0)


@given(st.floats(-200, 200), st.sampled_from(heat_map.ENDS))
def test_a_tone_stays_on_the_scale_where_the_number_does(number: float, end: float) -> None:
    tone = heat_map.tone(number, end)
    assert tone is not None
    assert (tone == 0) == (number == 0)
    if abs(number) <= end:
        assert -1 <= tone <= 1


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_has_no_tone(number: float) -> None:
    assert heat_map.tone(number, 10.0) is None


@pytest.mark.parametrize(("largest", "end"), [(0.0, "0.00100"), (6.0, "6"), (6.1, "8"), (19.0, "20"), (200.0, "200")])
def test_the_scale_ends_at_a_round_number(largest: float, end: str) -> None:
    assert numbers.factor(heat_map._end([0.0, largest])) == end


@pytest.mark.parametrize("reduce", list(vectors.PROGRAMS))
def test_every_cell_has_a_sentence(reduce: str) -> None:
    for length in range(1, 9):
        said = heat_map.static(reduce, length)
        assert len(said["left"]["says"]) == len(said["product"]["says"]) == length
        assert [len(row) for row in said["matrix"]["says"]] == [length] * length
        sentences = [*said["left"]["says"], *said["product"]["says"], *itertools.chain(*said["matrix"]["says"])]
        for sentence in sentences:
            assert "{own}" in sentence, (length, sentence)
            assert set(re.findall(r"\{(.*?)\}", sentence)) <= {"own", "x", "v", "J"}, (length, sentence)


@pytest.mark.parametrize(
    ("reduce", "table", "place", "sentence"),
    [
        ("mean", "product", 1, "∂y/∂x[1] = 2·x[1]/n = 2·({x})/3 = {own} = x.grad[1]"),
        ("sum", "product", 0, "∂y/∂x[0] = 2·x[0] = 2·({x}) = {own} = x.grad[0]"),
        ("mean", "left", 2, "∂y/∂(x[2]²) = 1/n = 1/3 = {own}: what mean() passes back to each entry."),
        ("sum", "left", 2, "∂y/∂(x[2]²) = 1 = {own}: what sum() passes back to each entry."),
        ("none", "left", 2, "v[2] = {own}: row 2 of the Jacobian is taken that many times."),
    ],
)
def test_what_a_cell_says(reduce: str, table: str, place: int, sentence: str) -> None:
    assert heat_map.static(reduce, 3)[table]["says"][place] == sentence


def test_the_diagonal_says_its_formula_and_the_rest_why_it_is_zero() -> None:
    says = heat_map.static("none", 2)["matrix"]["says"]
    assert says[0][0] == "∂y[0]/∂x[0] = 2·x[0] = 2·({x}) = {own}"
    assert says[0][1] == "∂y[0]/∂x[1] = {own}: y[0] does not depend on x[1]."
    assert heat_map.static("sum", 2)["matrix"]["says"][1][0] == "∂(x[1]²)/∂x[0] = {own}: x[1]² does not depend on x[0]."


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_numbers_are_legible_on_every_tone(palette: dict[str, str]) -> None:
    """The style mixes 10 % to 42 % of the hue into the surface."""
    for hue, share in itertools.product(("gradient", "minus"), (0.10, 0.26, 0.42)):
        tone = mixed(palette[hue], palette["surface"], share)
        assert contrast(palette["ink"], tone) >= LEGIBLE, (hue, share)
