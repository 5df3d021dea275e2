"""One page's whole state: from a query string, from an event over it, and back."""

import math
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from components.address.classroom import PARAMETERS, Classroom
from components.address.state import PageState, read_state, take_state, write_state
from components.address.view import GraphView
from components.pages.index import PAGES, VOCABULARY
from components.pages.neuron.model import Inputs
from components.pages.neuron.page import FORM

ADDRESS = "?x=2&loss=bce&other=logits&with_x=1&node=w&step=3&arrows=both&present=1&hide=lesson"


def state(query: str) -> PageState[Inputs]:
    return read_state(query, FORM, VOCABULARY)


def test_an_address_is_one_state() -> None:
    assert state(ADDRESS) == PageState(
        Inputs(x=2.0, loss="bce", other="logits", with_x=True),
        GraphView(node="w", step=3, arrows="both"),
        Classroom(present=True, named=("lesson",)),
    )


def test_a_first_visit_has_touched_nothing() -> None:
    assert state("") == state("?") == PageState(Inputs(), is_untouched=True)
    assert not state("?theme=dark").is_untouched


def test_notices_are_those_of_all_that_the_address_says() -> None:
    notices = state("?x=99&view=half&hide=walls&dtype=half").notices
    assert [notice.split()[0] for notice in notices] == ["x", "dtype", "view", "hide"]


def test_no_parameter_has_two_meanings() -> None:
    view = write_state(FORM, Inputs(), GraphView()).keys() - FORM.write(Inputs()).keys()
    for page in PAGES.values():
        names = [*(field.name for field in page.form.fields), *view, *PARAMETERS, "embed"]
        assert len(names) == len(set(names)), page.name


def test_an_event_is_laid_over_its_address() -> None:
    base = state(ADDRESS)
    taken = take_state(base, FORM, {"w": 3}, None)
    assert taken.inputs == Inputs(x=2.0, w=3.0, loss="bce", other="logits", with_x=True)
    assert (taken.graph_view, taken.classroom) == (base.graph_view, base.classroom)
    taken = take_state(base, FORM, {}, {"step": 4})
    assert (taken.inputs, taken.graph_view) == (base.inputs, GraphView(step=4))


def test_an_event_repeats_no_notice_of_its_address() -> None:
    base = state("?x=99")
    assert base.notices
    assert take_state(base, FORM, {"w": 3}, None).notices == ()
    assert take_state(base, FORM, {"w": "99"}, None).notices == ("w = 99 is out of range; w is 5, the largest value.",)


def test_an_event_cannot_change_the_classroom() -> None:
    said = {"present": 1, "hide": "", "classroom": {}, "named": []}
    assert take_state(state(ADDRESS), FORM, said, said).classroom == state(ADDRESS).classroom


def test_a_state_that_is_written_reads_back() -> None:
    base = state(ADDRESS)
    written = write_state(FORM, base.inputs, base.graph_view)
    assert written == dict.fromkeys(("w", "b", "y", "dtype", "h", "precision", "beside", "view", "open")) | {
        "x": "2", "loss": "bce", "other": "logits", "with_x": "1", "node": "w", "step": "3", "arrows": "both",
    }  # fmt: skip
    again = state(urlencode({name: text for name, text in written.items() if text is not None}))
    assert (again.inputs, again.graph_view) == (base.inputs, base.graph_view)


HOSTILE = [
    "?x=nan&w=inf&b=-inf&y=1e999", "?x=1&x=2", "?loss=__class__&dtype=float16", "?node=" + "x" * 10_000,
    "?" + "&" * 500, "?hide=" + ",".join(["answers"] * 1000), "?%00=%00", "?x=%C3%28", "?step=9999999",
    "?view=<script>", "?" + "x" * 10**6,
]  # fmt: skip


def test_hostile_addresses_are_some_state() -> None:
    for query in HOSTILE:
        read = state(query)
        assert FORM.read({n: [t] for n, t in FORM.write(read.inputs).items() if t is not None})[0] == read.inputs, query
        assert all(len(notice) < 180 and notice.isprintable() for notice in read.notices), query[:40]
        assert all(math.isfinite(getattr(read.inputs, name)) for name in "xwby"), query[:40]


@given(st.text(max_size=200))
def test_any_query_is_some_state(query: str) -> None:
    for page in PAGES.values():
        read = read_state(query, page.form, VOCABULARY)
        written = page.form.write(read.inputs)
        again = page.form.read({name: [text] for name, text in written.items() if text is not None})
        assert again == (read.inputs, ())
