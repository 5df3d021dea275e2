"""Where the nodes of a graph stand: DOT written once per structure, laid out by Graphviz, kept for ever after."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from components import cache
from components.drawing import layered, nested
from components.drawing.routes import Box, Gaps
from components.graph.model import Structure

Direction = Literal["LR", "TB"]
"""Inputs left and result right, or inputs on top and result at the bottom."""

Points = tuple[tuple[float, float], ...]
"""The control points of one Bézier line, from an input to its consumer."""

CARD = (104, 84)
INPUT_CARD = (104, 46)
MADE_CARD = (104, 64)
LARGE_CARD = (164, 106)
PROJECTED_CARD = (180, 122)
"""Width and height in pixels of a backward node, of a tensor that takes no gradient, of one that was computed without
being tracked, and of any of them in a concept: on a screen, and on a projector's, which is read from the back row.
"""

WIDE = 204
PROJECTED_WIDE = (440, 92)
"""Width of a card with a list of numbers on it; on a projector's screen, width and height."""

GAPS: dict[Direction, tuple[int, int]] = {"LR": (14, 40), "TB": (10, 34)}
LARGE_GAPS: dict[Direction, tuple[int, int]] = {"LR": (20, 68), "TB": (12, 40)}
WIDE_GAPS: dict[Direction, tuple[int, int]] = {"LR": (14, 124), "TB": (10, 40)}
PROJECTED_GAPS: dict[Direction, tuple[int, int]] = {"LR": (16, 92), "TB": (16, 60)}
"""Pixels between neighbours in one rank, and from rank to rank."""

HULL_MARGIN, NEST_MARGIN = 12, 22
"""Pixels from a cluster to what stands in it; more where there are clusters in clusters, each with a title."""

LARGE = 300
"""Nodes, or a quarter of the edges, above which Graphviz is not asked: it may take minutes."""

SECONDS = 20
_POINTS_PER_INCH = 72


class NoGraphvizError(RuntimeError):
    """No layout program could be run."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be laid out: nodes drawn `large` (`projected`: larger still), `clusters` of nodes that stay together,
    and nodes `wide` with lists. `within` are, by cluster, the place of the one around it, or -1.
    `in_rows`: a long row of ranks goes on below, as text does.
    """

    structure: Structure
    direction: Direction
    large: frozenset[str] = frozenset()
    clusters: tuple[tuple[str, ...], ...] = ()
    wide: frozenset[str] = frozenset()
    projected: bool = False
    within: tuple[int, ...] = ()
    in_rows: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Sizes and places in pixels, y pointing down, in the plan's order."""

    width: float
    height: float
    nodes: tuple[Box, ...]
    edges: tuple[Points, ...]
    clusters: tuple[Box, ...] = ()


@cache.keep(20_000, size=lambda layout: len(layout.nodes))
def place(plan: Plan) -> Layout:
    """The layout of a plan; raises NoGraphvizError where no program is at hand for a small one."""
    if plan.in_rows:
        return _nested(plan)
    return _layered(plan) if is_large(plan.structure) else _parse(_run(dot(plan)))


def is_large(structure: Structure) -> bool:
    """Whether a graph is laid out without Graphviz."""
    return len(structure.nodes) > LARGE or len(structure.edges) > 4 * LARGE


def dot(plan: Plan) -> str:
    """The plan as DOT: places only, no text from outside (nodes are n0, n1, ... in the structure's order)."""
    structure, direction = plan.structure, plan.direction
    nodesep, ranksep = _gaps(plan)
    lines = [
        f"graph [rankdir={direction} nodesep={_inches(nodesep)} ranksep={_inches(ranksep)}]",
        'node [shape=box fixedsize=true label=""]',
        "edge [dir=none]",
    ]
    numbers = {node[0]: number for number, node in enumerate(structure.nodes)}
    for number, (width, height) in enumerate(_sizes(plan)):
        lines.append(f"n{number} [width={_inches(width)} height={_inches(height)}]")
    lines += _subgraphs(plan, numbers)
    tail, head = ("e", "w") if direction == "LR" else ("s", "n")
    for number, (_, consumer, source) in enumerate(structure.edges):
        lines.append(f"n{numbers[source]}:{tail} -> n{numbers[consumer]}:{head} [id={number}]")
    return "\n".join(("digraph {", *lines, "}\n"))


def _gaps(plan: Plan) -> tuple[int, int]:
    gaps = PROJECTED_GAPS if plan.projected else LARGE_GAPS if plan.large else WIDE_GAPS if plan.wide else GAPS
    return gaps[plan.direction]


def _sizes(plan: Plan) -> Iterator[tuple[int, int]]:
    """Width and height of each node's card."""
    large_card = PROJECTED_CARD if plan.projected else LARGE_CARD
    for node_id, op, _, expression in plan.structure.nodes:
        untracked = MADE_CARD if expression else INPUT_CARD
        width, height = large_card if node_id in plan.large else untracked if op == "input" else CARD
        if node_id in plan.wide:
            width, height = PROJECTED_WIDE if plan.projected else (WIDE, height)
        yield width, height


def _layered(plan: Plan) -> Layout:
    """The layout of a large graph; in `TB` it is laid out lying down, and turned."""
    structure, is_upright = plan.structure, plan.direction == "TB"
    places = {node[0]: number for number, node in enumerate(structure.nodes)}
    edges = [(places[source], places[consumer]) for _, consumer, source in structure.edges]
    sizes = [(size[1], size[0]) if is_upright else size for size in _sizes(plan)]
    width, height, boxes, lines = layered.place(sizes, edges, Gaps(*_gaps(plan)))
    if is_upright:
        width, height = height, width
        boxes = [(top, left, across, along) for left, top, along, across in boxes]
        lines = [tuple([(y, x) for x, y in line]) for line in lines]
    hulls = [_hull([boxes[places[member]] for member in members], width, height) for members in _whole_clusters(plan)]
    return Layout(width, height, tuple(boxes), tuple(lines), tuple(hulls))


def _nested(plan: Plan) -> Layout:
    """The layout of a graph with clusters in clusters."""
    places = {node[0]: number for number, node in enumerate(plan.structure.nodes)}
    edges = [(places[source], places[consumer]) for _, consumer, source in plan.structure.edges]
    inside = [nested.OUTSIDE] * len(places)
    for number, members in enumerate(plan.clusters):
        for member in members:
            inside[places[member]] = number
    within = plan.within or (nested.OUTSIDE,) * len(plan.clusters)
    placed = nested.place(list(_sizes(plan)), edges, inside, within, Gaps(*_gaps(plan)))
    return Layout(placed.width, placed.height, tuple(placed.boxes), tuple(placed.edges), tuple(placed.clusters))


def _whole_clusters(plan: Plan) -> list[list[str]]:
    """The nodes of each cluster and of those in it."""
    found = [list(members) for members in plan.clusters]
    for number in range(len(found) - 1, -1, -1):
        if number < len(plan.within) and plan.within[number] >= 0:
            found[plan.within[number]] += found[number]
    return found


def _hull(boxes: list[Box], width: float, height: float) -> Box:
    """A box around all of these, within the page."""
    left, top = (max(0, min(box[side] for box in boxes) - HULL_MARGIN) for side in (0, 1))
    right, bottom = (max(box[side] + box[side + 2] for box in boxes) + HULL_MARGIN for side in (0, 1))
    return left, top, min(right, width) - left, min(bottom, height) - top


def _subgraphs(plan: Plan, numbers: dict[str, int]) -> Iterator[str]:
    """Clusters, each within the one around it."""
    inner: dict[int, list[int]] = {}
    for number in range(len(plan.clusters)):
        inner.setdefault(plan.within[number] if number < len(plan.within) else -1, []).append(number)

    def written(number: int) -> str:
        together = " ".join(f"n{numbers[member]}" for member in plan.clusters[number])
        nested = " ".join(map(written, inner.get(number, ())))
        margin = NEST_MARGIN if plan.within else HULL_MARGIN
        return f"subgraph cluster_{number} {{ graph [margin={margin}] {together} {nested} }}"

    return map(written, inner.get(-1, ()))


def _inches(pixels: float) -> str:
    return f"{pixels / _POINTS_PER_INCH:.4f}"


def _run(source: str) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [program(), "-Tjson0"], input=source.encode(), capture_output=True, timeout=SECONDS, check=True
        )
        return json.loads(done.stdout)  # type: ignore[no-any-return]  # what the program prints is checked by use
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise NoGraphvizError(f"Graphviz could not lay the graph out: {error}") from error


@lru_cache(maxsize=1)
def program() -> str:
    """The layout program: the one that pip installs beside Python, else a `dot` on the PATH."""
    beside = str(Path(sys.executable).parent)
    path = os.pathsep.join([beside, os.environ.get("PATH", "")])
    found = shutil.which("graphviz-pure", path=path) or shutil.which("dot", path=path)
    if found is None:
        raise NoGraphvizError("Graphviz is not installed: pip install graphviz-pure, or a system package with `dot`.")
    return found


def _parse(answer: dict[str, Any]) -> Layout:
    _, _, width, height = (float(number) for number in answer["bb"].split(","))
    objects = answer["objects"]
    nodes = {int(thing["name"][1:]): _box(thing, height) for thing in objects if "pos" in thing}
    clusters = {int(thing["name"][8:]): _cluster(thing, height) for thing in objects if "pos" not in thing}
    edges = {int(edge["id"]): _points(edge["pos"], height) for edge in answer.get("edges", ())}
    return Layout(width, height, _in_order(nodes), _in_order(edges), _in_order(clusters))


def _in_order(numbered: dict[int, Any]) -> tuple[Any, ...]:
    return tuple(numbered[number] for number in sorted(numbered))


def _cluster(cluster: dict[str, Any], page_height: float) -> Box:
    left, bottom, right, top = (float(number) for number in cluster["bb"].split(","))
    return round(left, 1), round(page_height - top, 1), round(right - left, 1), round(top - bottom, 1)


def _box(node: dict[str, Any], page_height: float) -> Box:
    x, y = (float(number) for number in node["pos"].split(","))
    width, height = (float(node[key]) * _POINTS_PER_INCH for key in ("width", "height"))
    return round(x - width / 2, 1), round(page_height - y - height / 2, 1), round(width, 1), round(height, 1)


def _points(position: str, page_height: float) -> Points:
    """Bézier control points from input to consumer."""
    pairs = (point.split(",") for point in position.split())
    return tuple((round(float(x), 1), round(page_height - float(y), 1)) for x, y in pairs)
