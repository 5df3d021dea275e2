"""The colours: the same in the theme, and legible."""

import itertools
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from components.drawing.colour_scale import LEVELS
from components.drawing.palette import DARK, LIGHT, THEME_KEYS

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
PALETTES = {"light": LIGHT, "dark": DARK}
ON_THE_PAGE = ["ink", "value", "gradient", "grab", "broken"]
LEGIBLE = 4.5
"""The contrast that WCAG 2.2 asks of text (level AA)."""


def theme() -> dict[str, Any]:
    loaded: dict[str, Any] = tomllib.loads(CONFIG.read_text("utf-8"))["theme"]
    return loaded


def luminance(colour: str) -> float:
    """WCAG's relative luminance of #rrggbb."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", PALETTES)
def test_the_theme_carries_exactly_the_palette(name: str) -> None:
    assert theme()[name] == {THEME_KEYS[meaning]: colour for meaning, colour in PALETTES[name].items()}


def test_both_palettes_have_the_same_meanings() -> None:
    assert LIGHT.keys() == DARK.keys() == THEME_KEYS.keys()


@pytest.mark.parametrize("name", PALETTES)
def test_every_colour_has_one_meaning(name: str) -> None:
    colours = list(PALETTES[name].values())
    assert len(set(colours)) == len(colours)
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours)


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize(("text", "behind"), list(itertools.product(ON_THE_PAGE, ["surface", "background"])))
def test_everything_on_the_page_is_legible(name: str, text: str, behind: str) -> None:
    assert contrast(PALETTES[name][text], PALETTES[name][behind]) >= LEGIBLE


def test_a_text_is_legible_on_every_level_of_the_scale_and_the_levels_lightness_grows() -> None:
    texts = {"white": "#ffffff", "black": "#000000"}
    assert min(contrast(colour, texts[text]) for colour, text in LEVELS) >= LEGIBLE
    light = [luminance(colour) for colour, _ in LEVELS]
    assert light == sorted(light)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#ffffff", "#000000", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_wcags(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(expected, abs=0.01)
