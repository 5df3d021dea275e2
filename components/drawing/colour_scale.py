"""A colour scale that reads the same with every kind of colour vision: Plotly's Cividis."""

from plotly.colors import sequential

HEIGHTS: tuple[str, ...] = tuple(sequential.Cividis)
"""Colours from low to high, as CSS writes them; their lightness grows evenly."""

LEVELS: tuple[tuple[str, str], ...] = tuple(
    (colour, "white" if place < len(HEIGHTS) // 2 else "black") for place, colour in enumerate(HEIGHTS)
)
"""The same colours, each with that of a text upon it."""
