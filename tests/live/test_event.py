"""What a browser may say: what is read, what is refused, and that nothing breaks it."""

import json
import math
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.address.view import GraphView
from components.live import event as events
from components.live.event import Event, EventError, opening, parse, parse_ping, read
from components.pages.index import PAGES
from components.pages.neuron.model import Inputs

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    *("query", "values", "graph_view", "released", "walked", "open", "export"),
    *("guesses", "revealed", "static_id", "held"),
)
VALUES = {"x": 2.5, "w": -1.25, "b": 0.5, "y": 1}


def neuron(**fields: Any) -> Event[Inputs]:
    return read({"page": "neuron", "seq": 1, **fields})


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_known_by_its_name_and_its_path(name: str) -> None:
    assert read({"page": name, "seq": 3}).page is PAGES[name]
    assert read({"page": PAGES[name].path or name, "seq": 3}).page is PAGES[name]


def test_an_event_without_values_is_what_its_address_says() -> None:
    event = neuron(query="?w=2&node=z&hide=lesson")
    assert event.linked
    assert event.state.inputs == Inputs(w=2.0)
    assert event.state.graph_view == GraphView(node="z")
    assert event.state.classroom.named == ("lesson",)
    assert event == Event(PAGES["neuron"], 1, opening(PAGES["neuron"], "w=2&node=z&hide=lesson").state, linked=True)


def test_values_are_laid_over_the_address() -> None:
    event = neuron(query="?w=2&b=3&node=z", values={"w": -1})
    assert not event.linked
    assert event.state.inputs == Inputs(w=-1.0, b=3.0)
    assert event.state.graph_view == GraphView(node="z")


def test_a_view_is_taken_whole() -> None:
    event = neuron(query="?node=z", graph_view={"view": "concept"})
    assert event.state.graph_view == GraphView("concept")
    assert event.state.inputs == Inputs()


@pytest.mark.parametrize(
    ("text", "value"), [("1.005", 1.01), ("-0.005", -0.01), ("2,5", 2.5), ("\u22121.5", -1.5), (" 3 ", 3.0)]
)
def test_a_typed_number_means_what_it_means_in_a_link(text: str, value: float) -> None:
    typed = neuron(values=VALUES | {"w": text}).state.inputs
    assert typed.w == value
    linked = text.strip().replace(",", ".").replace("\u2212", "-")
    assert opening(PAGES["neuron"], f"?w={linked}").state.inputs.w == value


@pytest.mark.parametrize(("x", "value"), [("-0.05", -0.1), ("-2.25", -2.3), ("0.05", 0.1)])
def test_halves_are_rounded_alike(x: str, value: float) -> None:
    assert neuron(values={"x": x}).state.inputs.x == opening(PAGES["neuron"], f"?x={x}").state.inputs.x == value


def test_a_typed_text_that_is_no_number_keeps_the_value_and_says_so() -> None:
    event = neuron(query="?w=2", values={"w": "lots"})
    assert event.state.inputs.w == 2.0
    assert event.state.notices == ("w = “lots” is not a number; w stays 2.",)


def test_a_typed_number_out_of_range_is_said() -> None:
    event = neuron(values={"w": "9"})
    assert event.state.inputs.w == 5.0
    assert event.state.notices == ("w = 9 is out of range; w is 5, the largest value.",)


def test_a_forged_value_leaves_that_of_the_address() -> None:
    query = "?x=2&w=2&b=2&y=1&loss=bce&dtype=float64&h=1e-3&other=logits"
    kept = Inputs(2.0, 2.0, 2.0, 1.0, "bce", "float64", "1e-3", "logits")
    forged: list[Any] = [None, True, math.nan, math.inf, 10**400, [], {}, [1.0]]
    for name in asdict(kept):
        for value in forged:
            if (name, value) not in (("with_x", True), ("precision", True)):
                assert neuron(query=query, values={name: value}).state.inputs == kept, (name, repr(value)[:20])


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "1", "null", '"neuron"', "{}", '{"page": "neuron"}', "[" * 60_000, "{" * 9, "\x00"]
)
def test_what_is_no_event_is_refused(text: str) -> None:
    with pytest.raises(EventError):
        parse(text)


@pytest.mark.parametrize("page", [None, 1, "", "Neuron", "neuron ", "__class__", ["neuron"], {"a": 1}])
def test_an_unknown_page_is_refused(page: Any) -> None:
    if page == "":
        assert read({"page": page, "seq": 1}).page is PAGES["neuron"]
        return
    with pytest.raises(EventError, match="unknown page"):
        read({"page": page, "seq": 1})


@pytest.mark.parametrize("seq", [None, True, -1, 1.5, "1", 2**53, 10**400, [1], math.nan])
def test_an_event_without_a_number_is_refused(seq: Any) -> None:
    with pytest.raises(EventError, match="number"):
        read({"page": "neuron", "seq": seq})


def test_an_event_too_long_is_refused() -> None:
    with pytest.raises(EventError, match="too long"):
        parse(json.dumps({"page": "neuron", "seq": 1, "query": "x" * events.LONGEST}))


@given(st.sampled_from(sorted(PAGES)), st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, json_values)))
def test_any_event_is_some_state_of_its_page(page: str, fields: dict[str, Any]) -> None:
    event = read({"page": page, "seq": 1, **fields})
    form = PAGES[page].form
    written = {name: [text] for name, text in form.write(event.state.inputs).items() if text is not None}
    assert form.read(written) == (event.state.inputs, ())


@given(st.text(max_size=200))
def test_any_text_is_an_event_or_refused(text: str) -> None:
    with pytest.raises(EventError):
        parse(text)


def test_what_the_browser_holds_is_named_whole() -> None:
    whole = VALUES | {"loss": "bce", "dtype": "float32", "h": "1e-5", "other": "", "with_x": False}
    whole |= {"precision": False, "beside": ""}
    assert neuron(values=VALUES, held=whole).held == Inputs(2.5, -1.25, 0.5, 1.0, "bce")
    assert neuron(values=VALUES, held=VALUES).held is None
    assert neuron(values=VALUES, held=None).held is None


def test_a_ping_is_told_from_an_event() -> None:
    assert [parse_ping(f'{{"ping":{seq}}}') for seq in (0, 17, 2**53)] == [0, 17, 2**53]
    for said in ("", "-1", "1.5", '"1"', "٣", "1 ", "1,", "9" * 60_000):
        assert parse_ping(f'{{"ping":{said}}}') is None, said[:9]
    assert parse_ping("1") is None
