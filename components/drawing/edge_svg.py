"""An edge of a drawing as SVG: its lines with their heads, and the places of its numbers."""

import math
from typing import Literal

from components.drawing.card_svg import quoted
from components.drawing.labels import Labels
from components.drawing.layout import Direction, Points
from components.drawing.routes import Point

ARROW = 9
STEEP = 24
BACKWARD, FORWARD = ("flow", "zero", "broken"), ("ahead", "still")
ARROWS = (*BACKWARD, *FORWARD)
"""Heads of lines: at the input, where a gradient arrives, and at the consumer, where a value does."""


Way = Literal["back", "constant", "data", "cut"]
"""An edge as a way: back for a gradient; to a constant; for data alone; from tracked data to where history ends."""


def way_of(edge: tuple[str, str, str], inputs: set[str]) -> Way:
    """An edge as a way."""
    _, consumer, source = edge
    if consumer in inputs:
        return "data" if source in inputs else "cut"
    return "constant" if source in inputs else "back"


def edge(static: tuple[str, str, str], points: Points, direction: Direction, way: Way, labels: Labels | None) -> str:
    """An edge with its lines; what is written on it goes to `labels` where there are some."""
    edge_id, consumer, source = static
    line, forward = _lines(points, direction, ARROW if way == "back" else 0)
    x, y, steep = _label_place(points, direction)
    has_backing = steep and way != "cut"
    if labels is None:
        reach, written = f'<path class="reach" d="{forward}"/>', _labels(x, y, direction, has_backing)
    else:
        reach = written = ""
        labels.add_edge(_labels(0, 0, direction, has_backing), (x, y))
    classes = f"edge {way}" if way in ("data", "cut") else "edge"
    return (
        f'<g class="{classes}" data-edge={quoted(edge_id)} data-from={quoted(consumer)}'
        f" data-to={quoted(source)}>"
        f'{reach}<path class="line" d="{line}"/><path class="forward-line" d="{forward}"/>{written}'
        f"{_cut(points) if way == 'cut' else ''}</g>"
    )


def _labels(x: float, y: float, direction: Direction, has_backing: bool) -> str:
    backing = f'<rect class="backing" x="{x - 17:g}" y="{y - 11:g}" width="34" height="14"/>' if has_backing else ""
    below = y + (0 if direction == "TB" else 19)
    return f'{backing}<text class="flow" x="{x:g}" y="{y:g}"></text><text class="ahead" x="{x:g}" y="{below:g}"></text>'


def _cut(points: Points) -> str:
    """Two strokes across the middle of a line, where history ends."""
    (x0, y0), (x1, y1) = points[0], points[-1]
    x, y = points[len(points) // 2] if len(points) > 4 else ((x0 + x1) / 2, (y0 + y1) / 2)
    turned = math.degrees(math.atan2(y1 - y0, x1 - x0))
    return (
        f'<g class="scissors" transform="translate({x:g} {y:g}) rotate({turned:.0f})"><title>history ends here</title>'
        '<rect x="-4" y="-7" width="8" height="14"/><path d="M-6 9L-1 -9M1 9L6 -9"/></g>'
    )


def _lines(points: Points, direction: Direction, before: float) -> tuple[str, str]:
    """From the input to the consumer, one swing where the way is clear: with so much room for an arrow's head at the
    input, and the same with room for one at the consumer.
    """
    (x0, y0), (x1, y1) = points[0], points[-1]
    is_flat = direction == "LR"
    starts = (x0 + before, y0) if is_flat else (x0, y0 + before), points[0]
    ends = points[-1], (x1 - ARROW, y1) if is_flat else (x1, y1 - ARROW)
    if len(points) > 4:
        return _bent(points, starts[0], ends[0]), _bent(points, starts[1], ends[1])
    middle = f"{(x0 + x1) / 2:g}" if is_flat else f"{(y0 + y1) / 2:g}"
    bends = f"{middle},{y0:g} {middle},{y1:g}" if is_flat else f"{x0:g},{middle} {x1:g},{middle}"
    line, forward = [f"M{a:g},{b:g} C{bends} {c:g},{d:g}" for (a, b), (c, d) in zip(starts, ends, strict=True)]
    return line, forward


def _bent(points: Points, start: Point, end: Point) -> str:
    """A line with bends from a start to an end; a control point at an end would turn its head, and goes with it."""
    ends = {points[0]: start, points[-1]: end}
    bends = [ends.get(point, point) for point in points[1:-1]]
    return f"M{start[0]:g},{start[1]:g} C{' '.join([f'{x:g},{y:g}' for x, y in (*bends, end)])}"


def _label_place(points: Points, direction: Direction) -> tuple[float, float, bool]:
    """Above the line's middle, on it where it is steep (third value: True), or right of it in `TB`."""
    (x0, y0), (x1, y1) = points[0], points[-1]
    x, y = points[len(points) // 2] if len(points) > 4 else ((x0 + x1) / 2, (y0 + y1) / 2)
    if direction == "TB":
        return round(x + 6, 1), round(y + 4, 1), False
    piece = _longest_piece(points)
    if piece is not None:
        (x0, y0), (x1, y1) = piece
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
    steep = (piece is not None or len(points) <= 4) and abs(y1 - y0) > STEEP
    return round(x, 1), round(y + 4 if steep else y - 6, 1), steep


def _longest_piece(points: Points) -> tuple[Point, Point] | None:
    """The ends of the piece that goes furthest across, of a line some pieces of which are level."""
    pieces = [points[at : at + 4] for at in range(0, len(points) - 3, 3)] if len(points) > 4 else []
    if not any(len({y for _, y in piece}) == 1 for piece in pieces):
        return None
    longest = max(pieces, key=lambda piece: abs(piece[3][0] - piece[0][0]))
    return longest[0], longest[3]


def arrow(kind_of_arrow: str) -> str:
    """A head for a line's end or, drawn the other way round, its start: not all programs know `auto-start-reverse`."""
    tip, shape = ("1", "M0 0.5 L10 5 L0 9.5 Z") if kind_of_arrow in FORWARD else ("9", "M10 0.5 L0 5 L10 9.5 Z")
    return (
        f'<marker id="arrow-{kind_of_arrow}" class="arrow {kind_of_arrow}" viewBox="0 0 10 10" refX="{tip}" refY="5"'
        f' markerWidth="{ARROW + 1}" markerHeight="{ARROW + 1}" markerUnits="userSpaceOnUse"'
        f' orient="auto"><path d="{shape}"/></marker>'
    )
