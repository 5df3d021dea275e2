"""A colour scale for heights that reads the same with every kind of colour vision: Plotly's Cividis."""

from plotly.colors import sequential

HEIGHTS: tuple[str, ...] = tuple(sequential.Cividis)
"""Colours from low to high, as CSS writes them; their lightness grows evenly."""
