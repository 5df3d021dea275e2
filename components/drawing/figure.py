"""What figures of all pages share."""

EDGE = 0.035
"""What an axis adds to a slider's range at either end, as a fraction of it."""


def widened(span: tuple[float, float]) -> list[float]:
    """What an axis shows of a slider's range and beyond it, so that the marker is whole at both ends."""
    low, high = span
    return [low - EDGE * (high - low), high + EDGE * (high - low)]
