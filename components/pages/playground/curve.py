"""A result over one number of the program: which number, which result, and the figure with its tangent."""

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from components.drawing.figure import widened
from components.graph.files import NOT_FINITE

POINTS = 41
TANGENT = 0.12
"""Half a tangent's length, as a fraction of the curve's width."""

REACHES = (1.0, 2.0, 5.0, 10.0, 20.0)

Answer = Mapping[str, Any]


class Sweep(NamedTuple):
    """What a curve shows: the number's place and value, the name of the result, and the numbers it is worked out at."""

    line: int
    column: int
    end: int
    value: float
    number: str
    result: str
    values: tuple[float, ...]

    @property
    def span(self) -> tuple[float, float]:
        """The ends of the curve."""
        return self.values[0], self.values[-1]


def sweep_of(answer: Answer, along: str, result: str) -> Sweep | None:
    """The curve that is asked for; None where the program has no number there, or leaves no result."""
    literal = next((one for one in answer["literals"] if f"{one['line']}:{one['column']}" == along), None)
    results = results_of(answer)
    if literal is None or not results:
        return None
    name = result if result in results else main_result(answer, results)
    reach = _reach(literal["value"])
    values = tuple(round(-reach + 2 * reach * i / (POINTS - 1), 10) for i in range(POINTS))
    number = literal["name"] or f"the number in line {literal['line']}"
    return Sweep(literal["line"], literal["column"], literal["end"], float(literal["value"]), number, name, values)


def _reach(value: float) -> float:
    """A round number well beyond the value: it stays the same while the value moves about."""
    power = 10.0 ** math.floor(math.log10(max(abs(value), 1)))
    return next(power * reach for reach in REACHES if power * reach >= 1.2 * abs(value)) if value else 2.0


def results_of(answer: Answer) -> list[str]:
    """Names of single numbers that the program leaves."""
    return [name for name, value in answer["names"].items() if _single(value) is not None]


def _single(value: Mapping[str, Any]) -> float | None:
    """A finite number or not, where it is one; None for anything else."""
    number = value["value"]
    if value["kind"] not in ("tensor", "float", "int") or isinstance(number, list | Mapping) or number is None:
        return None
    return NOT_FINITE[number] if isinstance(number, str) else float(number)


def main_result(answer: Answer, results: list[str]) -> str:
    """What the last backward pass began at, where that has a name; else the last number."""
    roots = [moment["nodes"][-1]["name"] for moment in answer["moments"] if moment["nodes"]]
    return next((name for name in reversed(roots) if name in results), results[-1])


def slope_of(answer: Answer, sweep: Sweep) -> float | None:
    """The gradient of the result by the number: torch's, where the number alone makes a leaf and one pass was made."""
    leaf = answer["names"].get(sweep.number, {})
    alone = [one for one in answer["literals"] if one["name"] == sweep.number]
    began = [moment["nodes"][-1]["name"] for moment in answer["moments"] if moment["nodes"]]
    if not leaf.get("requires_grad") or not leaf.get("is_leaf") or began != [sweep.result]:
        return None
    place = next(i for i, one in enumerate(alone) if (one["line"], one["column"]) == (sweep.line, sweep.column))
    grad, value = leaf["grad"], leaf["value"]
    if isinstance(grad, list) and isinstance(value, list) and len(alone) == len(grad):
        grad, value = grad[place], value[place]
    elif len(alone) > 1:
        return None
    is_same = isinstance(value, int | float) and math.isclose(value, sweep.value, rel_tol=1e-6, abs_tol=1e-9)
    return float(grad) if is_same and isinstance(grad, int | float) else None


@lru_cache(maxsize=64)
def figure(number: str, result: str, span: tuple[float, float]) -> dict[str, Any]:
    """All that stands still: the traces without their points, and the axes."""
    layout = {
        "xaxis": {"range": list(span)},
        "yaxis": {"nticks": 6},
    }
    return {
        "traces": [
            {"key": "line", "name": result, "mode": "lines", "line": {"color": "value", "width": 2.5}},
            {
                "key": "tangent",
                "name": "tangent",
                "mode": "lines",
                "line": {"color": "gradient", "width": 2.5},
                "hoverinfo": "skip",
            },
            {
                "key": "here",
                "name": "here",
                "mode": "markers",
                "marker": {"color": "grab", "size": 15, "line": {"color": "surface", "width": 2}},
                "hoverinfo": "skip",
            },
        ],
        "wide": layout,
        "narrow": layout,
        "number": number,
        "alt": f"The curve of {result} over {number}, with a marker where the program stands.",
    }


def dynamic(answer: Answer, sweep: Sweep, points: list[Any]) -> dict[str, Any]:
    """The curve, the marker and the tangent, whose slope is torch's gradient; what is not finite is a gap."""
    heights = [point if isinstance(point, int | float) and math.isfinite(point) else None for point in points]
    here = _single(answer["names"][sweep.result])
    slope = slope_of(answer, sweep)
    finite = [height for height in (*heights, here) if height is not None and math.isfinite(height)]
    moved: dict[str, Any] = {
        "line": {"x": list(sweep.values), "y": heights},
        "here": {"x": [sweep.value], "y": [here if here is not None and math.isfinite(here) else None]},
        "tangent": {"x": [], "y": []},
        "axes": {"yaxis": widened((min(finite), max(finite)))} if finite else {},
    }
    if slope is not None and here is not None and math.isfinite(slope) and math.isfinite(here):
        half = TANGENT * (sweep.span[1] - sweep.span[0])
        ends = (sweep.value - half, sweep.value + half)
        moved["tangent"] = {"x": list(ends), "y": [here + slope * (end - sweep.value) for end in ends]}
    return moved
