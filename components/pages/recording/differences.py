"""What differs between two recordings, for people: marks of nodes, a list, the largest changes first, and counts."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from components.drawing import numbers
from components.graph import operations
from components.pages.recording.beside import PREFIX, Compared
from components.pages.recording.figures import span
from components.recording.cards import Cards
from components.recording.difference import NUMBERS, Change, Pair, What, largest
from components.recording.read import Numbers, RecordedNode

MOST_LISTED = 40
"""Entries of the list."""

MOST_SAID = 2
"""Changes that an entry of the list says."""

MOST_WRITTEN = 1e6
"""From here on a factor is a power of ten."""

LONGEST_TEXT, LONGEST_WORD = 60, 24

KINDS: dict[str, tuple[str, str]] = {
    "broken": ("nan", "became nan or infinite"),
    "only": ("only", "only in {}"),
    "other": ("≠", "of another operation or shape"),
    "mended": ("no nan", "nan or infinite no more"),
    "none": ("none", "without a gradient now"),
    "some": ("some", "with a gradient now"),
    "zero": ("= 0", "became zero"),
    "vanished": ("÷", "more than 100 times smaller"),
    "grown": ("×", "more than 100 times larger"),
    "nonzero": ("≠ 0", "zero no more"),
    "code": ("code", "of another name, module or line of code"),
    "numbers": ("Δ", "with other numbers"),
}
"""By kind of difference, what matters most first: its sign, and what is said of the nodes that differ so."""

RANKS = {kind: rank for rank, kind in enumerate(KINDS)}

CODE: tuple[What, ...] = ("name", "module", "source")

PLAIN: tuple[What, ...] = ("operation", "dtype")
"""What needs no quotes."""

NAMES: dict[What, str] = {"before": ".grad before", "after": ".grad after", "source": "code"}
"""What something is called, if not by its own name."""


class Sides(NamedTuple):
    """By id, what both recordings say of their nodes."""

    first: Mapping[str, RecordedNode]
    second: Mapping[str, RecordedNode]


class Entry(NamedTuple):
    """One node that differs: the kind and sign of its mark, its id in the first graph or the second ("": it is not
    there), what is said of each difference, and what it is ordered by.
    """

    kind: str
    sign: str
    first: str
    second: str
    says: tuple[str, ...]
    order: tuple[float, ...]

    @property
    def sentence(self) -> str:
        """All that differs."""
        return "; ".join(self.says)


def entries(found: Compared, sides: Sides, hidden: frozenset[str]) -> list[Entry]:
    """The nodes that differ, the largest change first; nothing of numbers that are hidden."""
    made = (_entry(pair, found, sides, hidden) for pair in found.pairs)
    return sorted([entry for entry in made if entry], key=lambda entry: entry.order)


def static(found: Compared, sides: Sides, cards: tuple[Cards, Cards], hidden: frozenset[str]) -> dict[str, Any]:
    """What stands still: the marks of both graphs by card, the list, and the counts."""
    made = entries(found, sides, hidden)
    listed = [_record(entry, sides) for entry in made[:MOST_LISTED]]
    return {
        "marks": _marks({entry.first: entry for entry in made}, cards[0]),
        "beside_marks": _marks({entry.second: entry for entry in made}, cards[1]),
        "differences": {
            "counts": [*_counts(made), ["same", "=", f"{len(found.pairs) - len(made)} {_same(hidden)}"]],
            "entries": listed,
            "more": len(made) - len(listed),
        },
    }


def lines(found: Compared, sides: Sides, members: Sequence[str], hidden: frozenset[str]) -> list[dict[str, str]]:
    """What the inspector says of a node of the first graph, or of the nodes of a block, beside what belongs to it."""
    wanted = set(members)
    pairs = [pair for pair in found.pairs if pair.first is not None and found.first[pair.first] in wanted]
    made = [entry for pair in pairs if (entry := _entry(pair, found, sides, hidden))]
    if not wanted.intersection(found.first):
        return []
    if not made:
        says = [_same(hidden)]
    else:
        says = list(made[0].says) if len(pairs) == 1 else [text for _, _, text in _counts(made)]
    return [{"label": text, "math": ""} for text in says]


def _entry(pair: Pair, found: Compared, sides: Sides, hidden: frozenset[str]) -> Entry | None:
    first = "" if pair.first is None else found.first[pair.first]
    second = "" if pair.second is None else found.second[pair.second]
    ways = ((pair.first, found.first), (pair.second, found.second))
    place = next(place / len(ids) for place, ids in ways if place is not None)
    if not first or not second:
        side = "A" if first else "B"
        return Entry("only", f"only {side}", first, second, (f"only in {side}",), (RANKS["only"], 0, place))
    here, there = sides.first[first], sides.second[second]
    seen = [_Said(change, here, there) for change in pair.changes if not hidden & _hides(change)]
    if not seen:
        return None
    seen.sort(key=lambda said: (said.rank, -said.size))
    main = seen[0]
    size = -main.size if main.is_number and main.kind != "broken" else 0
    return Entry(main.kind, main.sign, first, second, tuple(said.text for said in seen), (main.rank, size, place))


def _hides(change: Change) -> set[str]:
    """The parts of the page that, hidden, hide a difference."""
    if change.what not in NUMBERS:
        return set()
    return {"numbers"} if change.what == "value" else {"numbers", "gradients"}


class _Said:
    """One change for people."""

    def __init__(self, change: Change, first: RecordedNode, second: RecordedNode) -> None:
        self.change = change
        name = "op" if change.what == "operation" else change.what
        self.before, self.after = getattr(first, name), getattr(second, name)
        self.is_number = change.what in NUMBERS

    @property
    def kind(self) -> str:
        """The kind of mark that is due."""
        if self.change.kind == "other":
            return "numbers" if self.is_number else "code" if self.change.what in CODE else "other"
        return "numbers" if self.change.what == "before" else self.change.kind

    @property
    def rank(self) -> int:
        """How much it matters."""
        return RANKS[self.kind]

    @property
    def factor(self) -> float:
        """How many times larger the larger one is; 0 where one of them is zero or nothing."""
        ends = [largest(one) for one in (self.before, self.after) if one is not None]
        return max(ends) / min(ends) if len(ends) == 2 and min(ends) else 0.0

    @property
    def size(self) -> float:
        """What it is ordered by among changes of its kind."""
        if self.change.what == "before":
            return 0.0
        return self.factor if self.kind in ("vanished", "grown") else self.change.size

    @property
    def sign(self) -> str:
        """What stands at the node."""
        if self.kind in ("vanished", "grown"):
            return f"{KINDS[self.kind][0]} {_plain(self.factor)}"
        if self.kind == "broken" and not any(map(math.isnan, self.after.value)):
            return "∞"
        return KINDS[self.kind][0]

    @property
    def text(self) -> str:
        """What it was, what it is, and how far that is apart."""
        name = NAMES.get(self.change.what, self.change.what)
        write = str if self.change.what in PLAIN else _text
        return f"{name}: {write(self.before)} → {write(self.after)}{self.how}"

    @property
    def how(self) -> str:
        """How far it is apart, where there are numbers to say so."""
        if not self.is_number:
            return ""
        if self.change.kind in ("vanished", "grown"):
            return f" ({_times(self.factor)} times {'smaller' if self.change.kind == 'vanished' else 'larger'})"
        if self.change.kind != "other":
            return ""
        return f" (by {_plain(100 * self.change.size)} %)" if self.change.size else " (not bit for bit)"


def _plain(number: float) -> str:
    return numbers.short(number).removeprefix("+")


def _times(factor: float) -> str:
    return f"{factor:,.0f}" if factor < MOST_WRITTEN else _plain(factor)


def _text(value: Any) -> str:
    if isinstance(value, Numbers):
        return "None" if value.value is None else _plain_or_span(value)
    if isinstance(value, str):
        return f"“{value}”" if len(value) <= LONGEST_TEXT else f"“{value[:LONGEST_TEXT]}…”"
    return "None" if value is None else str(list(value))


def _plain_or_span(recorded: Numbers) -> str:
    alone = recorded.value is not None and len(recorded.value) == 1
    return _plain(recorded.value[0]) if alone and recorded.value else span(recorded) or numbers.NOTHING


def _marks(made: Mapping[str, Entry], cards: Cards) -> dict[str, list[str]]:
    """The marks of cards: a folded block has that of the largest change in it, and says how many nodes differ so."""
    marks = {}
    for node, members in zip(cards.graph.nodes, cards.members(), strict=True):
        inside = [made[one] for one in members if one in made]
        if inside:
            marks[node.id] = _mark(inside, node.id in cards.folded)
    return marks


def _mark(inside: list[Entry], is_folded: bool) -> list[str]:
    worst = min(inside, key=lambda entry: entry.order)
    if not is_folded:
        return [worst.kind, worst.sign, worst.sentence]
    count = sum(entry.kind == worst.kind for entry in inside)
    sign = worst.sign if count == 1 or worst.kind in ("only", "numbers") else f"{count}× {KINDS[worst.kind][0]}"
    return [worst.kind, sign, ", ".join([text for _, _, text in _counts(inside)])]


def _record(entry: Entry, sides: Sides) -> dict[str, Any]:
    """An entry of the list: what is selected with it, what it is called, where it comes from, and what differs."""
    node = sides.first[entry.first] if entry.first else sides.second[entry.second]
    where = (node.module, "" if node.line is None else f"line {node.line}")
    return {
        "kind": entry.kind,
        "sign": entry.sign,
        "node": entry.first or f"{PREFIX}{entry.second}",
        "name": node.name or _operation(node.op),
        "where": " · ".join(filter(None, where)),
        "says": "; ".join(entry.says[:MOST_SAID]),
    }


def _operation(op: str) -> str:
    word = operations.find(op).word
    return word if len(word) <= LONGEST_WORD else op


def _same(hidden: frozenset[str]) -> str:
    """What is said of nodes that do not differ: nothing is known of numbers that are hidden."""
    return "the same as far as it is shown" if hidden & {"numbers", "gradients"} else "the same"


def _counts(made: list[Entry]) -> Iterator[list[str]]:
    """How many nodes differ in which way."""
    count = Counter(entry.sign if entry.kind == "only" else entry.kind for entry in made)
    for kind, (sign, text) in KINDS.items():
        if kind == "only":
            yield from (
                ["only", f"only {side}", f"{n} {text.format(side)}"] for side in "AB" if (n := count[f"only {side}"])
            )
        elif count[kind]:
            yield [kind, sign, f"{count[kind]} {text}"]
