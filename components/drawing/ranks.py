"""The ranks of a large graph: who stands beside whom, and where a long row of ranks goes on below, as text does."""

import itertools
import math
from collections.abc import Iterable, Sequence

from components.drawing.routes import Edge, Gaps

ASPECT = 2.3
"""Width of a whole drawing by its height, such as a window has."""

NARROWER = 1.15
"""By how much rows become narrower from one try to the next."""

TOO_HIGH = 0.8
"""The part of the largest scale found that narrower rows, which are more, will not reach again."""

CLEARLY = 1.4
"""How much larger all of a graph has to be drawn for its ranks to go on in a second row."""

LONGEST_SPAN, MOST_PASSING = 24, 24
"""Ranks over which a line may go among the cards, and how many lines may pass one rank so; the others go round."""


def ranks(count: int, edges: Sequence[Edge]) -> list[int]:
    """Each node's rank: beyond all of its inputs', and where only leaves lead to it, next to its first consumer."""
    inputs, consumers = _neighbours(count, edges)
    first, last = [0] * count, [0] * count
    for node in range(count):
        first[node] = max((first[source] + 1 for source in inputs[node]), default=0)
    longest = max(first)
    for node in reversed(range(count)):
        last[node] = min((last[consumer] - 1 for consumer in consumers[node]), default=longest)
    is_tied = [False] * count  # to the longest path, or behind a step that is
    for node, sources in enumerate(inputs):
        is_tied[node] = bool(sources) and (first[node] == last[node] or any(is_tied[source] for source in sources))
    rank = first[:]
    for node in reversed(range(count)):
        if not is_tied[node]:
            rank[node] = min((rank[consumer] - 1 for consumer in consumers[node]), default=first[node])
    return rank


def _neighbours(count: int, edges: Iterable[Edge]) -> tuple[list[list[int]], list[list[int]]]:
    inputs: list[list[int]] = [[] for _ in range(count)]
    consumers: list[list[int]] = [[] for _ in range(count)]
    for source, consumer in edges:
        inputs[consumer].append(source)
        consumers[source].append(consumer)
    return inputs, consumers


def columns(rank: list[int], sizes: Sequence[tuple[float, float]], gaps: Gaps) -> list[int]:
    """The ranks, where one that is far too tall for a drawing takes several columns."""
    along = sum(width + gaps.ranks for width, _ in sizes) / len(sizes)
    across = sum(height + gaps.nodes for _, height in sizes) / len(sizes)
    tallest = max(12, math.ceil(math.sqrt(len(sizes) * along / (ASPECT * across))))
    members: list[list[int]] = [[] for _ in range(max(rank) + 1)]
    for node, at in enumerate(rank):
        members[at].append(node)
    found, column = rank[:], 0
    for nodes in filter(None, members):
        parts = math.ceil(len(nodes) / tallest) if len(nodes) > 2 * tallest else 1
        for number, node in enumerate(nodes):
            found[node] = column + number * parts // len(nodes)
        column += parts
    return found


def passing(rank: list[int], column: list[int], edges: Sequence[Edge]) -> tuple[list[bool], list[int]]:
    """Which edges go among the cards, the shortest first, and how many lines pass each column."""
    is_passing, lines = [False] * len(edges), [0] * (max(column) + 1)
    spans = [column[consumer] - column[source] for source, consumer in edges]
    for number in sorted(range(len(edges)), key=spans.__getitem__):
        source, consumer = edges[number]
        between = range(column[source] + 1, column[consumer])
        is_split = spans[number] > rank[consumer] - rank[source]
        if is_split or spans[number] > LONGEST_SPAN or any(lines[at] == MOST_PASSING for at in between):
            continue
        is_passing[number] = True
        for at in between:
            lines[at] += 1
    return is_passing, lines


def crossings(column: list[int], edges: Sequence[Edge]) -> list[int]:
    """How many edges cross the end of each column."""
    steps = [0] * (max(column) + 1)
    for source, consumer in edges:
        steps[column[source]] += 1
        steps[column[consumer]] -= 1
    return list(itertools.accumulate(steps))


def rows(widths: list[float], heights: list[float], crossed: list[int], gaps: Gaps) -> list[int]:
    """Each rank's row, so that all of the drawing is as large as it can be in a window."""
    whole = sum(widths) + gaps.ranks * (len(widths) - 1)
    found, largest = [0] * len(widths), CLEARLY * min(ASPECT / whole, 1 / max(heights))
    longest = min(whole, ASPECT / largest) / NARROWER
    while longest > max(widths):
        row_of = _broken(widths, crossed, longest, gaps.ranks)
        tallest = [0.0] * (row_of[-1] + 1)
        for row, height in zip(row_of, heights, strict=True):
            tallest[row] = max(tallest[row], height)
        of_height = 1 / (sum(tallest) + 4 * gaps.nodes * len(tallest))
        scale = min(ASPECT / longest, of_height)
        if scale > largest:
            found, largest = row_of, scale
        elif of_height < TOO_HIGH * largest:
            break
        longest /= NARROWER
    return found


def _broken(widths: list[float], crossed: list[int], longest: float, gap: float) -> list[int]:
    """Rows of at most this width, each ending where few edges go on."""
    found, start = list[int](), 0
    ends = list(itertools.accumulate(width + gap for width in widths))
    while start < len(widths):
        begins = ends[start] - widths[start] - gap
        end = start + 1
        while end < len(widths) and ends[end] - gap - begins <= longest:
            end += 1
        if end < len(widths):
            least = start + max(1, (end - start) * 4 // 5)
            end = min(range(end, least - 1, -1), key=lambda at: crossed[at - 1])
        found += [found[-1] + 1 if found else 0] * (end - start)
        start = end
    return found
