"""What the rest of the app needs to know of a page: one record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, Literal, NamedTuple

from components.address.classroom import Classroom
from components.address.form import Form, Record
from components.address.view import GraphView
from components.drawing.panel import Panel, ViewRequest
from components.drawing.predict import Said
from components.drawing.script import Script
from components.graph.mistakes import Questions
from components.graph.model import Seen

Readout = tuple[str, str]
"""A number: all its digits, and the text for people."""

Readouts = Mapping[str, Mapping[str, Readout]]
"""Numbers by part and name."""


class Place(NamedTuple):
    """Where a readout's number stands in the graph: as the value or the gradient of a node."""

    kind: Literal["value", "gradient"]
    node: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page, by the name that an address may hide.

    `title` is how the sharing panel lists it. `view` is the path of the script that shows it ("" where it lies inside
    another part), `html` that of the text that the view begins with; both below `components/`. `inside` names the part
    whose view has a place for it ("": the page). `hides` are parts that are hidden with it; `shows_answers` tells that
    gradients stand in it, so that `hide=answers` hides it too.
    """

    name: str
    title: str
    view: str = ""
    html: str = ""
    inside: str = ""
    hides: tuple[str, ...] = ()
    shows_answers: bool = False


class Upload(NamedTuple):
    """What a page does with a file that it is sent, of at most `largest` bytes: `take` gives what is answered."""

    largest: int
    take: Callable[[bytes], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Predictable:
    """Something that can be predicted, by its readout's name: as it is written, and the parts hidden until then.

    `usual` tells that it is asked where nobody says what is to be predicted. `same` are readouts of other parts that
    say the same number, found another way.
    """

    title: str
    hides: tuple[str, ...]
    usual: bool = False
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop of a tour: the part of the page that it points at, and what is to be tried there.

    `change` names an input, or a field of the graph's view ("" where there is nothing to try). A stop that is walked to
    begins from the page's first preset, with the node of this id selected ("": none) and no walk under way.
    """

    part: str
    change: str = ""
    node: str = ""


class Asker(NamedTuple):
    """Who wants something prepared ("": somebody without a name), for how many seconds it may be waited for (None: to
    its end), and whether a hand is still on a control, so that what takes long may be left as it was. `view` is how
    the graph is asked for, without what is hidden.
    """

    visitor: str = ""
    patience: float | None = None
    is_moving: bool = False
    view: ViewRequest = ViewRequest(GraphView())


@dataclass(frozen=True, slots=True)
class Request(Generic[Record]):
    """What one update is asked for: the page's inputs, and how its graph is to be shown.

    `hidden` are parts that the visitor must not see, `open` those of which the folded contents are wanted. `held` are
    the inputs that the browser's arrays belong to (None: it holds none), `export` is the kind of a file to take away.
    `is_moving` tells that the hand is still on a control: what takes long may be left unfinished. `prepared` is what
    the page's own `prepare` gave, where it has been asked (else None).
    """

    inputs: Record
    view: ViewRequest
    open: frozenset[str] = frozenset()
    held: Record | None = None
    export: str = ""
    is_moving: bool = False
    prepared: Any = None

    @property
    def hidden(self) -> frozenset[str]:
        """Names of the parts that are hidden."""
        return self.view.hidden


@dataclass(frozen=True, slots=True)
class Content:
    """What one update shows: `static` stands still while numbers change, `fields` are the message's own by name.

    `readouts` are numbers by part and name, `arrays` float32 rows (little-endian) by name, `panel` is the graph.
    """

    static: Mapping[str, Any]
    fields: Mapping[str, Any] = field(default_factory=dict)
    readouts: Readouts = field(default_factory=dict)
    arrays: Mapping[str, bytes] = field(default_factory=dict)
    panel: Panel | None = None


@dataclass(frozen=True)
class Page(Generic[Record]):
    """A page: `name` is that of its folder, `title` stands in the navigation, `path` in addresses.

    `update` is pure. `questions` gives what can be predicted of a state, `predictable` says the same by name; `judges`
    answer a guess, by the question's name, where it is no number. `script` writes a state as a torch program; `tour`
    are the stops of the first visit's tour. `places` tells, by readout, where in the graph its number stands.
    `prepare` is work for these inputs that takes its time elsewhere; updates of others do not wait for it. `upload` is
    for files (None: it takes none).
    """

    name: str
    title: str
    path: str
    form: Form[Record]
    parts: tuple[Part, ...]
    update: Callable[[Request[Record]], Content]
    predictable: Mapping[str, Predictable] = field(default_factory=dict)
    questions: Callable[[Record], Questions] | None = None
    judges: Mapping[str, Callable[[Record, str], Said]] = field(default_factory=dict)
    script: Callable[[Record], Script] | None = None
    tour: tuple[Stop, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    prepare: Callable[[Record, Asker], Any] | None = None
    upload: Upload | None = None

    @cached_property
    def implied(self) -> Mapping[str, frozenset[str]]:
        """By part: the parts that are hidden with it, directly or through another one."""
        answers = tuple(part.name for part in self.parts if part.shows_answers)
        direct = {part.name: part.hides + (answers if part.name == "answers" else ()) for part in self.parts}
        return {name: frozenset(_reachable(name, direct)) for name in direct}

    def hidden(self, classroom: Classroom, revealed: bool) -> frozenset[str]:
        """The parts that a class does not see, those that would answer an open prediction included."""
        asked = () if revealed else tuple(name for name in classroom.predict if name in self.predictable)
        covered = tuple(part for name in asked for part in self.predictable[name].hides)
        named = (*classroom.named, *classroom.omitted, *covered)
        return frozenset(named).union(*(self.implied.get(name, frozenset()) for name in named))

    def answers_shown(self, classroom: Classroom, answered: frozenset[str]) -> frozenset[str]:
        """The readouts of what has been answered, wherever its number stands, but where the address hides numbers."""
        always = self.hidden(classroom, revealed=True)
        if always & {"answers", "gradients", "numbers", "headline"}:
            return frozenset()
        return answered.union(*(self.predictable[name].same for name in answered if name in self.predictable))

    def parts_opened(self, covered: frozenset[str], shown: frozenset[str], readouts: Readouts) -> frozenset[str]:
        """Of the parts that an open prediction has `covered`, those in which numbers are `shown` all the same."""
        with_answers = {part.name for part in self.parts if part.shows_answers and part.view} & covered
        return frozenset(name for name in with_answers if shown & readouts.get(name, {}).keys())

    def places_of(self, readouts: frozenset[str]) -> frozenset[Place]:
        """Where in the graph these readouts stand."""
        return frozenset(place for name, place in self.places.items() if name in readouts)

    def is_reached(self, part: str, readout: str, seen: Seen | None) -> bool:
        """Whether a walk that has `seen` so much (None: all) has come to a readout of this part.

        What has no place in the graph is there from the beginning, or, among answers, at the end.
        """
        if seen is None:
            return True
        place = self.places.get(readout)
        if place is None:
            return part not in self._answering
        return place.node in (seen.values if place.kind == "value" else seen.gradients)

    @cached_property
    def _answering(self) -> frozenset[str]:
        """The parts in which gradients stand."""
        return frozenset(part.name for part in self.parts if part.shows_answers or part.name == "answers")

    def open_questions(self, classroom: Classroom) -> tuple[str, ...]:
        """Names of what is to be predicted on this page."""
        return tuple(name for name in self.predictable if name in classroom.predict)

    def first_request(self, preset: str, view: str = "") -> Request[Record]:
        """A request for one of the page's presets, as a first visit makes it."""
        return Request(self.form.presets[preset], ViewRequest(GraphView(view)))


def _reachable(name: str, direct: Mapping[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    waiting = list(direct.get(name, ()))
    while waiting:
        part = waiting.pop()
        if part not in found:
            found.add(part)
            waiting += direct.get(part, ())
    return found
