"""One page's whole state: an address on one side, one frozen record on the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic

from components.address.classroom import Classroom, Vocabulary, read_classroom
from components.address.form import Form, Record
from components.address.query import parse_query
from components.address.view import GraphView, read_view, take_view, write_view


@dataclass(frozen=True, slots=True)
class PageState(Generic[Record]):
    """What is set on a page, how its graph is looked at and how it is shown to a class.

    `notices` are sentences about what could not be taken as it was given, `is_untouched` tells that the address says
    nothing at all, as at a first visit.
    """

    inputs: Record
    graph_view: GraphView = field(default_factory=GraphView)
    classroom: Classroom = field(default_factory=Classroom)
    notices: tuple[str, ...] = ()
    is_untouched: bool = False


def read_state(query: str, form: Form[Record], vocabulary: Vocabulary) -> PageState[Record]:
    """The state that an address's query string asks for."""
    parameters = parse_query(query)
    inputs, notices = form.read(parameters)
    view, view_notices = read_view(parameters)
    classroom, classroom_notices = read_classroom(parameters, vocabulary)
    return PageState(inputs, view, classroom, notices + view_notices + classroom_notices, not parameters)


def take_state(
    base: PageState[Record], form: Form[Record], values: Mapping[str, Any], view: Mapping[str, Any] | None
) -> PageState[Record]:
    """The state of an event: `base` is what its query says, `values` and `view` what has been set since."""
    inputs, notices = form.take(values, base.inputs)
    return PageState(inputs, base.graph_view if view is None else take_view(view), base.classroom, notices)


def write_state(form: Form[Record], inputs: Record, view: GraphView) -> dict[str, str | None]:
    """A state as address parameters; None where the default says the same without a word."""
    return form.write(inputs) | write_view(view)
