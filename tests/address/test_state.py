"""Addresses and events: what is read, what is corrected, and what is said about it."""

import dataclasses
import math
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.address import fields, state
from components.address.fields import Parameter
from components.address.state import CHAIN, LAB, LONGEST_ID, NEURON, VECTORS, VIEWS, WIDTHS, GraphView
from components.pages.chain_rule import model as chain
from components.pages.gradient_lab.model import EXPERIMENTS, Lab
from components.pages.neuron.model import Inputs
from components.pages.vectors.model import Inputs as VectorInputs

BY_NAME = {parameter.name: parameter for parameter in NEURON.numbers}
CHOICES = {choice.name: choice.options for choice in NEURON.choices}
RANGES = {"x": (-10.0, 10.0, 0.1), "w": (-5.0, 5.0, 0.01), "b": (-10.0, 10.0, 0.1), "y": (0.0, 1.0, 1.0)}
SENTENCE = re.compile(r"(?P<name>[xwby]) (= .+ is|is given \d+ times;) .+[^.]\.", re.DOTALL)

UNREADABLE = [
    "nan", "inf", "-inf", "NaN", "Infinity", "hello", "", " ", "1_0", "٣", "१", "１", "\u00a01", "1\u00a0", "1e999",
    "-1e999", "1e400", "<script>alert(1)</script>", "0x10", "0b1", "1,5", "1 2", "1e", ".", "+", "--1", "1j", "None",
    "True", "1\t", "1\n", "½", "1" * 1_000_000, "x" * 1_000_000, "1;2", "%31", "1e+", "e5", "\x00", "1\x00",
]  # fmt: skip

READABLE = [
    ("3", 3.0), ("+3", 3.0), ("-3", -3.0), ("3.", 3.0), (".5", 0.5), ("3.0", 3.0), (" 3 ", 3.0), ("30e-1", 3.0),
    ("0.3E1", 3.0), ("0003", 3.0), ("-0", 0.0), ("-0.0", 0.0), ("6.7000", 6.7), ("9.9", 9.9), ("-10", -10.0),
]  # fmt: skip


def on_grid(parameter: Parameter) -> st.SearchStrategy[float]:
    """Every value that the parameter's slider can take, as the sliders spell it."""
    low, high, step = RANGES[parameter.name]
    return st.integers(round(low / step), round(high / step)).map(
        lambda steps: float(f"{steps * step:.{parameter.decimals}f}") + 0.0
    )


inputs_on_grid = st.builds(
    Inputs,
    **{parameter.name: on_grid(parameter) for parameter in NEURON.numbers},
    **{name: st.sampled_from(options) for name, options in CHOICES.items()},
)


def read_one(name: str, *texts: str) -> tuple[float, tuple[str, ...]]:
    inputs, notices = NEURON.read({name: list(texts)})
    return getattr(inputs, name), notices


def assert_is_one_sentence_about(name: str, notice: str) -> None:
    match = SENTENCE.fullmatch(notice)
    assert match is not None, notice
    assert match["name"] == name
    assert len(notice) < 120


@pytest.mark.parametrize("name", RANGES)
def test_ranges_are_the_contracts(name: str) -> None:
    parameter = BY_NAME[name]
    assert (float(parameter.minimum), float(parameter.maximum), float(parameter.step)) == RANGES[name]


def test_the_table_is_all_of_the_inputs_with_their_defaults() -> None:
    tables = [*(parameter.name for parameter in NEURON.numbers), *CHOICES]
    assert tables == [field.name for field in dataclasses.fields(Inputs)]
    assert [parameter.default for parameter in NEURON.numbers] == [getattr(Inputs(), name) for name in "xwby"]
    assert [options[0] for options in CHOICES.values()] == [Inputs().loss, Inputs().dtype]


@pytest.mark.parametrize(("name", "decimals"), [("x", 1), ("w", 2), ("b", 1), ("y", 0)])
def test_decimals_tell_two_steps_apart(name: str, decimals: int) -> None:
    assert BY_NAME[name].decimals == decimals


def test_an_empty_address_is_the_notebook() -> None:
    assert NEURON.read({}) == (Inputs(), ())


def test_parameters_of_others_are_left_alone() -> None:
    assert NEURON.read({"theme": ["nan"], "X": ["3"], "embed": ["true", "true"]}) == (Inputs(), ())


@pytest.mark.parametrize(("text", "value"), READABLE)
def test_what_can_be_read_is_read_without_a_word(text: str, value: float) -> None:
    read, notices = read_one("x", text)
    assert repr(read) == repr(value)
    assert notices == ()


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: repr(text[:20]))
def test_what_cannot_be_read_is_the_default(name: str, text: str) -> None:
    value, notices = read_one(name, text)
    assert value == BY_NAME[name].default
    assert len(notices) == 1


@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: repr(text[:20]))
def test_a_notice_about_what_cannot_be_read_is_one_sentence(text: str) -> None:
    _, (notice,) = read_one("w", text)
    assert_is_one_sentence_about("w", notice)
    assert notice.endswith("w is 1, its default.")


@pytest.mark.parametrize("text", ["1\n", "a\rb", "1\t", "\x001", "\x1b[1m", "\u202e1", "\u2028"], ids=ascii)
def test_a_notice_stays_in_its_line_and_direction(text: str) -> None:
    """No control character (Cc), no mark that turns the direction (Cf), no line separator (Zl) is repeated."""
    _, (notice,) = read_one("w", text)
    assert {unicodedata.category(character) for character in notice}.isdisjoint({"Cc", "Cf", "Zl", "Zp"})


def test_a_text_longer_than_any_number_is_not_read() -> None:
    assert fields.parse("0" * 64) == 0.0
    assert fields.parse("0" * 65) is None


@pytest.mark.parametrize("texts", [("1", "2"), ("3", "3"), ("1", "nan"), ("", ""), ("1",) * 1000])
def test_a_repeated_key_is_the_default(texts: tuple[str, ...]) -> None:
    value, (notice,) = read_one("x", *texts)
    assert value == 6.7
    assert notice == f"x is given {len(texts)} times; x is 6.7, its default."


@pytest.mark.parametrize(
    ("name", "text", "end"),
    [
        ("x", "11", "10"),
        ("x", "-11", "-10"),
        ("x", "10.04", "10"),
        ("x", "1e2", "10"),
        ("x", "1e308", "10"),
        ("w", "5.001", "5"),
        ("w", "-1e300", "-5"),
        ("b", "-10.0000001", "-10"),
        ("b", "9" * 60, "10"),
        ("y", "2", "1"),
        ("y", "-1", "0"),
        ("y", "-0.0001", "0"),
    ],
)
def test_out_of_range_is_the_nearest_end(name: str, text: str, end: str) -> None:
    value, (notice,) = read_one(name, text)
    assert value == float(end)
    assert_is_one_sentence_about(name, notice)
    assert f"out of range; {name} is {end}, the " in notice


@pytest.mark.parametrize(
    ("name", "text", "nearest"),
    [
        ("x", "6.74", 6.7),
        ("x", "6.76", 6.8),
        ("x", "-6.76", -6.8),
        ("x", "0.04", 0.0),
        ("x", "-0.04", 0.0),
        ("x", "1e-99", 0.0),
        ("x", "9.97", 10.0),
        ("w", "1.004", 1.0),
        ("w", "1.006", 1.01),
        ("w", "0.005", 0.01),
        ("w", "2.675", 2.68),
        ("w", "-4.996", -5.0),
        ("b", "0.15", 0.2),
        ("y", "0.4", 0.0),
        ("y", "0.6", 1.0),
    ],
)
def test_between_two_steps_is_the_nearer_one(name: str, text: str, nearest: float) -> None:
    value, (notice,) = read_one(name, text)
    assert repr(value) == repr(nearest)
    assert_is_one_sentence_about(name, notice)
    assert f"{name} = {text} is between two steps; {name} is {fields.write(nearest)}, the nearer one." == notice


def test_each_changed_parameter_has_its_own_notice() -> None:
    inputs, notices = NEURON.read({"x": ["99"], "w": ["2"], "b": ["word"], "y": ["1", "0"]})
    assert inputs == Inputs(x=10.0, w=2.0)
    assert [notice[0] for notice in notices] == ["x", "b", "y"]


@pytest.mark.parametrize("text", ["1" * 1_000_000, "<" * 1_000_000, "9" * 64 + "<"])
def test_a_notice_repeats_no_more_than_fits_in_a_line(text: str) -> None:
    _, (notice,) = read_one("x", text)
    assert text[:20] in notice
    assert text[: fields.LONGEST_SHOWN] not in notice


@given(inputs_on_grid)
def test_what_is_written_reads_back(inputs: Inputs) -> None:
    written = NEURON.write(inputs)
    address = {name: [text] for name, text in written.items() if text is not None}
    assert NEURON.read(address) == (inputs, ())


@given(inputs_on_grid)
def test_only_what_differs_from_the_default_is_written(inputs: Inputs) -> None:
    written = NEURON.write(inputs)
    assert written.keys() == RANGES.keys() | CHOICES.keys()
    for name, text in written.items():
        assert (text is None) == (getattr(inputs, name) == getattr(Inputs(), name))


@given(inputs_on_grid)
def test_addresses_are_short(inputs: Inputs) -> None:
    written = NEURON.write(inputs)
    for name, parameter in BY_NAME.items():
        text = written[name]
        assert text is None or re.fullmatch(rf"-?\d{{1,2}}(\.\d{{1,{max(parameter.decimals, 1)}}})?", text)


@given(st.sampled_from(NEURON.numbers), st.text(max_size=80))
def test_any_text_gives_an_allowed_value(parameter: Parameter, text: str) -> None:
    value, notice = parameter.read(text)
    low, high, _ = RANGES[parameter.name]
    assert low <= value <= high
    assert parameter.snap(value) == (value, "")
    assert notice == "" or notice.startswith(parameter.name)


@given(st.sampled_from(NEURON.numbers), st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_snaps_to_the_nearest_allowed_one(parameter: Parameter, number: float) -> None:
    value, notice = parameter.snap(number)
    low, high, step = RANGES[parameter.name]
    inside = min(max(number, low), high)
    assert abs(value - inside) <= step / 2 * (1 + 1e-9)
    assert (notice == "") == (value == number)
    assert math.copysign(1, value) == 1 or value != 0


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (-3.0, "-3"), (6.7, "6.7"), (0.0, "0"), (-0.0, "0"), (0.01, "0.01"), (-0.1, "-0.1")]
)
def test_write(value: float, text: str) -> None:
    assert fields.write(value) == text


def test_presets_are_states_that_the_sliders_can_take() -> None:
    for name, inputs in NEURON.presets.items():
        for parameter in NEURON.numbers:
            value = getattr(inputs, parameter.name)
            assert parameter.snap(value) == (value, ""), name


def test_reset_goes_to_the_notebook() -> None:
    assert next(iter(NEURON.presets.values())) == Inputs()


GOOD: dict[str, Any] = {"x": 2.5, "w": -1.25, "b": 0.5, "y": 1}
FORGED: list[Any] = [
    None, "1", "", True, False, math.nan, math.inf, -math.inf, 10**400, -(10**400), [1.0], {"value": 1.0}, b"1", 1j,
]  # fmt: skip


def test_an_event_is_read() -> None:
    assert NEURON.take(GOOD) == Inputs(2.5, -1.25, 0.5, 1.0)


def test_an_events_whole_numbers_become_floats() -> None:
    read = NEURON.take({"x": 1, "w": 2, "b": 3, "y": 0})
    assert read is not None
    assert [type(getattr(read, name)) for name in RANGES] == [float] * 4


def test_what_an_event_says_besides_is_ignored() -> None:
    assert NEURON.take(GOOD | {"loss": math.nan, "__class__": "x"}) == Inputs(2.5, -1.25, 0.5, 1.0)


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("forged", FORGED, ids=lambda forged: repr(forged)[:20])
def test_a_forged_number_is_refused(name: str, forged: Any) -> None:
    assert NEURON.take(GOOD | {name: forged}) is None


@pytest.mark.parametrize("name", RANGES)
def test_a_missing_number_is_refused(name: str) -> None:
    assert NEURON.take({key: value for key, value in GOOD.items() if key != name}) is None


@pytest.mark.parametrize("event", [None, [], {}, "x", 1.0, [1.0, 2.0, 3.0, 0.0], [GOOD], True, b"{}"])
def test_what_is_not_a_record_of_four_numbers_is_refused(event: object) -> None:
    assert NEURON.take(event) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"x": 6.74}, {"x": 6.7}),
        ({"w": 0.005}, {"w": 0.01}),
        ({"w": 1.0000000001}, {"w": 1.0}),
        ({"b": -1e300}, {"b": -10.0}),
        ({"x": 10**300}, {"x": 10.0}),
        ({"y": 0.7}, {"y": 1.0}),
        ({"x": -0.0}, {"x": 0.0}),
        ({"w": 5e-324}, {"w": 0.0}),
    ],
)
def test_an_event_off_the_grid_snaps(values: dict[str, float], expected: dict[str, float]) -> None:
    read = NEURON.take({"x": 1.0, "w": 1.0, "b": 0.0, "y": 0.0} | values)
    assert {name: repr(getattr(read, name)) for name in expected} == {n: repr(v) for n, v in expected.items()}


ids = st.text(st.characters(exclude_characters=","), min_size=1, max_size=LONGEST_ID)
looks = st.builds(
    GraphView,
    view=st.sampled_from(["", *VIEWS]),
    opened=st.lists(ids, max_size=8).map(tuple),
    node=st.text(max_size=LONGEST_ID),
    step=st.none() | st.integers(0, 99_999),
    h=st.sampled_from(WIDTHS.options),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=100),
    lambda inner: st.lists(inner, max_size=10) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
events = json_values | st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("view", "opened", "node", "step", "h"), json_values)
)
OPTIONS = ("view", "open", "node", "step")
REFUSED = [
    ("view", "Full"), ("view", "concept "), ("view", "<script>"), ("view", "x" * 1_000_000), ("view", "a\nb\u202e"),
    ("step", "-1"), ("step", "1.0"), ("step", "1e3"), ("step", "nan"), ("step", "٣"), ("step", "１"), ("step", " 1"),
    ("step", "1\n"), ("step", "100000"), ("step", "9" * 1_000_000), ("step", "+1"), ("step", "\x00"),
]  # fmt: skip


def assert_is_a_line(name: str, notice: str) -> None:
    assert notice.startswith(f"{name} ")
    assert notice.count(";") == 1
    assert notice.endswith(".")
    assert notice.isprintable()
    assert len(notice) < 120


@given(looks)
def test_a_look_that_is_written_reads_back(look: GraphView) -> None:
    address = {name: [text] for name, text in state.write_view(look).items() if text is not None}
    assert state.read_view(address) == (look, ())


@given(looks)
def test_a_look_that_is_written_says_nothing_usual(look: GraphView) -> None:
    written = state.write_view(look)
    asked = (look.view, look.opened, look.node, look.step is not None)
    assert [written[name] is not None for name in OPTIONS] == [bool(said) for said in asked]


def test_an_empty_address_is_the_usual_look() -> None:
    assert state.read_view({}) == (GraphView(), ())
    assert state.read_view({name: [""] for name in OPTIONS}) == (GraphView(), ())
    assert state.read_view({"View": ["x"], "x": ["nan"], "steps": ["1", "2"], "opened": ["z"]}) == (GraphView(), ())


@pytest.mark.parametrize(("name", "text"), REFUSED, ids=lambda text: ascii(text[:20]))
def test_a_look_that_cannot_be_read_is_the_usual_one_with_a_sentence(name: str, text: str) -> None:
    look, (notice,) = state.read_view({name: [text]})
    assert look == GraphView()
    assert_is_a_line(name, notice)


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("texts", [("1", "2"), ("full", "full"), ("",) * 3, ("z",) * 1000])
def test_a_repeated_part_of_a_look_is_left_out(name: str, texts: tuple[str, ...]) -> None:
    look, (notice,) = state.read_view({name: texts})
    assert look == GraphView()
    assert notice == f"{name} is given {len(texts)} times; it is left out."


def test_each_part_of_a_look_that_is_changed_has_its_own_sentence() -> None:
    look, notices = state.read_view({"view": ["x"], "step": ["y"], "node": ["a", "b"], "open": ["z"]})
    assert look == GraphView(opened=("z",))
    assert sorted(notice.split()[0] for notice in notices) == ["node", "step", "view"]


@pytest.mark.parametrize(
    ("text", "opened"), [("z", ("z",)), ("z,loss", ("z", "loss")), (",z,,", ("z",)), (",", ()), ("a b", ("a b",))]
)
def test_opened_groups_are_separated_by_commas(text: str, opened: tuple[str, ...]) -> None:
    assert state.read_view({"open": [text]}) == (GraphView(opened=opened), ())


def test_only_so_many_groups_are_opened() -> None:
    look, _ = state.read_view({"open": [",".join("abcdefghij")]})
    assert look.opened == tuple("abcdefgh")


@given(st.dictionaries(st.sampled_from(OPTIONS), st.lists(st.text(max_size=40), max_size=3)))
def test_any_address_is_some_look(address: dict[str, list[str]]) -> None:
    look, notices = state.read_view(address)
    assert look.view in ("", *VIEWS)
    assert len(look.opened) <= 8
    assert look.step is None or 0 <= look.step <= 99_999
    assert len({notice.split()[0] for notice in notices}) == len(notices)


@given(looks)
def test_an_event_says_the_look_that_it_is_read_as(look: GraphView) -> None:
    event = {"view": look.view, "opened": list(look.opened), "node": look.node, "step": look.step, "h": look.h}
    assert state.view_from_event(event) == look


@given(events)
def test_any_event_is_some_look(event: object) -> None:
    look = state.view_from_event(event)
    assert look.view in ("", *VIEWS)
    assert all(isinstance(name, str) and len(name) <= LONGEST_ID for name in (*look.opened, look.node))
    assert len(look.opened) <= 8
    assert look.step is None or (type(look.step) is int and look.step >= 0)
    assert look.h in WIDTHS.options


@pytest.mark.parametrize("name", ["view", "opened", "node", "step", "h"])
@pytest.mark.parametrize("forged", [None, True, -1, math.nan, 1.5, {"a": 1}, b"z", 1j], ids=repr)
def test_a_forged_part_of_a_look_is_left_out(name: str, forged: Any) -> None:
    assert state.view_from_event({name: forged}) == GraphView()


@pytest.mark.parametrize("event", [None, [], "full", 1, [{"view": "full"}], True])
def test_what_is_not_a_record_is_the_usual_look(event: object) -> None:
    assert state.view_from_event(event) == GraphView()


OF_CHOICE = CHOICES | {"h": WIDTHS.options}
"""Everything that is chosen by name, in addresses."""

UNKNOWN = [
    "", " ", "nan", "0", "Notebook", "notebook ", " bce", "bce,logits", "float16", "float", "1e-05", "1E-5", "0.00001",
    "1e-14", "1e0", "<script>alert(1)</script>", "a\nb\u202e", "\x00", "x" * 1_000_000, "٣", "__class__",
]  # fmt: skip


def chosen(address: dict[str, list[str]], name: str) -> tuple[str, tuple[str, ...]]:
    """What an address says of one choice, and what is said about it."""
    inputs, of_inputs = NEURON.read(address)
    look, of_look = state.read_view(address)
    return (look.h if name == "h" else getattr(inputs, name)), (*of_inputs, *of_look)


@pytest.mark.parametrize(("name", "option"), [(name, option) for name in OF_CHOICE for option in OF_CHOICE[name]])
def test_a_choice_is_read_and_written(name: str, option: str) -> None:
    assert chosen({name: [option]}, name) == (option, ())
    said = state.write_view(GraphView(h=option)) if name == "h" else NEURON.write(NEURON.read({name: [option]})[0])
    assert said[name] == (None if option == OF_CHOICE[name][0] else option)


def test_choices_are_the_engines_and_the_first_is_the_notebooks() -> None:
    assert CHOICES == {"loss": ("notebook", "bce", "logits"), "dtype": ("float32", "float64")}
    assert GraphView().h == WIDTHS.default == "1e-5"
    assert sorted(map(float, WIDTHS.options)) == [10.0**-digits for digits in range(13, 0, -1)]


@pytest.mark.parametrize("name", OF_CHOICE)
@pytest.mark.parametrize("text", UNKNOWN, ids=lambda text: ascii(text[:20]))
def test_an_unknown_word_is_the_default_with_a_sentence(name: str, text: str) -> None:
    options = OF_CHOICE[name]
    value, (notice,) = chosen({name: [text]}, name)
    assert value == options[0]
    assert notice == f"{name} = “{fields.shown(text)}” is none of {', '.join(options)}; {name} is {value}, its default."
    assert notice.isprintable()
    assert len(notice) < 180


@pytest.mark.parametrize("name", OF_CHOICE)
@pytest.mark.parametrize("count", [2, 3, 1000])
def test_a_repeated_choice_is_the_default_with_a_sentence(name: str, count: int) -> None:
    options = OF_CHOICE[name]
    for text in (options[0], options[1], "nan"):
        value, (notice,) = chosen({name: [text] * count}, name)
        assert value == options[0]
        assert notice == f"{name} is given {count} times; {name} is {value}, its default."


def test_each_choice_that_is_changed_has_its_own_sentence() -> None:
    inputs, notices = NEURON.read({"loss": ["mse"], "dtype": ["float64"], "w": ["99"]})
    assert inputs == Inputs(w=5.0, dtype="float64")
    assert [notice.split()[0] for notice in notices] == ["w", "loss"]
    inputs, notices = NEURON.read({"loss": ["logits", "logits"], "dtype": ["half"], "h": ["x"]})
    assert inputs == Inputs()
    assert [notice.split()[0] for notice in notices] == ["loss", "dtype"]


@pytest.mark.parametrize("loss", CHOICES["loss"])
@pytest.mark.parametrize("dtype", CHOICES["dtype"])
def test_an_events_choices_are_read(loss: str, dtype: str) -> None:
    assert NEURON.take(GOOD | {"loss": loss, "dtype": dtype}) == Inputs(2.5, -1.25, 0.5, 1.0, loss, dtype)


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("forged", [*FORGED, "", "BCE", ["bce"], {"bce": 1}], ids=lambda forged: repr(forged)[:20])
def test_a_forged_choice_is_the_default(name: str, forged: Any) -> None:
    assert NEURON.take(GOOD | {name: forged}) == Inputs(2.5, -1.25, 0.5, 1.0)


@pytest.mark.parametrize("h", WIDTHS.options)
def test_an_events_step_of_the_difference_is_read(h: str) -> None:
    assert state.view_from_event({"h": h}) == GraphView(h=h)


def test_an_unhashable_step_of_the_difference_is_the_default() -> None:
    assert state.view_from_event({"h": ["1e-3"]}) == state.view_from_event({"h": {"1e-3": 1}}) == GraphView()
    assert state.view_from_event({"h": 1e-3}) == state.view_from_event({"h": 10**400}) == GraphView()


@pytest.mark.parametrize(
    ("address", "inputs", "notices"),
    [
        ({}, chain.Inputs(), ()),
        ({"x": ["-0.9"], "result": ["y"]}, chain.Inputs(-0.9, "y"), ()),
        ({"x": ["11"]}, chain.Inputs(10.0), ("x = 11 is out of range; x is 10, the largest value.",)),
        ({"x": ["nan"]}, chain.Inputs(), ("x = “nan” is not a number; x is 3, its default.",)),
        ({"result": ["w"]}, chain.Inputs(), ("result = “w” is none of z, y; result is z, its default.",)),
        ({"x": ["1", "2"]}, chain.Inputs(), ("x is given 2 times; x is 3, its default.",)),
    ],
)
def test_addresses_of_the_chain_rule(
    address: dict[str, list[str]], inputs: chain.Inputs, notices: tuple[str, ...]
) -> None:
    assert CHAIN.read(address) == (inputs, notices)


@pytest.mark.parametrize("inputs", CHAIN.presets.values())
def test_starting_points_of_the_chain_rule_come_back_from_their_address(inputs: chain.Inputs) -> None:
    written = CHAIN.write(inputs)
    assert CHAIN.read({name: [text] for name, text in written.items() if text is not None}) == (inputs, ())
    assert CHAIN.take({"x": inputs.x, "result": inputs.result}) == inputs


def test_the_chain_rule_begins_with_the_notebook() -> None:
    assert next(iter(CHAIN.presets.values())) == CHAIN.make() == chain.Inputs()


VALUES, WEIGHTS = VECTORS.lists
LISTS = [
    ("1", (1.0,)),
    ("1,2,3", (1.0, 2.0, 3.0)),
    (" 1 , -2.5,+.5", (1.0, -2.5, 0.5)),
    ("-0", (0.0,)),
    ("1,2,3,4,5,6,7,8", (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)),
]
REFUSED_LISTS = [
    ("", "values is empty"),
    (" ", "values is empty"),
    (",", "values[0] = “” is not a number"),
    ("1,2,", "values[2] = “” is not a number"),
    ("1;2", "values[0] = “1;2” is not a number"),
    ("1,nan,3", "values[1] = “nan” is not a number"),
    ("inf", "values[0] = “inf” is not a number"),
    ("1,٣", "values[1] = “٣” is not a number"),
    ("1,1e999", "values[1] = “1e999” is not a number"),
    ("[1,2]", "values[0] = “[1” is not a number"),
    ("<script>", "values[0] = “<script>” is not a number"),
    ("1,2,3,4,5,6,7,8,9", "values has 9 numbers, more than 8"),
    ("1," * 500_000, "values has 500001 numbers, more than 8"),
    ("," * 1_000_000, "values has 1000001 numbers, more than 8"),
    ("1" * 1_000_000, "values[0] = “11111111111111111111111…” is not a number"),
]


def read_vectors(**texts: str | list[str]) -> tuple[VectorInputs, tuple[str, ...]]:
    return VECTORS.read({name: text if isinstance(text, list) else [text] for name, text in texts.items()})


@pytest.mark.parametrize(("text", "values"), LISTS)
def test_a_list_that_can_be_read_is_read_without_a_word(text: str, values: tuple[float, ...]) -> None:
    inputs, notices = read_vectors(values=text)
    assert (inputs.values, notices) == (values, ())
    assert inputs.v == (1.0,) * len(values)


@pytest.mark.parametrize(("text", "why"), REFUSED_LISTS, ids=lambda text: ascii(text[:20]))
def test_a_list_that_cannot_be_read_is_the_default_with_one_sentence(text: str, why: str) -> None:
    inputs, notices = read_vectors(values=text)
    assert inputs == VectorInputs()
    assert notices == (f"{why}; values is 1,2,3, its default.",)


def test_a_repeated_list_is_the_default() -> None:
    inputs, notices = read_vectors(values=["1,2", "3"])
    assert inputs == VectorInputs()
    assert notices == ("values is given 2 times; values is 1,2,3, its default.",)


@pytest.mark.parametrize(
    ("text", "values", "sentence"),
    [
        ("1,99", (1.0, 10.0), "values[1] = 99 is out of range; values[1] is 10, the largest value."),
        ("-1e300", (-10.0,), "values[0] = -1e300 is out of range; values[0] is -10, the smallest value."),
        ("1.26,1", (1.3, 1.0), "values[0] = 1.26 is between two steps; values[0] is 1.3, the nearer one."),
        ("99,1,-99", (10.0, 1.0, -10.0), "values has 2 numbers out of range or between two steps; values is 10,1,-10."),
    ],
)
def test_entries_that_are_not_allowed_become_the_nearest(text: str, values: tuple[float, ...], sentence: str) -> None:
    inputs, notices = read_vectors(values=text)
    assert (inputs.values, notices) == (values, (sentence,))


@pytest.mark.parametrize(
    ("texts", "v", "notices"),
    [
        ({"v": "4,5,6"}, (4.0, 5.0, 6.0), ()),
        ({"v": "4"}, (4.0, 1.0, 1.0), ("v has 1 number where values has 3; it is filled up with 1.",)),
        ({"v": "4,5,6,7"}, (4.0, 5.0, 6.0), ("v has 4 numbers where values has 3; it is cut to length.",)),
        ({"values": "1", "v": "2,3"}, (2.0,), ("v has 2 numbers where values has 1; it is cut to length.",)),
        ({"v": "nan"}, (1.0, 1.0, 1.0), ("v[0] = “nan” is not a number; v is all 1, its default.",)),
        ({"v": ["1", "2"]}, (1.0, 1.0, 1.0), ("v is given 2 times; v is all 1, its default.",)),
        ({"values": "1,2"}, (1.0, 1.0), ()),
    ],
)
def test_v_is_as_long_as_values(
    texts: dict[str, str | list[str]], v: tuple[float, ...], notices: tuple[str, ...]
) -> None:
    inputs, said = read_vectors(**texts)
    assert (inputs.v, said) == (v, notices)


entry = st.integers(-100, 100).map(lambda tenths: tenths / 10 + 0.0)
vector_inputs = st.integers(1, 8).flatmap(
    lambda n: st.builds(
        VectorInputs, st.tuples(*[entry] * n), st.sampled_from(["mean", "sum", "none"]), st.tuples(*[entry] * n)
    )
)


@given(vector_inputs)
def test_lists_that_are_written_read_back(inputs: VectorInputs) -> None:
    written = VECTORS.write(inputs)
    address = {name: [text] for name, text in written.items() if text is not None}
    assert VECTORS.read(address) == (inputs, ())
    assert (written["values"] is None) == (inputs.values == (1.0, 2.0, 3.0))
    assert (written["v"] is None) == (set(inputs.v) == {1.0})


@given(vector_inputs)
def test_an_event_says_the_lists_that_it_is_read_as(inputs: VectorInputs) -> None:
    assert VECTORS.take({"values": list(inputs.values), "reduce": inputs.reduce, "v": list(inputs.v)}) == inputs


@given(st.text(max_size=200) | st.lists(st.text(max_size=6), max_size=12).map(",".join))
def test_any_text_gives_an_allowed_list(text: str) -> None:
    inputs, notices = read_vectors(values=text)
    assert 1 <= len(inputs.values) <= 8
    assert len(inputs.v) == len(inputs.values)
    assert all(VALUES.entry.snap(value) == (value, "") for value in inputs.values)
    assert len(notices) <= 1
    assert all(notice.startswith("values") and notice.endswith(".") and notice.isprintable() for notice in notices)


@given(st.text("0123456789.,-+e", max_size=60))
def test_any_text_of_digits_gives_an_allowed_list(text: str) -> None:
    inputs, notices = read_vectors(values=text)
    assert all(VALUES.entry.snap(value) == (value, "") for value in inputs.values)
    assert len(notices) <= 1


@pytest.mark.parametrize(
    "forged",
    [
        None,
        "1,2,3",
        1.0,
        [],
        [1.0] * 9,
        [1.0, math.nan],
        [math.inf],
        [True],
        ["1"],
        [[1.0]],
        {"0": 1.0},
        [10**400],
        (1.0,),
    ],
    ids=lambda forged: repr(forged)[:20],
)
@pytest.mark.parametrize("name", ["values", "v"])
def test_a_forged_list_is_refused(name: str, forged: Any) -> None:
    good = {"values": [1.0, 2.0], "reduce": "mean", "v": [1.0, 1.0]}
    assert VECTORS.take(good) is not None
    assert VECTORS.take(good | {name: forged}) is None


def test_an_events_v_is_made_to_fit() -> None:
    said = {"values": [1, 2, 99], "reduce": "none", "v": [0.04]}
    assert VECTORS.take(said) == VectorInputs((1.0, 2.0, 10.0), "none", (0.0, 1.0, 1.0))


@given(json_values)
def test_any_event_is_a_record_or_none(said: object) -> None:
    taken = VECTORS.take({"values": said, "reduce": said, "v": [1.0]})
    assert taken is None or 1 <= len(taken.values) == len(taken.v) <= 8


def test_presets_of_lists_are_states_that_the_sliders_can_take() -> None:
    for name, inputs in VECTORS.presets.items():
        assert VECTORS.take({"values": list(inputs.values), "reduce": inputs.reduce, "v": list(inputs.v)}) == inputs, (
            name
        )
    assert next(iter(VECTORS.presets.values())) == VectorInputs()


def test_the_labs_address_is_read_and_written() -> None:
    lab, notices = LAB.read({"experiment": ["detach"], "run": ["detach, y1-backward,"], "x": ["-1.5"]})
    assert (lab, notices) == (Lab(-1.5, "detach", ("detach", "y1-backward")), ())
    assert LAB.write(lab) == {"x": "-1.5", "experiment": "detach", "run": "detach,y1-backward"}
    assert LAB.write(Lab()) == {"x": None, "experiment": None, "run": None}
    assert LAB.read({}) == (Lab(), ())


@pytest.mark.parametrize(
    ("address", "run", "said"),
    [
        (
            {"run": ["backward,os,zero"]},
            ("backward", "zero"),
            "run: “os” is no step of accumulate; the others are kept.",
        ),
        (
            {"experiment": ["leaf"], "run": ["zero,backward,<b>"]},
            ("backward",),
            "run: “zero” and 1 more are no steps of leaf; the others are kept.",
        ),
        ({"run": ["zero", "backward"]}, (), "run is given 2 times; it is left out."),
        ({"run": [",".join(["zero"] * 41)]}, ("zero",) * 40, "run has 41 names; the first 40 are kept."),
        ({"run": ["backward", "zero"] * 2}, (), "run is given 4 times; it is left out."),
        ({"x": ["7"]}, (), "x = 7 is out of range; x is 5, the largest value."),
    ],
)
def test_a_run_that_cannot_be_kept_is_said_in_one_sentence(
    address: dict[str, list[str]], run: tuple[str, ...], said: str
) -> None:
    lab, notices = LAB.read(address)
    assert lab.run == run
    assert notices == (said,)


@given(st.dictionaries(st.sampled_from(["x", "experiment", "run"]), st.lists(st.text(), max_size=3)))
def test_any_address_is_some_run(address: dict[str, list[str]]) -> None:
    lab, notices = LAB.read(address)
    assert set(lab.run) <= set(EXPERIMENTS[lab.experiment].presses)
    assert all(len(notice) < 200 for notice in notices)


@pytest.mark.parametrize("forged", [None, 3, "zero", {"zero": 1}, [3, None, ["zero"], "os"], ["y-grad"]])
def test_an_events_forged_run_is_left_out(forged: object) -> None:
    assert LAB.take({"x": 2.0, "experiment": "accumulate", "run": forged}) == Lab()


def test_an_events_run_is_read_up_to_the_most() -> None:
    lab = LAB.take({"x": 1, "experiment": "leaf", "run": ["backward", *["y-grad"] * 99]})
    assert lab == Lab(1.0, "leaf", ("backward", *["y-grad"] * 39))
